"""Headings and names that people read, apart from the rules behind them (quick to load)."""

from __future__ import annotations

from schemas.text import Language, Text
from schemas.vocabulary import STAGES, Body, Level, PostKind

# Signs that every font has.
SIGNS = {"open": "●", "waiting": "◐", "blocked": "✗", "not_reached": "·",
         "forecast_complete": "○", "forecast_incomplete": "◌"}  # fmt: skip

UNIT = Text("单位", "unit")
NAME = Text("名称", "name")
CHECK = Text("检查", "check")
SUBJECT = Text("对象", "subject")
REASON = Text("原因", "reason")
PROVIDER = Text("由谁补正", "who can supply it")


# Posts that are of the body, and not only elected by it.
OF_THE_BODY = frozenset(
    {PostKind.CHAIR, PostKind.VICE_CHAIR, PostKind.SECRETARY_GENERAL, PostKind.MEMBER}
)
_COMMITTEE = {Body.CONGRESS: "人大常委会", Body.CPPCC: "政协"}
_FULL = {
    PostKind.SUPERVISION_DIRECTOR: "监察委员会主任",
    PostKind.COURT_PRESIDENT: "人民法院院长",
    PostKind.CHIEF_PROCURATOR: "人民检察院检察长",
}


def unit_name(name: str, body: str) -> Text:
    """A unit as people call it, such as 清源区人大."""
    shown = Body(body).label
    return Text(f"{name}{shown.zh}", f"{name} {shown.en}")


def post_name(kind: PostKind, body: Body, level: Level, place: str) -> Text:
    """What a post is called in a place of that name, such as 人大常委会副主任 or 副镇长.

    Source: 地方组织法 (2022) art. 26, 70, 77; the head of a 苏木 in Inner Mongolia is its 苏木达.
    """
    chair = "主任" if body is Body.CONGRESS and level is not Level.TOWNSHIP else "主席"
    organ = "人大" if chair == "主席" and body is Body.CONGRESS else _COMMITTEE.get(body, "")
    sort = place[-1:] if place[-1:] in tuple("州市县区旗乡镇") else level.label.zh[:1]
    head = "苏木达" if place.endswith("苏木") else f"{sort}长"
    zh = {
        **_FULL,
        PostKind.CHAIR: f"{organ}{chair}",
        PostKind.VICE_CHAIR: f"{organ}副{chair}",
        PostKind.SECRETARY_GENERAL: f"{organ}秘书长",
        PostKind.MEMBER: "政协常务委员" if body is Body.CPPCC else f"{organ}委员",
        PostKind.HEAD: head,
        PostKind.DEPUTY_HEAD: f"副{head}",
    }[kind]
    return Text(zh, kind.label.en)


def officer_name(officer: str, organ: Text, place: str, lang: Language | None = None) -> str:
    """An officer as people know them: the organ, its place, and their id."""
    return Text(f"{place}{organ.zh} {officer}", f"{organ.en} of {place}, {officer}").render(
        lang=lang
    )


def stage_headings() -> list[str]:
    """The headings of the gates."""
    return [stage.label.render() for stage in STAGES]
