"""Files handed in at the desk: what would be taken of them, mended in the page, and delivered.

Rules: a file stays in the browser of who hands it in and is sent along each time, so that nobody
else's can be looked at, mended or signed; here it lies in a folder of its own while it is read.
Mending writes all rows into a workbook anew, which takes the file's place: what is signed is
what the browser holds. What comes back is shown to who handed it in, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data.acts import Key
from data.days import Clock, utc_now
from data.home import Home
from deployments.desk.known import Known
from schemas.columns import ColumnSpec
from schemas.encodings import from_base64, to_base64
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text, language
from tasks.intake import accept
from tasks.intake.accept import Receipt, Trial
from tasks.intake.cells import YES_NO, Cell, delivered_text
from tasks.intake.delivery import Delivery
from tasks.intake.handed_back import rejected_rows, without_number
from tasks.intake.kinds import QUARANTINE_SUFFIX
from tasks.intake.parts import by_register
from tasks.intake.readings import Reading
from tasks.intake.refusal import Rejection, shown
from tasks.intake.replacing import replaced_digest

if TYPE_CHECKING:
    from tasks.consequences import Consequence
    from tasks.officers.seeing import VisibleChange

# So many rows, and readings, are shown in the page; the workbook that is taken away has all.
SHOWN = 200
# What file systems take.
_LONGEST_NAME = 200
_NO_CELL = Text("文件里没有要改的单元格，请重新检查", "the file has no such cell; look again")


def _file_name(name: str) -> str:
    plain = PurePosixPath(name).name == name and "\\" not in name and name.isprintable()
    if not plain or name in ("", ".", "..") or len(name.encode()) > _LONGEST_NAME:
        raise ValueError("no name of a file")
    return name


def _register(name: str) -> str:
    if name and name not in REGISTERS:
        raise ValueError("no register")
    return name


Register = Annotated[str, AfterValidator(_register)]


def _base64(text: str) -> str:
    from_base64(text)
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sheet(_Strict):
    """A file, its bytes in base64; `goes_to` is its register, where the file does not say it.

    To `withdraw` is to take away from the register the rows whose keys it lists.
    """

    name: Annotated[str, AfterValidator(_file_name)]
    content: Annotated[str, AfterValidator(_base64)]
    goes_to: Register = ""
    withdraw: bool = False

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The file, in a folder that nobody else reads and that goes when it was read."""
        with TemporaryDirectory() as folder:
            path = Path(folder, self.name)
            path.write_bytes(from_base64(self.content))
            yield path

    def tried(self, home: Home, officer: str, clock: Clock = utc_now) -> Trial:
        """What an officer's delivery of it would become; nothing is written.

        Raises:
            As `accept.try_out`.
        """
        with self.on_disk() as path:
            return accept.try_out(
                home,
                self.goes_to or None,
                path,
                officer,
                withdraw=self.withdraw,
                clock=clock,
            )


class Mend(_Strict):
    """What is to stand in a cell: `at` counts the cells of a row from 0."""

    goes_to: Register
    row: Annotated[int, Field(ge=1)]
    at: Annotated[int, Field(ge=0)]
    value: Annotated[str, Field(max_length=2_000)]


class Look(_Strict):
    """A file to be looked at, with cells that are to be mended first."""

    sheet: Sheet
    mends: Annotated[list[Mend], Field(max_length=SHOWN * 20)] = []


