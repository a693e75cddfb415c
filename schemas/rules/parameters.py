"""The parameters of the rules: what a policy pack says of each, and its bounds.

Rules: every parameter is needed and none has a default. They stand apart from the rules, so that
whoever only reads titles and reasons loads no models.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schemas.columns import ID_PATTERN
from schemas.inspection_terms import DisciplineList, Effect
from schemas.pack_faults import said
from schemas.vocabulary import (
    Channel,
    DocumentKind,
    Duty,
    Education,
    KeyPoint,
    Level,
    MeasureKind,
    Organ,
    PublicityKind,
    Rank,
    Work,
)


class Parameters(BaseModel):
    """Parameters of a rule: frozen, bounded, all of them needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoParameters(Parameters):
    """For a rule that the law settles whole."""


class CalendarRule(Parameters):
    """From when to when the pack is valid: its own days, which no check entry repeats."""

    valid_from: date
    valid_to: date


Days = Annotated[int, Field(ge=0, le=3660)]
Code = Annotated[str, Field(pattern=ID_PATTERN)]
Signers = Annotated[int, Field(ge=1, le=1000)]
Number = Annotated[int, Field(ge=1, le=100_000_000)]

T = TypeVar("T")


def _distinct(codes: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise said(f"{twice} 重复", f"{twice} stands twice")
    return codes


Listed = Annotated[tuple[T, ...], Field(min_length=1), AfterValidator(_distinct)]


class DeploymentRule(Parameters):
    """Steps of each level in their order; the last at most `days` after the first."""

    city: Listed[MeasureKind]
    county: Listed[MeasureKind]
    township: Listed[MeasureKind]
    days: Days


class NoticeRule(Parameters):
    """`stages`: what the notice on supervising conduct must cover."""

    stages: Listed[Work]


class DisciplineListRule(Parameters):
    """`lists`: the prohibitions that hold for the term change."""

    lists: Listed[DisciplineList]


class DutiesRule(Parameters):
    """Duties that each level must have assigned."""

    city: Listed[Duty]
    county: Listed[Duty]
    township: Listed[Duty]


class TalkRule(Parameters):
    """`organs`: whose officers may hold the talk."""

    organs: Listed[Organ]


class DocumentsRule(Parameters):
    """Documents in their order, and who issues each of them."""

    kinds: Listed[DocumentKind]
    issuers: Annotated[tuple[Organ, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_issuer_for_each_kind(self) -> Self:
        if len(self.issuers) != len(self.kinds):
            raise said("kinds 和 issuers 个数不同", "kinds and issuers differ in length")
        return self


class SeatsRule(Parameters):
    """`base` and one for every `per` people up to `cap`; below `small` people, less than `base`."""

    city_base: Number
    city_per: Number
    city_cap: Number
    county_base: Number
    county_per: Number
    county_cap: Number
    county_small: Number
    township_base: Number
    township_per: Number
    township_cap: Number
    township_small: Number


class PostsRule(Parameters):
    """Size of a standing committee, and whether a supervision director must be elected.

    Where more than `large` people live, `large_maximum` takes the place of `maximum`.
    """

    city_minimum: Number
    city_maximum: Number
    city_large: Number
    city_large_maximum: Number
    county_minimum: Number
    county_maximum: Number
    county_large: Number
    county_large_maximum: Number
    supervision_director: bool


class ChannelRule(Parameters):
    """How many deputies must sign a joint nomination at each level."""

    city: Signers
    county: Signers
    township: Signers


class EligibilityRule(Parameters):
    """`age`: years completed on the day of the vote."""

    age: Annotated[int, Field(ge=18, le=100)]


class ListsRule(Parameters):
    """Days before election day by which each list is published."""

    roll_days: Days
    preliminary_days: Days
    final_days: Days


class MembershipRule(Parameters):
    """`days` before the opening by which the list of members is published."""

    days: Days


class DeliberationRule(Parameters):
    """`days`: nominations are made and discussed for at least so many days."""

    days: Annotated[int, Field(ge=1, le=60)]


class RecommendationRule(Parameters):
    """`steps` in their order, those of `either_first` in any order.

    `months`: how long the result of a recommendation meeting can be used.
    """

    steps: Listed[DocumentKind]
    either_first: Annotated[tuple[DocumentKind, ...], AfterValidator(_distinct)]
    months: Annotated[int, Field(ge=1, le=60)]


class FilmsRule(Parameters):
    """Every film of `films` is shown at every one of `key_points`, to at least `attendance`."""

    key_points: Listed[KeyPoint]
    films: Listed[Code]
    attendance: Annotated[int, Field(ge=2, le=100_000)]


class ActivitiesRule(Parameters):
    """`activities`: the ten of the "ten ones" (十个一)."""

    activities: Annotated[Listed[Code], Field(min_length=10, max_length=10)]


class CardsRule(Parameters):
    """`percent`: so many cards for every hundred people who must pledge."""

    percent: Annotated[int, Field(ge=1, le=10_000)]


class PublicityRule(Parameters):
    """`kinds`: what must be made public."""

    kinds: Listed[PublicityKind]


Organs = Annotated[tuple[Organ, ...], Field(min_length=1)]


class ReviewRule(Parameters):
    """`organs`: who may answer; `valid_days`: how old an answer is at most on opening day."""

    organs: Organs
    valid_days: Annotated[int, Field(ge=1, le=3660)]


class DeclarationRule(ReviewRule):
    """`ranks`: whoever holds one of them today must declare personal matters."""

    ranks: Annotated[tuple[Rank, ...], Field(min_length=1)]


class AuditRule(ReviewRule):
    """`months`: whoever headed an organ at least that long is audited."""

    months: Annotated[int, Field(ge=1, le=120)]


Months = Annotated[int, Field(ge=1, le=120)]
Years = Annotated[int, Field(ge=1, le=40)]


class BarsRule(Parameters):
    """`appraisal_years`: the last year's appraisal counts, or the lowest of three years."""

    appraisal_years: Literal[1, 3]


class SanctionsRule(Parameters):
    """For how many months each sanction bars; a dismissal bars for good.

    A decision may join the periods of several to `joined` months at most.
    """

    joined: Months

    warning: Months
    demerit: Months
    serious_demerit: Months
    demotion: Months
    removal: Months


class ExaminationRule(Parameters):
    """`team_size`: how many members an examination team has at least."""

    team_size: Annotated[int, Field(ge=2, le=20)]


class QualificationRule(Parameters):
    """What a promotion needs, and after how many terms and years a post may not be held again."""

    years_worked: Years
    years_grassroots: Years
    vice_to_chief: Years
    chief_to_upper_vice: Years
    education: Education
    terms: Annotated[int, Field(ge=1, le=5)]
    level_years: Years


class AvoidanceRule(Parameters):
    """`township_home`: the home place that bars a township's head, the township or its county."""

    township_home: Literal[Level.TOWNSHIP, Level.COUNTY]


class PublicNoticeRule(Parameters):
    """`workdays`: how many a notice stays open at least; `first_day`: the first is one of them."""

    first_day: bool
    workdays: Annotated[int, Field(ge=1, le=60)]


Levels = Annotated[tuple[Level, ...], Field(min_length=1)]

Effects = Annotated[tuple[Effect, ...], Field(min_length=1)]


class RovingRule(Parameters):
    """`levels` are visited; `gap_days` may pass at most without a visit."""

    levels: Levels
    gap_days: Annotated[int, Field(ge=1, le=366)]


class LevelsRule(Parameters):
    """`levels`: of which levels the places or units are held to the rule."""

    levels: Levels


class RectifiedRule(Parameters):
    """`months` is the time for putting a problem right."""

    months: Annotated[int, Field(ge=1, le=24)]


class ChannelsRule(Parameters):
    """`channels` of the reporting system must be live."""

    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]


class CasesRule(Parameters):
    """`days` is the time for opening a case on a specific report."""

    days: Days


class ProhibitionsRule(Parameters):
    """What a breach of each prohibition may lead to, and must where it is a candidate's (一律)."""

    effects: Annotated[tuple[Effects, ...], Field(min_length=1)]
    required: tuple[tuple[Effect, ...], ...]

    @model_validator(mode="after")
    def _required_are_effects(self) -> Self:
        if len(self.required) != len(self.effects):
            raise said("effects 和 required 个数不同", "effects and required differ in length")
        if not all(
            set(must) <= set(may) for must, may in zip(self.required, self.effects, strict=True)
        ):
            raise said("required 超出 effects", "required goes beyond effects")
        return self


class ReportClocksRule(Parameters):
    """`workdays` is the time for telling a named reporter that the report was accepted."""

    workdays: Annotated[int, Field(ge=1, le=60)]


class SessionRule(Parameters):
    """The first session opens within `months`; `township_preparatory`: meetings there may elect."""

    months: Annotated[int, Field(ge=1, le=12)]
    township_preparatory: bool


class MethodRule(Parameters):
    """The least quorum that the method of a congress may have: a share of all members.

    `inclusive`: the share itself suffices; else there must be more. `booth`: the province asks for
    a booth where leaders are elected.
    """

    numerator: Annotated[int, Field(ge=1, le=100)]
    denominator: Annotated[int, Field(ge=1, le=100)]
    inclusive: bool
    booth: bool

    @model_validator(mode="after")
    def _at_most_everybody(self) -> Self:
        if self.numerator > self.denominator:
            raise said("超过全体", "more than everybody")
        return self


class DeputiesRule(Parameters):
    """`suspended`: whether all deputies include those who are suspended (代表法 art. 61)."""

    suspended: bool


class WinnersRule(Parameters):
    """`cppcc_organs`: who may declare the result in a CPPCC."""

    cppcc_organs: Listed[Organ]
