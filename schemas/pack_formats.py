"""The formats of pack files (规则包格式), and how an older one is read today.

Rules: a file says its format; one that says none is of format 1. Each step makes the tables of one
format those of the next, so that they ask for the same as before; it is never changed once a
release wrote the format that it makes. What is signed and digested are the bytes as they were. The
code of a check stays what it is, since findings on record name it: a check that is done otherwise
is another one, and that of before is kept as long as a pack may name it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.registers import REGISTERS
from schemas.text import Text
from schemas.vocabulary import Organ

FIRST = 1
FORMAT = "format"
Tables = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """What makes the tables of a format those of the next, and in words."""

    text: Text
    apply: Callable[[Tables], Tables]


class FormatRefused(ValueError):
    """The format of a file is none that this release reads."""


def _nobody_adopts_or_rules(tables: Tables) -> Tables:
    nobody = {"organs": [], "at": "own-or-above"}
    basis = {"zh": "规则包没有写明", "en": "the pack names none"}
    objections = {"reject": nobody, "reopen": nobody, "basis": basis}
    return {**tables, "adoption": {"organs": []}, "objections": objections}


def _nobody_lifts_and_all_deliver(tables: Tables) -> Tables:
    nobody = {"organs": [], "at": "own-or-above"}
    basis = {"zh": "规则包没有写明", "en": "the pack names none"}
    everybody = {
        "organs": [organ.value for organ in Organ],
        "registers": list(REGISTERS),
        "within": "anywhere",
        "basis": basis,
    }
    lifting = {"lift": nobody, "basis": basis}
    return {**tables, "refusals": lifting, "deliveries": [everybody]}


def _all_vouch_and_one_compiles(tables: Tables) -> Tables:
    every = [organ.value for organ in Organ]
    basis = {"zh": "规则包没有写明", "en": "the pack names none"}
    everybody = {"organs": every, "holders": every, "at": "own-or-above", "basis": basis}
    named = {name for one in tables["deliveries"] for name in one["registers"]}
    later = {
        "organs": [Organ.ORGANISATION.value],
        "registers": [name for name in REGISTERS if name not in named],
        "within": "own-or-below",
        "basis": basis,
    }
    deliveries = [*tables["deliveries"], *([later] if later["registers"] else [])]
    return {**tables, "vouching": [everybody], "deliveries": deliveries}


# Format → the step to the next one.
STEPS: dict[int, Step] = {
    1: Step(
        Text(
            "没有写明由哪些机关通过新规则包、裁定异议：换届中不得更换规则包，异议无人裁定",
            "it names no organs that may adopt another pack or rule on objections: none can be "
            "adopted, and nobody rules",
        ),
        _nobody_adopts_or_rules,
    ),
    2: Step(
        Text(
            "没有写明由哪些机关解除拒签、由哪些机关报送：拒签只能由本人撤回，任何责任人员都可以报送",
            "it names no organs that lift a refusal or deliver: only its officer withdraws a "
            "refusal, and every officer delivers",
        ),
        _nobody_lifts_and_all_deliver,
    ),
    3: Step(
        Text(
            "没有写明由哪些机关核验确认密钥、由谁报送后来增加的台账："
            "其他机关都可以核验确认，后来增加的台账由组织部门报送",
            "it names no organs that vouch for keys or deliver to registers that came later: every "
            "other organ vouches, and organisation departments deliver",
        ),
        _all_vouch_and_one_compiles,
    ),
}


def newest() -> int:
    """The format that is written today."""
    return max(STEPS, default=0) + 1


def upgraded(tables: Tables) -> tuple[Tables, tuple[Text, ...]]:
    """The tables of a file in today's format, and what the steps to it did.

    Raises:
        FormatRefused: it has another format than the first one up to today's.
    """
    number = tables.get(FORMAT, FIRST)
    if type(number) is not int or not FIRST <= number <= newest():
        raise FormatRefused(repr(number))
    found = tables
    steps = [STEPS[one] for one in range(number, newest())]
    for step in steps:
        found = step.apply(found)
    return {**found, FORMAT: newest()}, tuple(step.text for step in steps)


def tables_in(content: bytes) -> Tables:
    """The tables of a file as they stand.

    Raises:
        UnicodeDecodeError, tomllib.TOMLDecodeError: it is no TOML.
    """
    return tomllib.loads(content.decode("utf-8"))
