"""One HTML file that shows the whole history of the gates, from a file and without a network.

Rules: what matters can be read without scripts: the board, the timeline, the decisions that stand
and whatever is amiss; the script adds search, filters and every finding. The page asks for nothing
outside itself, and its own policy would stop it. The same record gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from schemas import words
from schemas.names import unit_name
from schemas.text import Language, Text
from schemas.vocabulary import STAGES
from tasks.export import rows
from tasks.export.history import Record
from tasks.export.page import facts, tables, texts
from tasks.export.page.board import Cell, recorded_board
from tasks.export.page.figures import figures_of
from tasks.export.page.timeline import timeline_of
from tasks.export.progress import Progress, silent
from tasks.templates import STYLE, environment_of, in_both, policy, verbatim

PARTS = Path(__file__).with_name("page")
DRAWING, LISTING, PACKING = (
    Text("绘制进度总表和时间线", "drawing board and timeline"),
    Text("排列决定", "listing decisions"),
    Text("压缩明细", "packing the findings"),
)


def report_bytes(record: Record, lang: Language, progress: Progress = silent) -> bytes:
    """The page; `lang` is the language that it shows first."""
    css, script = verbatim(STYLE, PARTS / "page.css"), verbatim(PARTS / "page.js")
    progress(DRAWING, 0, 3)
    drawn = {"shown_board": recorded_board(record), "shown_timeline": timeline_of(record)}
    progress(LISTING, 1, 3)
    pages = environment_of(PARTS, in_both)
    pages.filters["together"] = words.together
    pages.globals.update(
        entry_href=lambda seq: f"#e{seq}",
        unit_href=lambda unit: f"#unit/{unit}",
        gate_href=_gate_href,
        stage_name=words.stage_name,
        names={one.unit: unit_name(one.name, one.body) for one in record.units.values()},
        texts=texts,
        tables=tables,
        rows=rows,
    )
    template = pages.get_template("page.html")
    progress(PACKING, 2, 3)
    page: str = template.render(
        lang=lang,
        policy=policy(css, script),
        css=css,
        script=script,
        facts=facts.packed(facts.facts(record)),
        record=record,
        figures=figures_of(record),
        items=words.ITEMS,
        days=words.HISTORICAL if record.opened.historical else words.LIVE,
        trial=words.TRIAL,
        stage_choices=[(one.value, one.label) for one in STAGES],
        state_choices=[one for one in words.GATE_STATES.items() if one[0] != "not_reached"],
        words=texts.for_script(),
        **drawn,
    )
    progress(PACKING, 3, 3)
    return page.encode("utf-8", errors="backslashreplace")


def _gate_href(cell: Cell) -> str | None:
    return f"#e{cell.seq}" if cell.seq else None
