"""Articles as cases cite them, and as each cycle numbers them.

Rules: a case cites today's numbering (`OL 27`); what a reader is shown is the edition that was in
force in the cycle, with its number there. An article that the edition did not have is no basis for
a case of that cycle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
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
    read: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)


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
            one.get("read", {}),
            one.get("names", {}),
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


@dataclass(frozen=True)
class Place:
    """Where an article stands in a cycle: edition, and its number there, which may not be read."""

    law: Law
    edition: str
    number: int | None
    text: str

    @property
    def in_reference(self) -> bool:
        """Whether the article is one that was read; what has no number need not be."""
        pack = next(name for name, one in self.law.editions.items() if one == self.edition)
        spans = [one.partition("-") for one in self.law.read.get(pack, "").split(", ") if one]
        return self.number is None or any(
            int(first) <= self.number <= int(last or first) for first, _, last in spans
        )


def place(article: str, pack: str) -> Place:
    """Where the article stands in the edition of a cycle."""
    name, _, number = article.partition(" ")
    law = laws()[name]
    edition = law.editions[pack]
    if not number.isdigit():
        return Place(law, edition, None, number)
    if int(number) in law.unread_since:
        edition = law.editions["cn-2016"]
    own = law.earlier.get(int(number), int(number)) if pack == "cn-2016" else int(number)
    return Place(law, edition, None if own == "unread" else int(own or 0), "")


def cited(article: str, pack: str) -> Text:
    """The article as the cycle numbers it, in words."""
    found = place(article, pack)
    law, edition = found.law, found.edition
    if found.text:
        return Text(f"{law.zh}{edition}：{found.text}", f"{law.en} {edition}: {found.text}")
    if found.number is None:
        return Text(f"{law.zh}{edition}（条号未核）", f"{law.en} {edition}, number not read")
    return Text(f"{law.zh}{edition}第{found.number}条", f"{law.en} {edition} art. {found.number}")


def basis(articles: Iterable[str], pack: str) -> Text:
    """The legal basis that articles make in a cycle, law by law, in the numbering of its time."""
    groups: dict[tuple[str, str], list[Place]] = {}
    for article in articles:
        found = place(article, pack)
        if in_force(article, pack) and (found.edition or found.text):
            groups.setdefault((article.partition(" ")[0], found.edition), []).append(found)
    texts = [_together(name, places) for (name, _), places in groups.items()]
    return Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))


def _together(name: str, places: list[Place]) -> Text:
    law, edition = places[0].law, places[0].edition
    named = [law.names[one.text] for one in places if one.text]
    said = Text("、".join(one[0] for one in named), ", ".join(one[1] for one in named))
    if name == "DOM":
        return said
    if name == "ART":
        return Text(f"源文突出{said.zh}", f"source article, emphasis {said.en}")
    zh, en = f"《{law.zh}》（{edition}）{said.zh}", f"{law.en} ({edition}) {said.en}".rstrip()
    numbers = [str(one.number) for one in places if one.number is not None]
    if numbers:
        zh, en = f"{zh}第{'、'.join(numbers)}条", f"{en} art. {', '.join(numbers)}"
    if len(numbers) + len(named) < len(places):
        zh, en = f"{zh}（条号未核）", f"{en} (number not read)"
    return Text(zh, en)
