"""Rules about the register of deputies: how many there are, and who may sign a nomination."""

from __future__ import annotations

from schemas.rules.base import NamedBy, Read, Rule, read
from schemas.rules.election_result import NO_CREDENTIALS
from schemas.rules.selections import MEMBERS, of_assembly
from schemas.text import Text
from schemas.vocabulary import Body, Organ


def signing(signers: Read) -> tuple[Read, ...]:
    """Those of the register of the assembly who signed."""
    named = NamedBy("deputy", ((signers, "deputy"),))
    return of_assembly("deputies", "deputy status since", named)


DEPUTIES = Rule(
    code="slate.deputies",
    title=Text("全体代表人数与代表名册一致", "All deputies are those of the register"),
    reads=(
        *MEMBERS,
        *of_assembly("deputies", "deputy status since"),
        read("credentials", "unit members", bodies=(Body.GOVERNMENT,), alias="second_numbers"),
        read("sessions", "unit opened_on"),
    ),
    model="DeputiesRule",
    provider=Organ.CREDENTIALS_COMMITTEE,
    reasons={
        "no-register": Text(
            "没有代表名册；每届第一次会议前应公布代表名单",
            "there is no register of deputies; the list is published before the first session",
        ),
        "no-register-kept": Text(
            "政协没有报送委员名册，不适用", "this CPPCC has delivered no register of its members"
        ),
        "no-credentials": NO_CREDENTIALS,
        "two-numbers": Text(
            "同一届人大登记了两个全体代表数：{members}人和{other}人",
            "one congress is given two numbers of deputies: {members} and {other}",
        ),
        "without-a-day": Text(
            "{deputy}已暂停或终止，没有填自何日起",
            "{deputy} is suspended or has left office, and from which day is not on record",
        ),
        "members-differ": Text(
            "全体代表（委员）登记为{members}人，名册上开幕时在任的有{registered}人",
            "all deputies or members are given as {members}; the register has {registered} in "
            "office when the session opens",
        ),
    },
    absolute=True,
)
