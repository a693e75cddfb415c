"""What is odd about a place and may be right: noted like a reading, and never a reason to reject.

Rules: codes follow where a place stands, but outlive a change of boundaries; a street office (街道)
has no congress of its own; nobody lives nowhere. Whoever delivers looks once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from schemas.registers import REGISTERS
from schemas.text import Text
from schemas.vocabulary import Body
from tasks.intake.cells import Value
from tasks.intake.delivery import Delivery
from tasks.intake.names import RowOf
from tasks.intake.readings import BIRTH_DIFFERS, Reading

OTHER_PARENT = Text(
    "请核对：代码不在上级代码之下", "look again: the code is not below that of its parent"
)
NO_PROVINCE = Text(
    "请核对：代码前两位不是任何省级行政区", "look again: the code begins like that of no province"
)
NOBODY_LIVES = Text("请核对：人口为0", "look again: nobody lives there")
STREET_OFFICE = Text(
    "请核对：街道办事处没有人民代表大会", "look again: a street office has no congress of its own"
)
ODD = frozenset({OTHER_PARENT, NO_PROVINCE, NOBODY_LIVES, STREET_OFFICE, BIRTH_DIFFERS})
# GB/T 2260: the first two digits of the codes of all provinces.
_PROVINCES = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65
71 81 82
"""
PROVINCES = frozenset(_PROVINCES.split())
STREETS = ("街道", "街道办事处", "街道办")


def with_oddities(delivery: Delivery, row_of: RowOf) -> Delivery:
    """The delivery with what is odd about its places and units among its readings."""
    if delivery.register not in ("jurisdictions", "units"):
        return delivery
    of_row = _place if delivery.register == "jurisdictions" else _unit
    columns = REGISTERS[delivery.register].column
    found = [
        Reading(
            origin.sheet.title if origin else delivery.sheet,
            origin.row if origin else number,
            columns[name].column.label.render(),
            shown,
            shown,
            how,
            number,
        )
        for row, number in zip(delivery.rows, delivery.row_numbers, strict=True)
        for origin in (delivery.origins.get(number),)
        for name, how in of_row(row, row_of)
        for shown in (str(row[name]),)
    ]
    return replace(delivery, readings=[*delivery.readings, *found]) if found else delivery


def _place(row: Mapping[str, Value], _row_of: RowOf) -> Iterator[tuple[str, Text]]:
    code, parent = str(row["jurisdiction"]), row["parent"]
    if code[:2] not in PROVINCES:
        yield "jurisdiction", NO_PROVINCE
    if parent is not None and not code.startswith(_own_digits(str(parent))):
        yield "parent", OTHER_PARENT
    if row["population"] == 0:
        yield "population", NOBODY_LIVES


def _own_digits(code: str) -> str:
    """The digits that all codes below a place begin with: 64 of 640000, 6403 of 640300."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def _unit(row: Mapping[str, Value], row_of: RowOf) -> Iterator[tuple[str, Text]]:
    place = row_of("jurisdictions", str(row["jurisdiction"]))
    name = str(place["name"]) if place else ""
    if row["body"] == Body.CONGRESS and name.endswith(STREETS):
        yield "jurisdiction", STREET_OFFICE
