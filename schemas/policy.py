"""The policy pack (规则包): which checks each gate needs, who signs it, and who may waive what.

Rules: a pack is refused when it names an unknown check, leaves a stage without checks, names a
check twice or under another stage, leaves out a parameter, has one too many or one out of range,
does not say who signs a gate, or lets anybody waive what the law makes absolute. Its days of
validity are parameters of the check of the calendar: no session outside them passes. Nothing has a
default; what the domain has not settled is marked `unsettled` in the pack itself.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.authority import Requirement, WaiverRule
from schemas.authority_entries import EntryRefused, read_sign_offs, read_waiver
from schemas.canonical import digest
from schemas.rules.base import Read, Rule
from schemas.rules.catalogue import RULES
from schemas.rules.parameters import Parameters
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Body, Level, Stage


class PolicyRefused(Refusal):
    """A pack that cannot be used; `text` says where and why in one line."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        # Braces may stand in values; the text is complete and takes no arguments.
        super().__init__(Text(f"规则包 {where}：{zh}", f"policy pack {where}: {en}"))


class _Bilingual(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self) -> Text:
        return Text(self.zh, self.en)


class _CheckEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    check: str
    basis: _Bilingual
    parameters: dict[str, Any]
    unsettled: tuple[str, ...] = ()
    note: _Bilingual | None = None
    waiver: Any = None


class _LeftOut(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    rule: str
    reason: _Bilingual


class _PackFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    pack: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(min_length=1)
    title: _Bilingual
    valid_from: date
    valid_to: date
    stages: dict[str, list[_CheckEntry]]
    sign_offs: Any = Field(default_factory=dict)
    left_out: list[_LeftOut] = []


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
    """A policy pack; `digest` is the SHA-256 of the file's bytes."""

    name: str
    version: str
    title: Text
    valid_from: date
    valid_to: date
    digest: str
    checks: Mapping[Stage, tuple[PackCheck, ...]]
    sign_offs: Mapping[Stage, tuple[Requirement, ...]]
    left_out: tuple[tuple[str, Text], ...]

    def check(self, code: str) -> PackCheck | None:
        """The check of that code, if the pack has it."""
        return next(
            (one for checks in self.checks.values() for one in checks if one.rule.code == code),
            None,
        )

    def signers(self, stage: Stage, level: Level, body: Body) -> tuple[Requirement, ...]:
        """Who must sign a gate of units of that level and body: one requirement at least."""
        return tuple(one for one in self.sign_offs[stage] if one.stands_for(level, body))


def _parameters(
    where: str, rule: Rule, entry: _CheckEntry, valid: Mapping[str, date]
) -> Parameters:
    own = {name: day for name, day in valid.items() if name in rule.parameters.model_fields}
    try:
        parameters = rule.parameters.model_validate({**entry.parameters, **own})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        shown = f"{rule.code} {name} = {first['input']!r}: {first['msg']}"
        raise PolicyRefused(where, f"参数有误 {shown}", f"wrong parameter {shown}") from None
    taken = parameters.model_dump(mode="json")
    for name, value in entry.parameters.items():
        # A text or a yes where a number is due would be taken for one.
        if json.dumps(taken[name], default=str) != json.dumps(value, default=str):
            shown = f"{rule.code} {name} = {value!r}: {taken[name]!r}?"
            raise PolicyRefused(where, f"参数有误 {shown}", f"wrong parameter {shown}")
    unknown = sorted(set(entry.unsettled) - set(rule.parameters.model_fields))
    if unknown:
        raise PolicyRefused(
            where,
            f"{rule.code} 没有参数 {unknown[0]}（unsettled）",
            f"{rule.code} has no parameter {unknown[0]} (unsettled)",
        )
    return parameters


def _pack_check(
    where: str, stage: Stage, entry: _CheckEntry, valid: Mapping[str, date]
) -> PackCheck:
    rule = RULES.get(entry.check)
    if rule is None:
        raise PolicyRefused(where, f"未知检查 {entry.check}", f"unknown check {entry.check}")
    if rule.stage is not stage:
        raise PolicyRefused(
            where,
            f"检查 {entry.check} 不属于环节 {stage.value}",
            f"check {entry.check} does not belong to stage {stage.value}",
        )
    note = entry.note.text() if entry.note else None
    parameters = _parameters(where, rule, entry, valid)
    waiver = None
    if entry.waiver is not None:
        waiver = read_waiver(rule.code, entry.waiver, absolute=rule.absolute)
    return PackCheck(rule, entry.basis.text(), parameters, entry.unsettled, note, waiver)


def _checks(where: str, file: _PackFile) -> dict[Stage, tuple[PackCheck, ...]]:
    checks: dict[Stage, tuple[PackCheck, ...]] = {}
    valid = {"valid_from": file.valid_from, "valid_to": file.valid_to}
    for stage in STAGES:
        entries = file.stages.get(stage.value, [])
        if not entries:
            raise PolicyRefused(
                where, f"环节 {stage.value} 没有检查", f"stage {stage.value} has no checks"
            )
        codes = [entry.check for entry in entries]
        if twice := [code for code in codes if codes.count(code) > 1]:
            raise PolicyRefused(where, f"检查 {twice[0]} 重复", f"check {twice[0]} stands twice")
        checks[stage] = tuple(_pack_check(where, stage, entry, valid) for entry in entries)
    return checks


def parse_pack(content: bytes, where: str) -> Pack:
    """The pack in the bytes of a TOML file; `where` names it in refusals.

    Raises:
        PolicyRefused: as the module says.
    """
    try:
        file = _PackFile.model_validate(tomllib.loads(content.decode("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        shown = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        raise PolicyRefused(where, f"格式有误 {shown}", f"malformed: {shown}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyRefused(where, f"不是 TOML：{error}", f"not TOML: {error}") from None
    if unknown := sorted(set(file.stages) - set(STAGES)):
        raise PolicyRefused(where, f"未知环节 {unknown[0]}", f"unknown stage {unknown[0]}")
    if file.valid_to < file.valid_from:
        raise PolicyRefused(where, "有效期颠倒", "valid_to is before valid_from")
    try:
        checks, sign_offs = _checks(where, file), read_sign_offs(file.sign_offs)
    except EntryRefused as refused:
        raise PolicyRefused(where, refused.text.zh, refused.text.en) from None
    return Pack(
        file.pack,
        file.version,
        file.title.text(),
        file.valid_from,
        file.valid_to,
        digest(content),
        checks,
        sign_offs,
        tuple((one.rule, one.reason.text()) for one in file.left_out),
    )
