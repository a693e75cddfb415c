"""Pack files (规则包文件) in today's format, as pydantic models: what each entry must be.

Rules: every entry is given and nothing is converted. A stage has a sign-off for every kind of unit,
asks no organ twice for one gate, and asks only for what can come together: no more organs than it
names, nobody above a city. Another pack takes two organs, or cannot be adopted at all; an objection
is rejected by one, a concluded unit reopened and a refusal lifted by two, or by nobody. Each
register has those who deliver to it, and each organ two others who vouch for its officers' keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schemas.authority import KINDS_OF_UNIT, LIFTING, REOPENING, VOUCHING_ORGANS, At, Within
from schemas.pack_faults import said
from schemas.places import UNIT_LEVELS
from schemas.registers import REGISTERS
from schemas.rules.parameters import Listed
from schemas.text import Text, plural
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage

MOST_DAYS = 3660
ADOPTERS = 2


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Entry):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self) -> Text:
        """The text."""
        return Text(self.zh, self.en)


class _PanelEntry(_Entry):
    """Who signs, and how many of them."""

    organs: Listed[Organ]
    number: Annotated[int, Field(ge=1)]
    at: At

    @model_validator(mode="after")
    def _can_come_together(self) -> Self:
        if self.number > len(self.organs) > 1:
            raise said(
                f"number = {self.number}，但{len(self.organs)}个机关每个只算一次",
                f"number = {self.number}, but of {plural(len(self.organs), 'organ')} each counts "
                "once",
            )
        return self


class WaiverEntry(_PanelEntry):
    """Who may waive a check, and for how many days at most."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


def _with_units(level: Level) -> Level:
    if level not in UNIT_LEVELS:
        raise said(f"{level.value} 没有单位", f"{level.value} has no units")
    return level


class SignOffEntry(_PanelEntry):
    """Who must sign a gate of some levels and bodies."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    levels: Listed[Annotated[Level, AfterValidator(_with_units)]]
    bodies: Listed[Body]
    basis: Bilingual

    @model_validator(mode="after")
    def _for_units_that_exist(self) -> Self:
        if not any(self.stands_for(*kind) for kind in KINDS_OF_UNIT):
            raise said("不适用于任何单位", "stands for no unit")
        if self.at is At.ABOVE and Level.CITY in self.levels:
            raise said("at = above，但市没有上级", "at = above, but nothing stands above a city")
        return self

    def stands_for(self, level: Level, body: Body) -> bool:
        """Whether units of that level and body need it."""
        return level in self.levels and body in self.bodies


class CheckEntry(_Entry):
    """A check: its legal basis, its parameters, which of them are not settled, who may waive it."""

    check: str
    basis: Bilingual
    parameters: dict[str, Any]
    unsettled: tuple[str, ...] = ()
    note: Bilingual | None = None
    waiver: WaiverEntry | None = None


class AdoptionEntry(_Entry):
    """The organs of which two may adopt another pack; none: none can be adopted."""

    organs: tuple[Organ, ...]

    @model_validator(mode="after")
    def _two_at_least(self) -> Self:
        if len(set(self.organs)) != len(self.organs) or len(self.organs) in range(1, ADOPTERS):
            raise said(
                "organs 应为两个以上不同的机关，或为空",
                "organs are two different ones or more, or none",
            )
        return self


class RulingEntry(_Entry):
    """The organs that may rule one way; none: nobody may."""

    organs: tuple[Organ, ...]
    at: At

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.organs)) != len(self.organs):
            raise said("organs 中有重复", "organs has one twice")
        return self


def _many(name: str, number: int) -> AfterValidator:
    """That a ruling takes so many organs, or is nobody's."""

    def checked(entry: RulingEntry) -> RulingEntry:
        if len(entry.organs) in range(1, number):
            raise said(
                f"{name} 的 organs 应为{number}个以上不同的机关，或为空",
                f"{name} takes {plural(number, 'organ')} that differ, or more, or none",
            )
        return entry

    return AfterValidator(checked)


class RulingsEntry(_Entry):
    """Who rejects an objection, and who reopens a concluded unit."""

    reject: RulingEntry
    reopen: Annotated[RulingEntry, _many("reopen", REOPENING)]
    basis: Bilingual


