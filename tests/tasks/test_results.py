"""The result report: every figure recomputed from the rows, of lawful cases and of a whole home."""

import io
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from data.ledger import LedgerBroken
from schemas.entries import Decided, HandedOn
from schemas.facts import facts_of
from schemas.names import post_name
from schemas.registers import REGISTERS
from schemas.tables import Tables, frame_of
from schemas.text import LANGUAGES, Language
from schemas.vocabulary import Body, Level, PostKind
from tasks.results import source as source_module
from tasks.results.content import PARTS_COUNT, PARTS_PAPERS, document_of
from tasks.results.document import Document
from tasks.results.page import page_bytes
from tasks.results.sheet import sheet_bytes
from tasks.results.source import NoResult, Source, source_of
from tests.generator.base import whole
from tests.law.cases import Case, cases, rows_of, setting_of
from tests.objections.scene import reopened
from tests.support import cycle
from tests.support import result_oracle as oracle

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINE_OF_11 = 15  # points that a line of type of 11 points takes in a sheet
UNIT = "640302-congress"
DIGEST = "5" * 64
AT = "2016-12-09T08:00:00.000000+00:00"


class Shown(HTMLParser):
    """The tables of a page as caption and rows of cells, and all of its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._in = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._in == "caption":
            self.tables[-1] = (data, self.tables[-1][1])
        elif self._in in ("td", "th"):
            self.tables[-1][1][-1][-1] += data


def lawful_results() -> list[Case]:
    return [
        case
        for case in cases(lawful=True)
        if case.stage == "result"
        and not case.needs
        and "sessions" not in case.given.get("drop", {})
    ]


def made(case: Case) -> tuple[Source, dict[str, Any]]:
    """A case's rows as the source of a report; its entries stand for those of a ledger."""
    pack = case.packs[-1]
    setting = setting_of(case, pack)
    rows = {
        name: [{**dict.fromkeys(REGISTERS[name].column), **row} for row in table]
        for name, table in rows_of(case, setting).items()
    }
    tables = Tables(lambda name, _: frame_of(name, rows.get(name, [])))
    facts = facts_of(tables, setting.on).within([setting.unit])
    handed = HandedOn(
        seq=12, prev=DIGEST, at=AT, on=AT[:10], unit=setting.unit, stage="result", decision=11,
        digest=DIGEST, evidence=DIGEST, policy=DIGEST, signers=("o-1",),
        sign_offs=(9,), waivers=(), evaluator=DIGEST, signature="",
    )  # fmt: skip
    decision = Decided(
        seq=11, prev=DIGEST, at=AT, unit=setting.unit, stage="result", outcome="open",
        on=str(setting.on), policy=DIGEST, evidence=DIGEST, position=10,
        findings={}, signers=("o-1",), sign_offs=(9,), waivers=(), void={}, carried={}, since=0,
        barred={}, reopened=None, decision=DIGEST, code="0", run=None, evaluator=DIGEST,
        signature="",
    )  # fmt: skip
    return Source(setting.unit, DIGEST, pack, handed, decision, facts, 0, ()), rows


def papers_and_counts(shown: Shown) -> Iterator[tuple[list[list[str]], list[list[str]]]]:
    """For each vote the table of its papers and that of its count, which a void vote may lack."""
    parts = (PARTS_PAPERS.zh, PARTS_PAPERS.en, PARTS_COUNT.zh, PARTS_COUNT.en)
    tables = [table for table in shown.tables[1:-1] if table[0] not in parts]
    place = 0
    while place < len(tables):
        papers, count = tables[place][1], []
        if place + 1 < len(tables) and len(tables[place + 1][1][0]) == 10:
            count = tables[place + 1][1]
        place += 2 if count else 1
        yield papers, count


