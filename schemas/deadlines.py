"""Deadlines: the kinds of what must be done by a day (statutes, report clocks, waivers)."""

from __future__ import annotations

from schemas.vocabulary import Term


class DeadlineKind(Term):
    """What must be done by a day, and is reminded of ahead of it."""

    NOMINATION_STARTS = "nomination-starts", "提名开始", "nomination starts"
    VETTING_STARTS = "vetting-starts", "考察开始", "vetting starts"
    DEPUTIES_ELECTED = "deputies-elected", "代表选出", "deputies are elected"
    CREDENTIALS_CONFIRMED = "credentials-confirmed", "代表资格确认", "credentials are confirmed"
    SESSION_OPENS = "session-opens", "会议召开", "the session opens"
    # 地方组织法 art. 20
    SESSION_LATEST = (
        "session-latest",
        "首次会议最迟召开（代表选出后两个月内）",
        "latest day of the first session (two months after its deputies' election)",
    )
    LIST_PUBLISHED = "list-published", "名单公布", "a list is published"
    REPORTER_NOTIFIED = "reporter-told", "实名举报告知受理", "a named reporter is told"
    CASE_OPENED = "case-opened", "线索清楚的举报立项", "a case is opened on a clear report"
    PROBLEM_RECTIFIED = "problem-rectified", "问题整改到位", "a problem is put right"
    WAIVER_EXPIRES = "waiver-expires", "例外审批到期", "a waiver expires"
