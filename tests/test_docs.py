"""The documentation says what the program does: made pages, READMEs, commands, JSON, digests."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet
import pytest
from cyclopts import App
from python_calamine import CalamineWorkbook

from data import checkpoints
from data.blobs import BlobStore, Folder
from data.home import Home
from data.keyfiles import load_key
from data.ledger import Ledger
from data.policies import in_force, pack_bytes
from deployments.cli import app, run_command
from deployments.passphrase import VARIABLE
from schemas.canonical import (
    CELLS_SCHEME,
    EVIDENCE_SCHEME,
    HANDOFF_SCHEME,
    ROW_SCHEME,
    canonical,
    digest,
)
from schemas.deadlines import DeadlineKind
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.forecasting import forecast_ahead
from tasks.gate.snapshot import open_snapshot
from tasks.handoff.frames import READS
from tasks.officers import keys, signing, waiving
from tasks.officers.recording import Recorder
from tasks.officers.waiving import Wanted
from tasks.reminding import remind
from tests.authority.rows_packs import adopt
from tests.authority.scene import CITY_DISCIPLINE, CITY_SECRETARY, KEYLESS, case_of, meeting
from tests.generator.base import whole
from tests.intake.files import csv_file
from tests.objections.scene import UNIT, raised, reopened, report, rule
from tests.replay import scenes
from tests.support import cycle, documents
from tests.support.cycle import Entry
from tests.support.history import adopt_another_pack, replace_evaluators
from tests.support.keyfiles import founding_options
from tests.support.looked_at import LookedAt
from tests.support.places import copied
from tests.support.signing import private_of, who
from tests.support.tree import ROOT

READMES = ("README.md", "README.zh.md")
COMMANDS = ("docs/commands.md", "docs/commands.zh.md")
INTERFACE = "docs/interface.md"
REPORTS = ("docs/benchmarks.md", "docs/history.md", "docs/trials.md")
CLOSED_UNIT = "640302-congress"
OPEN_UNIT, TOWN = "640302103-congress", "640302103"
SECRETARY, DISCIPLINE, ORGANISATION = "o-640302-01", "o-640302-02", "o-640302-51"
SCRUTINEER = "o-640302-12"
TOPMOST = "o-640300-01"
WAIVED_UNTIL = date(2017, 1, 20)
PASSPHRASE = "correct horse battery"  # noqa: S105 (of keys that are made here)

Row = dict[str, Any]
Path_ = tuple[str, ...]


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fenced(text: str) -> list[tuple[str, str]]:
    """Language and content of every fenced block."""
    found = re.findall(r"^( *)```(\w+)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [(language, content) for _, language, content in found]


def without_blocks(text: str) -> str:
    return re.sub(r"^( *)```\w+\n.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)


def headings(text: str) -> list[str]:
    return re.findall(r"^(#+ .*)$", without_blocks(text), re.MULTILINE)


def anchors(text: str) -> set[str]:
    """What a link can lead to: the headings, those that come again with a number."""
    found: Counter[str] = Counter()
    made = set()
    for title in headings(text):
        name = re.sub(r"[^\w\- ]", "", title.lstrip("# ").lower()).replace(" ", "-")
        made.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return made


def tables(text: str) -> list[list[list[str]]]:
    """Every table as rows of cells, its heading and rule left out."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", without_blocks(text) + "\n", re.MULTILINE)
    return [
        [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()[2:]
        ]
        for block in blocks
    ]


def section(text: str, heading: str) -> str:
    """What stands below a heading, down to the next of its level or above."""
    level = heading.count("#")
    pattern = rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)"
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading}"
    return found[1]


# Pages that are made


@pytest.mark.parametrize("name", documents.PAGES)
def test_the_made_pages_are_as_their_generator_writes_them(name: str, tmp_path: Path) -> None:
    documents.write(tmp_path)
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert page(name) == written, f"run {documents.COMMAND}"


@pytest.mark.parametrize(
    "name", [*READMES, *COMMANDS, "CHANGELOG.md", INTERFACE, *REPORTS, *documents.PAGES]
)
def test_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", without_blocks(page(name))):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        path = (ROOT / name).parent / target if target else ROOT / name
        assert path.exists(), link
        if anchor:
            text = path.read_text(encoding="utf-8")
            assert anchor in anchors(text), link


# The two READMEs


def test_the_readmes_have_the_same_headings() -> None:
    levels = [[title.split(" ")[0] for title in headings(page(name))] for name in READMES]
    assert levels[0] == levels[1]


