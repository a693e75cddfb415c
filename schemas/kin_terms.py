"""The terms of relatives' offices: how near they are, for whom they work, and as what.

Rules: the four kinds of kin are those of 公务员法 art. 74, and whoever is further is none of them.
"""

from __future__ import annotations

from schemas.vocabulary import Kinship, Term

_NEAR = {one.name: (one.value, one.label.zh, one.label.en) for one in Kinship}


class Relationship(Term):
    """How a relative is related: one of the four kinds of kin, or further away."""

    SPOUSE = _NEAR["SPOUSE"]
    LINEAL = _NEAR["LINEAL"]
    COLLATERAL = _NEAR["COLLATERAL"]
    IN_LAW = _NEAR["IN_LAW"]
    FURTHER = "further", "三代以外或其他亲属", "further than three generations"


class KinOrgan(Term):
    """The organ, with what belongs to it, in which a relative works."""

    GOVERNMENT = "government", "政府及其部门", "government and its departments"
    CONGRESS = "congress", "人大及其常委会机关", "congress and its standing committee"
    CPPCC = "cppcc", "政协机关", "CPPCC"
    SUPERVISION = "supervision", "监察委员会", "supervision commission"
    COURT = "court", "人民法院", "court"
    PROCURACY = "procuracy", "人民检察院", "procuracy"
    OTHER = "other", "其他单位", "another organ"


class KinOfficeKind(Term):
    """What a relative does there."""

    LEADER = "leader", "领导职务（正职或副职）", "chief or deputy of the organ or a department"
    STAFF_AND_MONEY = (
        "staff-and-money",
        "组织人事、纪检监察、审计、财务工作",
        "personnel, discipline, supervision, audit or finance",
    )
    OTHER = "other", "其他工作", "other work"
