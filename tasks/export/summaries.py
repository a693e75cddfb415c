"""One line for each ledger entry: what it says, in both languages.

Rules: ids, codes and counts only; a kind that is not known here has an empty line, never none.
"""

from __future__ import annotations

from collections.abc import Callable

from data.ledger import Entry
from schemas.text import Text
from tasks.export import words


def causes_text(entry: Entry) -> Text:
    """Why a gate that stood open was closed, or nothing."""
    reopened = entry["reopened"]
    causes = reopened["causes"] if reopened else []
    return words.joined([words.named(words.CAUSES, cause) for cause in causes])


def _decided(entry: Entry) -> Text:
    stage = words.stage_name(entry["stage"])
    outcome = words.named(words.GATE_STATES, entry["outcome"])
    line = Text(f"{stage.zh}：{outcome.zh}", f"{stage.en}: {outcome.en}")
    if not entry["reopened"]:
        return line
    of, why = entry["reopened"]["of"], causes_text(entry)
    return Text(
        f"{line.zh}；关闭第{of}条的通过：{why.zh}",
        f"{line.en}; closes the open decision {of}: {why.en}",
    )


def _handed_on(entry: Entry) -> Text:
    stage, decision = words.stage_name(entry["stage"]), entry["decision"]
    return Text(
        f"{stage.zh}：依据第{decision}条交接", f"{stage.en}: handed on by decision {decision}"
    )


def _signed(entry: Entry) -> Text:
    stage, officer = words.stage_name(entry["stage"]), entry["officer"]
    return Text(f"{stage.zh}：{officer} 签字", f"{stage.en}: signed by {officer}")


def _refused(entry: Entry) -> Text:
    stage, officer = words.stage_name(entry["stage"]), entry["officer"]
    return Text(f"{stage.zh}：{officer} 拒签", f"{stage.en}: refused by {officer}")


def _waived(entry: Entry) -> Text:
    stage, officer, check = words.stage_name(entry["stage"]), entry["officer"], entry["check"]
    name, subject, until = words.check_name(check), entry["subject"], entry["until"]
    return Text(
        f"{stage.zh}：{officer} 批准 {subject} 免于“{name.zh}”，至{until}",
        f"{stage.en}: {officer} waives {name.en} for {subject} until {until}",
    )


def _withdrawn(entry: Entry) -> Text:
    stage, officer, of = words.stage_name(entry["stage"]), entry["officer"], entry["of"]
    return Text(f"{stage.zh}：{officer} 撤回第{of}条", f"{stage.en}: {officer} takes back {of}")


def _submitted(entry: Entry) -> Text:
    register, officer = words.register_name(entry["register"]), entry["officer"]
    mode = words.named(words.MODES, entry["mode"])
    took, left = entry["accepted"], entry["rejected"]
    return Text(
        f"{register.zh}：{mode.zh}，接收{took}行，退回{left}行（{officer}）",
        f"{register.en}: {mode.en}, {took} rows accepted, {left} rejected ({officer})",
    )


def _attempted(entry: Entry) -> Text:
    act, why = words.named(words.ACTS, entry["act"]), words.fault_name(entry["code"])
    officer = entry["officer"]
    who = f"{officer} " if officer else ""
    return Text(f"{who}{act.zh}被拒：{why.zh}", f"{who}{act.en} refused: {why.en}")


def _reminded(entry: Entry) -> Text:
    what, due = words.deadline_name(entry["deadline"]), entry["due"]
    return Text(
        f"{what.zh}，期限 {due}（{entry['subject']}）", f"{what.en}, due {due} ({entry['subject']})"
    )


def _key(entry: Entry) -> Text:
    name, officer = words.KINDS[entry["kind"]], entry["officer"]
    by = entry.get("voucher") or entry.get("by") or officer
    if by == officer:
        return Text(f"{officer} {name.zh}", f"{officer}: {name.en}")
    return Text(f"{by} {name.zh}（{officer}）", f"{officer}: {name.en} by {by}")


_LINES: dict[str, Callable[[Entry], Text]] = {
    "opened": lambda entry: Text(f"规则包 {entry['pack']}", f"policy pack {entry['pack']}"),
    "submitted": _submitted,
    "listed": lambda entry: Text(f"共{entry['units']}个单位", f"{entry['units']} units"),
    "key-enrolled": _key,
    "key-vouched": _key,
    "key-rotated": _key,
    "key-revoked": _key,
    "signed": _signed,
    "refused": _refused,
    "waived": _waived,
    "withdrawn": _withdrawn,
    "attempted": _attempted,
    "reminded": _reminded,
    "decided": _decided,
    "handed-on": _handed_on,
    "checkpointed": lambda entry: Text(
        f"覆盖{entry['size']}条，{len(entry['signers'])}人签署",
        f"{entry['size']} entries, signed by {len(entry['signers'])}",
    ),
}


def summary(entry: Entry) -> Text:
    """What an entry says, in one line."""
    line = _LINES.get(entry["kind"])
    return line(entry) if line else words.NOTHING
