"""Sign-offs and waivers as they stand in a pack file, and everything for which one is refused.

Rules: every entry is given and nothing is converted: a yes is no number and a text no list. A
stage has a sign-off for every kind of unit, asks no organ twice for one gate, and asks only for
what can come together: no more organs than it names, nobody above a city.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from schemas.authority import KINDS_OF_UNIT, At, Requirement, WaiverRule
from schemas.places import UNIT_LEVELS
from schemas.text import LANGUAGES, Refusal, Text, plural
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage, Term

MOST_DAYS = 3660
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PANEL = ("organs", "number", "at")
_SIGN_OFF = ("name", *_PANEL, "levels", "bodies", "basis")
_WAIVER = (*_PANEL, "days")

T = TypeVar("T", bound=Term)


class EntryRefused(Refusal):
    """A sign-off or a waiver that cannot be used; `text` says which and why."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(Text(f"{where}：{zh}", f"{where}: {en}"))


def _entries(where: str, raw: Any, wanted: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise EntryRefused(where, "不是表", "is no table")
    for key in wanted:
        if key not in raw:
            raise EntryRefused(where, f"缺少 {key}", f"{key} is missing")
    for key in raw:
        if key not in wanted:
            raise EntryRefused(where, f"没有 {key!r} 这一项", f"unknown entry {key!r}")
    return raw


def _whole(where: str, key: str, value: Any, least: Text) -> int:
    # A bool is an int to Python.
    if type(value) is not int:
        raise EntryRefused(
            where, f"{key} = {value!r} 不是整数", f"{key} = {value!r} is no whole number"
        )
    if value < 1:
        raise EntryRefused(where, f"{key} = {value}，{least.zh}", f"{key} = {value}; {least.en}")
    return value


def _terms(where: str, key: str, value: Any, terms: Iterable[T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise EntryRefused(where, f"{key} = {value!r} 不是列表", f"{key} = {value!r} is no list")
    if not value:
        raise EntryRefused(where, f"{key} 是空的", f"{key} is empty")
    known = {term.value: term for term in terms}
    found: list[T] = []
    for code in value:
        term = known.get(code) if isinstance(code, str) else None
        if term is None:
            raise EntryRefused(
                where, f"{key} 中的 {code!r} 无法识别", f"{key} has {code!r}, which is unknown"
            )
        if term in found:
            raise EntryRefused(where, f"{key} 中 {code} 重复", f"{key} has {code} twice")
        found.append(term)
    return tuple(found)


def _panel(where: str, given: Mapping[str, Any]) -> tuple[tuple[Organ, ...], int, At]:
    organs = _terms(where, "organs", given["organs"], Organ)
    least = Text("至少要1人签字", "at least 1 must sign")
    number = _whole(where, "number", given["number"], least)
    if number > len(organs) > 1:
        raise EntryRefused(
            where,
            f"number = {number}，但{len(organs)}个机关每个只算一次",
            f"number = {number}, but of {plural(len(organs), 'organ')} each counts once",
        )
    places = {one.value: one for one in At}
    at = places.get(given["at"]) if isinstance(given["at"], str) else None
    if at is None:
        shown = f"at = {given['at']!r}"
        raise EntryRefused(
            where,
            f"{shown}，应为 own、above 或 own-or-above",
            f"{shown}; it is own, above or own-or-above",
        )
    return organs, number, at


def read_waiver(check: str, raw: Any, *, absolute: bool) -> WaiverRule:
    """Who may waive a check, as its entry in a pack says.

    Raises:
        EntryRefused: as the module says, or the law makes the check absolute.
    """
    where = f"waiver of {check}"
    if absolute:
        raise EntryRefused(
            where, "法律对此没有例外，不得设例外审批", "the law leaves no exception to this check"
        )
    given = _entries(where, raw, _WAIVER)
    organs, number, at = _panel(where, given)
    days = _whole(where, "days", given["days"], Text("至少1天", "at least 1"))
    if days > MOST_DAYS:
        raise EntryRefused(
            where, f"days = {days}，最多{MOST_DAYS}天", f"days = {days}; at most {MOST_DAYS}"
        )
    return WaiverRule(organs, number, at, days)


def _requirement(stage: Stage, position: int, raw: Any) -> Requirement:
    name = raw.get("name") if isinstance(raw, dict) else None
    where = f"sign_offs.{stage.value}[{position}]"
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise EntryRefused(
            where,
            f"name = {name!r} 应为小写字母、数字和连字符",
            f"name = {name!r} is not of lower-case letters, digits and hyphens",
        )
    if name is not None:
        where = f"sign_offs.{stage.value}.{name}"
    given = _entries(where, raw, _SIGN_OFF)
    organs, number, at = _panel(where, given)
    levels = frozenset(_terms(where, "levels", given["levels"], UNIT_LEVELS))
    bodies = frozenset(_terms(where, "bodies", given["bodies"], Body))
    if not any(level in levels and body in bodies for level, body in KINDS_OF_UNIT):
        raise EntryRefused(where, "不适用于任何单位", "stands for no unit")
    if at is At.ABOVE and Level.CITY in levels:
        raise EntryRefused(
            where, "at = above，但市没有上级", "at = above, but nothing stands above a city"
        )
    return Requirement(organs, number, at, given["name"], levels, bodies, _basis(where, given))


def _basis(where: str, given: Mapping[str, Any]) -> Text:
    basis = given["basis"]
    texts = basis if isinstance(basis, dict) else {}
    said = all(isinstance(text, str) and text for text in texts.values())
    if set(texts) != set(LANGUAGES) or not said:
        raise EntryRefused(
            where, "basis 应有 zh 和 en 两种文字", "basis needs a text in zh and in en"
        )
    return Text(texts["zh"], texts["en"])


def _of_stage(stage: Stage, raw: Any) -> tuple[Requirement, ...]:
    where = f"sign_offs.{stage.value}"
    if not isinstance(raw, list):
        shown = f"[[{where}]]"
        raise EntryRefused(where, f"应写作 {shown}", f"is written as {shown}")
    if not raw:
        raise EntryRefused(
            "sign_offs",
            f"环节 {stage.value} 没有会签",
            f"stage {stage.value} has no sign-off at all",
        )
    found: list[Requirement] = []
    for position, one in enumerate(raw, start=1):
        requirement = _requirement(stage, position, one)
        if requirement.name in {other.name for other in found}:
            raise EntryRefused(f"{where}.{requirement.name}", "名称重复", "the name stands twice")
        found.append(requirement)
    for level, body in KINDS_OF_UNIT:
        _of_gate(stage, level, body, found)
    return tuple(found)


def _of_gate(stage: Stage, level: Level, body: Body, found: list[Requirement]) -> None:
    """Refuse what the sign-offs of a stage make of the gates of one kind of unit."""
    gate = Text(f"{level.label.zh}{body.label.zh}", f"{level.value} {body.value}")
    standing = [one for one in found if one.stands_for(level, body)]
    if not standing:
        raise EntryRefused(
            "sign_offs",
            f"环节 {stage.value} 没有规定{gate.zh}由谁会签",
            f"stage {stage.value} has no sign-off for {gate.en}",
        )
    signing: set[Organ] = set()
    for one in standing:
        if twice := sorted(signing.intersection(one.organs)):
            raise EntryRefused(
                f"sign_offs.{stage.value}.{one.name}",
                f"{twice[0].value} 已为这一关口会签（{gate.zh}）",
                f"{twice[0].value} signs this gate already ({gate.en})",
            )
        signing.update(one.organs)


def read_sign_offs(raw: Any) -> dict[Stage, tuple[Requirement, ...]]:
    """Who signs each gate, as a pack's `sign_offs` say.

    Raises:
        EntryRefused: as the module says.
    """
    if not isinstance(raw, dict):
        shown = "[[sign_offs.STAGE]]"
        raise EntryRefused("sign_offs", f"应写作 {shown}", f"is written as {shown}")
    if unknown := sorted(set(raw) - set(STAGES)):
        raise EntryRefused("sign_offs", f"未知环节 {unknown[0]!r}", f"unknown stage {unknown[0]!r}")
    return {stage: _of_stage(stage, raw.get(stage.value, [])) for stage in STAGES}