class RefusalsEntry(_Entry):
    """Who lifts a refusal that its officer does not withdraw."""

    lift: Annotated[RulingEntry, _many("lift", LIFTING)]
    basis: Bilingual


def _is_register(name: str) -> str:
    if name not in REGISTERS:
        raise said(f"没有台账 {name}", f"there is no register {name}")
    return name


class DeliveriesEntry(_Entry):
    """Whose officers deliver to registers, for rows at home within some places."""

    organs: Listed[Organ]
    registers: Listed[Annotated[str, AfterValidator(_is_register)]]
    within: Within
    basis: Bilingual


class VouchingEntry(_Entry):
    """Whose officers vouch for the keys of officers of the organs `holders`, and where."""

    organs: Listed[Organ]
    holders: Listed[Organ]
    at: At
    basis: Bilingual


class LeftOutEntry(_Entry):
    """A rule that is not checked, and why."""

    rule: str
    reason: Bilingual


class PackFile(_Entry):
    """A whole file."""

    format: int
    pack: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(min_length=1)
    title: Bilingual
    valid_from: date
    valid_to: date
    adoption: AdoptionEntry
    objections: RulingsEntry
    refusals: RefusalsEntry
    deliveries: tuple[DeliveriesEntry, ...]
    vouching: tuple[VouchingEntry, ...]
    stages: dict[Stage, tuple[CheckEntry, ...]]
    sign_offs: dict[Stage, tuple[SignOffEntry, ...]]
    left_out: tuple[LeftOutEntry, ...] = ()

    def faults(self) -> Iterator[Text]:
        """What is wrong with what its entries come to together."""
        if self.valid_to < self.valid_from:
            yield Text("有效期颠倒", "valid_to is before valid_from")
        delivered = {name for one in self.deliveries for name in one.registers}
        for name in sorted(REGISTERS.keys() - delivered):
            yield Text(f"台账 {name} 没有规定由谁报送", f"nobody delivers to register {name}")
        yield from self._of_vouching()
        for stage in STAGES:
            codes = [one.check for one in self.stages.get(stage, ())]
            if not codes:
                yield Text(f"环节 {stage.value} 没有检查", f"stage {stage.value} has no checks")
            for code in sorted({code for code in codes if codes.count(code) > 1}):
                yield Text(f"检查 {code} 重复", f"check {code} stands twice")
            yield from self._of_sign_offs(stage)

    def _of_vouching(self) -> Iterator[Text]:
        for holder in Organ:
            organs = {
                organ for one in self.vouching if holder in one.holders for organ in one.organs
            }
            if len(organs - {holder}) < VOUCHING_ORGANS:
                yield Text(
                    f"{holder.value}：其密钥应由{VOUCHING_ORGANS}个以上其他机关核验确认",
                    f"{holder.value}: fewer than {plural(VOUCHING_ORGANS, 'other organ')} vouch "
                    "for its officers' keys",
                )

    def _of_sign_offs(self, stage: Stage) -> Iterator[Text]:
        where = f"sign_offs.{stage.value}"
        entries = self.sign_offs.get(stage, ())
        if not entries:
            yield Text(
                f"环节 {stage.value} 没有会签", f"stage {stage.value} has no sign-off at all"
            )
            return
        names = [one.name for one in entries]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Text(f"{where}.{name}：名称重复", f"{where}.{name}: the name stands twice")
        for level, body in KINDS_OF_UNIT:
            gate = Text(f"{level.label.zh}{body.label.zh}", f"{level.value} {body.value}")
            signing: set[Organ] = set()
            for one in entries:
                if not one.stands_for(level, body):
                    continue
                if twice := sorted(signing.intersection(one.organs)):
                    yield Text(
                        f"{where}.{one.name}：{twice[0].value} 已为这一关口会签（{gate.zh}）",
                        f"{where}.{one.name}: {twice[0].value} signs this gate already ({gate.en})",
                    )
                signing.update(one.organs)
            if not signing:
                yield Text(
                    f"环节 {stage.value} 没有规定{gate.zh}由谁会签",
                    f"stage {stage.value} has no sign-off for {gate.en}",
                )
