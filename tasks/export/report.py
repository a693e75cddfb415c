"""One HTML file that tells the whole history of the gates, from a file and without a network.

Rules: what matters can be read without scripts: the board, the timeline, the decisions that stand
and whatever is amiss; the script adds search, filters and every finding. The page asks for nothing
outside itself, and its own policy would stop it. The same record gives the same bytes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from schemas import words
from schemas.text import Language, Text
from schemas.vocabulary import STAGES
from tasks.export.history import Record
from tasks.export.page import board, facts, figures, tables, texts, timeline
from tasks.export.page.markup import (
    LANGUAGE_TAGS,
    Child,
    Markup,
    both,
    entry,
    join,
    policy,
    tag,
)
from tasks.export.progress import Progress, silent

PARTS = Path(__file__).with_name("page")
_SLOT = re.compile(r"\{\{([a-z-]+)\}\}")
DRAWING, LISTING, PACKING = (
    Text("绘制进度总表和时间线", "drawing board and timeline"),
    Text("排列决定", "listing decisions"),
    Text("压缩明细", "packing the findings"),
)


def report_bytes(record: Record, lang: Language, progress: Progress = silent) -> bytes:
    """The page; `lang` is the language that it shows first."""
    css, script = (
        (PARTS / name).read_text(encoding="utf-8").strip() for name in ("page.css", "page.js")
    )
    progress(DRAWING, 0, 3)
    sections = _sections(record, lang, progress)
    progress(PACKING, 2, 3)
    slots = {
        "language": LANGUAGE_TAGS[lang],
        "policy": policy(css, script),
        "title": f"{texts.TITLE.zh} · {texts.TITLE.en}",
        "css": css,
        "zh-checked": " checked" if lang == "zh" else "",
        "en-checked": " checked" if lang == "en" else "",
        "symbols": texts.SYMBOLS,
        "short-title": "Termgate",
        "navigation": _navigation(),
        "print": both(texts.PRINT),
        "kicker": both(texts.KICKER),
        "heading": both(texts.TITLE),
        "about": _about(record),
        "without-scripts": both(texts.WITHOUT_SCRIPTS),
        "sections": sections,
        "footer": _footer(record),
        "facts": facts.packed(facts.facts(record)),
        "script": script,
    }
    template = (PARTS / "page.html").read_text(encoding="utf-8")
    page = _SLOT.sub(lambda found: slots[found[1]], template)
    progress(PACKING, 3, 3)
    return page.encode("utf-8", errors="backslashreplace")


def embedded(content: object) -> Markup:
    """JSON that may stand in an element: nothing in it can end the element or a line."""
    plain = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return Markup(plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _navigation() -> Markup:
    return join(
        tag("a", both(short), href=f"#s-{name}")
        for name, (_, _, short) in texts.SECTIONS.items()
        if short
    )


def _about(record: Record) -> Markup:
    first, last, latest, pack = record.opened, record.last, record.latest, record.pack
    items: list[tuple[Text, Child]] = [
        (words.ITEMS["pack"], join([pack.name, " · ", entry(pack.seq or 1)])),
        (words.ITEMS["days"], words.HISTORICAL if first.historical else words.LIVE),
        *([(words.ITEMS["trial"], words.TRIAL)] if first.trial else []),
        (words.ITEMS["opened"], join([tables.moment(first.at), " · ", entry(1)])),
        (words.ITEMS["last"], join([tables.moment(last.at), " · ", entry(last.seq)])),
        (words.ITEMS["cycle"], tag("code", record.cycle)),
        (words.ITEMS["head"], tag("code", record.hashes[-1])),
    ]
    if latest:
        day = join([latest.on, " · ", entry(latest.seq)])
        items.insert(3, (words.ITEMS["day"], day))
    return join(tag("div", tag("dt", name), tag("dd", value)) for name, value in items)


def _footer(record: Record) -> Markup:
    return tag(
        "p",
        Text(
            f"本报告由记录第1号至第{record.last.seq}号生成，同一记录生成的报告逐字节相同；"
            "只列编号，不含姓名。用 termgate audit verify 校验记录，并核对上面的换届标识和"
            "末条摘要。",
            f"Made from ledger entries 1 to {record.last.seq}; the same ledger gives the same "
            "bytes. It holds ids and no names. Verify the ledger with `termgate audit verify` and "
            "compare the id of the cycle and the hash of the last entry above.",
        ),
    )


def _section(name: str, *inside: Child, class_: str | None = None) -> Markup:
    heading, lead, _ = texts.SECTIONS[name]
    about = tag("p", lead, class_="lead") if lead else None
    return tag("section", tag("h2", heading), about, *inside, id=f"s-{name}", class_=class_)


def _sections(record: Record, lang: Language, progress: Progress) -> Markup:
    counted = figures.figures_of(record)
    pictures = [
        _section("figures", figures.figures(counted)),
        _section("board", board.legend(), _picture(board.board(record))),
    ]
    course = _section("timeline", timeline.legend(), _picture(timeline.timeline(record)),
                      class_="no-print")  # fmt: skip
    progress(LISTING, 1, 3)
    amiss = [
        _section("again", tables.closed_again(record)),
        _section("resting", tables.without_ground(record)),
        _section("objections", tables.objected(record)),
        _section("waivers", tables.waived(record)),
        _section("refusals", tables.refused(record)),
    ]
    decisions = _section("decisions", _filters(record, lang), tables.standing(record),
                         class_="no-print")  # fmt: skip
    rest = [
        _section("officers", tables.officers(record), class_="no-print"),
        _section("attempts", tables.attempted(record), class_="no-print"),
        _section("submissions", tables.submitted(record), class_="no-print"),
        _section("checkpoints", tables.checkpointed(record), class_="no-print"),
        _section("annex", figures.annex(counted)),
    ]
    said = tag("script", embedded(texts.for_script()), type="application/json", id="words")
    return join([*pictures, *amiss, course, decisions, *rest, said])


def _picture(drawn: Markup) -> Markup:
    return tag("div", drawn, class_="picture")


def _option(value: str, text: Text, lang: Language) -> Markup:
    return tag("option", text.render(lang=lang), value=value, data_zh=text.zh, data_en=text.en)


def _choice(name: str, every: Text, items: list[tuple[str, Text]], lang: Language) -> Markup:
    options = (_option(value, text, lang) for value, text in [("", every), *items])
    return tag("select", *options, id=f"by-{name}", aria_label=f"{every.zh} / {every.en}")


def _filters(record: Record, lang: Language) -> Markup:
    search = texts.SEARCH
    units = [
        (one.unit, words.unit_name(one.name, one.body)) for one in record.units.values()
    ]  # fmt: skip
    return join(
        [
            tag(
                "div",
                tag("input", type="search", id="query", placeholder=search.render(lang=lang),
                    data_zh=search.zh, data_en=search.en, aria_label=f"{search.zh} / {search.en}"),
                _choice("stage", texts.ALL_STAGES, [(one.value, one.label) for one in STAGES],
                        lang),
                _choice("state", texts.ALL_STATES,
                        [pair for pair in words.GATE_STATES.items() if pair[0] != "not_reached"],
                        lang),
                _choice("unit", texts.ALL_UNITS, units, lang),
                tag("label", tag("input", type="checkbox", id="earlier"), both(texts.EARLIER)),
                tag("span", id="count", aria_live="polite"),
                class_="filters needs-js",
            ),
            tag("p", both(texts.NO_FACTS), class_="note", id="no-facts", hidden=""),
        ]
    )  # fmt: skip
