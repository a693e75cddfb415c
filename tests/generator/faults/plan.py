"""Faults of the plan stage (方案)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.generator.faults.fault import Clean, Draft


def plan_faults(clean: Clean) -> Iterator[Draft]:
    """One fault for each check of the stage."""
    yield clean.wrong(
        "measures",
        ("plan.deployment", "fail", "640302100/committee-meeting", "out-of-order"),
        ("党委会早于上级部署召开", "the committee met before the level above had deployed"),
        {"held_on": date(2016, 8, 19)},
        rows=clean.all("measures", jurisdiction="640302100", kind="committee-meeting"),
    )
    yield clean.absent(
        "notice_clauses",
        ("plan.notice", "missing", "640302101/inspection", "no-clause"),
        ("通知没有写督导环节的纪律要求", "the notice says nothing about the inspection stage"),
        rows=clean.all("notice_clauses", jurisdiction="640302101", stage="inspection"),
    )
    yield clean.wrong(
        "notice_clauses",
        ("plan.discipline-list", "fail", "640303103/election", "another-list"),
        (
            "通知误用村“两委”换届的纪律",
            "the notice repeats the prohibitions for village committees",
        ),
        {"discipline_list": "village"},
        rows=clean.all("notice_clauses", jurisdiction="640303103", stage="election"),
    )
    yield clean.wrong(
        "duties",
        ("plan.duties", "fail", "640303100/leads-first", "wrong-organ"),
        (
            "线索优先办理交给了组织委员，应由纪委负责",
            "leads went to the organisation department; the discipline commission handles them",
        ),
        {"officer": "o-640303100-03"},
        rows=clean.all("duties", jurisdiction="640303100", duty="leads-first"),
    )
    owing = clean.one("roster", jurisdiction="640303101", responsibility_talk=True)["person"]
    yield clean.absent(
        "talk_participants",
        ("plan.responsibility-talks", "missing", str(owing), "not-talked-to"),
        (
            "乡镇党委书记没有参加县委书记的约谈",
            "the township's party secretary was not at the county secretary's responsibility talk",
        ),
        rows=clean.all("talk_participants", person=owing, talk="t-640303-05"),
    )
    yield clean.wrong(
        "assemblies",
        ("plan.seats", "fail", "640302102-congress", "too-many"),
        ("代表名额超过法定上限", "more deputies than the law allows for the population"),
        {"members": 99},
        rows=clean.all("assemblies", unit="640302102-congress"),
    )
    chair = clean.one("posts", post="640302-congress-chair")
    yield clean.needless(
        "posts",
        ("plan.posts", "fail", "640302-congress-secretary-general", "not-of-this-body"),
        (
            "县级人大常委会不设秘书长，却列了这一职位",
            "a county congress elects no secretary-general, yet the post is listed",
        ),
        rows=[{**chair, "post": "640302-congress-secretary-general", "kind": "secretary-general"}],
    )
    yield clean.wrong(
        "calendar",
        ("plan.calendar", "fail", "640302105-congress", "session-before-credentials"),
        (
            "代表资格确认排在会议召开之后",
            "credentials are planned for after the session has opened",
        ),
        {"credentials_on": date(2016, 12, 1)},
        rows=clean.all("calendar", unit="640302105-congress"),
    )
    yield clean.absent(
        "documents",
        ("plan.documents", "missing", "640302106-government/superior-approval", "no-document"),
        ("人事安排方案没有上级批复", "the personnel plan has no approval by the level above"),
        rows=clean.all("documents", unit="640302106-government", kind="superior-approval"),
    )
