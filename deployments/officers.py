"""The commands by which officers act: on keys, on gates, and on checks to be waived.

Rules: a private key is looked at before its passphrase is asked for, and a passphrase is never on
the command line; what went on record is shown with the number of its entry, what was refused with
its reason. Nothing here opens a gate: the stage, launched again, counts what was signed.
"""

# ruff: noqa: PLR0913 (options are arguments)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.home import named_home
from data.keyfiles import check_key
from deployments.app import (
    STAGE_NAMES,
    By,
    DayOption,
    HomeOption,
    JsonOption,
    KeyOption,
    OfficerArgument,
    PassphraseOption,
    ReasonOption,
    ScopeOption,
    StageArgument,
    UnitArgument,
    _,
    day_typed,
    stage_named,
    wrong_usage,
)
from deployments.consent import YesOption, agreed, check_asked
from deployments.exits import CLOSED, DONE
from deployments.passphrase import private_key
from deployments.reviews import ready_parts, review_parts
from deployments.scopes import scope_named, unit_named
from deployments.show import Answer, Line, Part, Table
from deployments.warnings import agreed_to_revoke, agreed_to_withdraw
from schemas.envelopes import fingerprint
from schemas.names import REASON, UNIT
from schemas.refusals import ACT_FAULTS
from schemas.text import Text, plural
from schemas.vocabulary import Stage
from tasks.officers import keys, ruling, signing, waiving
from tasks.officers.recording import Recorder
from tasks.officers.review import Review
from tasks.officers.signatories import Signatory
from tasks.officers.waiving import Wanted


def at_recorder(home: Path | None, by: By) -> tuple[Recorder, Signatory]:
    """The recorder of a home, and who acts there."""
    who = Signatory(by.officer, private_key(by.key, by.passphrase_file))
    return Recorder(named_home(home).of_this_release(), day=by.day), who


def recorded(recorder: Recorder, seq: int, text: str, *then: Part) -> Answer:
    """What went on record as the entry `seq`, and what to do next."""
    record = _(f"（记录第{seq}号）", f" (ledger entry {seq})")
    return Answer(recorder.ledger.entry(seq).as_json(), [Line(f"{text}{record}"), *then])


def then(zh: str, en: str) -> Line:
    """What to do next."""
    return Line(_(f"下一步：{zh}", f"next: {en}"))


# Keys


