"""The result report as one HTML file that prints on A4: no script, nothing from outside."""

from __future__ import annotations

from pathlib import Path

from schemas.text import Language
from tasks.export.page.markup import LANGUAGE_TAGS, Markup, join, policy, tag
from tasks.results.document import (
    DATED,
    Block,
    Document,
    Heading,
    Items,
    Note,
    Said,
    Signatures,
    Table,
    said,
)

STYLE = Path(__file__).with_name("result.css")


def page_bytes(document: Document, lang: Language) -> bytes:
    """The file, in one language."""
    css = STYLE.read_text(encoding="utf-8").strip()
    title = said(document.title, lang)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup(
            '<meta http-equiv="Content-Security-Policy" '
            f'content="{policy(css)}"><meta name="viewport" content="width=device-width">'
        ),
        tag("title", title),
        Markup(f"<style>{css}</style>"),
    )
    body = tag(
        "body",
        tag("header", tag("h1", title), tag("p", said(document.subtitle, lang))),
        *(_block(one, lang) for one in document.blocks),
    )
    page = tag("html", head, body, lang=LANGUAGE_TAGS[lang])
    return f"<!doctype html>\n{page}\n".encode()


def _block(block: Block, lang: Language) -> Markup:
    match block:
        case Heading():
            return tag("h2", said(block.text, lang))
        case Items():
            pairs = (
                tag("div", tag("dt", said(label, lang)), tag("dd", said(value, lang)))
                for label, value in block.pairs
            )
            return tag("dl", *pairs, class_="ids" if block.ids else None)
        case Note():
            return tag("p", said(block.text, lang), class_="grave" if block.grave else None)
        case Table():
            return _table(block, lang)
        case Signatures():
            lines = (
                tag(
                    "tr",
                    tag("th", said(label, lang)),
                    tag("td", name),
                    tag("td"),
                    tag("td", said(DATED, lang)),
                )
                for label, name in block.lines
            )
            return tag("table", *lines, class_="signatures")
        case _:
            return tag("section", *(_block(one, lang) for one in block.blocks))


def _table(block: Table, lang: Language) -> Markup:
    heading = tag("tr", *(tag("th", said(one, lang), scope="col") for one in block.columns))
    rows = (tag("tr", *(_cell(one, lang) for one in row)) for row in block.rows)
    return tag(
        "table",
        tag("caption", said(block.caption, lang)),
        tag("thead", heading),
        tag("tbody", join(rows)),
    )


def _cell(value: Said, lang: Language) -> Markup:
    return tag("td", said(value, lang), class_="n" if isinstance(value, int) else None)