def test_the_readmes_have_the_same_blocks() -> None:
    english, chinese = (fenced(page(name)) for name in READMES)
    assert [language for language, _ in english] == [language for language, _ in chinese]
    for (language, one), (_, other) in zip(english, chinese, strict=True):
        # What is printed is in the reader's language; what is typed is the same.
        if language == "text":
            assert len(one.splitlines()) == len(other.splitlines())
        else:
            assert one == other


@pytest.mark.parametrize("names", [READMES, COMMANDS], ids=["READMEs", "commands"])
def test_the_two_languages_have_the_same_tables(names: tuple[str, str]) -> None:
    english, chinese = (tables(page(name)) for name in names)
    assert [[row[:-1] for row in one] for one in english] == [
        [row[:-1] for row in one] for one in chinese
    ]


def commands(within: App, *path: str) -> Iterator[tuple[str, App]]:
    for name in within:
        if name.startswith("-"):
            continue
        found = within[name]
        if any(not inner.startswith("-") for inner in found):
            yield from commands(found, *path, name)
        else:
            yield " ".join(("termgate", *path, name)), found


def spelled(command: App) -> set[str]:
    """Every argument and option, in brackets where it can be left out."""
    found = set()
    for argument in command.assemble_argument_collection():
        name = next(name for name in argument.names if name not in argument.negatives)
        if name == "*":  # what several options are passed on as
            continue
        found.add(name if argument.required else f"[{name}]")
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_every_command_and_option(name: str) -> None:
    rows = [row for one in tables(page(name)) for row in one if row[0].startswith("`termgate")]
    documented = {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[1])) for row in rows}
    assert documented == {command: spelled(found) for command, found in commands(app)}


def typed_commands() -> list[str]:
    blocks = [content for name in READMES for language, content in fenced(page(name))
              if language == "sh"]  # fmt: skip
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("termgate ")]


@pytest.mark.parametrize("line", sorted(set(typed_commands())))
def test_what_the_readme_types_is_understood(line: str) -> None:
    app.parse_args(line.split()[1:], exit_on_error=False, print_error=False)


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_targets_of_the_makefile(name: str) -> None:
    makefile = page("Makefile")
    blocks = [content for language, content in fenced(page(name)) if language == "sh"]
    targets = re.findall(r"^\s*make (\w+)", "\n".join(blocks), re.MULTILINE)
    assert {"cycle", "test", "serve"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}( ui)?:", makefile, re.MULTILINE), target


# JSON


def steps(documented: str) -> Path_:
    """`findings[].arguments.<name>` as its steps."""
    return tuple(re.findall(r"<[^>]+>|\[\]|[^.\[\]<>]+", documented))