def enrol(
    officer: OfficerArgument,
    /,
    *,
    key_file: KeyOption,
    passphrase_file: PassphraseOption = None,
    day: DayOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Enrol an officer's key; it signs once another organ vouched for it."""
    recorder, who = at_recorder(home, By(officer, key_file, passphrase_file, day))
    seq = keys.enrol(recorder, who)
    recorder.follow()
    text = _(
        f"已登记 {officer} 的密钥 {who.key[:12]}", f"enrolled the key {who.key[:12]} of {officer}"
    )
    if recorder.history.acts.keys.of(officer) is not None:
        return recorded(recorder, seq, text + _("，即时生效", ", active at once")).give(json=json)
    name = fingerprint(who.key)
    command = f"termgate key vouch {officer} {name} --as OFFICER --key FILE"
    next_step = then(
        f"把指纹 {name} 读给另外两个机关的责任人员，各自核验确认：{command}",
        f"two other organs vouch for it once you read its fingerprint to them, {name}: {command}",
    )
    waits = text + _("，待核验确认", ", not yet active")
    return recorded(recorder, seq, waits, next_step).give(json=json)


def vouch(
    officer: OfficerArgument,
    name: Annotated[
        str,
        Parameter(
            name="FINGERPRINT",
            help=_(
                "该责任人员读给您听的密钥指纹", "the fingerprint of the key, as they read it out"
            ),
        ),
    ],
    /,
    *,
    by: By,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Vouch for the key of an officer that has this fingerprint."""
    recorder, who = at_recorder(home, by)
    seq = keys.vouch(recorder, officer, name, who)
    recorder.follow()
    text = _(f"{officer} 的密钥已生效", f"the key of {officer} is active")
    if not recorder.history.acts.keys.waiting(officer):
        return recorded(recorder, seq, text).give(json=json)
    another = then(
        "签字通过关口还须第三个机关的责任人员同样核验确认",
        "to open gates, an officer of a third organ vouches for it in the same way",
    )
    return recorded(recorder, seq, text, another).give(json=json)


def rotate(
    officer: OfficerArgument,
    /,
    *,
    key_file: KeyOption,
    new: Annotated[Path, Parameter(help=_("新私钥文件", "file with the new private key"))],
    passphrase_file: PassphraseOption = None,
    new_passphrase_file: Annotated[
        Path | None,
        Parameter(
            help=_(
                "新私钥的口令文件（默认同旧私钥）",
                "file with the new key's passphrase (default: as for the old key)",
            )
        ),
    ] = None,
    day: DayOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Replace an officer's key; both keys sign."""
    opened = named_home(home).of_this_release()
    check_key(new)
    who = Signatory(officer, private_key(key_file, passphrase_file))
    fresh = private_key(new, new_passphrase_file or passphrase_file)
    recorder = Recorder(opened, day=day)
    seq = keys.rotate(recorder, who, fresh)
    text = _(f"{officer} 已更换密钥", f"{officer} has a new key")
    return recorded(recorder, seq, text).give(json=json)


def revoke(
    officer: OfficerArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    yes: YesOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Revoke a key, and with it everything that it signed; 3 where nobody agreed to what falls."""
    recorder, who = at_recorder(home, by)
    if not yes and not agreed_to_revoke(recorder, officer, who, reason, json=json):
        return CLOSED
    seq = keys.revoke(recorder, officer, who, reason)
    text = _(
        f"{officer} 的密钥已吊销，它签过的一律无效",
        f"the key of {officer} is revoked, nothing that it signed counts",
    )
    return recorded(recorder, seq, text).give(json=json)


# Gates


def sign(
    unit: Annotated[str | None, Parameter(help=_("单位编号或名称", "id or name of a unit"))] = None,
    stage: Annotated[str | None, Parameter(help=STAGE_NAMES)] = None,
    /,
    *,
    by: By,
    ready: Annotated[
        bool,
        Parameter(negative="", help=_("等待本人签字的全部关口", "every gate that waits for you")),
    ] = False,
    ready_stage: Annotated[
        str | None, Parameter(name="--stage", help=_("--ready 的环节", "the stage for --ready"))
    ] = None,
    scope: ScopeOption = "cycle",
    yes: YesOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Sign one gate open on the evidence of its last decision, or all of a stage that wait.

    What is signed is shown first. 3 where some could not be signed, or nobody agreed.
    """
    if ready and ready_stage and unit is None:
        check_asked(yes=yes, json=json)
        recorder, gate, who = _at_gate(home, ready_stage, by)
        scope = scope_named(recorder.ledger, scope)
        shown = None if yes else signing.ready_for(recorder, gate, scope, who)
        if shown and not agreed(ready_parts(recorder, gate, shown)):
            return CLOSED
        return _signed_ready(recorder, gate, scope, who, shown).give(json=json)
    if unit and stage and not ready and ready_stage is None and scope == "cycle":
        check_asked(yes=yes, json=json)
        recorder, gate, who = _at_gate(home, stage, by)
        review = signing.look(recorder, unit := unit_named(recorder.ledger, unit), gate)
        if review and not yes and not agreed(_one_part(unit, gate, review)):
            return CLOSED
        seq = signing.sign(recorder, unit, gate, who, review)
        text = _(
            f"{by.officer} 已签 {unit} {gate.label.zh}",
            f"{by.officer} signed {unit} {gate.label.en}",
        )
        signed = review_parts(review) if review and yes else ()
        return recorded(recorder, seq, text, *signed, _launch(gate, unit)).give(json=json)
    raise wrong_usage(
        "写明单位和环节，或用 --ready --stage 环节 [--scope 范围]",
        "name a unit and a stage, or use --ready --stage STAGE [--scope SCOPE]",
    )


def _one_part(unit: str, gate: Stage, review: Review) -> Iterator[Part]:
    """The one gate that is about to be signed."""
    yield _(f"等待您签字：{unit} {gate.label.zh}", f"to be signed by you: {unit} {gate.label.en}")
    yield from review_parts(review)


def _at_gate(home: Path | None, stage: str, by: By) -> tuple[Recorder, Stage, Signatory]:
    """The recorder of a home, the stage that is named, and who acts."""
    gate, (recorder, who) = stage_named(stage), at_recorder(home, by)
    return recorder, gate, who


def _launch(gate: Stage, scope: str) -> Line:
    command = f"termgate run {gate.work.value} --scope {scope}"
    return then(f"再次运行该环节：{command}", f"launch the stage again: {command}")


def _signed_ready(
    recorder: Recorder, gate: Stage, scope: str, who: Signatory, shown: Mapping[str, Review] | None
) -> Answer:
    signed, left = signing.sign_ready(recorder, gate, scope, who, shown)
    reasons = {unit: ACT_FAULTS[code].render() for unit, code in left.items()}
    value = {
        "signed": [{"unit": unit, "seq": seq} for unit, seq in signed.items()],
        "left": [
            {"unit": unit, "code": code, "reason": reasons[unit]} for unit, code in left.items()
        ],
    }

    def parts() -> Iterator[Part]:
        yield _(
            f"{who.officer} 已签{len(signed)}个单位的“{gate.label.zh}”关口，{len(left)}个不能签",
            f"{who.officer} signed “{gate.label.en}” of {plural(len(signed), 'unit')}; "
            f"{len(left)} could not be signed",
        )
        if left:
            yield Table([UNIT.render(), REASON.render()], list(reasons.items()))
        if signed:
            yield _launch(gate, scope)

    return Answer(value, parts(), CLOSED if left else DONE)


def refuse(
    unit: UnitArgument,
    stage: StageArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Refuse to sign a gate, with a reason."""
    recorder, gate, who = _at_gate(home, stage, by)
    review = signing.look(recorder, unit := unit_named(recorder.ledger, unit), gate)
    seq = signing.refuse(recorder, unit, gate, who, reason)
    text = _(
        f"{by.officer} 拒签 {unit} {gate.label.zh}",
        f"{by.officer} refused to sign {unit} {gate.label.en}",
    )
    return recorded(recorder, seq, text, *(review_parts(review) if review else ())).give(json=json)


def withdraw(
    seq: Annotated[int, Parameter(help=_("记录号", "number of the ledger entry"))],
    /,
    *,
    by: By,
    reason: ReasonOption = "",
    yes: YesOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Take back an own sign-off, refusal or waiver; 3 where nobody agreed to what it closes."""
    recorder, who = at_recorder(home, by)
    if not yes and not agreed_to_withdraw(recorder.whole, seq, by.officer, json=json):
        return CLOSED
    at = signing.withdraw(recorder, seq, who, reason)
    text = _(f"{by.officer} 已撤回记录第{seq}号", f"{by.officer} withdrew ledger entry {seq}")
    return recorded(recorder, at, text).give(json=json)


def lift(
    seq: Annotated[int, Parameter(help=_("拒签的记录号", "number of the refusal's ledger entry"))],
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Lift somebody else's refusal, with a reason: it falls once officers of two organs do."""
    recorder, who = at_recorder(home, by)
    at = ruling.lift(recorder, seq, who, reason)
    recorder.follow()
    history = recorder.history
    refused = history.acts.at(seq)
    if refused and history.weight(refused).code == "lifted":
        next_step = _launch(Stage(refused.stage), refused.unit)
    else:
        other = f"termgate lift {seq} --as OFFICER --key FILE --reason TEXT"
        next_step = then(f"由另一机关的责任人员同意：{other}", f"another organ lifts it: {other}")
    text = _(f"{by.officer} 同意解除{seq}号拒签", f"{by.officer} lifted the refusal of entry {seq}")
    return recorded(recorder, at, text, next_step).give(json=json)


# Waivers


def waive(
    unit: Annotated[str | None, Parameter(help=_("单位编号或名称", "id or name of a unit"))] = None,
    check: Annotated[str | None, Parameter(help=_("检查编号", "code of the check"))] = None,
    subject: Annotated[
        str | None, Parameter(help=_("对象，见 gate show", "subject, as gate show names it"))
    ] = None,
    /,
    *,
    by: By,
    until: Annotated[
        date | None,
        Parameter(converter=day_typed, help=_("有效期至哪一天", "last day on which it counts")),
    ] = None,
    reason: ReasonOption | None = None,
    join: Annotated[
        int | None,
        Parameter(
            help=_("会签哪一条例外审批（记录号）", "sign the same words as this ledger entry")
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Sign a waiver, or the same words as one on record."""
    if join is not None and not any((unit, check, subject, until, reason)):
        recorder, who = at_recorder(home, by)
        seq = waiving.join_waiver(recorder, join, who)
    elif join is None and unit and check and subject and until and reason is not None:
        recorder, who = at_recorder(home, by)
        wanted = Wanted(unit_named(recorder.ledger, unit), check, subject, until)
        seq = waiving.waive(recorder, wanted, reason, who)
    else:
        raise wrong_usage(
            "写明单位、检查、对象、--until 和 --reason，或只用 --join 记录号",
            "name unit, check and subject with --until and --reason, or use --join SEQ alone",
        )
    text = Text(
        "{officer} 已签例外审批：{unit} {check} {subject}，有效期至{until}",
        "{officer} signed the waiver of {check} for {subject} of {unit} until {until}",
    ).render(recorder.ledger.entry(seq).as_json())
    command = f"termgate waive --join {seq} --as OFFICER --key FILE"
    next_step = then(
        f"规则包要求其他机关时由其会签（{command}），然后再次运行该环节",
        f"where the pack asks for another organ, its officer joins ({command}); then launch "
        "the stage again",
    )
    return recorded(recorder, seq, text, next_step).give(json=json)
