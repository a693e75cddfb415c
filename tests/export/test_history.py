"""What exports know of a history: that it holds, what became of acts, and how gates count now."""

import hashlib
from pathlib import Path

import pytest

from data.blobs import Folder
from data.home import Home
from data.ledger import LedgerBroken
from schemas.entries import KINDS
from tasks.export.columns import Row
from tasks.export.history import read_record
from tasks.export.layout import TABLES
from tasks.export.page.tables import submitted
from tasks.export.rows import ROWS
from tests.export.ledgers import (
    CITY,
    DISCIPLINE,
    EVIL,
    FRONT,
    MAP,
    SECRETARY,
    eventful,
    eventful_record,
)
from tests.export.teller import Teller
from tests.support.places import edit, replaced


def rows(table: str) -> list[Row]:
    return list(ROWS[table](eventful_record()))


def by_seq(table: str) -> dict[int, Row]:
    return {int(str(row["seq"])): row for row in rows(table)}


def test_every_table_has_its_rows_and_every_row_its_entry() -> None:
    assert set(ROWS) == {table.name for table in TABLES}
    record = eventful_record()
    for table in TABLES:
        found = rows(table.name)
        assert found, table.name
        known = {column.name for column in table.columns}
        for row in found:
            assert set(row) <= known
            seq = row["seq"]
            if table.name == "gates" and seq is None:
                assert row["state"] == "not_reached"
            else:
                assert isinstance(seq, int)
                assert 1 <= seq <= len(record.entries)
        keys = [tuple(row[name] for name in table.key) for row in found]
        assert len(set(keys)) == len(keys)


def test_every_entry_is_in_the_tables_of_its_kind() -> None:
    record = eventful_record()
    tables = {
        "submitted": "submissions", "signed": "sign_offs", "refused": "refusals",
        "waived": "waivers", "withdrawn": "withdrawals", "attempted": "attempts",
        "objected": "objections", "ruled": "rulings", "decided": "decisions",
        "handed-on": "hand_offs", "checkpointed": "checkpoints",
    }  # fmt: skip
    for kind, table in tables.items():
        assert {one.seq for one in record.of_kind(KINDS[kind])} == set(by_seq(table)), kind
    assert set(by_seq("key_acts")) == {
        one.seq for one in record.entries if one.kind.startswith("key-")
    }
    assert [row["seq"] for row in rows("entries")] == list(range(1, len(record.entries) + 1))


def test_a_delivery_names_the_map_by_which_it_was_read() -> None:
    named = [row for row in rows("submissions") if row["mapping"]]
    assert [(row["register"], row["mapping"]) for row in named] == [
        ("posts", hashlib.sha256(MAP).hexdigest())
    ]
    maps = [one["maps"] for one in submitted(eventful_record()) if one["maps"]]
    assert maps == [[hashlib.sha256(MAP).hexdigest()]]


def test_words_stand_in_both_languages() -> None:
    for table in TABLES:
        wordy = [column.name for column in table.columns if column.words]
        for row in rows(table.name):
            for name in wordy:
                words = row.get(name)
                if words is not None and row.get("kind") != "of-tomorrow":
                    assert (getattr(words, "zh", "") == "") == (getattr(words, "en", "") == "")


def test_gates_count_as_the_board_shows_them() -> None:
    record = eventful_record()
    states = {unit: [now.state for now in record.gates(unit).values()][:2] for unit, *_ in CITY}
    assert states == {
        "640300-congress": ["open", "open"],
        "640300-government": ["open", "not_reached"],
        "640300-cppcc": ["waiting", "held"],
        "640302-congress": ["waiting", "not_reached"],
        "640302-government": ["blocked", "not_reached"],
        "640302-cppcc": ["open", "not_reached"],
        "640302100-congress": ["waiting", "not_reached"],
        "640302100-government": ["not_reached", "not_reached"],
    }
    assert record.gates("640300-cppcc")["nomination"].held_by == "plan"


def states_of(table: str, unit: str) -> list[object]:
    return [row["state"] for row in rows(table) if row["unit"] == unit]


def test_what_became_of_sign_offs_waivers_and_refusals() -> None:
    assert states_of("sign_offs", "640300-congress") == ["counts"] * 4
    assert states_of("sign_offs", "640300-government") == ["void", "void", "counts", "counts"]
    assert states_of("sign_offs", "640300-cppcc") == ["void", "revoked", "counts", "revoked"]
    assert states_of("sign_offs", "640302-government") == ["withdrawn"]
    assert states_of("sign_offs", "640302100-congress") == ["void", "void"]
    assert states_of("refusals", "640302-government") == ["stands"]
    assert states_of("waivers", "640302-cppcc") == ["counts", "counts"]
    assert states_of("waivers", "640302100-congress") == ["expired", "expired"]


