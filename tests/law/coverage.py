"""Which articles of which checks stand in the corpora: the table, and what is missing from it.

Rules: a case counts for an article of a check where it cites the article and is about the check; a
case that registers cannot hold counts for nothing. `python -m tests.law` writes the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from tests.law.articles import cited, in_force
from tests.law.base import PACKS
from tests.law.cases import cases

HERE = Path(__file__).parent
TABLE = HERE / "coverage.md"
Cell = tuple[str, str, str]  # check, article, lawful or breach


@cache
def bases() -> dict[str, tuple[str, ...]]:
    """Check → the articles on which it rests."""
    read = yaml.safe_load((HERE / "bases.yaml").read_text(encoding="utf-8"))
    return {check: tuple(articles) for check, articles in read.items()}


def counted(check: str, article: str, *, lawful: bool) -> list[str]:
    """The cases of one corpus for an article of a check."""
    return [
        case.id
        for case in cases(lawful=lawful)
        if not case.needs and check in case.checks and article in case.articles
    ]


def missing() -> Iterator[Cell]:
    """Every article of a check that one of the corpora lacks."""
    for check, articles in bases().items():
        for article in articles:
            for lawful, name in ((True, "lawful"), (False, "breach")):
                if not counted(check, article, lawful=lawful):
                    yield check, article, name


def table() -> str:
    """The coverage table, and the count of cases by article."""
    lines = [
        "<!-- Made by `python -m tests.law`: do not edit by hand. -->",
        "",
        "# 条文与案例 / Articles and cases",
        "",
        "| 检查 check | 条文（2016） | 条文（2026） | 合法 lawful | 违法 breach |",
        "| --- | --- | --- | ---: | ---: |",
    ]
    for check, articles in bases().items():
        for article in articles:
            told = [cited(article, one).zh if in_force(article, one) else "—" for one in PACKS]
            numbers = [len(counted(check, article, lawful=one)) for one in (True, False)]
            lines.append(f"| `{check}` | {' | '.join(told)} | {numbers[0]} | {numbers[1]} |")
    lines += ["", "## 按条文 / By article", "", "| 条文 | 合法 lawful | 违法 breach |"]
    lines.append("| --- | ---: | ---: |")
    both = [*cases(lawful=True), *cases(lawful=False)]
    for article in sorted({article for case in both for article in case.articles}):
        numbers = [sum(article in c.articles for c in cases(lawful=one)) for one in (True, False)]
        lines.append(f"| {cited(article, PACKS[-1]).zh} | {numbers[0]} | {numbers[1]} |")
    return "\n".join(lines) + "\n"
