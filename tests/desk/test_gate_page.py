"""What the page of a gate tells, to whom, and what it offers.

Expected (issue 16, docs/desk.md): what is wrong by check with its basis in law, who can mend it and
by when; ids, states and counts for everybody, rows and reasons for those whom the pack lets see
them; no act is offered that would be refused after signing, and in its place stands the reason that
taking it gives.
"""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from data.checkpoints import file_checkpoint
from data.policies import read_pack
from data.receipts import ReceiptRefused, receipt
from deployments.desk import views
from deployments.desk.gate_page import GatePage
from deployments.desk.known import Known
from deployments.gates import gate_json, undermined_line
from schemas.refusals import ActRefused
from schemas.text import LANGUAGES, reading_in
from schemas.vocabulary import Outcome, Stage
from tasks.officers import keys, ruling, signing, waiving
from tasks.officers.recording import Recorder
from tasks.officers.waiving import Wanted
from tests.authority.scene import (
    CANDIDATE,
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    DELIVERER,
    DISCIPLINE,
    KIN,
    LIAISON,
    NEIGHBOUR,
    NOT_TALKED_TO,
    SECRETARY,
    TALKS,
    TOWN_SECRETARY,
    TWIN,
    UNIT,
    Case,
    case_of,
    meeting,
    rows,
)
from tests.desk.scene import desk_of, reader_of
from tests.desk.test_desk import checkpoint
from tests.objections import scene as concluded
from tests.support import cycle
from tests.support.signing import who

GATE = f"/gate/{UNIT}/plan"
# Officers who may sign, waive or lift, and who may not for a reason each.
ASKING = (SECRETARY, LIAISON, DISCIPLINE, CITY_DISCIPLINE, CANDIDATE, KIN, TWIN, DELIVERER)
EVERYBODY = (SECRETARY, LIAISON, DISCIPLINE, NEIGHBOUR, TOWN_SECRETARY)


def page(case: Case, officer: str, path: str = GATE, lang: str = "en") -> str:
    with desk_of(case) as desk, reader_of(desk, officer) as reader:
        answer = reader.get(path, **{"accept-language": lang})
        assert answer.status_code == 200
        return answer.text


def section(shown: str, check: str) -> str:
    """What a page says of one check."""
    every = shown.split('<section class="check">')[1:]
    return next(one.partition("</section>")[0] for one in every if f"<small>{check}</small>" in one)


# What an open gate stands on


def _withdraws(case: Case, seqs: list[int]) -> int:
    signing.withdraw(case.recorder, seqs[1], who(SECRETARY))
    return seqs[1]


def _loses_a_key(case: Case, seqs: list[int]) -> int:
    keys.revoke(case.recorder, SECRETARY, who(CITY_DISCIPLINE), "密钥被盗")
    return seqs[1]


def _refuses(case: Case, _: list[int]) -> int:
    return case.refuse(CITY_SECRETARY)


@pytest.mark.parametrize(
    ("happens", "closed", "zh", "en"),
    [
        (_withdraws, Outcome.WAITING, "签字人已撤回", "its officer withdrew it"),
        (_loses_a_key, Outcome.WAITING, "该密钥已被吊销", "its key was revoked"),
        (_refuses, Outcome.BLOCKED, "拒签", "refusal"),
    ],
)
def test_an_open_gate_says_that_what_it_stands_on_is_gone(
    tmp_path: Path,
    happens: Callable[[Case, list[int]], int],
    closed: Outcome,
    zh: str,
    en: str,
) -> None:
    case = case_of("decided", tmp_path)
    given = case.sign(LIAISON, SECRETARY)
    assert case.launch() is Outcome.OPEN
    assert gate_json(case.home, UNIT, "plan")["undermined"] == []
    assert "核查之后有变动" not in page(case, LIAISON, lang="zh")
    seq = happens(case, given)
    shown = gate_json(case.home, UNIT, "plan")
    assert (shown["outcome"], shown["undermined"]) == ("open", [seq])
    for lang, why, then in (("zh", zh, "再次运行后将暂停"), ("en", en, "the next run closes it")):
        said = unescape(page(case, LIAISON, lang=lang))
        said = said.partition("<h1>")[2].partition("<h2>")[0]
        assert why in said
        assert str(seq) in said
        assert then in said
    # What is said of the next run is what it does; then the decision says it itself.
    assert case.launch() is closed
    assert gate_json(case.home, UNIT, "plan")["undermined"] == []


