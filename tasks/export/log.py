"""Which entries of the ledger an auditor asks for: by unit, stage, officer, check, time, outcome.

Rules: every condition that is given must hold; an entry of a kind that a condition cannot speak of
does not match it. A check matches decisions that it keeps closed or in which it is waived,
objections by it, and waivers of it; the id of a subject all of these in which anything was found of
it, be it that it passed; an officer matches whoever delivered, signed, vouched, revoked, ruled or
was refused. Pure: entries in, entries out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from schemas.decisions import CLOSING, sign_off_code, unpacked
from schemas.entries import Decided, Entry, Objected, Waived
from schemas.handoffs import handoff_code
from schemas.rules.catalogue import RULES
from schemas.text import Refusal, Text, comma_separated
from schemas.vocabulary import Outcome, Stage, Status, Term

HEADINGS = (
    Text("记录", "entry"),
    Text("时间（UTC）", "time (UTC)"),
    Text("日期", "day"),
    Text("事项", "kind"),
    Text("单位", "unit"),
    Text("内容", "content"),
)
_SHOWN = frozenset({status.value for status in (*CLOSING, Status.WAIVED)})


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a span: an entry number, or a day in UTC (the other is 0 or empty)."""

    seq: int = 0
    day: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty means anything.

    `first` and `last` are days of the cycle, on which was looked at what an entry says; `subject`
    is the id of whom or what something was found, or was waived.
    """

    units: frozenset[str] = frozenset()
    stage: str = ""
    officer: str = ""
    check: str = ""
    outcome: str = ""
    since: Bound = Bound()
    until: Bound = Bound()
    subject: str = ""
    first: str = ""
    last: str = ""


def _option(field: str) -> str:
    return f"--{field}"


def wanted(  # noqa: PLR0913 (whatever may be asked for is named)
    named: Callable[[str], str] = _option,
    /,
    *,
    unit: str | None = None,
    stage: str | None = None,
    officer: str | None = None,
    check: str | None = None,
    outcome: str | None = None,
    since: str | None = None,
    until: str | None = None,
    subject: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> Wanted:
    """What somebody typed; a stage, check, outcome, bound or day that there is not is refused.

    Raises:
        Refusal: the text names the field as `named` does.
    """
    _one_of(named("stage"), stage, Stage)
    _one_of(named("outcome"), outcome, Outcome)
    if check and check not in gate_codes():
        said = f"{named('check')} {check}"
        raise Refusal(
            Text(
                f"{said}：没有这项检查；用 termgate policy show 查看",
                f"{said}: no such check; see `termgate policy show`",
            )
        )
    return Wanted(
        frozenset({unit} if unit else ()),
        stage or "",
        officer or "",
        check or "",
        outcome or "",
        bound(named("since"), since),
        bound(named("until"), until),
        subject or "",
        _day(named("first"), first),
        _day(named("last"), last),
    )


def gate_codes() -> set[str]:
    """Every check there is, with those that gates have of their own."""
    own = {code(stage) for stage in Stage for code in (handoff_code, sign_off_code)}
    return {*RULES, *own}


def _day(option: str, value: str | None) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        said, like = f"{option} {value}", "2016-12-31"
        refusal = Text(f"{said}：填日期，如 {like}", f"{said}: give a day, such as {like}")
        raise Refusal(refusal) from None


def _one_of(option: str, value: str | None, kind: type[Term]) -> None:
    if value and value not in {one.value for one in kind}:
        known = comma_separated(one.label for one in kind)
        zh, en = f"{option} {value}：可用{known.zh}", f"{option} {value}: use one of {known.en}"
        raise Refusal(Text(zh, en))


def bound(option: str, value: str | None) -> Bound:
    """An entry number or a day.

    Raises:
        Refusal: it is neither.
    """
    if not value:
        return Bound()
    if value.isascii() and value.isdigit():
        return Bound(seq=int(value))
    try:
        return Bound(day=date.fromisoformat(value).isoformat())
    except ValueError:
        raise Refusal(
            Text(
                f"{option} {value}：填记录号或日期，如 120 或 2016-12-31",
                f"{option} {value}: give an entry number or a day, such as 120 or 2016-12-31",
            )
        ) from None


def selected(entries: Iterable[Entry], what: Wanted) -> Iterator[Entry]:
    """The entries that are asked for, in their order."""
    if what == Wanted():
        return iter(entries)
    return (entry for entry in entries if matches(entry, what))


def matches(entry: Entry, what: Wanted) -> bool:
    """Whether an entry is asked for."""
    outcome = entry.outcome if isinstance(entry, Decided | Objected) else ""
    return (
        (not what.units or entry.of_unit in what.units)
        and what.stage in ("", entry.of_stage)
        and what.outcome in ("", outcome)
        and _within(entry, what)
        and (not what.officer or what.officer in entry.officers)
        and (not what.check or _about(entry, what.check))
        and (not what.subject or _names(entry, what.subject))
        and what.first <= entry.on
        and (not what.last or entry.on <= what.last)
    )


def cells_of(entry: Entry) -> list[str]:
    """An entry in one line, under `HEADINGS`."""
    return [
        str(entry.seq), entry.at[:19], entry.on, entry.label.render(), entry.of_unit,
        entry.line.render(),
    ]  # fmt: skip


def _within(entry: Entry, what: Wanted) -> bool:
    seq, day = entry.seq, entry.at[:10]
    after = seq >= what.since.seq and day >= what.since.day
    before = (not what.until.seq or seq <= what.until.seq) and (
        not what.until.day or day <= what.until.day
    )
    return after and before


def _names(entry: Entry, subject: str) -> bool:
    """Whether somebody or something was looked at, or excepted, in an entry."""
    if isinstance(entry, Waived):
        return subject in entry.subject.split("/")
    if not isinstance(entry, Decided | Objected):
        return False
    return any(subject in one.subject.split("/") for one in unpacked(entry.findings))


def _about(entry: Entry, check: str) -> bool:
    """Whether an entry is about a check: a waiver of it, or a decision that it closes."""
    if isinstance(entry, Waived):
        return entry.check == check
    if not isinstance(entry, Decided | Objected):
        return False
    return not _SHOWN.isdisjoint(entry.findings.get(check, {}))
