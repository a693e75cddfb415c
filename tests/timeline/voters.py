"""What the table beside this file says of voters: 96 constituencies, one of them voted on again.

Rules: as in `tests.timeline.county`, which has these among its rows.
"""

from __future__ import annotations

from datetime import date

from tests.law.base import Base, Row

APPOINTED, PUBLISHED = date(2016, 8, 12), date(2016, 10, 24)
OBJECTED, DECIDED = date(2016, 10, 26), date(2016, 10, 28)
PRELIMINARY, CORRECTED, FINAL = date(2016, 10, 29), date(2016, 10, 31), date(2016, 11, 7)
ELECTION, FURTHER = date(2016, 11, 15), date(2016, 11, 22)
LEFT_OUT, AGAIN = "k-17", "k-31"
# Register → the day of rows that have none of their own.
DELIVERED = {
    "constituencies": date(2016, 9, 5),
    "deputy_lists": PRELIMINARY,
    "deputy_candidates": FURTHER,
}


def of_the_voters(base: Base) -> None:
    """Committee, constituencies, lists, one objection, and the votes of election day and after."""
    unit = base.setting.unit
    base.rows["election_committees"] = [
        {**row, "appointed_on": APPOINTED, "roll_questions": 1}
        for row in base.rows["election_committees"]
    ]
    base.add("roll_questions", voter="v-1", unit=unit, birth_date=date(1960, 3, 2), ground="none",
             decision_document=None, on_roll=True, objected_on=OBJECTED, decided_on=DECIDED,
             sued_on=None, judged_on=None)  # fmt: skip
    for register in ("constituencies", "deputy_lists", "direct_votes"):
        base.rows[register] = []
    for number in range(1, 97):
        _add_constituency(base, f"k-{number:02d}", 3 if number % 2 else 2)


def _add_constituency(base: Base, name: str, seats: int) -> None:
    names = {2: 4, 3: 5}[seats]
    again = name == AGAIN
    base.add("constituencies", constituency=name, unit=base.setting.unit, kind="residence",
             seats=seats, townships=None)  # fmt: skip
    base.add("deputy_lists", constituency=name, nominated=names, fewest_signers=11, most_by_one=1,
             preliminary=names, agreed=None, pre_elected_on=None, final=names)  # fmt: skip
    vote: Row = {"constituency": name, "registered": 1100, "voted": 900, "returned": 900,
                 "valid": 890}  # fmt: skip
    first: Row = {"round": 1, "kind": "first-vote", "voted_on": ELECTION, "seats": seats,
                  "elected": seats - again, "fewest_elected": 600, "most_others": 300}  # fmt: skip
    base.add("direct_votes", **(vote | first))
    if not again:
        return
    papers: Row = {"voted": 600, "returned": 600, "valid": 600}
    further: Row = {"round": 2, "kind": "further", "voted_on": FURTHER, "seats": 1, "elected": 1,
                    "fewest_elected": 210, "most_others": 200}  # fmt: skip
    base.add("direct_votes", **(vote | papers | further))
    for number, votes in enumerate((700, 600, 300, 250, 100), start=1):
        base.add("deputy_candidates", deputy_candidate=f"x-{number}", constituency=name,
                 listed=True, first_votes=votes, further=number in (3, 4), elected=number <= seats,
                 false_data=False, announced_on=None, foreign_funding=False)  # fmt: skip


def told_of_voters(register: str, row: Row, day: date) -> Row:
    """A row as far as it is told on a day."""
    told = dict(row)
    if register == "election_committees":
        told["roll_questions"] = None if day < PUBLISHED else int(day >= OBJECTED)
        if day < FINAL:
            told |= {"members_nominated": None, "members_resigned": None}
    if register == "deputy_lists":
        if day < FINAL:
            told["final"] = None
        if row["constituency"] == LEFT_OUT and day < CORRECTED:
            told["preliminary"] = int(str(row["nominated"])) - 1
    return told
