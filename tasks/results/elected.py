"""Who was elected to each post, as a result report prints it, and what that is subject to.

Rules: the elected are those whom the presidium declared; an election that was found void is marked;
a chief procurator's is subject to the approval of the level above (地方组织法 art. 11).
"""

from __future__ import annotations

from datetime import date

from schemas import words
from schemas.text import Text
from schemas.vocabulary import Organ, PostKind
from tasks.results.document import Note, Said, Table
from tasks.results.unit import UnitRows, day_of, label_of, rows_of


def elected_table(unit: UnitRows) -> Table:
    """Who was declared elected to each post, and how many seats are left open."""
    declared = [
        row
        for row in rows_of(unit.facts, "results")
        if row["elected"] and row["declared_on"] <= unit.facts.today
    ]
    left = {
        row["post"]: row["seats"]
        for row in rows_of(unit.facts, "vacancies")
        if row["decided_on"] <= unit.facts.today
    }
    rows: list[tuple[Said, ...]] = []
    for post in unit.posts:
        own = [row for row in declared if row["post"] == post["post"]]
        void = [row for row in own if row["voided_on"] and row["voided_on"] <= unit.facts.today]
        names = [
            f"{unit.name(row['candidate'])}{'*' if row in void else ''}"
            for row in sorted(own, key=lambda row: str(row["candidate"]))
        ]
        rows.append(
            (
                unit.post(post),
                post["seats"],
                Text("、".join(names), ", ".join(names)),
                len(own) - len(void),
                left.get(post["post"], 0),
                words.joined([Organ(one).label for one in sorted({x["declared_by"] for x in own})]),
                words.joined([day_of(day) for day in sorted({x["declared_on"] for x in own})]),
            )
        )
    return Table(
        Text("当选名单（带*的当选无效）", "The elected (*: election void)"),
        (
            Text("职位", "post"),
            label_of("posts", "seats"),
            Text("当选人", "elected"),
            Text("当选人数", "number elected"),
            label_of("vacancies", "seats"),
            label_of("results", "declared_by"),
            label_of("results", "declared_on"),
        ),
        tuple(rows),
    )


def approval_notes(unit: UnitRows) -> tuple[Note, ...]:
    """That the level above has to approve an elected chief procurator, and whether it did."""
    elected = {row["candidate"] for row in rows_of(unit.facts, "results") if row["elected"]}
    kinds = {post["post"]: post["kind"] for post in unit.posts}
    chiefs = [
        one
        for one in sorted(elected & unit.candidates.keys())
        if kinds.get(unit.candidates[one]["post"]) == PostKind.CHIEF_PROCURATOR
    ]
    approved = {
        row["candidate"]: row["approved_on"]
        for row in rows_of(unit.facts, "approvals")
        if row["approved_on"] and row["approved_on"] <= unit.facts.today
    }
    return tuple(Note(_approved(unit.name(one), approved.get(one))) for one in chiefs)


def _approved(name: str, on: date | None) -> Text:
    state = (
        Text(f"已于{day_of(on).zh}批准", f"approved on {day_of(on).en}")
        if on
        else Text("报送本单时尚未批准", "not approved when this was handed on")
    )
    return Text(
        f"人民检察院检察长{name}的当选，须报经上一级人民检察院检察长提请该级人民代表大会常务委员会"
        f"批准：{state.zh}。",
        f"The election of chief procurator {name} is subject to approval by the standing committee "
        f"one level up, on the proposal of the chief procurator there: {state.en}.",
    )
