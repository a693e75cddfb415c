"""Who is who takes two: what waits has no effect, and what is confirmed takes effect as a whole.

Expected from issue 13 and DESIGN.md, "A delivery is a signed act"; who may not confirm is among the
attempts (tests/authority/rows_confirmations.py).
"""

from pathlib import Path

import pytest

from data.acts import CONFIRM, DECLINE
from data.ledger import Ledger
from data.verify import verify
from data.waiting import waiting_deliveries
from schemas.refusals import ActRefused
from schemas.vocabulary import Outcome
from tasks.consequences import MaySign, of_delivery
from tasks.intake import confirming
from tasks.intake.accept import submit_file
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tests.authority.rows_confirmations import NEWCOMER, confirms, invented, kept_waiting
from tests.authority.scene import (
    CANDIDATES,
    CITY_DISCIPLINE,
    DISCIPLINE,
    KIN,
    LIAISON,
    NOT_TALKED_TO,
    PLACE,
    SECRETARY,
    STRANGER,
    TWIN,
    UNIT,
    Case,
    case_of,
    officer_row,
    rows,
)
from tests.generator import Row
from tests.intake.files import csv_file
from tests.support import cycle
from tests.support.signing import who


def persons(case: Case) -> set[str]:
    return set(case.recorder.whole.facts.tables["roster"]["person"])


def newcomer() -> Row:
    like = next(row for row in rows()["roster"] if row["person"] == NOT_TALKED_TO)
    return {**like, "person": NEWCOMER, "name": "新人"}


