"""Decisions and closing entries under verification: each follows from the acts before it.

Forgeries are told apart from the chain, as if whoever made them had linked it again.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from data.verify import Fault, verify_bundle_bytes
from data.verify_acts import Folded, fold_acts
from data.verify_decisions import decision_fault
from tests.support import cycle
from tests.support.evaluators import evaluated
from tests.support.history import (
    OPEN_GATE,
    WAIVED_GATE,
    Row,
    bundled,
    eventful_home,
    ground,
    rechained,
    rewritten,
)

Entry = dict[str, Any]
DECISION = "decision"


@cache
def rows() -> tuple[Row, ...]:
    """The entries of an eventful home; those that file checkpoints say nothing."""
    with TemporaryDirectory() as folder:
        every = cycle.stored(eventful_home(Path(folder)))
    said = [
        rewritten(row, kind="noted") if json.loads(row[2])["kind"] == "checkpointed" else row
        for row in every
    ]
    return tuple(rechained(said))


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(json.loads(body) for _, _, body in rows())


@cache
def folded() -> Folded:
    found = fold_acts(entries(), rows()[0][1])
    assert found.fault is None
    return found


def fault_in(said: Iterable[Entry]) -> Fault | None:
    """The fault among the decisions of a chain whose acts hold, signed by their evaluators."""
    return decision_fault(map(evaluated, said), folded(), ground())


def edited(seq: int, **content: Any) -> Fault | None:
    """What is told where the entry `seq` says something else."""
    said = list(entries())
    said[seq - 1] = {**said[seq - 1], **content}
    return fault_in(said)


def entry(seq: int) -> Entry:
    return entries()[seq - 1]


def decided(gate: tuple[str, str] | None = None, **content: Any) -> list[int]:
    """The decisions (of a gate) that say `content`."""
    return [
        one["seq"]
        for one in entries()
        if one["kind"] == "decided"
        and gate in (None, (one["unit"], one["stage"]))
        and all(one[name] == value for name, value in content.items())
    ]


def handed_on() -> list[int]:
    return [one["seq"] for one in entries() if one["kind"] == "handed-on"]


def closing_of(decision: int) -> int:
    """The entry that closes a stage on a decision."""
    return next(seq for seq in handed_on() if entry(seq)["decision"] == decision)


def opened() -> int:
    """A gate that stands open to the end, after others."""
    return decided(("640302103-congress", "nomination"), outcome="open")[-1]


def waived() -> int:
    """A gate that was opened with a waiver."""
    return next(seq for seq in decided(WAIVED_GATE, outcome="open") if entry(seq)["waivers"])


def reopened(cause: str) -> int:
    return next(
        seq
        for seq in decided()
        if entry(seq)["reopened"] and cause in entry(seq)["reopened"]["causes"]
    )


def test_all_of_it_holds() -> None:
    assert fault_in(entries()) is None
    reasons = [entry(seq)["reopened"] for seq in decided()]
    assert [one["causes"] for one in reasons if one] == [["evidence", "waiver"], ["key"]]
    assert {entry(seq)["outcome"] for seq in decided()} == {"open", "waiting", "blocked"}


def test_a_forger_who_links_the_chain_again_is_found() -> None:
    for seq in (opened(), handed_on()[3]):
        said = list(rows())
        said[seq - 1] = rewritten(said[seq - 1], signers=["o-640300-99"])
        found = verify_bundle_bytes(bundled(rechained(said)))
        assert found == (seq - 1, Fault(seq, DECISION))


TYPES = (
    "unit", "stage", "outcome", "on", "policy", "evidence", "decision", "position", "since",
    "signers", "sign_offs", "waivers", "void", "findings",
)  # fmt: skip


@pytest.mark.parametrize("field", TYPES)
def test_every_field_of_a_decision_has_its_type(field: str) -> None:
    seq = opened()
    others: list[Any] = [None, True, [None], [[]], [True], {"x": 1}, 1.5, -1]
    for other in others:
        assert edited(seq, **{field: other}) == Fault(seq, DECISION)
    without = {name: value for name, value in entry(seq).items() if name != field}
    said = [*entries()[: seq - 1], without, *entries()[seq:]]
    assert fault_in(said) == Fault(seq, DECISION)


@pytest.mark.parametrize("field", ["on", "decision", "code", "run"])
def test_what_only_a_replay_can_tell_is_left_to_it(field: str) -> None:
    assert edited(opened(), **{field: "x"}) is None


# What it rests on


def test_policy_position_and_since_are_those_of_the_history() -> None:
    seq = opened()
    assert edited(seq, policy="0" * 64) == Fault(seq, DECISION)
    assert edited(seq, position=max(entry(seq)["sign_offs"])) is None
    assert edited(seq, position=max(entry(seq)["sign_offs"]) - 1) == Fault(seq, DECISION)
    assert edited(seq, position=0) == Fault(seq, DECISION)
    assert edited(seq, position=seq) == Fault(seq, DECISION)
    assert edited(seq, position=10**9) == Fault(seq, DECISION)
    assert edited(seq, since=1) == Fault(seq, DECISION)
    again = decided(OPEN_GATE, outcome="open")[-1]
    assert entry(again)["since"] == reopened("key")
    assert edited(again, since=0) == Fault(again, DECISION)
    assert edited(again, since=again) == Fault(again, DECISION)


def test_a_crash_closes_without_taking_signatures() -> None:
    closing = reopened("key")
    later = [seq for seq in decided(OPEN_GATE) if seq > closing]
    crashed = {"of": entry(closing)["reopened"]["of"], "causes": ["check"]}
    assert edited(closing, reopened=crashed) == Fault(later[0], DECISION)
    said = list(entries())
    said[closing - 1] = {**entry(closing), "reopened": crashed}
    for seq in later:
        said[seq - 1] = {**said[seq - 1], "since": 0}
    assert fault_in(said) is None


REOPENED: list[Any] = [
    None, {}, [], "evidence", {"of": 1, "causes": ["key"]}, {"of": None, "causes": ["key"]},
    {"causes": ["key"]}, {"of": 0, "causes": []}, {"of": 0, "causes": ["weather"]},
    {"of": 0, "causes": ["key", "key"]}, {"of": 0, "causes": "key"}, {"of": 0, "causes": [1]},
    {"of": 0, "causes": ["key"], "more": 1},
]  # fmt: skip


@pytest.mark.parametrize("said", REOPENED, ids=str)
def test_a_gate_that_was_closed_says_of_what_and_why(said: Any) -> None:
    seq = reopened("key")
    own = entry(seq)["reopened"]
    if isinstance(said, dict) and said.get("of") == 0:
        said = {**said, "of": own["of"]}
    assert edited(seq, reopened=said) == Fault(seq, DECISION)


def test_a_gate_that_was_not_open_was_not_closed() -> None:
    for seq in (opened(), decided(outcome="blocked")[0], decided(outcome="waiting")[0]):
        assert edited(seq, reopened={"of": 1, "causes": ["key"]}) == Fault(seq, DECISION)


# Findings and outcome


def test_the_outcome_follows_from_the_findings() -> None:
    for outcome in ("open", "waiting", "blocked"):
        seq = decided(outcome=outcome)[0]
        for other in ("open", "waiting", "blocked", "closed", ""):
            if other == outcome or (outcome, other) == ("open", "waiting"):
                continue
            assert edited(seq, outcome=other) == Fault(seq, DECISION)
    waiting = decided(outcome="waiting")[0]
    nothing: list[Any] = [{}, {"plan.notice": {}}]
    gate = (entries()[waiting - 1]["unit"], entries()[waiting - 1]["stage"])
    # Whoever signed it says what they found.
    told = next(
        one
        for one in entries()[waiting:]
        if one["kind"] == "signed" and (one["unit"], one["stage"]) == gate
    )
    for findings in nothing:
        assert edited(waiting, findings=findings) == Fault(told["seq"], DECISION)
        seq = opened()
        assert edited(seq, findings=findings) == Fault(seq, DECISION)


def test_a_gate_that_misses_something_is_not_open() -> None:
    seq = opened()
    for status, fault in (("missing", Fault(seq, DECISION)), ("not_applicable", None)):
        findings = {**entry(seq)["findings"], "x": {status: [["y", "z", {}]]}}
        assert edited(seq, findings=findings) == fault


@pytest.mark.parametrize(
    "findings",
    [
        {"x": {"passed": ["y"]}}, {"x": {"pass": []}}, {"x": {"pass": {}}}, {"x": []}, {"x": "y"},
        {"x": {"waived": ["y"]}}, {"x": {"waived": [["y", "waived"]]}},
        {"x": {"waived": [["y", "waived", {}]]}},
        {"x": {"waived": [["y", "waived", {"entry": 1}]]}},
    ],
    ids=str,
)  # fmt: skip
def test_findings_have_their_form(findings: Any) -> None:
    seq = decided(outcome="waiting")[0]
    assert edited(seq, findings=findings) == Fault(seq, DECISION)


def test_an_open_gate_has_its_sign_offs_among_its_findings() -> None:
    seq = opened()
    findings = entry(seq)["findings"]
    code = f"{entry(seq)['stage']}.sign-off"
    rest = {check: said for check, said in findings.items() if check != code}
    assert code in findings
    assert edited(seq, findings=rest) == Fault(seq, DECISION)
    assert edited(seq, findings={**rest, code: {"not_applicable": ["x"]}}) == Fault(seq, DECISION)
    passed = findings[code]["pass"]
    assert edited(seq, findings={**rest, code: {"pass": passed[::-1]}}) is None
    for said in (["x"], passed[1:], [*passed, "x"], [*passed, passed[0]], [], None, [1]):
        assert edited(seq, findings={**rest, code: {"pass": said}}) == Fault(seq, DECISION)
    for status in ("not_applicable", "waived"):
        beside = {"pass": passed, status: [["x", "y", {"entry": 1}]]}
        assert edited(seq, findings={**rest, code: beside}) == Fault(seq, DECISION)


def test_a_unit_that_is_on_no_list_has_no_decision() -> None:
    said = [{**one, "kind": "noted"} if one["kind"] == "listed" else one for one in entries()]
    assert fault_in(said) == Fault(decided()[0], DECISION)


def test_who_rules_is_named_by_the_pack() -> None:
    """The pack lets the discipline commission reject, and two organs reopen."""
    first = next(one["seq"] for one in entries() if one["kind"] == "ruled")
    for organ, place, fault in (
        ("discipline-commission", "640302", None),
        ("discipline-commission", "640303", Fault(first, DECISION)),
        ("scrutineer", "640302", Fault(first, DECISION)),
    ):
        made = folded().copy()
        key = made.keys.keys[entry(first)["key"]]
        other = replace(key, name="f" * 64, organ=organ, jurisdiction=place)
        made.keys._put(other)
        made.acts[first] = replace(made.acts[first], key=other.name)
        found = decision_fault(map(evaluated, entries()[:first]), made, ground())
        assert found == fault


# Sign-offs


def test_an_open_gate_is_signed() -> None:
    seq = opened()
    assert edited(seq, sign_offs=[], signers=[]) == Fault(seq, DECISION)
    assert edited(seq, sign_offs=entry(seq)["sign_offs"][:1]) == Fault(seq, DECISION)
    assert edited(seq, signers=entry(seq)["signers"][:1]) == Fault(seq, DECISION)
    assert edited(seq, signers=[*entry(seq)["signers"], "o-640300-99"]) == Fault(seq, DECISION)
    twice = {name: entry(seq)[name] * 2 for name in ("sign_offs", "signers")}
    assert edited(seq, **twice) == Fault(seq, DECISION)
    assert edited(seq, evidence="0" * 64) == Fault(seq, DECISION)


def test_only_sign_offs_of_the_gate_count() -> None:
    seq = opened()
    own = entry(seq)["sign_offs"]
    others = [
        one["seq"]
        for one in entries()
        if one["kind"] in ("signed", "refused", "waived", "withdrawn", "decided", "key-enrolled")
        and one["seq"] not in own
    ]
    for other in [*others, 0, -1, 10**9, seq]:
        officer = entry(other).get("officer", "") if 0 < other <= len(entries()) else ""
        signers = [*entry(seq)["signers"], officer]
        assert edited(seq, sign_offs=[*own, other], signers=signers) == Fault(seq, DECISION)


def test_sign_offs_from_before_a_closing_do_not_count() -> None:
    first, again = (decided(OPEN_GATE, outcome="open")[at] for at in (0, -1))
    old = entry(first)["sign_offs"]
    signers = [entry(seq)["officer"] for seq in old]
    assert edited(again, sign_offs=old, signers=signers) == Fault(again, DECISION)


def test_a_sign_off_from_before_a_closing_does_not_count_on_the_same_evidence() -> None:
    """Of who signed again, with the same key on the same evidence, only the new one counts."""
    first, again = (decided(OPEN_GATE, outcome="open")[at] for at in (0, -1))
    assert entry(first)["evidence"] == entry(again)["evidence"]
    old = {(entry(seq)["officer"], entry(seq)["key"]): seq for seq in entry(first)["sign_offs"]}
    new = {(entry(seq)["officer"], entry(seq)["key"]): seq for seq in entry(again)["sign_offs"]}
    twice = old.keys() & new.keys()
    assert twice
    for who in twice:
        counted = sorted({**new, who: old[who]}.values())
        assert edited(again, sign_offs=counted, void={}) == Fault(again, DECISION)


def test_a_revoked_key_s_signature_does_not_count() -> None:
    closing = reopened("key")
    before = entry(entry(closing)["reopened"]["of"])
    names = ("sign_offs", "signers", "outcome", "findings", "evidence")
    still = {name: before[name] for name in names}
    # A decision that keeps the gate open in spite of the revocation.
    assert edited(closing, **still, reopened=None, void={}) == Fault(closing, DECISION)


# Waivers


def test_waived_findings_name_the_waivers_in_force() -> None:
    seq = waived()
    findings, waivers = entry(seq)["findings"], entry(seq)["waivers"]
    (check,) = [one for one, said in findings.items() if "waived" in said]
    ((subject, reason, arguments),) = findings[check]["waived"]
    assert arguments["entry"] in waivers

    def with_item(*item: Any, of: str = check) -> Fault | None:
        rest = {status: said for status, said in findings[check].items() if status != "waived"}
        said = {**findings, check: rest or {"pass": ["x"]}}
        said[of] = {**said.get(of, {}), "waived": [list(item)]}
        return edited(seq, findings=said)

    assert with_item(subject, reason, arguments) is None
    assert with_item("640302100/other", reason, arguments) == Fault(seq, DECISION)
    assert with_item(subject, reason, arguments, of="plan.notice") == Fault(seq, DECISION)
    assert with_item(subject, reason, {**arguments, "entry": waivers[0] - 1}) == Fault(
        seq, DECISION
    )
    assert with_item(subject, reason, {**arguments, "entry": True}) == Fault(seq, DECISION)
    assert with_item(subject, reason, arguments, 1) == Fault(seq, DECISION)
    assert edited(seq, waivers=[]) == Fault(seq, DECISION)
    # The pack asks for two.
    assert edited(seq, waivers=[waivers[0]]) == Fault(seq, DECISION)
    assert edited(seq, waivers=[*waivers, entry(seq)["sign_offs"][0]]) == Fault(seq, DECISION)


def test_an_expired_or_withdrawn_waiver_is_not_in_force() -> None:
    seq = waived()
    waivers = entry(seq)["waivers"]
    assert edited(seq, on=entry(waivers[0])["until"]) is None
    assert edited(seq, on="2099-01-01") == Fault(seq, DECISION)
    closing = reopened("waiver")
    gone = next(one["of"] for one in entries() if one["kind"] == "withdrawn")
    assert edited(closing, waivers=[gone], void={}) == Fault(closing, DECISION)
    (left,) = (one for one in waivers if one != gone)
    assert edited(closing, waivers=[left], void={}) is None


# What does not count


def test_void_acts_are_acts_of_the_gate_that_were_not_counted() -> None:
    seq = decided(OPEN_GATE, outcome="open")[-1]
    void = entry(seq)["void"]
    assert void
    first = next(iter(void))
    for name in (
        "0",
        "01",
        "-1",
        "x",
        "",
        str(seq),
        "1",
        str(entry(seq)["sign_offs"][0]),
        f" {first}",
    ):
        assert edited(seq, void={**void, name: "x"}) == Fault(seq, DECISION)
    assert edited(seq, void={first: None}) == Fault(seq, DECISION)
    assert edited(seq, void={}) is None


# Earlier gates, closing entries


def test_no_gate_is_open_behind_a_closed_one() -> None:
    seq = opened()
    before = decided(("640302103-congress", "plan"), outcome="open")[-1]
    closed = {"outcome": "waiting", "sign_offs": [], "signers": []}
    said = list(entries())
    said[before - 1] = {**entry(before), **closed}
    hand_on = closing_of(before)
    assert fault_in(said) == Fault(hand_on, DECISION)
    said[hand_on - 1] = {**entry(hand_on), "kind": "noted"}
    assert fault_in(said) == Fault(seq, DECISION)
    assert edited(seq, stage="finish") == Fault(seq, DECISION)


@pytest.mark.parametrize(
    "field",
    [
        "unit",
        "stage",
        "decision",
        "digest",
        "evidence",
        "policy",
        "signers",
        "sign_offs",
        "waivers",
    ],
)
def test_a_closing_entry_says_what_its_decision_says(field: str) -> None:
    seq = handed_on()[4]
    own = entry(seq)[field]
    others: list[Any] = [None, True, 1.5, [], {}, [True], -1, 1, "640302-congress", "x", [own]]
    for other in others:
        if other == own or (field == "digest" and isinstance(other, str)):
            continue
        assert edited(seq, **{field: other}) == Fault(seq, DECISION)
    without = {name: value for name, value in entry(seq).items() if name != field}
    assert fault_in([*entries()[: seq - 1], without, *entries()[seq:]]) == Fault(seq, DECISION)


def test_a_stage_ends_on_an_open_gate_only() -> None:
    seq = handed_on()[4]
    decision = entry(seq)["decision"]
    closed = {"outcome": "waiting"}
    assert edited(decision, **closed) == Fault(seq, DECISION)
    waiting = entry(decided(outcome="waiting")[0])
    copied = ("unit", "stage", "evidence", "policy", "signers", "sign_offs", "waivers")
    forged = {name: waiting[name] for name in copied}
    assert edited(seq, **forged, decision=waiting["seq"]) == Fault(seq, DECISION)


def test_an_entry_of_another_kind_is_none_of_this() -> None:
    last = len(entries()) + 1
    assert fault_in([*entries(), {"seq": last, "kind": "noted"}]) is None
    assert fault_in([*entries(), {"seq": last, "kind": "submitted"}]) is None
    assert fault_in([*entries(), {"seq": last, "kind": "decided"}]) == Fault(last, DECISION)
    assert fault_in([*entries(), {"seq": last, "kind": "handed-on"}]) == Fault(last, DECISION)
