"""Pages from templates: those of the desk, and files that somebody opens without it.

Rules: one set of templates serves both. Whatever is filled in is escaped, and a text stands in the
page's languages: at the desk that of its reader, in a file both, of which the page shows one. No
template has a style, a script or a handler of its own; a file's policy names those it comes with.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup

from schemas.text import LANGUAGES, Language, Text, plural
from schemas.vocabulary import STAGES
from schemas.words import GATE_STATES

FOLDER = Path(__file__).parent
STYLE = FOLDER / "static" / "parts.css"
LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}


def environment_of(folder: Path, languages: Callable[[], Sequence[Language]]) -> jinja2.Environment:
    """The templates of a folder and those shared; `languages` are those in which texts stand."""

    def versions(text: Text) -> list[tuple[Language, str]]:
        return [(lang, text.render(lang=lang)) for lang in languages()]

    def shown(text: Text) -> str:
        """A text as content: each version by itself, or one where they are the same."""
        found = versions(text)
        if len({said for _, said in found}) == 1:
            return found[0][1]
        return Markup("").join(
            Markup('<span class="{}" lang="{}">{}</span>').format(lang, LANGUAGE_TAGS[lang], said)
            for lang, said in found
        )

    def finished(value: object) -> object:
        return shown(value) if isinstance(value, Text) else "" if value is None else value

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, FOLDER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        say=shown,
        plain=lambda text: "\n".join(dict.fromkeys(said for _, said in versions(text))),
        number=number,
    )
    made.globals.update(
        _=lambda zh, en: shown(Text(zh, en)),
        plural=plural,
        stages=STAGES,
        states=GATE_STATES,
        tags=LANGUAGE_TAGS,
        versions=versions,
    )
    return made


def in_both() -> Sequence[Language]:
    """The languages of a file whose reader chooses in it."""
    return LANGUAGES


def verbatim(*files: Path) -> Markup:
    """Styles or scripts of ours, as a file of them all has them."""
    return Markup("\n".join(one.read_text(encoding="utf-8").strip() for one in files))  # noqa: S704


def number(value: float) -> str:
    """A place in a picture, to the hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def policy(css: str, script: str = "") -> str:
    """What a file may do: its own style and, where it has one, its own script; nothing else."""
    code = f"script-src {_source(script)}; require-trusted-types-for 'script'; " if script else ""
    return (
        f"default-src 'none'; style-src {_source(css)}; {code}base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    name = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"'sha256-{name}'"
