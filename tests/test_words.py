"""What people read: one word for one thing, Chinese punctuation, English that agrees in number."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from schemas import words
from schemas.glossary import GLOSSARY, REPLACED
from schemas.rules.catalogue import AUTHORITY_REASONS, COMMON_REASONS, RULES
from schemas.text import Text, plural, stated
from tests.support.tree import PACKAGES, ROOT, modules

CHINESE = re.compile("[\u3400-\u9fff]")
# What people type in sheets, and the words that are used no more: read, never shown.
READ_ONLY = ("schemas/aliases.py", "tasks/intake/taking.py", "tasks/intake/cells.py",
             "tasks/intake/days.py", "tasks/intake/totals.py")  # fmt: skip
PROSE = ("README.zh.md", "tasks/export/page/page.html")
# What may follow a number of one: words that end like a plural and are none.
_VERBS = (
    "is was has does needs holds signs waives stands takes sets names belongs says looks follows "
    "decides rests runs comes goes waits verifies acts revokes vouches reads allows asks starts "
    "ends opens closes carries watches means counts lies misses hands elects leads"
)
SINGULAR = frozenset(re.split(" ", f"{_VERBS} as this its his plus less"))


def _spelled(node: ast.expr) -> str | None:
    """A text, with the source of what is put into it between braces."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (
            str(one.value) if isinstance(one, ast.Constant)
            else f"{{{ast.unparse(one.value)}}}" if isinstance(one, ast.FormattedValue) else ""
            for one in node.values
        )  # fmt: skip
        return "".join(parts)
    return None


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    return {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


@cache
def spoken() -> tuple[tuple[str, str], ...]:
    """Place and text of every string of the program that people may read."""
    found = []
    for path in (one for package in PACKAGES for one in modules(package)):
        if path.as_posix() in READ_ONLY:
            continue
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        parts = {
            part
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in ast.walk(node)
        }
        left_out = _docstrings(tree) | {one for one in parts if not isinstance(one, ast.JoinedStr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.expr) and node not in left_out:
                text = _spelled(node)
                if text:
                    found.append((f"{path}:{node.lineno}", text))
    return tuple(found)


def _chinese_of(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _chinese_of(one, f"{where}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _chinese_of(one, f"{where}[{number}]")
    elif isinstance(value, str) and CHINESE.search(value):
        yield where, value


@cache
def chinese() -> tuple[tuple[str, str], ...]:
    """Place and text of everything Chinese that people read."""
    found = [(place, text) for place, text in spoken() if CHINESE.search(text)]
    for name in PROSE:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        found += [(f"{name}:{number}", line) for number, line in enumerate(lines, 1)
                  if CHINESE.search(line)]  # fmt: skip
    for path in sorted((ROOT / "data/policies").glob("*.toml")):
        found += _chinese_of(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    return tuple(found)


@cache
def pairs() -> tuple[tuple[str, str, str], ...]:
    """Place, Chinese and English of every text that has both."""
    return tuple(_pairs())


def _pairs() -> Iterator[tuple[str, str, str]]:
    for path in (one for package in PACKAGES for one in modules(package)):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.Call, ast.Tuple)):
                continue
            given = [_spelled(one) for one in
                     (node.args if isinstance(node, ast.Call) else node.elts)]  # fmt: skip
            for zh, en in pairwise(given):
                if zh and en and CHINESE.search(zh) and not CHINESE.search(en):
                    yield f"{path}:{node.lineno}", zh, en


@pytest.fixture(scope="module", autouse=True)
def _looked_up() -> None:
    """Every text of the program is looked up once, whichever test comes first."""
    chinese()
    pairs()


# Chinese


def test_no_word_is_used_that_another_took_the_place_of() -> None:
    own = "schemas/glossary.py"
    used = [
        (place, word, text)
        for place, text in chinese()
        for word in REPLACED
        if word in text and not place.startswith(own)
    ]
    assert used == [], "\n".join(map(str, used))


def test_punctuation_between_chinese_words_is_full_width() -> None:
    half = re.compile(
        "[\u3400-\u9fff“”《》（）] ?[,;:!?()](?![\\w/*-])|[,;:!?(] ?[\u3400-\u9fff“《（]"
    )
    code = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)|\{[^{}]*\}")
    found = [(place, text) for place, text in chinese() if half.search(code.sub("", text))]
    assert found == [], "\n".join(map(str, found))


def test_a_chinese_text_with_arguments_has_no_half_width_punctuation() -> None:
    half = re.compile(r"\}[;!?(]|\}[,:] |[;!?(] ?\{|[,:] \{")
    found = [(place, zh) for place, zh, _ in pairs() if half.search(zh)]
    assert found == [], "\n".join(map(str, found))


def test_a_word_of_the_glossary_has_one_translation() -> None:
    words = {one.word.en: one.word.zh for one in GLOSSARY}
    assert len(words) == len(GLOSSARY) == len(set(words.values()))
    named = {
        **words,
        **{f"{en}s": zh for en, zh in words.items()},
    }
    wrong = [
        (place, zh, en)
        for place, zh, en in pairs()
        if en in named and named[en] not in zh and len(en.split()) < 4
    ]
    assert wrong == [], "\n".join(map(str, wrong))


# English


def test_what_follows_a_number_agrees_with_it() -> None:
    follows = re.compile(r"\{(?![A-Z])(?:[^{}]|\{[^{}]*\})*\} (?:[a-z-]+ )?([a-z]+s|people)\b")
    choice = re.compile(r"\{\w+:[^{}|]*\|[^{}]*\}")
    wrong = [
        (place, en)
        for place, _, en in pairs()
        for word in follows.findall(choice.sub("…", en))
        if word not in SINGULAR and not word.endswith("ss")
    ]
    assert wrong == [], "\n".join(map(str, wrong))


def test_what_is_said_of_one_thing_is_singular() -> None:
    rules = [rule.reasons for rule in RULES.values()]
    texts = [text for reasons in (*rules, COMMON_REASONS, AUTHORITY_REASONS)
             for text in reasons.values()]  # fmt: skip
    counts = re.compile(r"\{(\w+):[^{}|]*\|")
    plurals = re.compile(
        r"\b1 (?:working |valid |vice )?(?!was |is |has )[a-z]+[a-rt-z]s |\b1 (?:are|were|have)\b"
    )
    for text in texts:
        given: dict[str, object] = dict.fromkeys(re.findall(r"\{(\w+)\}", text.en), "X")
        shown = text.render(given | dict.fromkeys(counts.findall(text.en), 1), "en")
        assert not plurals.search(shown), shown


def test_a_number_chooses_its_word() -> None:
    text = Text("{rows}行", "{rows} {rows:row|rows} {rows:is|are} left")
    assert text.render({"rows": 1}, "en") == "1 row is left"
    assert text.render({"rows": 2}, "en") == "2 rows are left"
    assert text.render({"rows": 0}, "en") == "0 rows are left"
    assert text.render({"rows": 1}, "zh") == "1行"
    assert text.render(lang="en") == "{rows} rows are left"
    assert plural(1, "entry", "entries") == "1 entry"
    assert plural(21, "row") == "21 rows"


def test_what_is_said_of_something_follows_a_colon_of_the_language() -> None:
    assert stated("县级", "通过", lang="zh") == "县级：通过"
    assert stated("county", "open", lang="en") == "county: open"


def test_who_has_to_sign_is_named_where_only_the_reason_stands() -> None:
    given: dict[str, str | int] = {
        "organ": "secretary, discipline-commission",
        "need": 2,
        "have": 1,
    }
    said = words.reason_name("plan.sign-off", "sign-off-missing", given)
    assert said.render(lang="zh") == "党委书记、纪委：应签2人，已签1人"
    assert said.render(lang="en") == "party secretary, discipline commission: 1 of 2 signed"
