"""What the subjects of findings are called, where they have codes of ours in them.

Rules: ids of places, units, persons and rows stay as they are; a code is named as the columns name
it that its check reads, a post as people call it. Whoever has to type a subject finds it in
brackets behind its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from schemas.authority import Requirement
from schemas.findings import Finding
from schemas.names import OF_THE_BODY, post_name
from schemas.registers import REGISTERS
from schemas.reports import is_sign_off
from schemas.rules.catalogue import RULES
from schemas.text import Text, comma_separated
from schemas.vocabulary import (
    Body,
    Channel,
    DocumentKind,
    Duty,
    KeyPoint,
    Level,
    MeasureKind,
    NoticeKind,
    PostKind,
    PublicityKind,
    ReviewItem,
    Term,
    Work,
)
from schemas.vote_terms import CountRole, Sign, StaffRole
from schemas.words import organ_name

# Activities and films are named by the pack; those of the packs that come with Termgate are called:
PARAMETERS: dict[str, Text] = {
    "one-talk": Text("一次专题谈话", "talk on discipline"),
    "one-card": Text("一张提醒卡", "reminder card"),
    "one-film": Text("一部宣传片", "publicity film"),
    "one-pledge": Text("一次公开承诺", "public pledge"),
    "one-column": Text("一个宣传专栏", "media column"),
    "one-hotline": Text("一部举报电话", "hotline for reports"),
    "one-notice": Text("一份通知", "notice"),
    "one-training": Text("一次培训", "training"),
    "one-meeting": Text("一次会议", "meeting"),
    "one-quiz": Text("一次知识测试", "quiz"),
    "film-first": Text("第一部警示教育片", "first warning film"),
    "film-second": Text("第二部警示教育片", "second warning film"),
    "film-liaoning": Text("辽宁拉票贿选案警示教育片", "film on the Liaoning case"),
    "film-hengyang-nanchong": Text(
        "衡阳、南充案警示教育片", "film on the Hengyang and Nanchong cases"
    ),
}


# Columns whose terms are parts of subjects, said here so that no models are loaded for a name.
TERMS: dict[str, type[Term]] = {
    "measures.kind": MeasureKind,
    "notice_clauses.stage": Work,
    "duties.duty": Duty,
    "documents.kind": DocumentKind,
    "notices.kind": NoticeKind,
    "screenings.key_point": KeyPoint,
    "publicity.kind": PublicityKind,
    "reviews.item": ReviewItem,
    "report_channels.channel": Channel,
    "ballot_staff.role": StaffRole,
    "tallies.role": CountRole,
    "hall_tallies.role": CountRole,
    "signs.sign": Sign,
}
# What a visit looks at, as its columns are headed.
VISITED: dict[str, Text] = {
    "responsibility": Text("查责任落实", "checked responsibility"),
    "education": Text("查教育宣传", "checked education"),
    "enforcement": Text("查监督查处", "checked enforcement"),
    "institutions": Text("查制度执行", "checked institutions"),
    "reviews": Text("查“凡提四必”落实情况", "checked the reviews"),
}


def _named(check: str) -> Iterator[tuple[str, Text]]:
    """Codes and what they are called, by what a check reads; what comes first holds."""
    for one in RULES[check].reads if check in RULES else ():
        for column in one.columns:
            terms = TERMS.get(f"{one.register}.{column}", ())
            yield from ((term.value, term.label) for term in terms)
        if one.register == "visits":
            yield from VISITED.items()
        yield one.register, REGISTERS[one.register].title
    yield from PARAMETERS.items()


@cache
def _names(check: str) -> dict[str, Text]:
    return dict(reversed([*_named(check)]))


_BODIES, _POST_KINDS = frozenset(Body), frozenset(PostKind)


def _post_name(part: str) -> Text | None:
    """What a post is called, as far as its id says it: of which place stands elsewhere."""
    place, _, of = part.partition("-")
    body, _, code = of.partition("-")
    if not place.isdecimal() or body not in _BODIES or code not in _POST_KINDS:
        return None
    kind, level = PostKind(code), Level.TOWNSHIP if len(place) > len("640300") else Level.COUNTY
    return post_name(kind, Body(body), level, "") if kind in OF_THE_BODY else kind.label


def subject_name(check: str, subject: str) -> Text | None:
    """What a subject of a check is called, by the codes in it."""
    parts = subject.split("/")
    found = [name for part in parts if (name := _names(check).get(part) or _post_name(part))]
    return comma_separated(found) if found else None


def finding_name(one: Finding, required: Iterable[Requirement] = ()) -> Text | None:
    """What a finding's subject is called; `required` are who must sign the gate."""
    if not is_sign_off(one.check):
        return subject_name(one.check, one.subject)
    asked = next((each for each in required if each.name == one.subject), None)
    organs = str(one.arguments.get("organ", ""))
    named = comma_separated(map(organ_name, organs.split(", "))) if organs else None
    return asked.text if asked else named


def subject_shown(check: str, subject: str, name: str = "") -> str:
    """A subject as people read it: what it is called, and in brackets as they may have to type it.

    Nobody types that of a sign-off. `name` is what it is called, where that is known already.
    """
    found = subject_name(check, subject)
    called = name or (found.render() if found else "")
    if not called or is_sign_off(check):
        return called or subject
    return Text(f"{called}（{subject}）", f"{called} ({subject})").render()


def finding_shown(one: Finding) -> str:
    """The subject of a finding as people read it."""
    name = finding_name(one)
    return subject_shown(one.check, one.subject, name.render() if name else "")
