"""docs/rules.md: every rule of the survey with its articles, checks and cases; what is left out.

Rules: a rule has a check or a reason in `left_out` of each pack, and both where a check holds to a
part of it; a check of a pack holds to a rule; an article stands in the reference in the numbering
of its cycle. `python -m tests.law` writes the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from schemas.policy import Pack, PackCheck
from schemas.text import Text
from tests.law.articles import basis, in_force, place
from tests.law.base import PACKS, pack_of
from tests.law.cases import GATES, cases, checks_of
from tests.law.coverage import bases
from tests.support.tree import ROOT

PAGE = ROOT / "docs/rules.md"
_FILE = Path(__file__).with_name("rules.yaml")
_HEAD = """<!-- Made by `python -m tests.law`: do not edit by hand. -->

# The rules / 规则

Every rule that was surveyed for a term change, what it asks, where it stands in the numbering of
each cycle, the checks that hold to it, and what is left out, and why. Articles are those of the
editions in force: `cn-2016` 2016-17, `cn-2026` 2026-27. Cases are those of `tests/lawful` and
`tests/breaches` that are about the checks of the rule.

换届工作的每一条规则：要求什么，在各次换届时是第几条，由哪项检查执行，没有检查的及其原因。
"""


@dataclass(frozen=True)
class Surveyed:
    """A rule of the survey."""

    name: str
    asks: Text
    articles: tuple[str, ...]
    checks: tuple[str, ...]


@cache
def surveyed() -> tuple[Surveyed, ...]:
    """Every rule, in the order of the survey."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Surveyed(name, Text(one["zh"], one["en"]), tuple(one["articles"]), tuple(one["checks"]))
        for name, one in read.items()
    )


def left_out(pack: str) -> dict[str, Text]:
    """What the pack says that it does not hold to, or to a part of it only."""
    return dict(pack_of(pack).left_out)


def packs_checks() -> dict[str, list[PackCheck | None]]:
    """Check → what it is in each pack."""
    codes = [one.rule.code for gate in GATES for pack in PACKS
             for one in checks_of(pack, gate)]  # fmt: skip
    return {code: [pack_of(pack).check(code) for pack in PACKS] for code in codes}


def _row(*cells: str) -> str:
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |"


def _table(headings: Iterable[str], rows: Iterable[str]) -> str:
    shown = list(headings)
    return "\n".join([_row(*shown), _row(*("---" for _ in shown)), *rows]) + "\n"


def _told(text: Text) -> str:
    return f"{text.zh} / {text.en}" if text.zh else "—"


def _count(checks: Iterable[str], *, lawful: bool) -> str:
    named = set(checks)
    return str(sum(bool(named & case.checks) and not case.needs for case in cases(lawful=lawful)))


def _rule_row(rule: Surveyed) -> str:
    reasons = dict.fromkeys(left_out(pack).get(rule.name) for pack in PACKS)
    said = " · ".join(_told(one) for one in reasons if one is not None)
    part = "部分 in part: " if said and rule.checks else ""
    return _row(
        rule.name,
        _told(rule.asks),
        *(_told(basis(rule.articles, pack)) for pack in PACKS),
        ", ".join(f"`{one}`" for one in rule.checks) or "—",
        f"{_count(rule.checks, lawful=True)} / {_count(rule.checks, lawful=False)}",
        f"{part}{said}",
    )


def _parameters(entries: list[PackCheck | None]) -> str:
    given = [one.parameters.model_dump(mode="json") if one else {} for one in entries]
    names = dict.fromkeys(name for one in given for name in one)
    shown = []
    for name in names:
        values = [_value(one[name]) if name in one else "—" for one in given]
        mark = " ⚠" if any(one and name in one.unsettled for one in entries) else ""
        same = len(set(values)) == 1
        shown.append(f"`{name}`{mark} {values[0] if same else ' → '.join(values)}")
    return "<br>".join(shown) or "—"


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value)) or "—"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_row(code: str, entries: list[PackCheck | None]) -> str:
    named = [rule.name for rule in surveyed() if code in rule.checks]
    told = [_told(one.basis) if one else "—" for one in entries]
    return _row(
        f"[`{code}`](checks.md#{code.replace('.', '')})",
        code.partition(".")[0],
        *told,
        ", ".join(named),
        _parameters(entries),
        f"{_count([code], lawful=True)} / {_count([code], lawful=False)}",
    )


def page() -> str:
    """The page."""
    packs: list[Pack] = [pack_of(one) for one in PACKS]
    names = [f"`{one.name}`" for one in packs]
    rules = [
        "rule",
        "规则 / what it asks",
        *names,
        "checks",
        "合法/违法 cases",
        "不检查的 left out",
    ]
    checks = ["check", "gate", *names, "rules", "parameters (⚠ not settled)", "合法/违法 cases"]
    return "\n".join(
        [
            _HEAD,
            "## Rules and checks / 规则与检查\n",
            _table(rules, map(_rule_row, surveyed())),
            "## Checks, their bases and parameters / 检查、依据和参数\n",
            _table(checks, (_check_row(*one) for one in packs_checks().items())),
        ]
    )


def missing_rules() -> list[str]:
    """Checks of a pack that hold to no rule, and rules without a check or a reason in a pack."""
    used = {code for rule in surveyed() for code in rule.checks}
    lacking = [code for code in packs_checks() if code not in used]
    for rule in surveyed():
        for pack in PACKS:
            held = any(pack_of(pack).check(code) for code in rule.checks)
            if not held and rule.name not in left_out(pack):
                lacking.append(f"{rule.name}/{pack}")
    return lacking


def unread() -> list[str]:
    """Articles, in the numbering of a cycle, that the reference does not have."""
    named = {one for articles in bases().values() for one in articles}
    named |= {one for rule in surveyed() for one in rule.articles}
    found = [(one, pack) for one in sorted(named) for pack in PACKS if in_force(one, pack)]
    return [f"{one}/{pack}" for one, pack in found
            if place(one, pack).edition and not place(one, pack).in_reference]  # fmt: skip
