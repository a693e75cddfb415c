"""The HTML report as it stands in its file: what it says, that it is inert, and where it points."""

import base64
import gzip
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from schemas.decisions import unpacked
from schemas.entries import Decided, HandedOn
from schemas.text import LANGUAGES, Language
from schemas.vocabulary import STAGES
from tasks.export.history import read_record
from tasks.export.page.figures import figures_of
from tasks.export.report import report_bytes
from tests.export.ledgers import CITY, EVIL, eventful, eventful_record

VOID = frozenset({"meta", "input", "br", "col"})


class Page(HTMLParser):
    """The elements of a page: name, attributes, and the text directly in them."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(content.decode("utf-8"))
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.elements.append((tag, {name: value or "" for name, value in attrs}, text))
        if tag not in VOID:
            self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][1].append(data)

    def all(self, element: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        return [
            (attributes, "".join(text))
            for tag, attributes, text in self.elements
            if tag == element and all(attributes.get(key) == value for key, value in wanted.items())
        ]


@pytest.fixture(scope="module")
def content() -> bytes:
    return report_bytes(eventful_record(), "zh")


@pytest.fixture(scope="module")
def page(content: bytes) -> Page:
    return Page(content)


@pytest.fixture(scope="module")
def facts(page: Page) -> dict[str, Any]:
    [(_, packed)] = page.all("script", id="facts")
    told: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return told


def test_the_same_ledger_gives_the_same_bytes(content: bytes, tmp_path: Any) -> None:
    assert report_bytes(read_record(eventful(tmp_path)), "zh") == content


def test_its_policy_allows_its_own_style_and_script_and_nothing_else(page: Page) -> None:
    [(policy, _)] = [one for one in page.all("meta") if "http-equiv" in one[0]]
    rules = dict(part.split(" ", 1) for part in policy["content"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    [(_, style)] = page.all("style")
    [script] = [text for attributes, text in page.all("script") if "type" not in attributes]
    for name, text in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert "unsafe" not in policy["content"]


def test_it_refers_to_nothing_outside_itself(page: Page, content: bytes) -> None:
    for name, attributes, _ in page.elements:
        assert name not in {"img", "iframe", "link", "object", "embed", "base", "form"}
        assert not [one for one in attributes if one == "style" or one.startswith("on")]
        for key in ("src", "srcset", "action", "data", "xlink:href"):
            assert key not in attributes
        assert attributes.get("href", "#").startswith("#")
    text = content.decode()
    assert re.findall(r"(?i)https?:|//[a-z]+\.|@import|url\((?!#)", text) == []


def test_every_link_leads_somewhere(page: Page) -> None:
    ids = {attributes["id"] for _, attributes, _ in page.elements if "id" in attributes}
    entries = len(eventful_record().entries)
    for _, attributes, _ in page.elements:
        target = attributes.get("href", "#/")[1:]
        if found := re.fullmatch(r"e(\d+)", target):
            assert 1 <= int(found[1]) <= entries
        elif target.startswith("unit/"):
            assert target[5:] in {row[0] for row in CITY}
        else:
            assert target == "/" or target in ids
    assert len(ids) == len([1 for _, attributes, _ in page.elements if "id" in attributes])


def test_texts_cannot_become_markup(page: Page, content: bytes, facts: dict[str, Any]) -> None:
    told = content.decode()
    assert EVIL not in told
    assert "<img" not in told
    assert EVIL in html.unescape(told)
    assert [text for _, text in page.all("td") if text == EVIL]
    reasons = {act.get("reason") for act in facts["acts"].values()}
    assert EVIL in reasons


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_languages_stand_in_it_and_one_is_shown(lang: Language) -> None:
    shown = Page(report_bytes(eventful_record(), lang))
    checked = [one["id"] for one, _ in shown.all("input", name="language") if "checked" in one]
    assert checked == [f"lang-{lang}"]
    spans = shown.all("span")
    words = {code: [text for one, text in spans if one.get("class") == code] for code in LANGUAGES}
    assert len(words["zh"]) == len(words["en"]) > 100
    assert all(one["lang"] == "zh-Hans" for one, _ in spans if one.get("class") == "zh")
    assert {"待补", "密钥被吊销或更换"} <= set(words["zh"])
    assert {"waiting", "a key was revoked or replaced"} <= set(words["en"])


def test_the_board_names_the_entry_of_every_gate(page: Page) -> None:
    record = eventful_record()
    titles = [one["title"] for one, _ in page.all("a") if "title" in one]
    for name, *_ in CITY:
        for stage, now in record.gates(name).items():
            label = next(one.label for one in STAGES if one.value == stage)
            told = [text for text in titles if f"{label.zh}：" in text and "·" in text
                    and f"记录第{now.seq}号" in text]  # fmt: skip
            assert len(told) == (now.seq is not None)
    uses = [one["href"] for one, _ in page.all("use")]
    assert {"#s-open", "#s-waiting", "#s-blocked", "#s-held", "#s-not_reached"} <= set(uses)


def test_the_timeline_names_every_decision_and_hand_off(page: Page) -> None:
    titles = [text for _, text in page.all("title")]
    for one in eventful_record().entries:
        if isinstance(one, Decided | HandedOn):
            assert [text for text in titles if text.startswith(f"№{one.seq} ")], one.seq


def test_standing_decisions_can_be_read_without_scripts(page: Page) -> None:
    record = eventful_record()
    rows = {attributes["id"]: attributes for attributes, _ in page.all("tr") if "id" in attributes}
    expected = {
        f"e{found[-1].seq}": (unit, stage) for (unit, stage), found in record.decisions.items()
    }
    assert {name: (one["data-unit"], one["data-stage"]) for name, one in rows.items()} == expected
    codes = {text for _, text in page.all("code")}
    assert {"front", "discipline"} <= codes


def test_figures_count_what_the_tables_list() -> None:
    shown = {one.label.en: one.shown for one in figures_of(eventful_record())}
    assert shown == {
        "units through all gates": "0 / 8",
        "gates open": "4",
        "gates waiting": "3",
        "gates blocked": "1",
        "closed after standing open": "3",
        "hand-offs without ground": "3",
        "waivers in force": "1",
        "sign-offs that count": "9",
        "refused attempts": "6",
        "ledger entries": "90",
    }


def test_every_figure_names_the_entries_that_it_counts(page: Page) -> None:
    record = eventful_record()
    named = {attributes["id"] for attributes, _ in page.all("div") if "id" in attributes}
    every = {entry.seq for entry in record.entries}
    for place, one in enumerate(figures_of(record)):
        number = int(one.shown.partition(" ")[0])
        assert bool(one.seqs) is (number > 0), one.label.en
        assert every >= set(one.seqs)
        assert f"f-{place}" in named
        # A waiver that two organs signed is one waiver.
        assert (
            len(one.seqs) >= number
            if one.label.en == "waivers in force"
            else (len(one.seqs) == number)
        )


def test_the_facts_hold_every_finding_of_every_decision(facts: dict[str, Any]) -> None:
    for one in eventful_record().of_kind(Decided):
        told = facts["decisions"][str(one.seq)]
        found = {
            (check, status, shown[0] if isinstance(shown, list) else shown)
            for status, checks in told["found"].items()
            for check, number in checks.items()
            for shown in facts["lists"][number]
        }
        expected = {(f.check, f.status.value, f.subject) for f in unpacked(one.findings)}
        assert found == expected
        assert tuple(told["signOffs"]) == one.sign_offs
        assert told["void"] == one.as_json()["void"]
    assert len(facts["entries"]) == len(eventful_record().entries)
    zh, en = zip(*facts["texts"], strict=True)
    assert all(bool(one) == bool(two) for one, two in zip(zh, en, strict=True))
