"""The result report as one HTML file that prints on A4: no script, nothing from outside."""

from __future__ import annotations

from pathlib import Path

from schemas.text import Language
from tasks.results.document import DATED, Document
from tasks.templates import environment_of, policy, verbatim

FOLDER = Path(__file__).parent


def page_bytes(document: Document, lang: Language) -> bytes:
    """The file, in one language."""
    css = verbatim(FOLDER / "result.css")
    page = (
        environment_of(FOLDER, lambda: (lang,))
        .get_template("result.html")
        .render(
            document=document,
            lang=lang,
            dated=DATED,
            css=css,
            policy=policy(css),
            kind_of=lambda block: type(block).__name__,
        )
    )
    return f"{page}\n".encode()
