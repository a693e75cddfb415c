"""Who takes part: jurisdictions, units, posts, officers, and the roster of people obliged.

Rules: a unit is a jurisdiction and a body, and townships have no CPPCC; a post belongs to one
unit; everybody who must pledge, talk or be talked to stands in the roster, candidates included; an
officer is one person, on the roster or not, so that nobody signs about themselves or their kin.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.columns import (
    JURISDICTION_PATTERN,
    POST_PATTERN,
    UNIT_PATTERN,
    Column,
    DocumentNumber,
    JurisdictionCode,
    Row,
    UnitId,
    Whole,
    count,
    flag,
    identifier,
    term,
)
from schemas.vocabulary import Body, Level, Organ, PostKind


class Jurisdiction(Row):
    """A city, county or township; or a province, which only stands above and has no units."""

    jurisdiction: Annotated[
        str,
        Field(pattern=JURISDICTION_PATTERN),
        Column(
            "行政区划代码",
            "jurisdiction",
            "省级、市、县区六位，乡镇九位数字（文本格式）",
            "six digits for a province, city or county, nine for a township, stored as text",
            "640302",
        ),
    ]
    name: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Column("名称", "name", "行政区名称", "name of the jurisdiction", "清源区"),
    ]
    level: Annotated[Level, term("层级", "level", "county")]
    parent: Annotated[
        str | None,
        Field(pattern=JURISDICTION_PATTERN),
        Column(
            "上级代码",
            "parent",
            "上一级行政区划代码；省级留空，没有登记省级的市留空；省直辖的县填省级，直接在市下的乡镇填市",
            "code of the jurisdiction above; empty for a province, and for a city whose province "
            "is not on record; a county may stand directly below a province, a town below a city",
            "640300",
            references="jurisdictions",
        ),
    ] = None
    population: Annotated[Whole, count("人口", "population", 320000)]
    founding_ethnicity: Annotated[
        str | None,
        Field(min_length=1, max_length=40),
        Column(
            "自治或建乡民族",
            "founding ethnicity",
            "民族乡填建乡的少数民族，自治州、自治县填实行自治的民族，几个民族用顿号分开；其他留空",
            "the nationalities that founded an ethnic township or exercise autonomy in a "
            "prefecture or county, several with commas between them; else empty",
            None,
        ),
    ] = None


_KnownOrNot = Annotated[Whole | None, count("人口", "population", 320000)]


class Division(Jurisdiction):
    """A place of a list of divisions, which often says nothing of people."""

    population: _KnownOrNot = None  # type: ignore[assignment]


class Unit(Row):
    """A governing body of a jurisdiction: what moves through the stages."""

    unit: Annotated[
        str,
        Field(pattern=UNIT_PATTERN),
        Column(
            "单位",
            "unit",
            "行政区划代码-班子，如 640302-congress",
            "jurisdiction code and body, such as 640302-congress",
            "640302-congress",
        ),
    ]
    jurisdiction: JurisdictionCode
    body: Annotated[Body, term("班子", "body", "congress")]


class Post(Row):
    """A post that the session fills; `seats` is how many people it takes."""

    post: Annotated[
        str,
        Field(pattern=POST_PATTERN),
        Column(
            "职位",
            "post",
            "单位-职位，如 640302-congress-chair",
            "unit and post, such as 640302-congress-chair",
            "640302-congress-chair",
        ),
    ]
    unit: UnitId
    kind: Annotated[PostKind, term("职位类别", "kind", "chair")]
    seats: Annotated[Whole, count("应选名额", "seats", 1, "名", "seats")]
    fixed_by: Annotated[Organ, term("名额核定机关", "fixed by", "province-standing-committee")]
    document: DocumentNumber


class Officer(Row):
    """Somebody who supplies evidence, decides or signs, and for which organ.

    Who serves two organs is two officers and one person.
    """

    officer: Annotated[str, *identifier("责任人员编号", "officer", "o-640302-01")]
    name: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Column("姓名", "name", "责任人员姓名", "name of the officer", "马文博", personal=True),
    ]
    person: Annotated[
        str,
        *identifier(
            "本人人员编号",
            "person",
            "p-640302-0009",
            "责任人员本人的编号，列入人员名册的填名册编号；小写字母开头，只用小写字母、数字和连字符",
            "who the officer is, by the number of the roster where they stand in it; starts with a "
            "lower-case letter; only lower-case letters, digits and hyphens",
        ),
    ]
    organ: Annotated[Organ, term("所属机关", "organ", "organisation-department")]
    jurisdiction: JurisdictionCode


class RosterEntry(Row):
    """A person with duties in the cycle (应签、应谈、应约谈人员名册)."""

    person: Annotated[str, *identifier("人员编号", "person", "p-640302-0001")]
    jurisdiction: JurisdictionCode
    name: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Column("姓名", "name", "姓名", "name of the person", "丁海峰", personal=True),
    ]
    must_pledge: Annotated[bool, flag("应签承诺书", "must pledge", True)]
    must_talk: Annotated[bool, flag("应谈心谈话", "must be talked to", True)]
    responsibility_talk: Annotated[bool, flag("应约谈", "owes a responsibility talk", False)]
