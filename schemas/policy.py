"""The policy pack (规则包): which checks each gate needs, who signs it, waives, and rules.

Rules: a pack is refused when it names an unknown check, leaves a stage without checks, names a
check twice or under another stage, leaves out a parameter, has one too many or one out of range,
does not say who signs a gate, or lets anybody waive what the law makes absolute; all its faults are
told at once. Its days of validity are parameters of the check of the calendar: no session outside
them passes. Nothing has a default; what the domain has not settled is marked `unsettled` in the
pack itself. A pack of an older format is read by the steps of `schemas.pack_formats`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from pydantic import ValidationError

from schemas.authority import Deliverers, Requirement, Rulings, Vouching, WaiverRule
from schemas.authority_entries import (
    deliverers_in,
    rulings_in,
    sign_offs_in,
    vouching_in,
    waiver_in,
)
from schemas.canonical import digest
from schemas.pack_faults import Path, as_json, faults_in
from schemas.pack_files import CheckEntry, PackFile
from schemas.pack_formats import FIRST, FORMAT, FormatRefused, Tables, newest, tables_in, upgraded
from schemas.pack_gates import VALIDITY
from schemas.rules.base import Read, Rule
from schemas.rules.catalogue import RULES
from schemas.rules.parameters import Parameters
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage


class PolicyRefused(Refusal):
    """A pack that cannot be used; `text` says where and why in one line, `lines` fault by fault."""

    def __init__(self, where: str, *faults: Text) -> None:
        self._lines = [_of(where, one) for one in faults]
        # Braces may stand in values; the text is complete and takes no arguments.
        super().__init__(
            _of(
                where,
                Text("；".join(one.zh for one in faults), "; ".join(one.en for one in faults)),
            )
        )

    @property
    def lines(self) -> Sequence[Text]:
        """A line for each fault."""
        return self._lines


def _of(where: str, text: Text) -> Text:
    return Text(f"规则包 {where}：{text.zh}", f"policy pack {where}: {text.en}")


@dataclass(frozen=True)
class PackCheck:
    """A check of a pack: its rule, its legal basis, its parameters, and which are not settled.

    `waiver` says who may waive it; without one nobody may.
    """

    rule: Rule
    basis: Text
    parameters: Parameters
    unsettled: tuple[str, ...]
    note: Text | None
    waiver: WaiverRule | None

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """What it reads under its parameters."""
        return self.rule.reads_under(self.parameters)


@dataclass(frozen=True)
class Pack:
    """A policy pack; `digest` is the SHA-256 of the file's bytes.

    `adopters` are the organs of which two may adopt another pack. `format` is the file's own,
    `steps` what made it one of today's.
    """

    name: str
    version: str
    title: Text
    valid_from: date
    valid_to: date
    digest: str
    checks: Mapping[Stage, tuple[PackCheck, ...]]
    sign_offs: Mapping[Stage, tuple[Requirement, ...]]
    rulings: Rulings
    deliverers: tuple[Deliverers, ...]
    vouching: tuple[Vouching, ...]
    left_out: tuple[tuple[str, Text], ...]
    adopters: tuple[Organ, ...]
    format: int
    steps: tuple[Text, ...]

    def check(self, code: str) -> PackCheck | None:
        """The check of that code, if the pack has it."""
        return next(
            (one for checks in self.checks.values() for one in checks if one.rule.code == code),
            None,
        )

    def signers(self, stage: Stage, level: Level, body: Body) -> tuple[Requirement, ...]:
        """Who must sign a gate of units of that level and body: one requirement at least."""
        return tuple(one for one in self.sign_offs[stage] if one.stands_for(level, body))


# Faults


def _placed(tables: Tables) -> Any:
    """Where a path of the file is, in words: checks and sign-offs by their names."""

    def placed(path: Path) -> str:
        name, found = "", tables
        for part in path:
            found = _inside(found, part)
            if isinstance(part, str):
                name = f"{name}.{part}" if name and part != "[key]" else name or part
                continue
            own = found.get("check", found.get("name")) if isinstance(found, Mapping) else None
            if isinstance(found, Mapping) and own in RULES:
                name = own
            else:
                named = isinstance(own, str) and own.isascii() and own.islower()
                name = f"{name}.{own}" if named else f"{name}[{part + 1}]"
        return name

    return placed


def _inside(found: Any, part: str | int) -> Any:
    try:
        return found[part]
    except (KeyError, IndexError, TypeError):
        return None


def _raw_checks(tables: Tables) -> Iterator[tuple[Rule, Any]]:
    """The checks of a file that name a rule, as they stand."""
    stages = tables.get("stages")
    for entries in stages.values() if isinstance(stages, Mapping) else ():
        for entry in entries if isinstance(entries, list) else ():
            rule = RULES.get(str(_inside(entry, "check")))
            if rule is not None and isinstance(entry.get("parameters"), dict):
                yield rule, entry


def _own(rule: Rule, tables: Tables) -> dict[str, Any]:
    """What a rule's parameters take from the pack itself."""
    return {name: tables.get(name) for name in VALIDITY if name in rule.parameters.model_fields}


