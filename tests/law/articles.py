"""Articles as cases cite them, and as each cycle numbers them.

Rules: a case cites today's numbering (`OL 27`); what a reader is shown is the edition that was in
force in the cycle, with its number there. An article that the edition did not have is no basis for
a case of that cycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas.text import Text

_FILE = Path(__file__).with_name("articles.yaml")


@dataclass(frozen=True)
class Law:
    """A law or another text that cases cite."""

    zh: str
    en: str
    editions: dict[str, str]
    earlier: dict[int, int | str | None]
    unread_since: tuple[int, ...] = ()
    since: Any = None


@cache
def laws() -> dict[str, Law]:
    """The laws by their short names."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        name: Law(
            one["zh"],
            one["en"],
            one["editions"],
            one.get("earlier", {}),
            tuple(one.get("unread_since", ())),
            one.get("since"),
        )
        for name, one in read.items()
    }


def in_force(article: str, pack: str) -> bool:
    """Whether the edition of a cycle has the article.

    Raises:
        KeyError: nothing of that short name is known.
    """
    name, _, number = article.partition(" ")
    law = laws()[name]
    if pack != "cn-2016":
        return True
    if law.since is not None:
        return False
    return not number.isdigit() or law.earlier.get(int(number), int(number)) is not None


def cited(article: str, pack: str) -> Text:
    """The article as the cycle numbers it, in words."""
    name, _, number = article.partition(" ")
    law = laws()[name]
    edition = law.editions[pack]
    if not number.isdigit():
        return Text(f"{law.zh}{edition}：{number}", f"{law.en} {edition}: {number}")
    if int(number) in law.unread_since:
        edition = law.editions["cn-2016"]
    own = law.earlier.get(int(number), int(number)) if pack == "cn-2016" else int(number)
    if own == "unread":
        return Text(f"{law.zh}{edition}（条号未核）", f"{law.en} {edition}, number not read")
    return Text(f"{law.zh}{edition}第{own}条", f"{law.en} {edition} art. {own}")