def found_in(value: Any, at: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every field of a JSON value with its type; elements of lists are `[]`."""
    names = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}
    if at and at[-1] != "[]":
        yield at, names.get(type(value), "null")
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from found_in(inner, (*at, name))
    if isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                yield from found_in(inner, (*at, "[]"))


def means(documented: Path_, real: Path_) -> bool:
    return len(documented) == len(real) and all(
        one.startswith("<") or one == other for one, other in zip(documented, real, strict=True)
    )


def fields_of(*sections: str) -> dict[Path_, str]:
    """Field → types, of all tables of fields in these sections of the interface."""
    found: dict[Path_, str] = {}
    for heading in sections:
        text = section(page(INTERFACE), heading)
        rows = [row for one in tables(text) for row in one]
        found |= {steps(row[0].strip("`")): row[1] for row in rows}
    return found


def assert_documented(documented: dict[Path_, str], value: Any) -> set[Path_]:
    """Every field of `value` is documented with its type; returns what was met."""
    met = set()
    for real, kind in found_in(value):
        known = [one for one in documented if means(one, real)]
        assert known, f"{'.'.join(real)} is not documented"
        assert any(kind in re.findall(r"\w+", documented[one]) for one in known), (real, kind)
        met.update(known)
    return met


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small cycle that was run and is closed here and there."""
    return cycle.small_home(tmp_path_factory.mktemp("home"), planted=True, run=True)


def waived_and_closed_again(home: Home) -> None:
    """Somebody was not talked to: that is waived, and signing is refused, withdrawn, attempted."""
    rows = cycle.small_rows()
    roster = {one["person"] for one in rows["roster"] if one["jurisdiction"] == TOWN}
    talks = {one["talk"] for one in rows["talks"] if one["kind"] == "responsibility"}
    gone = [one for one in rows["talk_participants"]
            if one["person"] in roster and one["talk"] in talks][:1]  # fmt: skip
    cycle.withdraw(home, "talk_participants", gone)
    cycle.launch(home, Stage.PLAN)
    recorder = Recorder(home)
    what = Wanted(OPEN_UNIT, "plan.responsibility-talks", str(gone[0]["person"]), WAIVED_UNTIL)
    first = waiving.waive(recorder, what, "in hospital", who(DISCIPLINE))
    waiving.join_waiver(recorder, first, who(ORGANISATION))
    cycle.launch(home, Stage.PLAN)
    refused = signing.refuse(Recorder(home), OPEN_UNIT, Stage.PLAN, who(ORGANISATION), "too early")
    cycle.launch(home, Stage.PLAN)
    signing.withdraw(Recorder(home), refused, who(ORGANISATION), "read again")
    with pytest.raises(ActRefused):
        signing.sign(Recorder(home), OPEN_UNIT, Stage.PLAN, who(SCRUTINEER))
    signing.sign(Recorder(home), OPEN_UNIT, Stage.PLAN, who(SECRETARY))
    cycle.launch(home, Stage.PLAN)


def rows_added(made: Home) -> None:
    """A row more, after which what was signed still counts."""
    like = next(row for row in cycle.small_rows()["measures"] if row["jurisdiction"] == TOWN)
    cycle.deliver(made, "measures", [{**like, "kind": "secretaries-meeting"}])
    cycle.launch(made, Stage.PLAN, OPEN_UNIT)
    assert cycle.entries(made, "decided")[-1]["carried"]


def objected_and_ruled(made: Home) -> None:
    """A unit is concluded, a late report is objected twice, and one objection is rejected."""
    assert cycle.run(made, "result", UNIT)[UNIT] is Outcome.OPEN
    report(made)
    cycle.launch(made, "result", UNIT)
    rule(made, raised(made)[0]["seq"], "reject", DISCIPLINE)


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same cycle with an entry of every kind, and a gate that was closed again."""
    path = tmp_path_factory.mktemp("eventful")
    made = cycle.small_home(path, planted=True, run=True, declared=False)
    waived_and_closed_again(made)
    rows_added(made)
    objected_and_ruled(made)
    like = next(row for row in cycle.small_rows()["officers"] if row["officer"] == SCRUTINEER)
    cycle.deliver(made, "officers", [like])
    keys.rotate(Recorder(made), who(SCRUTINEER), private_of(SCRUTINEER, 2))
    keys.revoke(Recorder(made), SCRUTINEER, who(DISCIPLINE), "laptop lost")
    replace_evaluators(made)
    adopt_another_pack(made)
    note = checkpoints.new_checkpoint(made).text()
    for officer in (SECRETARY, DISCIPLINE):
        signed = checkpoints.sign_checkpoint(made, note.encode(), officer, private_of(officer))
        note = signed.text()
    checkpoints.file_checkpoint(made, note.encode())
    assert remind(made, cycle.ON).new
    return made


class Printed:
    """Runs commands and reads the JSON that they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Any:
        run_command([*map(str, arguments), "--json"])
        return json.loads(self._capsys.readouterr().out)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Printed:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    return Printed(capsys)


def book(folder: Path) -> Path:
    """A book with a row that is taken and one that is not."""
    folder.mkdir()
    (folder / "jurisdictions.csv").write_text(
        "jurisdiction,name,level,parent,population,founding ethnicity\n"
        "640300,某市,city,,01400000,\n640302,某区,county,640300,many,\n",
        encoding="utf-8",
    )
    (folder / "units.csv").write_text(
        "unit,jurisdiction,body\n640300-congress,640300,congress\n", encoding="utf-8"
    )
    (folder / "officers.csv").write_text(
        "officer,name,person,organ,jurisdiction\no-1,某人,p-1,organisation-department,640300\n"
        "o-2,某人,p-2,secretary,640300\n",
        encoding="utf-8",
    )
    return folder


def test_what_init_and_submit_print_is_documented(printed: Printed, tmp_path: Path) -> None:
    delivered, opened = book(tmp_path / "book"), tmp_path / "opened"
    founders = founding_options(tmp_path / "keys", "o-1", "o-2")
    first = printed("init", "--policy", "cn-2016", "--book", delivered, "--home", opened, *founders)
    documented = fields_of("### init --json")
    assert assert_documented(documented, first) == set(documented)
    again = printed(
        "submit", "officers", delivered / "officers.csv", *founders[:6], "--home", opened
    )
    documented = fields_of("### submit --json")
    assert assert_documented(documented, again) == set(documented)


def test_what_a_dry_run_prints_is_documented(printed: Printed, tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home", run=True, declared=False)
    row = next(one for one in cycle.small_rows()["calendar"] if one["unit"] == "640302-congress")
    file = tmp_path / "calendar.csv"
    row = {**row, "term_years": 4}
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([row.keys(), row.values()])
    told = printed(
        "submit", "calendar", file, "--as", cycle.OFFICER, "--dry-run", "--home", home.path
    )
    # Somebody who would sign a gate of which this is evidence.
    case = case_of("decided", tmp_path / "decided")
    meetings = csv_file(tmp_path / "measures.csv", [meeting(1)], "measures")
    barred = printed(
        "submit", "measures", meetings, "--as", SECRETARY, "--dry-run", "--home", case.home.path
    )
    documented = fields_of("### submit --dry-run --json")
    met = assert_documented(documented, told) | assert_documented(documented, barred)
    assert met == set(documented)


def test_the_quarantine_and_the_list_have_the_columns_documented(
    tmp_path: Path, printed: Printed
) -> None:
    delivered = book(tmp_path / "book")
    home = tmp_path / "h"
    founders = founding_options(tmp_path / "keys", "o-1", "o-2")
    first = printed("init", "--policy", "cn-2016", "--book", delivered, "--home", home, *founders)
    sheets = CalamineWorkbook.from_path(first["jurisdictions"]["quarantine"])
    head = sheets.get_sheet_by_index(0).to_python()[0]
    added, listed = tables(section(page(INTERFACE), "### The quarantine"))[:2]
    columns = [spec.column.en for spec in REGISTERS["jurisdictions"].columns]
    assert head == [*columns, *(row[0].strip("`") for row in added)]
    lines = Path(first["jurisdictions"]["listed"]).read_text("utf-8-sig").splitlines()
    assert lines[0] == ",".join(f'"{row[0].strip("`")}"' for row in listed)


def test_what_status_prints_is_documented(printed: Printed, eventful: Home) -> None:
    documented = fields_of("### status --json")
    forecast_ahead(open_snapshot(eventful, "cycle"), "cycle")
    shown = printed("status", "--home", eventful.path)
    assert assert_documented(documented, shown) == set(documented)


def test_what_gate_show_prints_is_documented(printed: Printed, eventful: Home) -> None:
    documented = fields_of("### gate show --json")
    forecast_ahead(open_snapshot(eventful, "cycle"), "cycle")
    met: set[Path_] = set()
    for unit in (CLOSED_UNIT, OPEN_UNIT):
        for stage in STAGES:
            shown = printed("gate", "show", unit, stage, "--home", eventful.path)
            met |= assert_documented(documented, shown)
    reopened = {steps(name) for name in ("reopened.of", "reopened.causes")}
    assert met | reopened == set(documented)


def test_a_gate_that_is_closed_again_is_documented(printed: Printed, tmp_path: Path) -> None:
    own = cycle.small_home(tmp_path, run=True, declared=False)
    calendar = next(row for row in cycle.small_rows()["calendar"] if row["unit"] == OPEN_UNIT)
    cycle.deliver(own, "calendar", [{**calendar, "term_years": 4}])
    cycle.launch(own, Stage.PLAN)
    shown = printed("gate", "show", OPEN_UNIT, "plan", "--home", own.path)
    met = assert_documented(fields_of("### gate show --json"), shown)
    assert {steps("reopened.of"), steps("reopened.causes")} <= met


def test_what_deadlines_prints_is_documented(printed: Printed, eventful: Home) -> None:
    documented = fields_of("### deadlines --json")
    shown = printed("deadlines", "--home", eventful.path)
    assert assert_documented(documented, shown) == set(documented)
    assert {one["kind"] for one in shown} <= set(DeadlineKind)


def test_what_inbox_prints_is_documented(printed: Printed, eventful: Home, tmp_path: Path) -> None:
    own = cycle.small_home(tmp_path)
    cycle.launch(own, Stage.PLAN)
    signing.sign(Recorder(own), OPEN_UNIT, Stage.PLAN, who(SECRETARY))
    documented = fields_of("### inbox --json")
    met = assert_documented(documented, printed("inbox", "--as", SECRETARY, "--home", own.path))
    # A change that the signature has not seen.
    planned = next(row for row in cycle.small_rows()["calendar"] if row["unit"] == OPEN_UNIT)
    cycle.deliver(own, "calendar", [{**planned, "vetting_on": date(2016, 9, 20)}])
    cycle.launch(own, Stage.PLAN)
    met |= assert_documented(documented, printed("inbox", "--as", SECRETARY, "--home", own.path))
    told = printed("inbox", "--as", DISCIPLINE, "--home", eventful.path)
    assert told["objections"]
    met |= assert_documented(documented, told)
    # A key that waits, and a pack that another organ proposed.
    case = case_of("short", tmp_path / "case")
    keys.enrol(case.recorder, who(KEYLESS))
    adopt(case, CITY_SECRETARY)
    told = printed("inbox", "--as", CITY_DISCIPLINE, "--home", case.home.path)
    assert [one["officer"] for one in told["keys"]][-1:] == [KEYLESS]
    assert [one["starts"] for one in told["packs"]] == [cycle.ON.isoformat()]
    met |= assert_documented(documented, told)
    seen = {one for one in documented if one[0] == "waiting"}
    assert met | {("others", *one[1:]) for one in met & seen} == set(documented)


def test_what_objection_list_and_show_print_is_documented(printed: Printed, eventful: Home) -> None:
    documented = fields_of("### objection list --json")
    shown = printed("objection", "list", "--all", "--home", eventful.path)
    assert {one["state"] for one in shown} == {"rejected", "open"}
    assert assert_documented(documented, shown) == set(documented)
    (still,) = printed("objection", "list", "--home", eventful.path)
    assert still == printed("objection", "show", still["seq"], "--home", eventful.path)


def test_what_signing_prints_is_documented(
    printed: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = cycle.small_home(tmp_path / "home")
    post = next(row for row in cycle.small_rows()["posts"] if row["unit"] == OPEN_UNIT)
    cycle.deliver(own, "posts", [post], by=ORGANISATION)
    cycle.launch(own, Stage.PLAN)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    new = ("key", "new", tmp_path / "key", "--as", ORGANISATION)
    documented = fields_of("### key new --json")
    assert assert_documented(documented, printed(*new)) == set(documented)
    private = load_key(tmp_path / "key", PASSPHRASE)
    keys.rotate(Recorder(own), who(ORGANISATION), private)
    acting = ("--as", ORGANISATION, "--key", tmp_path / "key", "--home", own.path)
    ready = printed("sign", "--ready", "--yes", "--stage", "plan", "--scope", TOWN, *acting)
    documented = fields_of("### sign --ready --json")
    assert assert_documented(documented, ready) == set(documented)
    entry = printed("sign", "640302-congress", "plan", "--yes", *acting)
    assert entry == cycle.entries(own)[-1]
    note = printed("audit", "checkpoint", tmp_path / "note", *acting)
    documented = fields_of("### audit checkpoint --json")
    assert assert_documented(documented, note) == set(documented)


def test_what_pending_prints_is_documented(printed: Printed, tmp_path: Path) -> None:
    own = cycle.small_home(tmp_path)
    like = next(row for row in cycle.small_rows()["officers"] if row["officer"] == SECRETARY)
    receipt = cycle.deliver(
        own, "officers", [{**like, "organ": "petition-office"}], confirmed=False
    )
    documented = fields_of("### pending --json")
    assert assert_documented(documented, printed("pending", "--home", own.path)) == set(documented)
    documented = fields_of("### pending SEQ --json")
    shown = printed("pending", str(receipt.waits), "--home", own.path)
    shown["gates"] = []
    assert set(documented) - assert_documented(documented, shown) == set()


def test_what_key_list_prints_is_documented(printed: Printed, eventful: Home) -> None:
    documented = fields_of("### key list --json")
    shown = printed("key", "list", "--home", eventful.path)
    assert assert_documented(documented, shown) == set(documented)


def test_what_evaluator_show_prints_is_documented(printed: Printed, eventful: Home) -> None:
    documented = fields_of("### evaluator show --json")
    shown = printed("evaluator", "show", "--home", eventful.path)
    assert assert_documented(documented, shown) == set(documented)


def test_what_policy_show_prints_is_documented(printed: Printed) -> None:
    documented = fields_of("### policy show --json")
    met: set[Path_] = set()
    for pack in ("cn-2016", "cn-2026"):
        met |= assert_documented(documented, printed("policy", "show", "--policy", pack))
    assert met == set(documented)
    one = printed("policy", "show", "plan.seats", "--policy", "cn-2016")
    assert_documented(documented, {"checks": [one]})


def test_what_who_can_open_prints_is_documented(printed: Printed) -> None:
    documented = fields_of("### policy show --who-can-open --json")
    shown = printed("policy", "show", "--policy", "cn-2026", "--who-can-open")
    assert assert_documented(documented, shown) == set(documented)


def test_what_run_prints_is_documented(printed: Printed, home: Home) -> None:
    # A command has its environment to itself.
    with patch.dict(os.environ):
        shown = printed("run", "plan", "--day", cycle.ON, "--home", home.path)
    documented = fields_of("### run --json")
    assert assert_documented(documented, shown) == set(documented)


def test_what_audit_verify_prints_is_documented(printed: Printed, tmp_path: Path) -> None:
    own = cycle.small_home(tmp_path)
    documented = fields_of("### audit verify --json")
    met = assert_documented(documented, printed("audit", "verify", "--home", own.path))
    next(path for path in own.blobs_folder.rglob("*") if path.is_file()).unlink()
    met |= assert_documented(documented, printed("audit", "verify", "--home", own.path))
    assert met == set(documented)


def test_what_a_result_report_prints_is_documented(printed: Printed, tmp_path: Path) -> None:
    own, unit = cycle.small_home(tmp_path / "home", run=True), "640302-government"
    documented = fields_of("### result --json")
    met = assert_documented(
        documented, printed("result", unit, tmp_path / "a.html", "--home", own.path)
    )
    ballot = next(row for row in cycle.small_rows()["ballots"] if row["unit"] == unit)
    cycle.deliver(own, "ballots", [{**ballot, "valid": whole(ballot, "valid") - 1}])
    cycle.launch(own, Stage.RESULT, unit)
    reopened(own, unit)
    cycle.launch(own, Stage.RESULT, unit)
    met |= assert_documented(
        documented, printed("result", unit, tmp_path / "b.html", "--home", own.path)
    )
    assert met == set(documented)


def test_what_receipts_print_is_documented(
    printed: Printed, eventful: Home, tmp_path: Path
) -> None:
    path = tmp_path / "receipt"
    gate = ("640302-cppcc", "plan")
    given = printed("audit", "receipt", *gate, path, "--home", eventful.path)
    documented = fields_of("### audit receipt --json")
    assert assert_documented(documented, given) == set(documented)
    documented = fields_of("### audit verify --receipt --json")
    met = assert_documented(documented, printed("audit", "verify", "--receipt", path))
    path.write_bytes(b"{}")
    met |= assert_documented(documented, printed("audit", "verify", "--receipt", path))
    assert met == set(documented)


@pytest.fixture(scope="module")
def decided_otherwise(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A cycle whose plan was decided and signed, with an entry that says something else."""
    own = cycle.small_home(tmp_path_factory.mktemp("otherwise") / "home", planted=True)
    cycle.run(own, "plan")
    entry = next(one for one in cycle.entries(own, "decided") if one["unit"] == CLOSED_UNIT)
    findings = {**entry["findings"], "plan.posts": {"fail": [["x", "seats", {"seats": 2}]]}}
    del findings["plan.duties"]
    scenes.edited(own, entry["seq"], findings=findings, void={"1": "withdrawn"})
    return own


def test_what_replaying_prints_is_documented(
    printed: Printed, decided_otherwise: Home, tmp_path: Path
) -> None:
    own = copied(decided_otherwise.path, tmp_path / "home")
    documented = fields_of("### audit replay --json")
    replay = ("audit", "replay", "--home", own.path)
    met = assert_documented(documented, printed(*replay))
    forget(own, "measures")
    met |= assert_documented(documented, printed(*replay))
    seldom = {"entries[].differences[].now.<name>", "other_code.<code>"}
    assert set(documented) - met <= set(map(steps, seldom))


def forget(home: Home, register: str) -> None:
    """Erase the blob of a register."""
    [blob] = [one["blob"] for one in cycle.entries(home, "submitted")
              if one["register"] == register]  # fmt: skip
    Folder(home.blobs_folder).path(blob).unlink()


def test_what_adopting_a_pack_prints_is_documented(
    printed: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = cycle.small_home(tmp_path / "home")
    cycle.run(own, "plan", OPEN_UNIT)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    printed("key", "new", tmp_path / "key", "--as", TOPMOST)
    keys.rotate(Recorder(own), who(TOPMOST), load_key(tmp_path / "key", PASSPHRASE))
    pack = tmp_path / "other.toml"
    text = pack_bytes(cycle.PACK).decode().replace("days = 30\n", "days = 31\n", 1)
    pack.write_text(text, "utf-8")
    by = ("--as", TOPMOST, "--key", tmp_path / "key", "--home", own.path)
    adopt = ("policy", "adopt", pack, "--from", cycle.ON, *by)
    before = cycle.stored(own)
    tried = printed(*adopt, "--dry-run")
    assert (tried["entry"], cycle.stored(own)) == (None, before)
    told = printed(*adopt, "--yes")
    assert told == {**tried, "entry": cycle.entries(own)[-1]}
    assert told["closes"] == 1
    within = {"changes": "### policy diff --json", "gates": "### submit --dry-run --json"}
    documented = fields_of("### policy adopt --json")
    for name, title in within.items():
        documented |= {at: kind for at, kind in fields_of(title).items() if at[0] == name}
    entry = {**fields_of("### pack-proposed"), **dict.fromkeys(
        map(steps, ("seq", "on", "prev", "at", "kind")), "string or integer")}  # fmt: skip
    documented |= {("entry", *at): kind for at, kind in entry.items()}
    assert_documented(documented, told)


def test_what_policy_diff_prints_is_documented(
    printed: Printed, decided_otherwise: Home, tmp_path: Path
) -> None:
    own = copied(decided_otherwise.path, tmp_path / "home")
    text = pack_bytes(cycle.PACK).decode().replace("days = 30\n", "days = 0\n", 1)
    pack = tmp_path / "other.toml"
    pack.write_text(re.sub(r"^waiver = .*\n", "", text, count=1, flags=re.MULTILINE), "utf-8")
    documented = fields_of("### policy diff --json")
    met: set[Path_] = set()
    for packs in ((cycle.PACK, pack), (pack, cycle.PACK)):
        shown = printed("policy", "diff", *packs, "--home", own.path)
        met |= assert_documented(documented, shown)
    forget(own, "measures")
    shown = printed("policy", "diff", cycle.PACK, pack, "--home", own.path)
    met |= assert_documented(documented, shown)
    assert met == set(documented)


def test_what_audit_export_prints_is_documented(
    printed: Printed, home: Home, tmp_path: Path
) -> None:
    documented = fields_of("### audit export --json")
    shown = printed("audit", "export", tmp_path / "bundle.zip", "--home", home.path)
    assert assert_documented(documented, shown) == set(documented)


def test_what_the_ledger_holds_is_documented(printed: Printed, eventful: Home) -> None:
    log = printed("audit", "log", "--home", eventful.path)
    text = section(page(INTERFACE), "## The ledger")
    kinds = {title.removeprefix("### ") for title in headings(text)}
    assert {entry["kind"] for entry in log} == kinds
    fields = next(one for one in tables(text) if one[0][0] == "`seq`")
    common = {steps(row[0].strip("`")): row[1] for row in fields}
    for kind in kinds:
        documented = common | fields_of(f"### {kind}")
        met: set[Path_] = set()
        for entry in log:
            if entry["kind"] == kind:
                met |= assert_documented(documented, entry)
        assert met == set(documented), kind


def test_the_examples_have_documented_fields() -> None:
    text = section(page(INTERFACE), "## JSON")
    for title in headings(text):
        documented = fields_of(title) if title != "### audit log --json" else {}
        for language, content in fenced(section(text, title)):
            assert language == "json"
            assert_documented(documented, json.loads(content))


# Digests


def test_the_interface_names_the_schemes_in_use() -> None:
    named = set(re.findall(r'"(termgate-[a-z-]+-\d+)"', section(page(INTERFACE), "## Digests")))
    assert named == {ROW_SCHEME, CELLS_SCHEME, EVIDENCE_SCHEME, HANDOFF_SCHEME}


def test_the_program_of_the_interface_checks_a_home(eventful: Home, tmp_path: Path) -> None:
    blocks = fenced(page(INTERFACE))
    [program] = [content for language, content in blocks if language == "python"]
    (tmp_path / "audit.py").write_text(program, encoding="utf-8")
    command = (sys.executable, str(tmp_path / "audit.py"), str(eventful.path))
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"[1-9]\d* entries, [1-9]\d* blobs, [1-9]\d* rows and [1-9]\d* decisions are what they "
        r"say\n",
        done.stdout,
    )


class Auditor:
    """Works out digests as docs/interface.md says, from entries and blobs, without data frames."""

    def __init__(self, home: Home) -> None:
        self.entries = cycle.entries(home)
        self._blobs = BlobStore(home.blobs)
        self.pack = in_force(Ledger(home.ledger), self._blobs).pack
        self.registers = cache(self._registers)
        self.looked_at = cache(self._looked_at)

    def _registers(self, position: int) -> dict[str, list[Row]]:
        """Register → rows at a position."""
        state: dict[str, dict[Path_, Row]] = {name: {} for name in REGISTERS}
        for entry in self.entries[:position]:
            if entry["kind"] != "submitted" or not entry["blob"]:
                continue
            name = entry["register"]
            blob = io.BytesIO(self._blobs.get(entry["blob"]))
            for row in pyarrow.parquet.read_table(blob, use_threads=False).to_pylist():
                key = tuple(row[column] for column in REGISTERS[name].key)
                state[name].pop(key, None)
                if entry["mode"] == "accept":
                    state[name][key] = row
        return {name: list(rows.values()) for name, rows in state.items()}

    def _looked_at(self, position: int) -> LookedAt:
        """Which rows are evidence of which unit at a position."""
        rows = self.registers(position)
        digests = {name: [row["_digest"] for row in table] for name, table in rows.items()}
        return LookedAt(rows, digests)

    def waivers(self, entry: Entry) -> list[str]:
        envelopes = [self.entries[seq - 1]["envelope"] for seq in entry["waivers"]]
        return sorted(sha256(b64decode(one["payload"])).hexdigest() for one in envelopes)

    def evidence(self, unit: str, stage: Stage, position: int, waivers: list[str]) -> str:
        checks = [read for one in self.pack.checks[stage] for read in one.reads]
        return self.looked_at(position).evidence(unit, [*checks, *READS[stage]], waivers)

    def plan_hand_off(self, unit: str, position: int) -> str:
        rows = self.registers(position)
        own = next(row for row in rows["calendar"] if row["unit"] == unit)
        days = [own[name].date().isoformat() for name in ("session_opens_on", "session_closes_on")]
        posts = [row for row in rows["posts"] if row["unit"] == unit]
        handed = [[*(str(row[name]) for name in ("post", "kind", "seats")), *days] for row in posts]
        return digest(canonical(["termgate-hand-off-1", *sorted(handed)]))


def test_evidence_digests_are_made_as_the_interface_says(eventful: Home) -> None:
    auditor = Auditor(eventful)
    decided = [entry for entry in auditor.entries if entry["kind"] == "decided"]
    assert {entry["stage"] for entry in decided} == {stage.value for stage in STAGES}
    for entry in decided:
        waivers = auditor.waivers(entry)
        made = auditor.evidence(entry["unit"], Stage(entry["stage"]), entry["position"], waivers)
        assert made == entry["evidence"]
    assert any(entry["waivers"] for entry in decided)


def test_hand_off_digests_are_made_as_the_interface_says(home: Home) -> None:
    auditor = Auditor(home)
    handed = [entry for entry in auditor.entries if entry["kind"] == "handed-on"]
    plans = [entry for entry in handed if entry["stage"] == "plan"]
    assert plans
    for entry in plans:
        position = auditor.entries[entry["decision"] - 1]["position"]
        assert auditor.plan_hand_off(entry["unit"], position) == entry["digest"]


def test_the_book_digest_is_made_as_the_interface_says(home: Home) -> None:
    entries = Auditor(home).entries
    book = [one for one in entries if one["kind"] == "submitted"]
    book = [one for one in book if one["delivery"] == book[0]["delivery"]]
    made = digest(canonical(sorted([one["register"], one["source"]] for one in book)))
    assert made == entries[0]["book"]


def test_the_unit_list_digest_is_made_as_the_interface_says(home: Home) -> None:
    [listed] = [one for one in Auditor(home).entries if one["kind"] == "listed"]
    rows = Ledger(home.ledger).query("SELECT * FROM units ORDER BY unit")
    assert (listed["units"], listed["digest"]) == (len(rows), digest(canonical(rows)))
