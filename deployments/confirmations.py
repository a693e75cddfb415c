"""The commands about deliveries that say who is who: what waits, and confirming or declining it.

Rules: `pending` changes nothing, and ends with 3 where a delivery waits. What a confirmation would
change is shown before it is asked for: which rows, which gates would close, whose signatures would
be void, and who could no longer sign or could again; people's names stand in the workbook that it
writes, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data.acts import CONFIRM, DECLINE
from data.blobs import BlobStore, check_absent, write_durably
from data.home import Home, named_home
from data.ledger import Ledger
from data.waiting import waiting_deliveries
from deployments.app import (
    By,
    HomeOption,
    JsonOption,
    ReasonOption,
    _,
    wrong_usage,
)
from deployments.consent import YesOption, agreed, check_asked
from deployments.exits import CLOSED, DONE
from deployments.inbox import head_line
from deployments.officers import at_recorder, recorded, then
from deployments.show import Answer, Columns, Line, Part
from schemas.entries import Proposed
from schemas.refusals import ACT_FAULTS, ActRefused
from schemas.text import language, plural
from schemas.words import register_name
from tasks.consequences import Consequence, MaySign, consequences_json, of_delivery
from tasks.intake.confirming import CHANGES, Row, changes_in, unfit
from tasks.intake.confirming import confirm as take_confirmation
from tasks.intake.on_record import OnRecord
from tasks.intake.waiting_rows import workbook_of

SeqArgument = Annotated[
    int, Parameter(help=_("报送的记录号", "number of the delivery's ledger entry"))
]
# So many rows, and so many officers, are named in words; programs get all.
SHOWN = 20


def pending(
    seq: Annotated[
        int | None,
        Parameter(help=_("只看这一条报送，并说明后果", "only this delivery, and what it would do")),
    ] = None,
    /,
    *,
    rows: Annotated[
        Path | None,
        Parameter(
            help=_(
                "把待确认的行写成工作簿，供核对", "write the rows to a workbook, to be looked over"
            )
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Show the deliveries that wait for a confirmation, or what one of them would do."""
    opened = named_home(home).of_this_release()
    waiting = waiting_deliveries(Ledger(opened.ledger))
    if seq is None:
        if rows is not None:
            raise wrong_usage("--rows 须写明报送的记录号", "--rows needs the delivery's number")
        value = [_head_json(one) for one in waiting.values()]
        return Answer(value, _list([*waiting.values()]), CLOSED if waiting else DONE).give(
            json=json
        )
    one = waiting.get(seq)
    if one is None:
        raise ActRefused("no-delivery", str(seq))
    effects = ConfirmationEffects(opened, one)
    if rows is not None:
        check_absent(rows)
        write_durably(rows, workbook_of(effects.blobs, effects.record, one, language()))
    return Answer(effects.value, effects.parts(), CLOSED).give(json=json)


def confirm(
    seq: SeqArgument,
    /,
    *,
    by: By,
    yes: YesOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Confirm a delivery that another organ made: what it says of who is who takes effect."""
    check_asked(yes=yes, json=json)
    opened = named_home(home).of_this_release()
    one = waiting_deliveries(Ledger(opened.ledger)).get(seq)
    if one and not yes and not agreed(ConfirmationEffects(opened, one).parts()):
        return CLOSED
    recorder, who = at_recorder(home, by)
    at = take_confirmation(recorder, seq, CONFIRM, who)
    text = _(
        f"{by.officer} 已确认记录第{seq}号报送，自即日起作数",
        f"{by.officer} confirmed delivery {seq}; it counts from here on",
    )
    return recorded(recorder, at, text).give(json=json)


def decline(
    seq: SeqArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Decline a delivery that waits, with a reason: it never takes effect."""
    recorder, who = at_recorder(home, by)
    at = take_confirmation(recorder, seq, DECLINE, who, reason)
    text = _(
        f"{by.officer} 对记录第{seq}号报送不予确认，该报送不作数",
        f"{by.officer} declined delivery {seq}; it counts for nothing",
    )
    return recorded(recorder, at, text).give(json=json)


def _head_json(one: Proposed) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "on": one.on,
        "officer": one.officer,
        "organ": one.said.organ,
        "jurisdiction": one.said.jurisdiction,
        "registers": [
            {
                "register": part.register,
                "mode": part.mode,
                "accepted": part.accepted,
                "rejected": part.rejected,
            }
            for part in one.submissions
        ],
    }


