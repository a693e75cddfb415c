"""Every page of the desk in the reader's language, found by following every link.

Expected (issue 16): the Chinese pages have no English words but names, ids, codes and what is typed
at a terminal; the English pages have no Chinese but what was delivered or written by people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import prefect.states
import pytest

from deployments.desk.pages import RUN_STATES
from schemas.encodings import to_base64
from schemas.registers import REGISTERS
from schemas.text import LANGUAGES, Language
from tasks.officers import keys
from tests.authority.rows_confirmations import invented, kept_waiting
from tests.authority.scene import (
    ADDED,
    DELIVERER,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
    rows,
)
from tests.desk.scene import Reader, desk_of, reader_of
from tests.desk.test_handing_in import STEPS, look
from tests.support.signing import who

# What stands in Chinese sentences as it is: products, formats and units of time.
NAMES = {
    *("Termgate", "Prefect", "SQLite", "Excel", "WPS", "CSV", "UTC", "MB", "receipt", "pub"),
    *("OpenSSH", "Ed25519", "PKCS", "HMAC", "SHA", "AES", "CBC", "PBKDF2"),
    *("xlsx", "xlsm", "xls", "et", "ods", "csv"),
}
# Read as data: ids, digests, fingerprints, addresses, moments, commands, and codes of checks.
DATA = re.compile(
    r"https?://\S+|\d{4}-\d\d-\d\dT[\d:.+Z]*|\b[0-9a-f]{12,}\b|(?:[0-9a-f]{4}-){7}[0-9a-f]{4}|"
    r"\b[a-z]{1,2}-\d[\w/-]*|\b\d{6,}[\w/-]+|urn:\S+|docs/\S+|--[a-z-]+|"
    r"\b(?:plan|nomination|vetting|inspection|slate|result)\.[a-z-]+|"
    r"termgate [a-z]+[^，。；（）<]*|openssl [^，。；（）<]*"
)
# What officers wrote here as reasons, and in cells.
WRITTEN = ("材料不实", "本人住院", "某人", "会议", "9月31日")
CHINESE = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff·]*")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9'’]*")
STARTS = (
    "/", f"/gate/{UNIT}/plan", "/sign-in", "/enrol", "/none", "/board?scope=%E6%B8%85%E6%BA%90",
    "/history?stage=plan",
)  # fmt: skip
# Attributes that are read out or shown.
SPOKEN = ("aria-label", "title", "alt", "placeholder")
# So many pages are looked at that differ only in what they are about.
MOST = 2
# Elements without an end.
VOID = ("input", "meta", "link", "br", "img", "hr", "path", "rect", "use", "circle", "line", "col")


class Words(HTMLParser):
    """What people read of a page, and where it leads."""

    def __init__(self, lang: Language) -> None:
        super().__init__()
        self._other = "en" if lang == "zh" else "zh"
        self._silent: list[str] = []
        self._in_words = False
        self.found: list[str] = []
        self.links: set[str] = set()

    def _is_silent(self, tag: str, attributes: dict[str, str | None]) -> bool:
        other = (attributes.get("lang") or "").startswith(self._other)
        code = tag in ("script", "style", "code") or (tag == "dt" and self._in_words)
        return other or code

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._in_words = self._in_words or attributes.get("id") == "words"
        if tag in VOID:
            pass
        elif self._silent or self._is_silent(tag, attributes):
            self._silent.append(tag)
        if not self._silent:
            self.found += [value for name in SPOKEN if (value := attributes.get(name))]
        for name in ("href", "data-from"):
            self.links.add(attributes.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag not in VOID:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(data.strip())


def read(page: str, lang: Language) -> Words:
    words = Words(lang)
    words.feed(page)
    return words


@cache
def delivered() -> str:
    """What people delivered in Chinese: names of people, places and posts, and their words."""
    values = {str(value) for table in rows().values() for row in table for value in row.values()}
    return "\n".join([*(one for one in values if CHINESE.search(one)), *WRITTEN])


def foreign(words: Words, lang: Language) -> list[str]:
    """What is not in the reader's language."""
    found = []
    for text in words.found:
        if lang == "en":
            other = [one for one in CHINESE.findall(text) if one not in delivered()]
        else:
            other = [one for one in LATIN.findall(DATA.sub(" ", text)) if one not in NAMES]
        found += [f"{one}: {text}" for one in other]
    return found


def crawled(reader: Reader) -> Iterator[tuple[str, str]]:
    """Every page that is reached by following links, and its text."""
    left, seen = list(STARTS), set[str]()
    kinds: dict[str, int] = {}
    while left:
        path = left.pop(0).partition("#")[0]
        # Of pages that differ in what they are about, some.
        kind = re.sub(r"[\d][\w-]*|=[^&]*", "*", path)
        if path in seen or kinds.get(kind, 0) >= MOST or not path.startswith("/"):
            continue
        if path.startswith(("/language", "/static", "/export", "/receipt", "/came-back")):
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = reader.get(path)
        if answer.headers["content-type"].startswith("text/html"):
            yield path, answer.text
            left += sorted(read(answer.text, "en").links)


def table(lang: Language) -> dict[str, str]:
    """A file of which a row comes back for its kind, and one for its day; one is readable."""
    columns = REGISTERS[STEPS].columns
    rejected = ({**ADDED, "kind": "会议"}, {**ADDED, "held_on": "9月31日"}, dict(meeting(2)))
    lines = [[str(row[spec.name]) for spec in columns] for row in rejected]
    head = [spec.column.label.render(lang=lang) for spec in columns]
    content = "\n".join(map(",".join, [head, *lines])).encode()
    return {"name": "1.csv", "content": to_base64(content), "goes_to": STEPS}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A cycle in which there is something of everything."""
    case = case_of("lacking", tmp_path_factory.mktemp("language"))
    keys.enrol(case.recorder, who(KEYLESS))
    kept_waiting(case, "officers", invented(), by=LIAISON)
    case.waive(DISCIPLINE)
    case.refuse(SECRETARY)
    case.deliver("measures", dict(meeting(1)), by=DELIVERER)
    case.launch()
    return case


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_in_one_language(case: Case, lang: Language) -> None:
    found, paths = dict[str, list[str]](), set[str]()
    with desk_of(case) as desk, reader_of(desk, LIAISON) as reader:
        reader.client.headers["accept-language"] = lang
        for path, page in crawled(reader):
            paths.add(path)
            found[path] = foreign(read(page, lang), lang)
        found["looked"] = foreign(read(look(reader, table(lang)).json()["page"], lang), lang)
    assert {"/", "/board", "/officers", f"/gate/{UNIT}/plan", "/deadlines"} <= paths
    assert {path: words for path, words in found.items() if words} == {}


def test_what_is_foreign_is_found() -> None:
    zh = '<p>关口 documents changed</p><p title="close">按钮</p><code>ok</code><p lang="en">x</p>'
    assert [one.partition(":")[0] for one in foreign(read(zh, "zh"), "zh")] == [
        "documents", "changed", "close",
    ]  # fmt: skip
    assert foreign(read("<p>清源区 is 打开</p>", "en"), "en") == ["打开: 清源区 is 打开"]
    assert foreign(read("<p>用 termgate key list，或 o-640302-01</p>", "zh"), "zh") == []


def test_every_state_of_a_run_has_words() -> None:
    """Prefect names states of runs itself; nobody reads its names."""
    source = Path(prefect.states.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r"^def ([A-Z][A-Za-z]+)\(", source, re.MULTILINE))
    assert {"Submitting", "AwaitingRetry"} <= named
    assert named - RUN_STATES.keys() == set()
