"""Taking deliveries in: all or nothing, nothing lost, the rejected rows on disk before the rest."""

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger, Transaction
from data.registers import read_registers
from data.status import statuses
from data.submissions import submissions_of
from data.verify import verify
from schemas.encodings import from_base64
from schemas.envelopes import payload_digest
from schemas.policy import PolicyRefused
from schemas.registers import REGISTERS
from schemas.text import Refusal
from tasks.intake.accept import Receipt, open_cycle, submit
from tasks.intake.refusal import Refused
from tasks.intake.unusable import Unusable
from tests.generator import Row, Rows
from tests.generator.book import mend_bytes, write_book
from tests.support import cycle
from tests.support.cycle import OFFICER, PACK
from tests.support.signing import confirm, delivers, founding, who

pytestmark = pytest.mark.on_both

MANY = 10_000
STRANGE = "640399"  # a jurisdiction that nobody has


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home")


def csv_file(path: Path, register: str, rows: Iterable[Row], *, keys_only: bool = False) -> Path:
    """Rows as an office would send them."""
    columns = [spec.name for spec in REGISTERS[register].columns]
    if keys_only:
        columns = list(REGISTERS[register].key)
    path.write_bytes(mend_bytes(REGISTERS[register], rows, columns))
    return path


def folder(path: Path, rows: Rows) -> Path:
    """A book as a folder of CSV files."""
    path.mkdir()
    for name, table in rows.items():
        csv_file(path / f"{REGISTERS[name].title.zh}.csv", name, table)
    return path


def structure(**changes: list[Row]) -> Rows:
    """The least book of the small cycle."""
    rows = cycle.small_rows()
    return {**{name: rows[name] for name in ("jurisdictions", "units", "officers")}, **changes}


def officers(number: int, **changes: str) -> list[Row]:
    return [{**row, **changes} for row in cycle.small_rows()["officers"][:number]]


def everything(home: Home) -> tuple[object, ...]:
    """All that a delivery could change, apart from orphans in the quarantine."""
    ledger = Ledger(home.ledger)
    tables = ("submissions", "units", "gates")
    return (cycle.stored(home), *(ledger.query(f"SELECT * FROM {one}") for one in tables))  # noqa: S608


# Opening


def test_a_book_of_files_and_one_of_sheets_hold_the_rows_that_were_given(tmp_path: Path) -> None:
    rows = cycle.small_rows()
    write_book(tmp_path / "book.xlsx", rows)
    made = {
        "rows": cycle.open_home(tmp_path / "rows", rows),
        "sheets": Home(tmp_path / "sheets"),
        "files": Home(tmp_path / "files"),
    }
    open_cycle(made["sheets"], PACK, tmp_path / "book.xlsx", founding)
    open_cycle(made["files"], PACK, folder(tmp_path / "book", rows), founding)
    tables = {
        name: read_registers(BlobStore(one.blobs), submissions_of(Ledger(one.ledger)))
        for name, one in made.items()
    }
    for register in REGISTERS:
        digests = [set(one[register]["_digest"]) for one in tables.values()]
        assert digests[0] == digests[1] == digests[2]
        assert len(digests[0]) == len(rows[register])


