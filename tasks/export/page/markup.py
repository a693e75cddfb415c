"""HTML and SVG put together so that nothing which is shown can become markup.

Rules: a plain string is text and is escaped; only what `tag` and `join` made is markup. Attributes
are escaped too; an attribute that is None is left out. No attribute `style`, no event handlers:
the page's policy forbids both.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable

from schemas.text import LANGUAGES, Text

LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}
EMPTY_TAGS = frozenset({"input", "meta", "br"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | int | Text | Markup | None
Attribute = str | int | float | None


def escaped(child: Child) -> str:
    """A child as it stands in the page."""
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, Text):
        return both(child)
    return html.escape(str(child))


def tag(name: str, *children: Child, **attributes: Attribute) -> Markup:
    """An element; `class_` and `data_x` stand for `class` and `data-x`."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in EMPTY_TAGS:
        return Markup(f"<{name}{shown}>")
    inner = "".join(escaped(child) for child in children)
    return Markup(f"<{name}{shown}>{inner}</{name}>")


def _number(value: Attribute) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def join(parts: Iterable[Child], between: str = "") -> Markup:
    """Several children as one."""
    return Markup(html.escape(between).join(escaped(part) for part in parts))


def both(text: Text, element: str = "span", **attributes: Attribute) -> Markup:
    """A text in both languages, of which the page shows one; once where they are the same."""
    if text.zh == text.en and not attributes:
        return Markup(html.escape(text.zh))
    return Markup(
        "".join(
            tag(element, text.render(lang=lang), class_=lang, lang=LANGUAGE_TAGS[lang],
                **attributes)
            for lang in LANGUAGES
        )
    )  # fmt: skip


def policy(css: str, script: str = "") -> str:
    """What a page may do: its own style and, where it has one, its own script; nothing else."""
    code = f"script-src {_source(script)}; require-trusted-types-for 'script'; " if script else ""
    return (
        f"default-src 'none'; style-src {_source(css)}; {code}base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    name = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"'sha256-{name}'"


def title(zh: str, en: str) -> Markup:
    """The tooltip of a part of a picture, in both languages."""
    return tag("title", zh if zh == en else f"{zh}\n{en}")


def entry(seq: int) -> Markup:
    """A ledger entry's number, which leads to the entry."""
    return tag("a", seq, href=f"#e{seq}", class_="seq")


def entries(seqs: Iterable[int]) -> Markup:
    """The numbers of some entries, each leading there."""
    return join((entry(seq) for seq in seqs), ", ")
