"""A book that cannot be used: all that is wrong with it, named at once, causes first.

Rules: nothing of it is taken; its rows, good ones too, and the sheets that could not be read are in
the quarantine, to be mended there and handed in whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from data.home import Home
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text
from tasks.intake import reasons
from tasks.intake.causes import causes_of, following_text
from tasks.intake.delivery import Delivery
from tasks.intake.geography import ODD
from tasks.intake.kinds import QUARANTINE_SUFFIX
from tasks.intake.reading import Book
from tasks.intake.readings import OF_THE_MAP
from tasks.intake.refusal import Place, Refused, fixed, shown, together

_FALLEN = Text("台账“{register}”未能读取{rows}", "“{register}” could not be read{rows}")
_NO_ROW = Text(
    "{name}“{register}”：没有一行可用，无法开始", "{name}, “{register}”: no row of it can be used"
)
_MEND = Text(
    "以上各处已在 {path} 中标出；改正后整本重新交来（termgate init 或 submit）",
    "{path} has all rows, with these cells marked; mend it and hand it in again (`termgate init` "
    "or `submit`)",
)


class Unusable(Refusal):
    """A book of which nothing is taken: all that is wrong, one line for each."""

    def __init__(self, lines: Sequence[Text]) -> None:
        self._lines = lines
        mark = Text("；", "; ")
        super().__init__(Text(mark.zh.join(x.zh for x in lines), mark.en.join(x.en for x in lines)))

    @property
    def lines(self) -> Sequence[Text]:
        """A line for each problem, then where the rows are."""
        return self._lines


def refuse_unusable(
    home: Home | None,
    name: str,
    book: Book,
    checked: Mapping[str, Delivery],
    empty: Sequence[str] = (),
    faults: Sequence[Text] = (),
) -> None:
    """Refuse a book with sheets that cannot be read, or without a row of a register in `empty`.

    `faults` are named with what is wrong with it, and refuse it too. Where anything of the book is
    wrong, its rows go into the quarantine of `home`, if there is one.

    Raises:
        Unusable: it is one.
    """
    if not (book.problems or empty or faults):
        return
    causes, unread = causes_of(checked.values())
    lines = [one.text for one in book.problems]
    lines += [
        fixed(_FALLEN, register=REGISTERS[one].title, rows=following_text(counted))
        for one, counted in unread.items()
    ]
    if not book.problems:
        lines += [fixed(_NO_ROW, name=name, register=REGISTERS[one].title) for one in empty]
    lines += [text for cause in causes for text in cause.lines()]
    lines += faults
    if home and (book.problems or empty or causes) and (checked or book.unread_sheets):
        from tasks.intake.quarantine import write_quarantine

        path = home.quarantine / f"{Path(name).stem}{QUARANTINE_SUFFIX}"
        write_quarantine(path, checked.values(), unread=book.unread_sheets, whole=True)
        lines.append(fixed(_MEND, path=str(path)))
    raise Unusable(lines)


def refuse_readings(deliveries: Iterable[Delivery]) -> None:
    """Refuse what is not written in its plain form throughout."""
    problems = [
        Refused(
            reasons.STRICT,
            Place(delivery.source, one.sheet, one.row, one.column, one.value),
            read_as=shown(one.read_as),
            how=one.how,
        )
        for delivery in deliveries
        for one in delivery.readings
        if one.how not in ODD | OF_THE_MAP
    ]
    if problems:
        raise together(problems)
