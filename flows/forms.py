"""The forms by which coordinators launch flows: parameter schemas as the Prefect UI renders them.

Rules: a choice carries its name (`640302 清源区`), because the UI shows values and not titles; what
counts is the id before the blank, and a bare id is as good, so that automations and programs pass
ids. A list longer than `CHOICES` is cut to higher levels, and the id can always be typed. The
schema refuses what the cycle does not have; a flow refuses it again, because a run may be created
past the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from data.ledger import Ledger, reached_by
from schemas.names import UNIT, unit_name
from schemas.places import UNIT_LEVELS
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text
from tasks.places import Places

# The flows that look at the record alone, and take nothing.
AUDITS = frozenset({"verification", "checkpoints"})
# A longer list cannot be looked through, and makes the schema of every deployment large.
CHOICES = 500

WHOLE = Text("整个换届", "the whole cycle")
SCOPE = Text("范围", "Scope")
SCOPE_HELP = Text(
    "整个换届、一个行政区（连同下级），或一个单位。选“编号”可直接填编号，如 `640302-congress`。",
    "The whole cycle, a jurisdiction with all below it, or one unit. Choose “id” to type one, "
    "such as `640302-congress`.",
)
PLACE = Text("行政区", "jurisdiction")
ID = Text("编号", "id")
ON = Text("核查日期", "Day")
ON_HELP = Text(
    "历史换届（补录）按哪一天核查；不填就是记录已到的日期。不能是将来的日期，也不能倒退。",
    "The day of the decisions of this historical cycle; the one that the record has reached if "
    "left empty. Not a day to come, and none before it.",
)

OFFICER = Text("责任人员编号", "Officer")
OFFICER_HELP = Text(
    "只接收这位责任人员的文件；不填就是所有责任人员。",
    "Take the files of this officer (their id); of all officers if left empty.",
)
REGISTER = Text("台账", "Register")
REGISTER_HELP = Text(
    "只接收这个台账的文件；不填就是所有台账。",
    "Take the files for this register; for all registers if left empty.",
)
ID_PATTERN = re.compile(r"[a-z0-9_-]{1,64}")

Property = dict[str, Any]


def chosen_id(choice: object, title: Text) -> str:
    """The id in a choice such as `640302 清源区`.

    Raises:
        Refusal: it is no text, or does not begin with an id; `title` says of what. What was given
            is not repeated: it may be anything.
    """
    words = choice.split() if isinstance(choice, str) else []
    if not words or not ID_PATTERN.fullmatch(words[0]):
        raise Refusal(
            Text(
                f"{title.zh}：应填编号，或从列表中选一项；请在表单中重新选择后再启动",
                f"{title.en}: an id or a choice of the list is expected; choose again in the form "
                "and launch once more",
            )
        )
    return words[0]


def chosen_day(value: object) -> date | None:
    """The day that a form gives, or None where it gives none.

    Raises:
        Refusal: it is no date.
    """
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Refusal(
            Text(
                f"{ON.zh}：应为日期，如 2016-09-20；请重新填写后再启动",
                f"{ON.en}: a date such as 2016-09-20 is expected; launch once more with one",
            )
        ) from error


def _fitting(places: Places) -> list[str]:
    """The jurisdictions of as many levels, from the top, as a list can hold."""
    levels = [level.value for level in UNIT_LEVELS]
    for shown in range(len(levels), 0, -1):
        kept = [code for code, one in places.by_code.items() if one.level in levels[:shown]]
        if len(kept) <= CHOICES:
            return kept
    return []


def _bare(register: str, column: str) -> str:
    """The pattern of a column, to be put into another one."""
    return (REGISTERS[register].column[column].pattern or "").removeprefix("^").removesuffix("$")


def scope_property(ledger: Ledger) -> Property:
    """The parameter `scope`: a list of jurisdictions, a list of units, or an id that is typed."""
    places = Places(ledger)
    units = {
        f"{code}-{body}": unit_name(places.title(code), body).render()
        for code, place in places.by_code.items()
        for body in place.bodies
    }
    whole = f"cycle {WHOLE.render()}"
    shown = (f"{code} {places.title(code)}" for code in _fitting(places))
    ways = [_list(PLACE, [whole, *shown])]
    if len(units) <= CHOICES:
        ways.append(_list(UNIT, (f"{unit} {name}" for unit, name in units.items())))
        ids = ["cycle", *places.by_code, *units]
    else:
        ids = ["cycle", _bare("jurisdictions", "jurisdiction"), _bare("units", "unit")]
    ways.append({"title": ID.render(), "type": "string", "pattern": f"^(?:{'|'.join(ids)})$"})
    return {
        "title": SCOPE.render(),
        "description": SCOPE_HELP.render(),
        "position": 0,
        "default": whole,
        "anyOf": ways,
    }


def _list(title: Text, choices: Iterable[str]) -> Property:
    return {"title": title.render(), "type": "string", "enum": list(choices)}


def day_property(position: int) -> Property:
    """The parameter `on`: a date, which may be left empty."""
    return {
        "title": ON.render(),
        "description": ON_HELP.render(),
        "position": position,
        "type": "string",
        "format": "date",
        # The server does not look at the format.
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    }


def _intake() -> dict[str, Property]:
    """Which files of the inbox to take: of one officer, for one register, or all."""
    registers = [f"{name} {register.title.render()}" for name, register in REGISTERS.items()]
    officer = REGISTERS["officers"].column["officer"]
    return {
        "officer": {
            "title": OFFICER.render(),
            "description": OFFICER_HELP.render(),
            "position": 0,
            "type": "string",
            "pattern": officer.pattern,
        },
        "register": {
            **_list(REGISTER, registers),
            "description": REGISTER_HELP.render(),
            "position": 1,
        },
    }


def form_of(flow: str, ledger: Ledger) -> dict[str, Any]:
    """The parameter schema of a flow's deployment (`parameter_openapi_schema`).

    `flow` is a stage, `cycle`, `intake`, `reminders` or one of `AUDITS`; the choices are those of
    the opened cycle.
    """
    if flow in AUDITS:
        properties = {}
    elif flow == "intake":
        properties = _intake()
    else:
        properties = {} if flow == "reminders" else {"scope": scope_property(ledger)}
        reached = reached_by(ledger)
        if reached and reached.historical:
            properties["on"] = day_property(len(properties))
    return {
        "title": "Parameters",
        "type": "object",
        "properties": properties,
        # What no flow takes would end its process before it can say so.
        "additionalProperties": False,
        "definitions": {},
    }
