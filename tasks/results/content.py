"""The content of a result report: the session, every vote with its count, the elected, signatures.

Rules: every number is one that was delivered, or follows from such by the rule that the check of
the result keeps (quorum, majority, outcome of a vote); sums are printed with what they are of, so
that a reader can add up; a void vote is printed and elects nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas import words
from schemas.names import unit_name
from schemas.text import Text
from schemas.vocabulary import Body, CandidateStatus, Organ
from schemas.vote_terms import CountRole, HallKind, StaffRole, VoteKind
from tasks.checks.election_papers import MARKS
from tasks.results.document import (
    Document,
    Heading,
    Items,
    Note,
    Said,
    Signatures,
    Table,
    Together,
)
from tasks.results.elected import approval_notes, elected_table
from tasks.results.source import Source
from tasks.results.unit import Row, UnitRows, day_of, label_of, rows_of

_PAPERS = ("printed", "unused", "spoiled", "issued", "returned", "not_returned", "valid", "void")
PARTS_PAPERS = Text("各会场、计票单的选票", "papers of each hall or sheet")
PARTS_COUNT = Text("各会场、计票单的第一计票", "first count of each hall or sheet")
_SUMS = (
    ("printed", ("issued", "unused", "spoiled")),
    ("issued", ("returned", "not_returned")),
    ("returned", ("valid", "void")),
)


def _sum(vote: Row, whole: str, parts: Iterable[str]) -> Text | None:
    """A sum of papers with its parts; nothing where the whole was not recorded."""
    if vote[whole] is None:
        return None
    numbers = {name: int(vote[name] or 0) for name in parts}
    sign = "＝" if vote[whole] == sum(numbers.values()) else "≠"
    labels = {name: label_of("ballots", name) for name in (whole, *numbers)}
    zh = "＋".join(f"{labels[name].zh}{number}" for name, number in numbers.items())
    en = " + ".join(f"{number} {labels[name].en}" for name, number in numbers.items())
    return Text(
        f"{labels[whole].zh}{vote[whole]}{sign}{zh}",
        f"{vote[whole]} {labels[whole].en} {'=' if sign == '＝' else '≠'} {en}",
    )


def document_of(source: Source) -> Document:
    """The result report of a unit."""
    unit = UnitRows(source)
    name = unit_name(unit.place, unit.body)
    counts = [block for post in unit.posts for block in _count(unit, post)]
    return Document(
        Text(f"{name.zh}选举结果报告单", f"Result of the election: {name.en}"),
        Text("附计票报告单", "with the reports of the counts"),
        source.handed.at,
        (
            *_grave(source),
            Heading(Text("一、会议和选举办法", "1. Session and method")),
            Items(_session(unit)),
            Heading(Text("二、选举结果", "2. Result")),
            elected_table(unit),
            *approval_notes(unit),
            Heading(Text("三、投票和计票", "3. Votes and counts")),
            *counts,
            Heading(Text("四、签字", "4. Signatures")),
            Signatures(_signatures(unit)),
            Heading(Text("五、依据", "5. What this rests on")),
            Items(_ground(source), ids=True),
        ),
    )


def _grave(source: Source) -> tuple[Note, ...]:
    """That the result stands on nothing any more, or that it is objected to."""
    closed = Text(
        f"记录第{source.closed}号暂停了该单位的关口，本单所载结果不再有据。",
        f"Entry {source.closed} closed a gate of the unit since: nothing supports this result now.",
    )
    objected = [
        Text(
            f"对该单位的异议（记录第{seq}号）待裁定。",
            f"The objection of entry {seq} to the unit is to be ruled on.",
        )
        for seq in source.objected
    ]
    return tuple(Note(one, grave=True) for one in [*([closed] if source.closed else []), *objected])


def _session(unit: UnitRows) -> tuple[tuple[Text, Said], ...]:
    session = unit.session
    numerator, denominator = session["quorum_numerator"], session["quorum_denominator"]
    share = f"{numerator}/{denominator}"
    over = not session["quorum_inclusive"]
    first = unit.votes[0]
    return (
        (label_of("sessions", "opened_on"), day_of(session["opened_on"])),
        (label_of("sessions", "voted_on"), day_of(session["voted_on"])),
        (label_of("credentials", "members"), unit.members),
        (label_of("sessions", "present"), session["present"]),
        (
            Text("法定人数", "quorum"),
            Text(
                f"{first['needed']}人（{'超过' if over else '不少于'}全体的{share}）",
                f"{first['needed']} ({'more than ' if over else ''}{share} of all)",
            ),
        ),
        (
            Text("当选票数", "votes to be elected"),
            Text(
                f"{unit.members // 2 + 1}票（全体的过半数）",
                f"{unit.members // 2 + 1} (more than half of all)",
            ),
        ),
        (Text("选举办法", "method of the election"), session["method_document"]),
        (
            Text("办法通过", "method adopted"),
            Text(
                f"{Organ(session['method_by']).label.zh}，{day_of(session['method_on']).zh}",
                f"{Organ(session['method_by']).label.en}, {day_of(session['method_on']).en}",
            ),
        ),
    )


def _count(unit: UnitRows, post: Row) -> Iterable[Together]:
    """Every vote on a post: its papers, and what each count found for each candidate."""
    for vote in unit.votes:
        if vote["post"] == post["post"]:
            sheet = _sheet(unit, vote)
            yield Together(
                (_papers(unit, post, vote), *_sums(unit, vote), *sheet, *_parts(unit, vote))
            )


def _papers(unit: UnitRows, post: Row, vote: Row) -> Table:
    name, kind, day = unit.post(post), VoteKind(vote["kind"]).label, day_of(vote["voted_on"])
    void = Text("，已宣布无效", ", declared void") if vote["annulled"] else words.NOTHING
    columns = [column for column in _PAPERS if vote[column] is not None]
    return Table(
        Text(
            f"{name.zh}：应选{vote['seats']}名，第{vote['round']}次投票（{kind.zh}），"
            f"{day.zh}{void.zh}",
            f"{name.en}: {vote['seats']} to be elected, vote {vote['round']} ({kind.en}), "
            f"{day.en}{void.en}",
        ),
        (
            Text("出席", "present"),
            Text("法定人数", "quorum"),
            *(label_of("ballots", column) for column in columns),
        ),
        ((vote["present"], vote["needed"], *(vote[column] for column in columns)),),
    )


def _sums(unit: UnitRows, vote: Row) -> tuple[Note, ...]:
    found = [one for whole, parts in _SUMS if (one := _sum(vote, whole, parts))]
    counters = {
        role: "、".join(
            sorted(
                {
                    unit.officers.get(row["officer"], row["officer"])
                    for row in unit.tallies
                    if (row["post"], row["round"], row["role"])
                    == (vote["post"], vote["round"], role)
                }
            )
        )
        for role in CountRole
    }
    by = Text(
        "；".join(f"{role.label.zh}：{name}" for role, name in counters.items() if name),
        "; ".join(f"{role.label.en}: {name}" for role, name in counters.items() if name),
    )
    return (Note(words.joined([*found, *([by] if by.zh else [])])),)


def _sheet(unit: UnitRows, vote: Row) -> tuple[Table, ...]:
    both = {
        (row["role"], row["candidate"]): row
        for row in unit.tallies
        if (row["post"], row["round"]) == (vote["post"], vote["round"])
    }
    first = [row for (role, _), row in both.items() if role == CountRole.FIRST]
    if not first:
        return ()
    first.sort(key=lambda row: (-row["in_favour"], row["candidate"]))
    return (
        Table(
            Text("计票报告单", "report of the count"),
            (
                Text("姓名", "name"),
                Text("编号", "id"),
                Text("类别", "kind"),
                *(label_of("tallies", mark) for mark in MARKS),
                Text("合计", "total"),
                CountRole.SECOND.label,
                Text("结果", "outcome"),
            ),
            tuple(
                _line(unit, vote, row, both.get((CountRole.SECOND, row["candidate"])))
                for row in first
            ),
        ),
    )


def _parts(unit: UnitRows, vote: Row) -> tuple[Table, ...]:
    """Of a vote that was counted in parts the papers and the first count of each."""

    def own(register: str) -> list[dict[str, object]]:
        rows = rows_of(unit.facts, register)
        key = (vote["post"], vote["round"])
        return [row for row in rows if (row["post"], row["round"]) == key]

    halls, counts = own("halls"), own("hall_tallies")
    if not halls:
        return ()
    columns = [one for one in _PAPERS[3:] if any(row[one] is not None for row in halls)]
    papers: list[tuple[Said, ...]] = [
        (
            str(row["hall"]),
            HallKind(str(row["kind"])).label,
            *(_number(row[one]) for one in columns),
        )
        for row in halls
    ]
    marks: list[tuple[Said, ...]] = [
        (
            str(row["hall"]),
            unit.name(str(row["candidate"])),
            str(row["candidate"]),
            *(_number(row[mark]) or 0 for mark in MARKS),
        )
        for row in counts
        if row["role"] == CountRole.FIRST
    ]
    hall, kind = label_of("halls", "hall"), label_of("halls", "kind")
    name, number = Text("姓名", "name"), Text("编号", "id")
    return (
        Table(
            PARTS_PAPERS, (hall, kind, *(label_of("halls", one) for one in columns)), tuple(papers)
        ),
        Table(
            PARTS_COUNT,
            (hall, name, number, *(label_of("hall_tallies", mark) for mark in MARKS)),
            tuple(marks),
        ),
    )


def _number(cell: object) -> int | None:
    return cell if isinstance(cell, int) else None


def _line(unit: UnitRows, vote: Row, row: Row, second: Row | None) -> tuple[Said, ...]:
    marks = [int(row[mark] or 0) for mark in MARKS]
    candidate = str(row["candidate"])
    status = CandidateStatus(unit.candidates[candidate]["status"])
    agreed = second is not None and [int(second[mark] or 0) for mark in MARKS] == marks
    return (
        unit.name(candidate),
        candidate,
        status.label if status is CandidateStatus.WRITE_IN else Text("候选人", "candidate"),
        *marks,
        sum(marks),
        Text("一致", "agrees") if agreed else Text("不一致", "differs"),
        _outcome(unit, vote, candidate),
    )


def _outcome(unit: UnitRows, vote: Row, candidate: str) -> Text:
    """What a vote came to for a candidate, as the check of the result works it out."""
    found = unit.outcomes.get((vote["post"], vote["round"], candidate))
    if vote["annulled"]:
        return Text("无效", "void")
    if found is None:
        return Text("并入同一人得票", "added to the same person's")
    if found["elected"]:
        return Text("当选", "elected")
    if found["tied"]:
        return Text("票数相等", "tied")
    if found["votes"] * 2 > found["members"]:
        return Text("过半数，未当选", "more than half, not elected")
    return Text("未过半数", "not more than half")


def _signatures(unit: UnitRows) -> tuple[tuple[Text, str], ...]:
    staff = rows_of(unit.facts, "ballot_staff")
    listed = {
        role: [unit.names.get(row["person"], row["person"]) for row in staff if row["role"] == role]
        for role in StaffRole
    }
    chair = (
        Text("会议主持人", "who presides")
        if unit.body is Body.CPPCC
        else Text("主席团执行主席", "executive chair of the presidium")
    )
    return (
        (Text("总监票人", "chief scrutineer"), ""),
        *((StaffRole.SCRUTINEER.label, name) for name in sorted(listed[StaffRole.SCRUTINEER])),
        (Text("总计票人", "chief teller"), ""),
        *((StaffRole.TELLER.label, name) for name in sorted(listed[StaffRole.TELLER])),
        (chair, ""),
    )


def _ground(source: Source) -> tuple[tuple[Text, Said], ...]:
    handed, decision = source.handed, source.decision
    return (
        (Text("单位编号", "unit id"), source.unit),
        (Text("规则包", "policy pack"), source.pack),
        (Text("交接", "handed on"), Text(f"记录第{handed.seq}号", f"entry {handed.seq}")),
        (
            Text("依据的决定", "on decision"),
            Text(f"记录第{decision.seq}号", f"entry {decision.seq}"),
        ),
        (Text("决定所看日期", "day looked at"), decision.on),
        (Text("程序版本", "program"), decision.code),
        (Text("会签", "signed by"), ", ".join(handed.signers)),
        (Text("例外审批", "waivers"), words.together(list(handed.waivers)) or Text("无", "none")),
        (Text("交接摘要", "digest handed on"), handed.digest),
        (Text("决定摘要", "decision digest"), decision.decision),
        (Text("依据材料摘要", "evidence digest"), decision.evidence),
        (words.ITEMS["policy"], decision.policy),
        (words.ITEMS["cycle"], source.cycle),
    )