def assert_figures(shown: Shown, rows: dict[str, Any], unit: str) -> None:
    """Every number on a report is that of the oracle, and every row of the unit is on it."""
    names = {row["person"]: row["name"] for row in rows["roster"]}
    people = {row["candidate"]: row["person"] for row in rows["candidates"]}
    kinds = [kind.value for kind in PostKind]
    posts = sorted(oracle.of_unit(rows, "posts", unit), key=lambda row: kinds.index(row["kind"]))
    heading, *lines = shown.tables[0][1]
    assert len(heading) == 7
    assert len(lines) == len(posts)
    for post, line in zip(posts, lines, strict=True):
        won = oracle.elected(rows, unit, post["post"])
        void = {
            row["candidate"] for row in oracle.of_unit(rows, "results", unit) if row["voided_on"]
        }
        left = sum(
            row["seats"]
            for row in oracle.of_unit(rows, "vacancies", unit)
            if row["post"] == post["post"]
        )
        assert int(line[1]) == post["seats"]
        said = line[2].replace("、", ", ").split(", ") if line[2] else []
        assert said == [names[people[one]] + "*" * (one in void) for one in won]
        assert int(line[3]) == len(set(won) - void)
        assert int(line[4]) == left
    order = [post["post"] for post in posts]
    votes = sorted(oracle.held_votes(rows, unit), key=lambda row: order.index(row["post"]))
    printed = list(papers_and_counts(shown))
    assert len(printed) == len(votes)
    for vote, (papers, count) in zip(votes, printed, strict=True):
        assert [int(cell) for cell in papers[1]] == oracle.paper_numbers(rows, vote)
        counted = {line[1]: [int(cell) for cell in line[3:8]] for line in count[1:]}
        assert counted == dict(oracle.count_lines(rows, vote))
        assert {line[1]: line[0] for line in count[1:]} == {
            one: names[people[one]] for one in counted
        }
        won_now = {
            row["candidate"]
            for row in oracle.of_unit(rows, "results", unit)
            if row["elected"] and (row["post"], row["round"]) == (vote["post"], vote["round"])
        }
        if not vote["annulled"]:
            said_elected = {line[1] for line in count[1:] if line[9] in ("当选", "elected")}
            same = {one for one in counted if people[one] in {people[each] for each in won_now}}
            assert said_elected <= same
            assert won_now <= said_elected
    text = "|".join(shown.text)
    for number in (
        oracle.all_members(rows, unit), oracle.quorum(rows, unit), oracle.majority(rows, unit)
    ):  # fmt: skip
        assert f"|{number}" in text


@pytest.mark.parametrize("case", lawful_results(), ids=lambda case: case.id)
def test_every_figure_is_that_of_the_rows(case: Case) -> None:
    source, rows = made(case)
    shown = Shown(page_bytes(document_of(source), "zh"))
    assert_figures(shown, rows, source.unit)


