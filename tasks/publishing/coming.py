"""The page of deadlines: what must be done by when, the earliest first."""

from __future__ import annotations

from schemas.names import SUBJECT
from schemas.text import Text, plural
from tasks.deadlines import AHEAD, Deadline
from tasks.places import Places
from tasks.publishing.markdown import DUE, Page, page, table
from tasks.publishing.pages import SHOWN_ROWS, STAGE
from tasks.reminding import Reminded

HEADINGS = (
    Text("期限", "due"),
    Text("还剩", "left"),
    Text("单位或行政区", "unit or place"),
    STAGE,
    Text("事项", "what"),
    SUBJECT,
)


def deadlines_page(reminded: Reminded) -> Page:
    """Every open deadline, with how many days are left."""
    on = reminded.snapshot.on
    places = Places(reminded.snapshot.ledger)

    def row(one: Deadline) -> list[str]:
        days = (one.due - on).days
        left = (
            Text(f"{days}天", plural(days, "day"))
            if days >= 0
            else Text(f"已过{-days}天", f"{plural(-days, 'day')} over")
        )
        code = one.place.partition("-")[0]
        return [
            one.due.isoformat(),
            left.render(),
            f"{one.place} {places.title(code)}",
            one.stage.label.render(),
            one.kind.label.render(),
            one.subject,
        ]

    near = sum(on <= one.due <= on + AHEAD for one in reminded.open)
    over = sum(one.due < on for one in reminded.open)
    summary = Text(
        f"{on}：{len(reminded.open)}项未办，{AHEAD.days}天内到期{near}项，已过期{over}项。"
        "期限只作提醒，不会使任何关口通过或暂停。",
        f"{on}: {len(reminded.open)} open, {near} due within {AHEAD.days} days, {over} overdue. "
        "A deadline only reminds: it opens and closes no gate.",
    ).render()
    if not reminded.open:
        return page("deadlines", [summary], DUE)
    rows = [[one.render() for one in HEADINGS], *map(row, reminded.open[:SHOWN_ROWS])]
    return page("deadlines", [summary, table(rows)], DUE)