def _parameters(rule: Rule, entry: Mapping[str, Any], tables: Tables) -> Parameters:
    given = as_json({**entry["parameters"], **_own(rule, tables)})
    return rule.parameters.model_validate_json(given, strict=True)


def _faults_of_parameters(tables: Tables) -> Iterator[Text]:
    for rule, entry in _raw_checks(tables):
        try:
            _parameters(rule, entry, tables)
        except ValidationError as error:
            yield from faults_in(error, partial(_joined, rule.code))


def _joined(code: str, path: Path) -> str:
    return ".".join([code, *map(str, path)])


def _faults_of_checks(file: PackFile) -> Iterator[Text]:
    for stage in STAGES:
        for entry in file.stages.get(stage, ()):
            yield from _faults_of_check(stage, entry)


def _faults_of_check(stage: Stage, entry: CheckEntry) -> Iterator[Text]:
    code = entry.check
    rule = RULES.get(code)
    if rule is None:
        yield Text(f"未知检查 {code}", f"unknown check {code}")
        return
    if rule.stage is not stage:
        yield Text(
            f"检查 {code} 不属于环节 {stage.value}",
            f"check {code} does not belong to stage {stage.value}",
        )
    for name in sorted(set(entry.unsettled) - set(rule.parameters.model_fields)):
        yield Text(
            f"{code} 没有参数 {name}（unsettled）", f"{code} has no parameter {name} (unsettled)"
        )
    if entry.waiver is not None and rule.absolute:
        yield Text(
            f"{code}：法律对此没有例外，不得设例外审批",
            f"{code}: the law leaves no exception to this check, nobody may waive it",
        )


def _file(tables: Tables, where: str) -> PackFile:
    """The file in the tables of today's format, if nothing is wrong with it."""
    faults: list[Text] = []
    file = None
    try:
        file = PackFile.model_validate_json(as_json(tables), strict=True)
    except ValidationError as error:
        faults += faults_in(error, _placed(tables))
    faults += _faults_of_parameters(tables)
    if file:
        faults += [*_faults_of_checks(file), *file.faults()]
    if faults or not file:
        raise PolicyRefused(where, *faults)
    return file


# Reading


def _checks(file: PackFile, tables: Tables) -> dict[Stage, tuple[PackCheck, ...]]:
    raw: dict[str, list[Any]] = tables["stages"]
    return {
        stage: tuple(
            PackCheck(
                RULES[entry.check],
                entry.basis.text(),
                _parameters(RULES[entry.check], given, tables),
                entry.unsettled,
                entry.note.text() if entry.note else None,
                waiver_in(given["waiver"]) if entry.waiver else None,
            )
            for entry, given in zip(file.stages[stage], raw[stage.value], strict=True)
        )
        for stage in STAGES
    }


def parse_pack(content: bytes, where: str) -> Pack:
    """The pack in the bytes of a TOML file; `where` names it in refusals.

    Raises:
        PolicyRefused: as the module says.
    """
    try:
        own = tables_in(content)
        tables, steps = upgraded(own)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyRefused(where, Text(f"不是 TOML：{error}", f"not TOML: {error}")) from None
    except FormatRefused as error:
        raise PolicyRefused(
            where,
            Text(
                f"{FORMAT} = {error}：本版本读格式{FIRST}至{newest()}；更新的格式用写成它的版本",
                f"{FORMAT} = {error}: this release reads {FIRST} to {newest()}; use the release "
                "that wrote a later one",
            ),
        ) from None
    file = _file(tables, where)
    return Pack(
        name=file.pack,
        version=file.version,
        title=file.title.text(),
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        digest=digest(content),
        checks=_checks(file, tables),
        sign_offs=sign_offs_in(tables),
        rulings=rulings_in(tables),
        deliverers=deliverers_in(tables),
        vouching=vouching_in(tables),
        left_out=tuple((one.rule, one.reason.text()) for one in file.left_out),
        adopters=file.adoption.organs,
        format=own.get(FORMAT, FIRST),
        steps=steps,
    )