def test_no_receipt_is_given_of_what_the_next_run_closes(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    _, seq = case.sign(LIAISON, SECRETARY)
    case.launch()
    file_checkpoint(case.home, checkpoint(case))
    assert f'href="/receipt/{UNIT}/plan"' in page(case, LIAISON)
    signing.withdraw(case.recorder, seq, who(SECRETARY))
    shown = page(case, LIAISON)
    assert f'href="/receipt/{UNIT}/plan"' not in shown
    with pytest.raises(ReceiptRefused) as found:
        receipt(case.home, UNIT, "plan")
    assert found.value.code == "undermined"
    assert str(found.value) in unescape(shown)


def test_a_concluded_unit_says_that_it_will_be_objected_to(tmp_path: Path) -> None:
    home = concluded.concluded_home(tmp_path / "home")
    of_gate = concluded.UNIT, "plan"
    signed = [
        one for one in cycle.entries(home, "signed") if (one["unit"], one["stage"]) == of_gate
    ]
    given = signed[0]
    signing.withdraw(Recorder(home), given["seq"], who(given["officer"]))
    shown = gate_json(home, *of_gate)
    assert shown["undermined"] == [given["seq"]]
    line = undermined_line(shown)
    assert line is not None
    assert "再次运行后将提出异议" in line.zh
    assert "the next run objects to it" in line.en
    # Once it is, the objection says it.
    cycle.launch(home, "plan", concluded.UNIT)
    assert [one["stage"] for one in concluded.raised(home)] == ["plan"]
    shown = gate_json(home, *of_gate)
    assert (shown["outcome"], shown["undermined"]) == ("open", [])
    assert len(shown["objections"]) == 1


# What is wrong


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_says_its_basis_who_can_mend_it_and_by_when(
    tmp_path: Path, lang: str
) -> None:
    shown = page(case_of("lacking", tmp_path), SECRETARY, lang=lang)
    entry = read_pack(cycle.PACK).check(TALKS)
    assert entry is not None
    said = section(shown, TALKS)
    assert entry.basis.render(lang="zh" if lang == "zh" else "en") in said
    assert entry.rule.provider.label.render(lang="zh" if lang == "zh" else "en") in said
    near = [one["officer"] for one in rows()["officers"] if one["organ"] == entry.rule.provider]
    assert any(f"<code>{one}</code>" in said for one in near)
    planned = next(one for one in rows()["calendar"] if one["unit"] == UNIT)
    assert str(planned["nomination_on"]) in shown
    # The small cycle is looked at when that day is over.
    assert ("已逾期" if lang == "zh" else "overdue") in shown


def test_what_is_wrong_is_not_overdue_before_its_day(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    planned = next(one for one in rows()["calendar"] if one["unit"] == UNIT)
    day = cycle.ON.replace(year=cycle.ON.year + 20)
    case.deliver("calendar", {**planned, "nomination_on": day})
    shown = page(case, SECRETARY)
    assert str(day) in shown
    assert "overdue" not in shown


def test_the_command_tells_the_same_basis_as_the_page(tmp_path: Path) -> None:
    """Of checks, and of what must be signed that of who must sign."""
    pack = read_pack(cycle.PACK)
    for scene, check in (("lacking", TALKS), ("decided", "plan.sign-off")):
        case = case_of(scene, tmp_path / scene)
        bases = gate_json(case.home, UNIT, "plan")["bases"]
        entry = pack.check(check)
        expected = [entry.basis] if entry else [one.basis for one in pack.sign_offs[Stage.PLAN]]
        assert bases[check]
        assert all(one.render() in bases[check] for one in expected)
        for lang in LANGUAGES:
            with reading_in(lang):
                said = gate_json(case.home, UNIT, "plan")["bases"][check]
            assert said in section(unescape(page(case, SECRETARY, lang=lang)), check)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_must_sign_is_named_and_not_by_a_code(tmp_path: Path, lang: str) -> None:
    said = section(page(case_of("decided", tmp_path), SECRETARY, lang=lang), "plan.sign-off")
    assert ("组织部" if lang == "zh" else "organisation department") in said
    assert "liaison" not in said
    assert "first-responsible" not in said


def test_checks_that_hold_are_listed_with_their_basis(tmp_path: Path) -> None:
    shown = page(case_of("decided", tmp_path), SECRETARY)
    listed = shown.partition("passed or do not apply</summary>")[2].partition("</details>")[0]
    checks = [one.rule.code for one in read_pack(cycle.PACK).checks[Stage.PLAN]]
    assert len(checks) > 5
    assert all(f"<small>{one}</small>" in listed for one in checks)
    entry = read_pack(cycle.PACK).check("plan.seats")
    assert entry is not None
    assert entry.basis.en in listed


# What changed


def test_who_sees_the_row_sees_what_changed_of_it(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    before, after = (str(meeting(days)["held_on"]) for days in (0, 1))
    case.deliver("measures", meeting(1))
    case.launch()
    assert f"<del>{before}</del> → <ins>{after}</ins>" in page(case, LIAISON)
    for officer in (NEIGHBOUR, TOWN_SECRETARY):
        shown = page(case, officer)
        assert "1 row changed since" in shown
        assert before not in shown.partition("1 row changed since")[2].partition("</details>")[0]
        assert f"<ins>{after}" not in shown


# Reasons


def test_reasons_are_read_by_those_who_see_the_rows_or_are_asked_there(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    seq = case.refuse(SECRETARY)
    case.launch()
    (entry,) = cycle.entries(case.home, "refused")
    said = case.recorder
    said.follow()
    act = said.history.acts.at(seq)
    assert act is not None
    # The county's discipline commission may lift the refusal; the others have no part in it.
    for officer in (SECRETARY, LIAISON, DISCIPLINE):
        assert "“材料不实”" in page(case, officer)
    for officer in (NEIGHBOUR, TOWN_SECRETARY):
        shown = page(case, officer)
        assert "材料不实" not in shown
        assert entry["officer"] in shown
        assert f"of 4 characters, which you may not read; digest {act.said.reason[:12]}" in shown
        assert "您不能查看" in page(case, officer, lang="zh")


def test_ids_states_and_counts_are_seen_by_everybody(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    case.waive(DISCIPLINE)
    for officer in EVERYBODY:
        shown = page(case, officer)
        for told in ('s-blocked"', NOT_TALKED_TO, DISCIPLINE, f"<small>{TALKS}</small>"):
            assert told in shown, (officer, told)


def test_reasons_of_waivers_and_rulings_are_no_more_open(tmp_path: Path) -> None:
    case = case_of("waived", tmp_path)
    for officer, reads in ((LIAISON, True), (SECRETARY, True), (TOWN_SECRETARY, False)):
        shown = page(case, officer, "/objections")
        assert shown.count(f">{NOT_TALKED_TO}</td>") == 2
        assert ("本人住院" in shown) is reads


# What counts


def test_only_what_was_signed_since_is_left_to_the_next_launch(tmp_path: Path) -> None:
    """A refusal is, until it is withdrawn: then nothing of either is left to tell."""
    case, later = case_of("decided", tmp_path), "the next launch looks at it"
    seq = case.refuse(SECRETARY)
    assert later in page(case, LIAISON)
    signing.withdraw(case.recorder, seq, who(SECRETARY), "已核实")
    for _ in range(2):
        shown = page(case, LIAISON).partition('class="stacks"')[2].partition("</table>")[0]
        refusal, withdrawal = shown.split("<tr>")[2:]
        assert "does not count: its officer withdrew it" in refusal
        assert ">counts" in withdrawal
        assert later not in shown
        case.launch()


# What is offered


def taken(act: Callable[[], int]) -> str:
    """What taking an act says: the code of its refusal, or nothing."""
    try:
        act()
    except ActRefused as refused:
        return refused.code
    return ""


Asked = tuple[str, Callable[[], int]]


def asked_and_taken(case: Case, officer: str) -> dict[str, Asked]:
    """What is told beforehand of every act that an officer may think of, and the act itself."""
    recorder, known = case.recorder, Known(case.home)
    mine, me = known.keys.of(officer), who(officer)
    assert mine is not None
    judge = known.judge(mine)
    found: dict[str, Asked] = {
        "sign": (
            judge.sign(UNIT, Stage.PLAN),
            lambda: signing.sign(recorder, UNIT, Stage.PLAN, me),
        ),
        "refuse": (
            judge.refuse(UNIT, Stage.PLAN),
            lambda: signing.refuse(recorder, UNIT, Stage.PLAN, me, "材料不实"),
        ),
        "sign later": (
            judge.sign(UNIT, Stage.VETTING),
            lambda: signing.sign(recorder, UNIT, Stage.VETTING, me),
        ),
        "waive": (
            judge.waive((UNIT, TALKS, NOT_TALKED_TO)),
            lambda: waiving.waive(
                recorder, Wanted(UNIT, TALKS, NOT_TALKED_TO, case.on), "本人住院", me
            ),
        ),
    }
    for act in known.history.acts.of(UNIT, "plan"):
        seq = act.seq
        found[f"withdraw {seq}"] = (
            judge.withdraw(seq),
            lambda seq=seq: signing.withdraw(recorder, seq, me),  # type: ignore[misc]
        )
        found[f"join {seq}"] = (
            judge.join_waiver(seq),
            lambda seq=seq: waiving.join_waiver(recorder, seq, me),  # type: ignore[misc]
        )
        found[f"lift {seq}"] = (
            judge.lift(seq),
            lambda seq=seq: ruling.lift(recorder, seq, me, "已核实"),  # type: ignore[misc]
        )
    return found


def _refused(path: Path) -> Case:
    case = case_of("short", path)
    case.refuse(SECRETARY)
    return case


def _moved(path: Path) -> Case:
    case = case_of("decided", path)
    case.deliver("measures", meeting(1))
    return case


def _half_waived(path: Path) -> Case:
    case = case_of("lacking", path)
    case.waive(DISCIPLINE)
    return case


STATES: dict[str, Callable[[Path], Case]] = {
    "open": lambda path: case_of("open", path),
    "short": lambda path: case_of("short", path),
    "refused": _refused,
    "moved": _moved,
    "half waived": _half_waived,
    "absolute": lambda path: case_of("absolute", path),
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_told_beforehand_is_what_taking_says(tmp_path: Path, state: str) -> None:
    case = STATES[state](tmp_path / "home")
    before = len(cycle.stored(case.home))
    told = {officer: asked_and_taken(case, officer) for officer in ASKING}
    # Asking puts nothing on record.
    assert len(cycle.stored(case.home)) == before
    able = set()
    for officer, acts in told.items():
        for name, (code, act) in acts.items():
            if code:
                assert taken(act) == code, (officer, name)
            else:
                able.add((officer, name))
    # While its evidence moved nobody does anything about a gate.
    assert bool(able) is (state != "moved")
    # What would be taken is: each act in a home of its own.
    for number, (officer, name) in enumerate(sorted(able)):
        again = STATES[state](tmp_path / str(number))
        assert taken(asked_and_taken(again, officer)[name][1]) == "", (officer, name)


@pytest.mark.parametrize("state", STATES)
def test_today_lists_exactly_the_gates_that_one_may_sign(tmp_path: Path, state: str) -> None:
    """What is known of all gates together says the same as asking about one after the other."""
    known = Known(STATES[state](tmp_path).home)
    listed = 0
    for mine in [key for key in known.keys.keys.values() if key.current]:
        judge, today = known.judge(mine), views.today(known, mine)
        listed += len(today.waiting)
        for item in today.waiting:
            assert judge.sign(item.unit.unit, item.stage) == "", (mine.officer, item)
        for item, why in today.others:
            # What one more signature is not needed for may still be signed.
            spare = why in ("not-needed", "complete")
            assert why
            assert spare or judge.sign(item.unit.unit, item.stage), (mine.officer, why)
    # Of what moved, or lacks something else, nothing waits for anybody.
    assert bool(listed) is (state not in ("moved", "half waived"))


def test_no_act_is_offered_that_would_be_refused(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    assert 'data-act="sign"' in page(case, SECRETARY)
    for officer, why in (
        (NEIGHBOUR, "this gate does not ask for an officer of that organ and place"),
        (DISCIPLINE, "this gate does not ask for an officer of that organ and place"),
    ):
        shown = page(case, officer)
        assert 'data-act="sign"' not in shown
        assert f"You cannot sign or refuse it now: {why}" in shown
    case.sign(SECRETARY)
    shown = page(case, SECRETARY)
    assert "You cannot sign it now: this officer signed already and it counts" in shown
    assert 'data-act="refuse"' in shown
    # Its evidence moved, and nobody decided it since: Today does not say that it waits.
    case.deliver("measures", meeting(1))
    for path in (GATE, "/"):
        shown = page(case, LIAISON, path)
        assert "evidence or another pack came since it was decided" in shown
    assert "0 gates to sign" in shown


def test_who_asks_while_something_is_recorded_leaves_no_old_answer(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path)
    known = Known(case.home)
    mine = known.keys.of(LIAISON)
    assert mine is not None
    before = known.judge(mine)
    case.deliver("measures", meeting(1))
    case.launch()
    # A page that was begun before asks on, and one that is begun now is told as things are now.
    before.sign(UNIT, Stage.PLAN)
    assert known.judge(mine).sign(UNIT, Stage.PLAN) == ""
    assert taken(lambda: signing.sign(case.recorder, UNIT, Stage.PLAN, who(LIAISON))) == ""


def test_what_is_recorded_while_a_page_is_made_comes_with_the_next(tmp_path: Path) -> None:
    """No page fails for what somebody else did after it was begun."""
    case = case_of("decided", tmp_path)
    known = Known(case.home)
    mine = known.keys.of(LIAISON)
    assert mine is not None
    gate_first = GatePage(known, mine, UNIT, Stage.PLAN)
    case.sign(SECRETARY)
    assert gate_first.shown()["acts"] == []
    after = GatePage(known, mine, UNIT, Stage.PLAN)
    assert [one["officer"] for one in after.shown()["acts"]] == [SECRETARY]


def test_a_waiver_that_may_not_be_given_is_not_offered(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    assert 'data-act="waive"' in page(case, DISCIPLINE)
    shown = page(case, SECRETARY)
    assert 'data-act="waive"' not in shown
    assert "You cannot waive it now: the pack does not let an officer of that organ" in shown


def test_that_nothing_can_be_waived_is_said_once(tmp_path: Path) -> None:
    """Once for all checks with the same reason, and not at all to who can waive them."""
    case = case_of("lacking", tmp_path)
    case.withdraw("measures", meeting())
    case.launch()
    wanting = {
        one["check"]
        for one in gate_json(case.home, UNIT, "plan")["findings"]
        if one["status"] in ("fail", "missing")
    }
    # Both may be waived by some; the secretary is among those for one of them.
    assert {TALKS, "plan.deployment"} <= wanting
    told = "You cannot waive it now"
    for officer, times in ((NEIGHBOUR, 1), (SECRETARY, 1), (DISCIPLINE, 0)):
        assert page(case, officer).count(told) == times, officer


def test_who_delivered_the_report_is_not_offered_to_rule_on_it(tmp_path: Path) -> None:
    home = concluded.concluded_home(tmp_path)
    concluded.report(home, by=concluded.DISCIPLINE)
    cycle.launch(home, "result", concluded.UNIT)
    seq = concluded.raised(home)[0]["seq"]
    case = Case(home)
    why = "this officer delivered evidence of this gate"
    for path in ("/objections", "/"):
        assert why in page(case, concluded.DISCIPLINE, path)
    assert f'data-seq="{seq}"' not in page(case, concluded.DISCIPLINE, "/objections")
    with pytest.raises(ActRefused) as refused:
        concluded.rule(home, seq, "reject", concluded.DISCIPLINE)
    assert refused.value.code == "self-submitted"
    shown = page(case, concluded.CITY_DISCIPLINE, "/objections")
    assert f'data-seq="{seq}" data-verdict="reject"' in shown
    assert "2 objections to rule on" in page(case, concluded.CITY_DISCIPLINE, "/")


def test_an_objection_tells_the_row_and_the_delivery_that_raised_it(tmp_path: Path) -> None:
    home = concluded.concluded_home(tmp_path)
    seq = concluded.objected(home)[0]
    case = Case(home)
    delivered = [one for one in cycle.entries(home, "submitted") if one["register"] == "reports"]
    entry = delivered[-1]["seq"]
    (raised,) = (one for one in concluded.raised(home) if one["seq"] == seq)
    gate = f"/gate/{concluded.UNIT}/{raised['stage']}"
    for path in ("/objections", gate):
        shown = page(case, concluded.SECRETARY, path)
        assert "<code>r-late-1</code> added" in shown
        assert f'href="/history?until={entry}#e{entry}"' in shown
        assert cycle.OFFICER in shown
    # Whoever sees no rows there learns which row it is.
    told = page(case, concluded.CITY_DISCIPLINE, "/objections")
    assert "<code>r-late-1</code> added" in told