def _list(waiting: Sequence[Proposed]) -> Iterator[Part]:
    yield _(
        f"{len(waiting)}次报送待另一机关确认",
        f"{plural(len(waiting), 'delivery', 'deliveries')} to be confirmed by another organ",
    )
    yield from (Line(head_line(one)) for one in waiting)
    if waiting:
        command = f"termgate pending {waiting[0].seq}"
        yield then(f"查看会改变什么：{command}", f"see what it would do: {command}")


class ConfirmationEffects:
    """What a delivery that waits would do."""

    def __init__(self, home: Home, one: Proposed) -> None:
        self.one = one
        self.blobs = BlobStore(home.blobs)
        self.record = OnRecord.now(Ledger(home.ledger), self.blobs)
        self.rows = list(changes_in(self.blobs, self.record, one))
        self.unfit = unfit(home, Ledger(home.ledger), one)
        self.gates: list[Consequence]
        self.gates, self.signing = of_delivery(home, one)

    @property
    def value(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            **_head_json(self.one),
            "rows": [_row_json(one) for one in self.rows],
            "rejected": [one.render() for one in self.unfit],
            **consequences_json(self.gates),
            "signing": [
                {"officer": one.officer, "unit": one.unit or None, "code": one.code,
                 "freed": one.freed}
                for one in self.signing
            ],
        }  # fmt: skip

    def parts(self) -> Iterator[Part]:
        """The same in words."""
        yield Line(head_line(self.one), "bold")
        headings = [
            _("台账", "register"), _("主键", "key"), _("变动", "change"), _("列", "columns")
        ]  # fmt: skip
        shown = [_row_cells(one) for one in self.rows[:SHOWN]]
        yield Columns([headings, *shown])
        yield from _more(len(self.rows) - SHOWN)
        if self.unfit:
            yield Line(
                _(
                    "已与现有台账不符，不能确认：",
                    "it does not fit what is on record by now and cannot be confirmed:",
                ),
                "red",
            )
            yield from (Line(f"  {one.render()}") for one in self.unfit[:SHOWN])
        yield from map(Line, self.consequences())

    def consequences(self) -> Iterator[str]:
        """What follows for gates and signers, a line for each thing."""
        from deployments.dry_run import consequence_lines

        yield from consequence_lines(self.gates)
        yield from map(_may_sign_line, self.signing[:SHOWN])
        yield from _more(len(self.signing) - SHOWN)


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield _(f"另有{number}项（--json 全部显示）", f"{number} more (--json shows them all)")


def _key(one: Row) -> str:
    return "/".join(map(str, one.key))


def _row_json(one: Row) -> dict[str, Any]:
    return {
        "register": one.register,
        "key": _key(one),
        "change": one.how,
        "columns": list(one.columns),
    }


def _row_cells(one: Row) -> list[str]:
    columns = ", ".join(one.columns) if one.how == "changed" else ""
    return [register_name(one.register).render(), _key(one), CHANGES[one.how].render(), columns]


def _may_sign_line(one: MaySign) -> str:
    why, where = ACT_FAULTS[one.code], one.unit or _("任何单位", "any unit")
    if one.freed:
        return _(
            f"{one.officer} 对 {where} 不再回避或无效（原因：{why.zh}）",
            f"{one.officer} could sign for {where} again (until now: {why.en})",
        )
    return _(
        f"{one.officer} 对 {where} 不能再签字：{why.zh}",
        f"{one.officer} could no longer sign for {where}: {why.en}",
    )