@pytest.mark.parametrize("name", ["voted-in-two-halls", "counted-on-two-tally-sheets"])
def test_the_parts_of_a_vote_are_printed_with_every_number(name: str) -> None:
    source, rows = made(next(one for one in lawful_results() if one.id == name))
    shown = Shown(page_bytes(document_of(source), "zh"))
    tables = dict(shown.tables)
    papers = {line[0]: [cell for cell in line[2:] if cell] for line in tables[PARTS_PAPERS.zh][1:]}
    assert papers == {
        row["hall"]: [str(row[one]) for one in oracle.PAPERS[3:] if row[one] is not None]
        for row in rows["halls"]
    }
    counted = {(line[0], line[2]): line[3:] for line in tables[PARTS_COUNT.zh][1:]}
    assert counted == {
        (row["hall"], row["candidate"]): [str(row[mark] or 0) for mark in oracle.MARKS]
        for row in rows["hall_tallies"]
        if row["role"] == "first"
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return cycle.small_home(tmp_path_factory.mktemp("result") / "home", run=True)


@pytest.fixture(scope="module")
def document(home: Home) -> Document:
    return document_of(source_of(home, UNIT))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_of_a_home_says_what_its_rows_and_its_ledger_say(
    home: Home, document: Document, lang: Language
) -> None:
    content = page_bytes(document, lang)
    shown = Shown(content)
    rows = {name: list(table) for name, table in cycle.small_rows().items()}
    assert_figures(shown, rows, UNIT)
    handed = [one for one in cycle.entries(home, "handed-on") if one["unit"] == UNIT][-1]
    decided = next(
        one for one in cycle.entries(home, "decided") if one["seq"] == handed["decision"]
    )
    text = "|".join(shown.text)
    for one in (handed["digest"], decided["decision"], decided["evidence"], decided["policy"],
                decided["on"], decided["code"], *handed["signers"], "cn-2016", UNIT):  # fmt: skip
        assert str(one) in text
    for seq in (handed["seq"], decided["seq"]):
        assert ("记录第{}号" if lang == "zh" else "entry {}").format(seq) in text
    signs = shown.tables[-1][1]
    names = {row["person"]: row["name"] for row in rows["roster"]}
    listed = {names[row["person"]] for row in oracle.of_unit(rows, "ballot_staff", UNIT)}
    assert {line[1] for line in signs} - {""} == listed
    assert len(signs) == len(listed) + 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_says_the_same_as_the_page(document: Document, lang: Language) -> None:
    page = Shown(page_bytes(document, lang))
    content = sheet_bytes(document, lang)
    (name,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    lines = book.get_sheet_by_name(name).to_python()
    cells = [[str(cell) for cell in line if cell != ""] for line in lines]
    plain = [[cell.removesuffix(".0") for cell in line] for line in cells]
    for _, rows in page.tables:
        for row in rows:
            assert [cell for cell in row if cell] in plain
    assert sheet_bytes(document, lang) == content


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_cell_of_the_workbook_is_cut_off_on_paper(document: Document, lang: Language) -> None:
    """There is room for every line of a cell that is wrapped."""
    content = sheet_bytes(document, lang)
    with ZipFile(io.BytesIO(content)) as package:
        sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 (ours)
    widths = [float(one.attrib["width"]) for one in sheet.iter(f"{SHEET}col")]
    heights = [float(one.attrib.get("ht", LINE_OF_11)) for one in sheet.iter(f"{SHEET}row")]
    wide = {int("".join(filter(str.isdigit, one.attrib["ref"].partition(":")[0])))
            for one in sheet.iter(f"{SHEET}mergeCell")}  # fmt: skip
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    numbers = [int(one.attrib["r"]) for one in sheet.iter(f"{SHEET}row")]
    lines = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    high = 0
    for number, height in zip(numbers, heights, strict=True):
        for cell, width in zip(lines[number - 1], widths, strict=False):
            taken = sum(1 if letter.isascii() else 2 for letter in str(cell))
            if number not in wide and isinstance(cell, str) and taken > width:
                assert height >= LINE_OF_11 * taken / width, cell
                high += 1
    assert high


def test_a_page_asks_for_nothing_and_runs_nothing(document: Document) -> None:
    shown = Shown(page_bytes(document, "zh"))
    names = {tag for tag, _ in shown.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "a"}
    attributes = {name for _, given in shown.tags for name in given}
    assert not {name for name in attributes if name.startswith("on")} | (
        attributes & {"src", "href", "style"}
    )
    (policy,) = (given["content"] for tag, given in shown.tags if "http-equiv" in given)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    ("kind", "body", "level", "place", "zh"),
    [
        ("chair", "congress", "county", "清源区", "人大常委会主任"),
        ("vice-chair", "congress", "township", "白塔镇", "人大副主席"),
        ("vice-chair", "cppcc", "city", "清宁市", "政协副主席"),
        ("member", "cppcc", "county", "清源区", "政协常务委员"),
        ("member", "congress", "city", "清宁市", "人大常委会委员"),
        ("secretary-general", "congress", "city", "清宁市", "人大常委会秘书长"),
        ("head", "government", "county", "阿拉善左旗", "旗长"),
        ("deputy-head", "government", "township", "白塔回族乡", "副乡长"),
        ("deputy-head", "government", "county", "清源区", "副区长"),
        ("court-president", "congress", "county", "清源区", "人民法院院长"),
        ("head", "government", "city", "临夏回族自治州", "州长"),
        ("head", "government", "county", "张家川回族自治县", "县长"),
        ("head", "government", "township", "巴彦诺日公苏木", "苏木达"),
    ],
)
def test_posts_are_called_what_people_call_them(
    kind: str, body: str, level: str, place: str, zh: str
) -> None:
    assert post_name(PostKind(kind), Body(body), Level(level), place).zh == zh


def test_a_result_that_its_facts_do_not_hand_on_is_not_printed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "frame_digests", lambda _: {UNIT: DIGEST})
    with pytest.raises(LedgerBroken):
        source_of(home, UNIT)


def test_a_unit_without_a_result_has_no_report(home: Home) -> None:
    with pytest.raises(NoResult):
        source_of(home, "640300-congress")


def test_a_gate_that_was_closed_since_is_told_on_the_report(tmp_path: Path) -> None:
    own = cycle.small_home(tmp_path / "home", run=True)
    tally = next(row for row in cycle.small_rows()["tallies"] if row["unit"] == UNIT)
    cycle.deliver(own, "tallies", [{**tally, "in_favour": whole(tally, "in_favour") - 1}])
    cycle.launch(own, "result", UNIT)
    reopened(own, UNIT)
    cycle.launch(own, "result", UNIT)
    source = source_of(own, UNIT)
    last = [one for one in cycle.entries(own, "decided") if one["unit"] == UNIT][-1]
    assert source.closed == last["seq"]
    assert source.facts.on == date.fromisoformat(source.decision.on)
    shown = Shown(page_bytes(document_of(source), "en"))
    assert any(f"Entry {last['seq']} closed a gate" in one for one in shown.text)
    assert_figures(shown, dict(cycle.small_rows()), UNIT)