def test_the_first_entry_says_what_was_opened_and_the_rest_what_was_delivered(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    at = datetime(2016, 8, 19, tzinfo=UTC)
    receipts = open_cycle(home, PACK, folder(tmp_path / "book", structure()), founding, lambda: at)
    opened, enrolled, signed, *submitted, listed = cycle.entries(home)
    assert (enrolled["kind"], signed["kind"]) == ("key-enrolled", "delivered")
    assert {entry["delivery"] for entry in submitted} == {
        payload_digest(from_base64(signed["envelope"]["payload"]))
    }
    assert (opened["kind"], opened["pack"], opened["seq"]) == ("opened", PACK, 1)
    assert [(e["register"], e["accepted"], e["rejected"], e["officer"]) for e in submitted] == [
        (one.register, one.accepted, 0, OFFICER) for one in receipts
    ]
    assert (listed["kind"], listed["units"]) == ("listed", len(structure()["units"]))
    assert {entry["at"] for entry in (opened, *submitted, listed)} == {
        "2016-08-19T00:00:00.000000+00:00"
    }
    assert {entry["quarantine"] for entry in submitted} == {None}


def test_a_cycle_is_opened_once(home: Home, tmp_path: Path) -> None:
    before = everything(home)
    with pytest.raises(Refusal, match="a cycle was opened here"):
        open_cycle(home, PACK, folder(tmp_path / "book", structure()), founding)
    assert everything(home) == before


def test_only_one_of_two_who_open_at_once_does(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    book = folder(tmp_path / "book", structure())

    def attempt(_number: int) -> str:
        try:
            open_cycle(home, PACK, book, founding)
        except Refusal:
            return "refused"
        return "opened"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(attempt, range(3))) == ["opened", "refused", "refused"]
    assert len(cycle.entries(home, "opened")) == 1
    assert verify(home, blobs=True)[1] is None


BAD_BOOKS: dict[str, Callable[[Path], Path]] = {
    "none": lambda path: path / "absent.xlsx",
    "no folder": lambda path: path / "absent",
    "no book": lambda path: csv_file(path / "x.csv", "officers", officers(1)),
    "no units": lambda path: folder(path / "b", {"jurisdictions": structure()["jurisdictions"]}),
    "units without rows": lambda path: folder(path / "b", structure(units=[])),
    "no unit to be used": lambda path: folder(
        path / "b", structure(jurisdictions=[{**row, "parent": STRANGE} for row in
                                             structure()["jurisdictions"]]),
    ),
    "unknown sheet": lambda path: csv_file(
        folder(path / "b", structure()) / "天气.csv", "officers", officers(1)
    ).parent,
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_BOOKS)
def test_of_a_book_that_is_refused_only_the_quarantine_is_written(
    tmp_path: Path, name: str
) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(Refusal) as told:
        open_cycle(home, PACK, BAD_BOOKS[name](tmp_path), founding)
    assert "\n" not in str(told.value)
    assert all("\n" not in line.zh + line.en for line in told.value.lines)
    if isinstance(told.value, Unusable):
        assert [path.name for path in home.path.iterdir()] == ["quarantine"]
        assert [path.name for path in home.quarantine.iterdir()] == ["b.xlsx"]
        assert str(home.quarantine / "b.xlsx") in told.value.lines[-1].en
    else:
        assert not home.path.exists()


def test_under_a_pack_that_is_refused_nothing_is_written(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(PolicyRefused):
        open_cycle(home, "cn-1999", folder(tmp_path / "book", structure()), founding)
    assert not home.path.exists()


def test_rows_that_are_rejected_take_what_hangs_on_them_along(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = structure(officers=[*officers(3), *officers(1, officer="o-9", jurisdiction=STRANGE)])
    opened = open_cycle(home, PACK, folder(tmp_path / "b", rows), founding)
    receipts = {one.register: one for one in opened}
    assert (receipts["officers"].accepted, receipts["officers"].rejected) == (3, 1)
    assert receipts["units"].quarantine is None
    assert cycle.entries(home, "submitted")[-1]["rejected"] == 1
    assert verify(home, blobs=True)[1] is None


# Submitting


def delivered(home: Home, register: str, rows: list[Row], *, withdraw: bool = False) -> Receipt:
    path = csv_file(home.path.parent / "x.csv", register, rows, keys_only=withdraw)
    receipt = submit(home, register, path, who(OFFICER), withdraw=withdraw)
    if receipt.waits:
        confirm(home, receipt.waits)
    return receipt


def test_accepted_and_rejected_are_what_was_delivered(home: Home) -> None:
    good, bad = officers(4), officers(3, jurisdiction=STRANGE)
    strange = [{**row, "officer": f"o-{n}"} for n, row in enumerate(bad)]
    receipt = delivered(home, "officers", [*good, *strange])
    entry = cycle.entries(home, "submitted")[-1]
    assert (receipt.accepted, receipt.rejected) == (4, 3)
    assert (entry["accepted"], entry["rejected"], entry["officer"]) == (4, 3, OFFICER)
    assert receipt.first is not None
    assert STRANGE in receipt.first
    assert receipt.quarantine is not None
    content = receipt.quarantine.read_bytes()
    assert BlobStore(home.blobs).get(entry["quarantine"]) == content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    places = [spec.name for spec in REGISTERS["officers"].columns].index("jurisdiction")
    assert [line[places] for line in sheet.to_python()[1:]] == [STRANGE] * 3
    assert receipt.quarantine.name == f"{receipt.waits:06d}-officers.xlsx"


@pytest.mark.sqlite
def test_ten_thousand_rows_are_delivered_with_one_signature(home: Home, tmp_path: Path) -> None:
    talk = cycle.small_rows()["talk_participants"][0]
    people = [row["person"] for row in cycle.small_rows()["roster"]]
    talks = [row["talk"] for row in cycle.small_rows()["talks"]]
    rows = [{**talk, "talk": talk_id, "person": person} for talk_id in talks for person in people]
    file = csv_file(tmp_path / "many.csv", "talk_participants", rows[:MANY])
    before = len(cycle.entries(home))
    receipt = submit(home, "talk_participants", file, delivers(home, OFFICER))
    assert (receipt.accepted, receipt.rejected) == (MANY, 0)
    new = cycle.entries(home)[before:]
    assert [one["kind"] for one in new if "envelope" in one] == ["delivered"]
    assert verify(home, blobs=True, acts=True)[1] is None


def test_what_is_rejected_whole_moves_no_facts(home: Home) -> None:
    before = Ledger(home.ledger).query("SELECT * FROM submissions")
    receipt = delivered(home, "officers", officers(2, jurisdiction=STRANGE))
    assert (receipt.accepted, receipt.rejected) == (0, 2)
    assert cycle.entries(home, "submitted")[-1]["blob"] is None
    assert Ledger(home.ledger).query("SELECT * FROM submissions") == before
    assert verify(home, blobs=True)[1] is None


@pytest.mark.parametrize("by", ["o-999", "", "init", "O-640300-03", "640300"])
def test_who_is_no_officer_delivers_nothing(home: Home, by: str, tmp_path: Path) -> None:
    before = everything(home)
    path = csv_file(tmp_path / "x.csv", "officers", officers(1))
    with pytest.raises(Refusal, match="not on record"):
        submit(home, "officers", path, who(by))
    # But for the attempt, which names nobody.
    (attempt,) = cycle.entries(home, "attempted")
    assert (attempt["act"], attempt["officer"]) == ("deliver", "")
    assert everything(home)[1:] == before[1:]


def test_an_officer_does_not_enrol_himself(home: Home, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "x.csv",
        "officers",
        officers(1, officer="o-new", organ="organisation-department"),
    )
    with pytest.raises(Refusal, match="o-new"):
        submit(home, "officers", path, who("o-new"))
    receipt = submit(home, "officers", path, who(OFFICER))
    with pytest.raises(Refusal, match="o-new"):
        submit(home, "officers", path, who("o-new"))
    confirm(home, receipt.waits or 0)
    assert submit(home, "officers", path, delivers(home, "o-new")).accepted == 1


@pytest.mark.parametrize("register", ["weather", "", "officer"])
def test_for_no_register_nothing_is_taken(home: Home, tmp_path: Path, register: str) -> None:
    before = everything(home)
    with pytest.raises(Refused):
        submit(home, register, csv_file(tmp_path / "x.csv", "officers", officers(1)), who(OFFICER))
    assert everything(home) == before


def disk_full(*_given: object, **_more: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("target", ["tasks.intake.handed_back.write_durably",
                                    "data.blobs.write_durably",
                                    "data.ledger.Transaction.append",
                                    "data.ledger.Transaction.set_state"])  # fmt: skip
@pytest.mark.parametrize("opening", [False, True])
def test_when_a_step_fails_nothing_is_accepted(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, opening: bool
) -> None:
    rows = [*officers(3), *officers(1, officer="o-9", jurisdiction=STRANGE)]
    new = Home(tmp_path / "new")
    with monkeypatch.context() as failing:
        failing.setattr(target, disk_full)
        book = folder(tmp_path / "book", structure(officers=rows))
        with pytest.raises(OSError, match="No space"):
            open_cycle(new, PACK, book, founding) if opening else delivered(home, "officers", rows)
    if opening:
        assert not new.has_cycle()
        open_cycle(new, PACK, book, founding)
        assert verify(new, blobs=True)[1] is None
    else:
        assert everything(home) == everything(cycle.small_home(tmp_path / "other"))


def test_the_rejected_rows_are_on_disk_before_the_others_are_taken(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[Path]] = []
    append = Transaction.append

    def watched(self: Transaction, kind: str, *more: Any, **content: Any) -> int:
        seen.append(sorted(home.quarantine.iterdir()))
        return append(self, kind, *more, **content)

    monkeypatch.setattr(Transaction, "append", watched)
    strange = officers(1, officer="o-9", jurisdiction=STRANGE)
    receipt = delivered(home, "officers", [*officers(2), *strange])
    # The delivery, its confirmation, and what takes effect by it.
    assert seen == [[receipt.quarantine]] * 3


def test_deliveries_at_once_are_all_taken(home: Home, tmp_path: Path) -> None:
    before = len(cycle.stored(home))
    paths = [
        csv_file(tmp_path / f"{number}.csv", "officers", officers(1, officer=f"o-{number}"))
        for number in range(6)
    ]
    with ThreadPoolExecutor(3) as pool:
        receipts = list(pool.map(lambda path: submit(home, "officers", path, who(OFFICER)), paths))
    assert [receipt.accepted for receipt in receipts] == [1] * 6
    assert len(cycle.stored(home)) == before + 6
    for receipt in receipts:
        confirm(home, receipt.waits or 0)
    assert len(cycle.stored(home)) == before + 18
    assert verify(home, blobs=True)[1] is None


# Withdrawing


def keys(home: Home, register: str) -> int:
    return len(read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))[register])


def test_rows_are_withdrawn_by_their_key(home: Home) -> None:
    rows = cycle.small_rows()["measures"]
    receipt = delivered(home, "measures", rows[:2], withdraw=True)
    assert (receipt.accepted, receipt.rejected) == (2, 0)
    assert cycle.entries(home, "submitted")[-1]["mode"] == "withdraw"
    assert keys(home, "measures") == len(rows) - 2
    again = delivered(home, "measures", rows[:3], withdraw=True)
    assert (again.accepted, again.rejected) == (1, 2)
    delivered(home, "measures", rows)
    assert keys(home, "measures") == len(rows)


def test_what_others_refer_to_is_not_withdrawn(home: Home) -> None:
    before = keys(home, "candidates")
    receipt = delivered(home, "candidates", cycle.small_rows()["candidates"][:1], withdraw=True)
    assert (receipt.accepted, receipt.rejected) == (0, 1)
    assert keys(home, "candidates") == before


# What status reads


def shown(home: Home) -> dict[str, tuple[str, str, str]]:
    return {one.unit: (one.jurisdiction, one.name, one.level) for one in
            statuses(Ledger(home.ledger))}  # fmt: skip


def test_the_units_shown_are_those_of_the_registers(home: Home) -> None:
    places = {row["jurisdiction"]: row for row in cycle.small_rows()["jurisdictions"]}
    assert shown(home) == {
        unit["unit"]: (unit["jurisdiction"], place["name"], place["level"])
        for unit in cycle.small_rows()["units"]
        for place in [places[unit["jurisdiction"]]]
    }


def test_a_new_place_and_its_unit_are_shown_and_gone_when_withdrawn(home: Home) -> None:
    before = shown(home)
    place = {**cycle.small_rows()["jurisdictions"][-1], "jurisdiction": "640302999", "name": "新镇"}
    unit: Row = {"unit": "640302999-congress", "jurisdiction": "640302999", "body": "congress"}
    delivered(home, "jurisdictions", [place])
    assert shown(home) == before
    delivered(home, "units", [unit])
    assert shown(home) == {**before, "640302999-congress": ("640302999", "新镇", "township")}
    delivered(home, "jurisdictions", [{**place, "name": "老镇"}])
    assert shown(home)["640302999-congress"][1] == "老镇"
    delivered(home, "units", [unit], withdraw=True)
    assert shown(home) == before