def test_what_is_void_says_why() -> None:
    [row, _] = [one for one in rows("sign_offs") if one["state"] == "void"
                and one["unit"] == "640300-government"]  # fmt: skip
    words = row["state_name"]
    assert getattr(words, "en", "").startswith("does not count: the gate was open and closed")
    assert getattr(words, "zh", "").startswith("无效：")


def test_keys_and_who_held_them() -> None:
    keys = {(row["officer"], row["state"]) for row in rows("keys")}
    assert {(SECRETARY, "replaced"), (SECRETARY, "active"), (FRONT, "revoked"),
            ("o-640302-sec-1", "pending")} < keys  # fmt: skip
    roles = {(row["officer"], row["role"]) for row in rows("involved")}
    assert {(DISCIPLINE, "voucher"), (DISCIPLINE, "revoker"), (FRONT, "holder"),
            (SECRETARY, "withdrawer"), (SECRETARY, "attempter")} < roles  # fmt: skip


def test_hand_offs_name_the_decision_that_ended_them() -> None:
    ended = {
        (row["unit"], row["stage"]): (row["ended_by"] is not None, row["again"] is not None)
        for row in reversed(rows("hand_offs"))
    }
    assert ended["640300-government", "plan"] == (True, True)
    assert ended["640300-cppcc", "plan"] == (True, False)
    assert ended["640300-cppcc", "nomination"] == (False, False)


def test_reasons_come_from_their_blobs(tmp_path: Path) -> None:
    [row] = [row for row in rows("key_acts") if row["act"] == "revoke"]
    assert row["reason"] == EVIL
    home = eventful(tmp_path)
    without = read_record(home, reasons=False)
    [bare] = [one for one in ROWS["key_acts"](without) if one["act"] == "revoke"]
    assert (bare["reason"], bare["reason_digest"]) == (None, row["reason_digest"])
    Folder(home.blobs_folder).path(str(row["reason_digest"])).unlink()
    [erased] = [one for one in ROWS["key_acts"](read_record(home)) if one["act"] == "revoke"]
    assert (erased["reason"], erased["reason_digest"]) == (None, row["reason_digest"])


def test_a_unit_that_is_gone_stays_in_the_history(tmp_path: Path) -> None:
    home = eventful(tmp_path)
    teller = Teller(home)
    teller.listed(CITY[1:])
    record = read_record(home)
    gone = record.units["640300-congress"]
    assert (gone.name, gone.jurisdiction, gone.body) == ("", "640300", "congress")
    assert record.entries[gone.seq - 1].of_unit == gone.unit


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (f"UPDATE entries SET body = {replaced('plan', 'plaN')} WHERE seq = 23", "changed"),  # noqa: S608
        ("DELETE FROM entries WHERE seq = 30", "removed"),
        ("DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)", "removed"),
        ("UPDATE units SET name = 'x' WHERE unit = '640300-congress'", "state"),
        ("INSERT INTO units VALUES ('1-congress', '1', 'x', 'city', 'congress', NULL)", "state"),
    ],
)
def test_a_ledger_that_does_not_hold_is_not_read(
    tmp_path: Path, statement: str, fault: str
) -> None:
    home = eventful(tmp_path)
    edit(home, statement)
    with pytest.raises(LedgerBroken) as broken:
        read_record(home)
    assert broken.value.fault == fault


def test_an_entry_of_another_form_names_itself(tmp_path: Path) -> None:
    teller = Teller(Home(tmp_path))
    teller.opened()
    teller.forged("handed-on", stage="plan", units={})
    with pytest.raises(LedgerBroken) as broken:
        read_record(teller.home)
    assert (broken.value.seq, broken.value.fault) == (2, "form")


def test_a_statement_that_cannot_be_read_is_shown_as_empty(tmp_path: Path) -> None:
    home = eventful(tmp_path)
    teller = Teller(home)
    envelope = {"payload": "e30=", "payloadType": "application/vnd.in-toto+json",
                "signatures": [{"keyid": "k", "sig": "AA=="}]}  # fmt: skip
    seq = teller.append(
        "signed",
        unit=CITY[3][0],
        stage="plan",
        officer=SECRETARY,
        key=teller.key(SECRETARY),
        envelope=envelope,
    )
    found = {row["seq"]: row for row in ROWS["sign_offs"](read_record(home))}
    assert (found[seq]["payload"], found[seq]["state"]) == (None, "void")


def test_a_cycle_that_was_only_opened(tmp_path: Path) -> None:
    teller = Teller(Home(tmp_path))
    teller.opened()
    record = read_record(teller.home)
    assert (record.day, record.latest, record.units) == ("2016-09-01", None, {})
    assert [row["item"] for row in ROWS["about"](record)][-1] == "head"
