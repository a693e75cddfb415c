"""What every ledger entry has, and how its fields are read.

Rules: a field has a type or a vocabulary, and what is of another is refused; nothing is converted,
nothing has a default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, ClassVar, NamedTuple

from schemas import words
from schemas.decisions import Carried
from schemas.envelopes import Enveloped
from schemas.text import Text
from schemas.vocabulary import Outcome, Stage, Status

Findings = Mapping[str, Mapping[str, list[Any]]]  # check → status → subjects

_DIGEST = re.compile(r"[0-9a-f]{64}")
_STAGES = frozenset(stage.value for stage in Stage)
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_STATUSES = frozenset(status.value for status in Status)
_MODES = frozenset(words.MODES)
_VERDICTS = frozenset(words.VERDICTS)
_CONFIRMATIONS = frozenset(words.CONFIRMATIONS)


class EntryError(ValueError):
    """An object that is no ledger entry of ours."""


# Fields


def _of(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        # A bool is an int to Python.
        if type(value) is not kind:
            raise EntryError("type")
        return value

    return read


_text, _number, _object = _of(str), _of(int), _of(dict)


def _out_of(known: frozenset[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if type(value) is not str or value not in known:
            raise EntryError("vocabulary")
        return value

    return read


def _digest(value: Any) -> str:
    if type(value) is not str or not _DIGEST.fullmatch(value):
        raise EntryError("digest")
    return value


def _day(value: Any) -> str:
    try:
        read = date.fromisoformat(_text(value)).isoformat()
    except ValueError as error:
        raise EntryError("day") from error
    if read != value:
        raise EntryError("day")
    return read


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _list_of(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def read_all(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise EntryError("list")
        return tuple(map(read, value))

    return read_all


def read_void(value: Any) -> dict[int, str]:
    """Which acts do not count, with the code why, by the numbers of their entries."""
    found = {int(name): _text(code) for name, code in _object(value).items()}
    if [str(number) for number in found] != [*value]:
        raise EntryError("number")
    return found


def read_findings(value: Any) -> Findings:
    """Findings by check and status, as `schemas.decisions.packed` gives them."""
    for statuses in _object(value).values():
        for status, subjects in _object(statuses).items():
            if status not in _STATUSES or type(subjects) is not list or not subjects:
                raise EntryError("findings")
    found: Findings = value
    return found


def read_codes(value: Any) -> Mapping[str, str]:
    """A code for each of some ids."""
    found: Mapping[str, str] = _object(value)
    for code in found.values():
        _text(code)
    return found


def read_carried(value: Any) -> dict[int, Carried]:
    """Act → what was added since, and does not void it."""
    found = {}
    for name, content in _object(value).items():
        if _object(content).keys() != {"submissions", "rows"} or str(int(name)) != name:
            raise EntryError("carried")
        numbers, digests = content["submissions"], content["rows"]
        found[int(name)] = Carried(_list_of(_number)(numbers), _list_of(_digest)(digests))
    return found


class Reopened(NamedTuple):
    """That a gate which stood open by the decision `of` is closed, and why."""

    of: int
    causes: tuple[str, ...]


def read_reopened(value: Any) -> Reopened | None:
    """What a decision closes again."""
    if value is None:
        return None
    if _object(value).keys() != {"of", "causes"}:
        raise EntryError("reopened")
    return Reopened(_number(value["of"]), _list_of(_text)(value["causes"]))


class Founder(NamedTuple):
    """One of the first officers, by whom a cycle is opened, and the id of their key."""

    officer: str
    organ: str
    jurisdiction: str
    key: str


def _founder(value: Any) -> Founder:
    if _object(value).keys() != {*Founder._fields}:
        raise EntryError("founder")
    officer, organ, jurisdiction = (_text(value[name]) for name in Founder._fields[:3])
    return Founder(officer, organ, jurisdiction, _digest(value["key"]))


read_outcome = _out_of(_OUTCOMES)
read_verdict = _out_of(_VERDICTS)
read_confirmation = _out_of(_CONFIRMATIONS)
Digest = Annotated[str, _digest]
DigestOrNone = Annotated[str | None, _or_none(_digest)]
Mode = Annotated[str, _out_of(_MODES)]
Day = Annotated[str, _day]
StageName = Annotated[str, _out_of(_STAGES)]
StageOrNone = Annotated[str, _out_of(_STAGES | {""})]
Envelope = Annotated[Enveloped, _object]
Texts = Annotated[tuple[str, ...], _list_of(_text)]
Founders = Annotated[tuple[Founder, ...], _list_of(_founder)]
Numbers = Annotated[tuple[int, ...], _list_of(_number)]
READERS = {str: _text, int: _number, bool: _of(bool), str | None: _or_none(_text)}


def _plain(value: Any) -> Any:
    """A field as it stands in JSON."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, Carried):
        return value.as_json()
    if isinstance(value, Reopened):
        return {"of": value.of, "causes": list(value.causes)}
    if isinstance(value, Founder):
        return value._asdict()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict) and any(type(name) is int for name in value):
        return {str(name): _plain(content) for name, content in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Entry:
    """What every entry has: its number, the hash of the one before, when it was written, its day.

    `on` is the day that it is of: in a live cycle the one on which it was written, in China.

    `label` is what people call its kind, `roles` says by field as what it speaks of an officer,
    `announced` are the fields that may be published.
    """

    kind: ClassVar[str]
    label: ClassVar[Text]
    roles: ClassVar[tuple[tuple[str, str], ...]] = ()
    announced: ClassVar[tuple[str, ...]] = ()

    seq: int
    prev: str
    at: str
    on: Day

    @property
    def of_unit(self) -> str:
        """The unit that it speaks of, or nothing."""
        return ""

    @property
    def of_stage(self) -> str:
        """The stage that it speaks of, or nothing."""
        return ""

    @property
    def of_register(self) -> str:
        """The register that it speaks of, or nothing."""
        return ""

    @property
    def line(self) -> Text:
        """What it says, in one line of ids, codes and counts."""
        raise NotImplementedError

    @property
    def people(self) -> list[tuple[str, str]]:
        """Officers and their roles in it, each pair once."""
        found: list[tuple[str, str]] = []
        for name, role in self.roles:
            value = getattr(self, name)
            found += [(one, role) for one in ((value,) if isinstance(value, str) else value)]
        return [pair for pair in dict.fromkeys(found) if pair[0]]

    @property
    def officers(self) -> set[str]:
        """The officers of whom it speaks."""
        return {officer for officer, _ in self.people}

    @property
    def announcement(self) -> dict[str, str]:
        """What of it may be published, by field."""
        found = {name: getattr(self, name) for name in self.announced}
        return {
            name: ",".join(one.causes) if isinstance(one, Reopened) else str(one)
            for name, one in found.items()
            if one is not None
        }

    @property
    def blobs(self) -> list[str]:
        """The digests of the blobs that it names and that must not be gone."""
        return []

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in the ledger."""
        content = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        return {**content, "kind": self.kind}

    @property
    def content(self) -> dict[str, Any]:
        """The same without what every entry has."""
        whole = self.as_json()
        return {name: whole[name] for name in whole.keys() - _OF_EVERY_KIND}


_OF_EVERY_KIND = {"kind", *(one.name for one in fields(Entry))}


@dataclass(frozen=True, slots=True)
class OnGate(Entry):
    """An entry about one unit, at one stage."""

    unit: str
    stage: StageName

    @property
    def of_unit(self) -> str:
        """The unit that it speaks of."""
        return self.unit

    @property
    def of_stage(self) -> str:
        """The stage that it speaks of."""
        return self.stage

    @property
    def gate(self) -> tuple[str, str]:
        """Unit and stage."""
        return self.unit, self.stage

    @property
    def line(self) -> Text:
        """The stage, and what is said about it."""
        stage, said = words.stage_name(self.stage), self._said
        return Text(f"{stage.zh}：{said.zh}", f"{stage.en}: {said.en}")

    @property
    def _said(self) -> Text:
        raise NotImplementedError