@dataclass(frozen=True)
class MendedCell:
    """A cell in which something can be mended: its position, heading and content.

    `choices` are the values that it may have, where these are few; `day` is whether it has a day.
    """

    at: int
    heading: str
    value: str
    choices: Sequence[str] = ()
    day: bool = False


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a row, and the cells in which it can be mended."""

    rejection: Rejection
    cells: Sequence[MendedCell]


@dataclass(frozen=True)
class Row:
    """A rejected row; `follows` where it stands as soon as another one does."""

    of_register: str
    sheet: str
    number: int
    follows: bool
    wrong: Sequence[Wrong]


@dataclass(frozen=True)
class ReplacedRow:
    """A row on record that would be replaced, and by which entry, whom and when it came."""

    seen: VisibleChange
    seq: int
    officer: str
    at: str


@dataclass(frozen=True)
class Looked:
    """What would become of a file; `refused` are the reasons where nothing of it can be taken.

    `rejected` is the workbook with the rows that would come back, `outlook` what would follow,
    `to_sign` what its officer would sign now, `warnings` what would be taken away, and what
    they could not sign any more; `replaced` are the first rows on record that it replaces,
    `replaces` the digest of all.
    """

    sheet: Sheet
    refused: Sequence[str] = ()
    receipts: Sequence[Receipt] = ()
    rows: Sequence[Row] = ()
    readings: Sequence[Reading] = ()
    rejected: bytes = b""
    outlook: Sequence[tuple[str, Sequence[str]]] = ()
    to_sign: bytes = b""
    warnings: Sequence[str] = ()
    replaced: Sequence[ReplacedRow] = ()
    replaces: str = ""

    @property
    def accepted(self) -> int:
        """How many rows would be taken."""
        return sum(one.accepted for one in self.receipts)

    def content(self) -> dict[str, object]:
        """What the browser keeps: the file, what would be taken and what would come back of it."""
        name = f"{without_number(self.sheet.name)}{QUARANTINE_SUFFIX}"
        return {
            "sheet": self.sheet.model_dump(),
            "rejected": {"name": name, "content": to_base64(self.rejected)},
            "payload": to_base64(self.to_sign),
            "warnings": list(self.warnings),
            "replaces": self.replaces,
        }


def looked_at(known: Known, mine: Key, asked: Look) -> Looked:
    """What would become of a file of the holder of a key, after its cells were mended.

    Raises:
        ActRefused: they deliver nothing.
    """
    sheet, home, officer = asked.sheet, known.home, mine.officer
    try:
        tried = sheet.tried(home, officer)
        if asked.mends:
            sheet = mended(sheet, tried, asked.mends)
            tried = sheet.tried(home, officer)
    except ActRefused:
        raise
    except Refusal as refused:
        return Looked(sheet, [one.render() for one in refused.lines])
    from deployments.dry_run import consequence_groups
    from tasks.consequences import consequences

    found = _deliveries(tried)
    undone = consequences(home, tried.parts, officer) if tried.parts else []
    return Looked(
        sheet,
        (),
        tried.receipts,
        _rows(found),
        [one for delivery in found for one in delivery.readings],
        rejected_rows(found) or b"",
        list(consequence_groups(undone, waits=tried.waits)) if tried.parts else (),
        tried.to_sign,
        _warnings(known, tried, undone, mine),
        _replaced(known, tried, mine),
        replaced_digest(tried.replaced),
    )


def _replaced(known: Known, tried: Trial, mine: Key) -> list[ReplacedRow]:
    """The first rows that would be replaced, as the holder of a key sees them."""
    if not tried.replaced:
        return []
    from tasks.changes import last_delivered
    from tasks.officers.seeing import visible_replaced

    whole = known.facts
    seen = visible_replaced(whole, tried.replaced[:SHOWN], mine)
    last = last_delivered(whole, [one.change for one in seen], whole.history.deliveries)
    return [
        ReplacedRow(one, by.seq, by.officer, known.ledger.entry(by.seq).at)
        for one in seen
        if (by := last.get(one.change))
    ]


def _deliveries(tried: Trial) -> list[Delivery]:
    return by_register((one.mode, one.delivery) for one in tried.receipts)


def _warnings(known: Known, tried: Trial, undone: Sequence[Consequence], mine: Key) -> list[str]:
    from deployments.warnings import before_delivering
    from tasks.consequences import bars

    barred = bars(known.facts, tried.parts, mine) if tried.parts else ()
    return list(before_delivering(known.names, undone, barred, waits=tried.waits))


def _rows(deliveries: Iterable[Delivery]) -> list[Row]:
    """The rejected rows, those first that others wait for."""
    found: list[Row] = []
    for delivery in deliveries:
        wrong: dict[int, list[Rejection]] = {}
        for one in delivery.rejections:
            wrong.setdefault(one.of_row, []).append(one)
        found += [
            Row(
                delivery.register,
                delivery.sheet,
                number,
                all(one.cause for one in rejections),
                [Wrong(one, _cells(delivery, number, one)) for one in rejections],
            )
            for number, rejections in wrong.items()
        ]
    return sorted(found, key=lambda row: row.follows)


def _cells(delivery: Delivery, number: int, one: Rejection) -> list[MendedCell]:
    cells = delivery.cells.get(number, ())
    return [_cell(delivery, at, _at(cells, at)) for at in one.at if at < len(cells)]


def _cell(delivery: Delivery, at: int, value: str) -> MendedCell:
    """A cell, with what its column may hold."""
    name = next((name for name, place in delivery.places.items() if place == at), "")
    spec = REGISTERS[delivery.register].column.get(name)
    choices = [text.render() for text in _values(spec)] if spec else []
    return MendedCell(
        at, _at(delivery.head, at), shown(value), choices, bool(spec and spec.kind is date)
    )


def _values(spec: ColumnSpec) -> list[Text]:
    if spec.terms:
        return [term.label for term in spec.terms]
    return list(YES_NO.values()) if spec.kind is bool else []


def _at(cells: Sequence[Cell], at: int) -> str:
    return delivered_text(cells[at]) if at < len(cells) else ""


def mended(sheet: Sheet, tried: Trial, mends: Iterable[Mend]) -> Sheet:
    """A workbook with all rows of a file, in which cells are others.

    Raises:
        Refusal: there is no such cell.
    """
    from tasks.intake.quarantine import workbook_of

    wanted: dict[str, dict[int, dict[int, str]]] = {}
    for one in mends:
        wanted.setdefault(one.goes_to, {}).setdefault(one.row, {})[one.at] = one.value
    deliveries = [
        replace(one, rejections=(), cells=_mended(one.cells, wanted.pop(one.register, {})))
        for one in _deliveries(tried)
    ]
    if wanted:
        raise Refusal(_NO_CELL)
    content = to_base64(workbook_of(deliveries, language(), whole=True))
    name = f"{without_number(sheet.name)}{QUARANTINE_SUFFIX}"
    return sheet.model_copy(update={"name": name, "content": content})


def _mended(
    rows: Mapping[int, Sequence[Cell]], wanted: Mapping[int, Mapping[int, str]]
) -> dict[int, Sequence[Cell]]:
    found = dict(rows)
    for number, cells in wanted.items():
        if number not in rows or max(cells) >= len(rows[number]):
            raise Refusal(_NO_CELL)
        found[number] = [cells.get(at, cell) for at, cell in enumerate(rows[number])]
    return found