def test_what_waits_changes_nothing_and_what_is_confirmed_counts(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    seq = kept_waiting(case, "officers", invented())
    assert case.launch() is Outcome.OPEN
    assert case.recorder.holder(STRANGER) is None
    assert verify(case.home, acts=True)[1] is None
    confirms(case, seq, CITY_DISCIPLINE)
    case.recorder.follow()
    assert case.recorder.holder(STRANGER) is not None
    keys.enrol(case.recorder, who(STRANGER))
    assert waiting_deliveries(Ledger(case.home.ledger)) == {}
    assert verify(case.home, acts=True)[1] is None


def test_a_delivery_waits_as_a_whole(tmp_path: Path) -> None:
    """A row that needs another of the same delivery would point to nothing without it."""
    case = case_of("short", tmp_path)
    folder = tmp_path / "both"
    folder.mkdir()
    kin: Row = {"jurisdiction": PLACE, "person": NEWCOMER, "kin": CANDIDATES[0],
                "kinship": "spouse"}  # fmt: skip
    talk = next(row for row in rows()["talk_participants"] if row["person"] == NOT_TALKED_TO)
    csv_file(folder / "roster.csv", [newcomer()], "roster")
    csv_file(folder / "kin.csv", [kin], "kin")
    talks: list[Row] = [{**talk, "person": NEWCOMER}]
    csv_file(folder / "talk_participants.csv", talks, "talk_participants")
    receipts = submit_file(case.home, folder, who(cycle.OFFICER))
    assert {one.register for one in receipts} == {"roster", "kin", "talk_participants"}
    (seq,) = {one.waits for one in receipts}
    assert seq is not None
    assert NEWCOMER not in persons(case)
    confirms(case, seq, CITY_DISCIPLINE)
    case.recorder.follow()
    tables = case.recorder.whole.facts.tables
    assert NEWCOMER in persons(case)
    assert NEWCOMER in set(tables["kin"]["person"])
    assert NEWCOMER in set(tables["talk_participants"]["person"])
    assert {one["delivery"] for one in cycle.entries(case.home, "submitted")[-3:]} == {
        case.recorder.ledger.entry(seq).payload  # type: ignore[attr-defined]
    }


def test_what_says_nothing_of_who_is_who_waits_for_nobody(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    receipt = cycle.deliver(case.home, "measures", rows()["measures"][:1], confirmed=False)
    assert receipt.waits is None
    assert cycle.entries(case.home)[-1]["kind"] == "submitted"


def test_rejected_rows_of_who_is_who_wait_for_nobody(tmp_path: Path) -> None:
    """None of them would take effect."""
    case = case_of("short", tmp_path)
    strange: Row = {**invented(), "jurisdiction": "640399"}
    receipt = cycle.deliver(case.home, "officers", [strange], confirmed=False)
    assert (receipt.rejected, receipt.waits) == (1, None)


@pytest.mark.parametrize("by", [LIAISON, DISCIPLINE, SECRETARY])
def test_a_delivery_is_declined_by_its_deliverer_or_who_could_confirm_it(
    by: str, tmp_path: Path
) -> None:
    case = case_of("short", tmp_path)
    seq = kept_waiting(case, "officers", invented(), by=LIAISON)
    confirms(case, seq, by, DECLINE, "填错了")
    case.recorder.follow()
    assert case.recorder.history.waiting == {}
    assert case.recorder.holder(STRANGER) is None
    assert "填错了" not in str(cycle.entries(case.home, "confirmed")[-1])
    assert verify(case.home, acts=True)[1] is None


def test_a_county_confirms_what_its_own_organ_delivered_and_so_does_the_city(
    tmp_path: Path,
) -> None:
    case = case_of("short", tmp_path)
    for by in (DISCIPLINE, SECRETARY, CITY_DISCIPLINE):
        confirms(case, kept_waiting(case, "officers", invented(), by=LIAISON), by)
    assert case.launch() is Outcome.WAITING


def test_of_two_deliveries_of_a_row_the_later_one_may_be_confirmed_alone(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    first = kept_waiting(case, "officers", invented(), by=LIAISON)
    second = kept_waiting(case, "officers", {**invented(), "organ": "petition-office"}, by=LIAISON)
    confirms(case, second, DISCIPLINE)
    with pytest.raises(ActRefused) as told:
        confirms(case, first, DISCIPLINE)
    assert told.value.code == "overtaken"
    case.recorder.follow()
    holder = case.recorder.holder(STRANGER)
    assert holder is not None
    assert holder.organ == "petition-office"


# What it would do


def effects(case: Case, seq: int) -> list[MaySign]:
    return of_delivery(case.home, waiting_deliveries(Ledger(case.home.ledger))[seq])[1]


def test_who_would_be_freed_of_a_bar_is_told(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    married: Row = {"person": officer_row(KIN)["person"], "kin": CANDIDATES[1]}
    seq = kept_waiting(case, "kin", married, remove=True)
    assert MaySign(KIN, UNIT, "about-kin", freed=True) in effects(case, seq)


def test_who_would_be_barred_is_told(tmp_path: Path) -> None:
    case = case_of("short", tmp_path)
    kin: Row = {"jurisdiction": PLACE, "person": officer_row(SECRETARY)["person"],
                "kin": CANDIDATES[0], "kinship": "spouse"}  # fmt: skip
    seq = kept_waiting(case, "kin", kin)
    # Under whatever id they have.
    assert effects(case, seq) == [
        MaySign(one, UNIT, "about-kin", freed=False) for one in (SECRETARY, TWIN)
    ]


def test_which_signatures_would_be_void_is_told(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    seq = kept_waiting(case, "officers", {**officer_row(SECRETARY), "organ": "petition-office"})
    gates, signing = of_delivery(case.home, waiting_deliveries(Ledger(case.home.ledger))[seq])
    (closed,) = (one for one in gates if one.closes)
    assert closed.unit == UNIT
    # Whose talk it was is what a check looks at: both signatures are of other evidence.
    assert [lost.officer for lost in closed.lost] == [LIAISON, SECRETARY]
    assert signing == [MaySign(SECRETARY, "", "role-changed", freed=False)]
    # And so it comes.
    confirms(case, seq, CITY_DISCIPLINE)
    assert case.launch() is Outcome.BLOCKED


def test_only_what_was_signed_is_confirmed(tmp_path: Path) -> None:
    """A delivery is confirmed by its number and the digest of what was signed, not by its rows."""
    home = cycle.small_home(tmp_path)
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1], confirmed=False)
    recorder = Recorder(home)
    (seq,) = recorder.history.waiting
    confirming.confirm(recorder, seq, CONFIRM, who("o-640300-02"))
    entry = cycle.entries(home, "confirmed")[-1]
    proposed = recorder.ledger.entry(seq)
    said = recorder.ledger.entry(entry["seq"])
    assert said.said.evidence == proposed.payload  # type: ignore[attr-defined]
