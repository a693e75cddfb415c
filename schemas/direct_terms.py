"""Terms of the direct election of deputies: what a constituency is, why a roll is questioned."""

from __future__ import annotations

from schemas.vocabulary import Term


class ConstituencyKind(Term):
    """By what a constituency is divided (选举法 art. 25); a garrison elects by rules of its own."""

    RESIDENCE = "residence", "按居住状况", "by residence"
    WORKPLACE = "workplace", "按生产、事业或工作单位", "by place of work"
    GARRISON = "garrison", "驻军", "garrison"


class RollGround(Term):
    """What is said against somebody's place on the voter roll, or absence from it (art. 4, 27)."""

    NONE = "none", "无", "none"
    SENTENCED = "sentenced", "服刑或缓刑，未被剥夺政治权利", "sentenced, rights not deprived"
    HELD = "held", "被羁押，未决定停止行使选举权利", "held, not suspended from voting"
    SUSPENDED = "suspended", "被羁押，经决定停止行使选举权利", "held, suspended from voting"
    DEPRIVED = "deprived", "被剥夺政治权利", "deprived of political rights"
    DIED = "died", "死亡", "died"
    MOVED = "moved", "迁出", "moved away"
    ILL = "ill", "精神病患者，不能行使选举权利", "mentally ill and unable to vote"
