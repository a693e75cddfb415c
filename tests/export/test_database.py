"""The SQLite file: keys, indexes, search and views; opened as Datasette opens it."""

import asyncio
import gc
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tasks.export.database import VIEWS, database_bytes
from tasks.export.history import read_record
from tasks.export.layout import TABLES
from tasks.export.rows import ROWS
from tests.export.ledgers import DISCIPLINE, EVIL, FRONT, eventful, eventful_record

NAMES = ("board", "why_closed", "closing_checks", "who_signed", "closed_again", "waivers_now",
         "officer_acts", "hand_offs_unfounded", "attempts_by_code", "gate_history")  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "history.db"
    path.write_bytes(database_bytes(eventful_record()))
    return path


@pytest.fixture
def database(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def asked(database: sqlite3.Connection, statement: str, *values: object) -> list[dict[str, Any]]:
    return [dict(row) for row in database.execute(statement, values)]


def test_every_row_is_in_it(database: sqlite3.Connection) -> None:
    record = eventful_record()
    for table in TABLES:
        found = database.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid').fetchall()  # noqa: S608
        expected = [tuple(table.values(row)) for row in ROWS[table.name](record)]
        assert sorted(map(str, map(tuple, found))) == sorted(map(str, expected)), table.name


def test_keys_hold_and_lookups_have_indexes(database: sqlite3.Connection) -> None:
    assert asked(database, "PRAGMA foreign_key_check") == []
    assert asked(database, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    for table in TABLES:
        keys = {row["from"] for row in asked(database, f'PRAGMA foreign_key_list("{table.name}")')}
        assert keys == {column.name for column in table.columns if column.target}
        indexes = asked(database, f'PRAGMA index_list("{table.name}")')
        named = {one["name"] for one in indexes}
        assert {f"{table.name}_{column}_index" for column in table.indexes} <= named


def test_the_views_are_those_documented() -> None:
    text = VIEWS.read_text(encoding="utf-8")
    assert tuple(line.split()[2] for line in text.splitlines() if line.startswith("CREATE")) == (
        NAMES
    )


def test_where_every_unit_stands(database: sqlite3.Connection) -> None:
    rows = {row["unit"]: row for row in asked(database, "SELECT * FROM board")}
    assert len(rows) == 8
    cppcc = rows["640300-cppcc"]
    assert (cppcc["plan"], cppcc["nomination"], cppcc["vetting"]) == (
        "waiting", "held", "not_reached",
    )  # fmt: skip
    assert cppcc["plan_seq"] < eventful_record().last.seq
    assert cppcc["vetting_seq"] is None


def test_why_a_gate_is_closed(database: sqlite3.Connection) -> None:
    [row] = asked(database, "SELECT * FROM why_closed WHERE unit = '640302-government'")
    assert (row["check"], row["status"]) == ("plan.sign-off", "fail")
    assert row["reason_zh"].startswith("纪委拒签")
    [most, *_] = asked(database, "SELECT * FROM closing_checks")
    assert (most["check"], most["units"]) == ("plan.sign-off", 2)


def test_who_signed_what_and_when(database: sqlite3.Connection) -> None:
    rows = asked(database, "SELECT * FROM who_signed WHERE officer = ?", FRONT)
    assert [(row["act"], row["state"]) for row in rows] == [("signed", "revoked")] * 2
    acts = {row["act"] for row in asked(database, "SELECT act FROM who_signed")}
    assert acts == {"signed", "refused", "waived"}


def test_which_gates_were_closed_again(database: sqlite3.Connection) -> None:
    rows = {row["unit"]: row for row in asked(database, "SELECT * FROM closed_again")}
    assert set(rows) == {"640300-government", "640300-cppcc", "640302100-congress"}
    mended = rows["640300-government"]
    assert mended["opened_seq"] < mended["closed_seq"] < mended["opened_again_seq"]
    assert (mended["state_now"], mended["causes_name_zh"]) == ("open", "依据材料有变动")
    assert rows["640302100-congress"]["causes"] == "evidence, waiver"
    assert rows["640300-cppcc"]["opened_again_seq"] is None


def test_which_waivers_are_in_force(database: sqlite3.Connection) -> None:
    rows = asked(database, "SELECT unit, state, first_used_seq, seq FROM waivers_now")
    assert [(row["unit"], row["state"]) for row in rows] == [
        ("640302-cppcc", "counts"), ("640302-cppcc", "counts"),
        ("640302100-congress", "expired"), ("640302100-congress", "expired"),
    ]  # fmt: skip
    assert all(row["first_used_seq"] > row["seq"] for row in rows)


def test_what_an_officer_did(database: sqlite3.Connection) -> None:
    rows = asked(database, "SELECT * FROM officer_acts WHERE officer = ?", DISCIPLINE)
    assert {"voucher", "revoker", "signer", "refuser", "waiver", "attempter"} <= {
        row["role"] for row in rows
    }
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)


def test_hand_offs_without_ground(database: sqlite3.Connection) -> None:
    rows = asked(database, "SELECT unit, stage, ended_by_seq, handed_on_again_seq, held_by "
                           "FROM hand_offs_unfounded")  # fmt: skip
    told = {(row["unit"], row["stage"]): row for row in rows}
    assert set(told) == {
        ("640300-government", "plan"), ("640300-cppcc", "plan"), ("640300-cppcc", "nomination"),
        ("640302100-congress", "plan"),
    }  # fmt: skip
    assert told["640300-government", "plan"]["handed_on_again_seq"]
    assert told["640300-cppcc", "nomination"]["held_by"] == "plan"


def test_attempts_by_code(database: sqlite3.Connection) -> None:
    [first, *_] = asked(database, "SELECT * FROM attempts_by_code")
    assert (first["code"], first["attempts"], first["officers"]) == ("absolute", 2, 1)
    assert first["reason_zh"].startswith("法律")


@pytest.mark.parametrize(
    ("table", "words", "expected"),
    [
        ("findings", "约谈", 3),
        ("findings", '"640302100-congress-2"', 1),
        ("findings", "拒签", 1),
        ("entries", "被拒", 6),
        ("entries", "拒签", 2),
        ("entries", '"key-rotated"', 1 + 1),  # an officer's, and the evaluator's
    ],
)
def test_words_are_found(
    database: sqlite3.Connection, table: str, words: str, expected: int
) -> None:
    statement = f"SELECT count(*) AS found FROM {table}_fts WHERE {table}_fts MATCH ?"  # noqa: S608
    assert asked(database, statement, words)[0]["found"] == expected


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    assert database_bytes(read_record(eventful(tmp_path))) == database_bytes(eventful_record())


# As Datasette shows it


@contextmanager
def letting_connections_go() -> Iterator[None]:
    """Datasette leaves databases in memory to the collector; from Python 3.13 on that warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def served(file: Path, *paths: str) -> list[Any]:
    """What Datasette's own application answers, without a network."""

    async def ask() -> list[Any]:
        # It opens the first of them when it is imported.
        from datasette.app import Datasette

        datasette = Datasette([str(file)], settings={"num_sql_threads": 0})
        await datasette.invoke_startup()
        try:
            return [await datasette.client.get(path) for path in paths]
        finally:
            for database in datasette.databases.values():
                database.close()

    with letting_connections_go():
        return asyncio.run(ask())


def test_datasette_opens_every_table_and_view(file: Path) -> None:
    names = [*(table.name for table in TABLES), *NAMES]
    answers = served(file, *(f"/history/{name}.json?_shape=array" for name in names))
    for name, answer in zip(names, answers, strict=True):
        assert answer.status_code == 200, name
        assert answer.json(), name
    pages = served(file, "/history", *(f"/history/{name}" for name in names))
    for page in pages:
        assert page.status_code == 200
        assert "<img src=x" not in page.text


def test_datasette_filters_views_and_searches_tables(file: Path) -> None:
    paths = (
        f"/history/officer_acts.json?_shape=array&officer={DISCIPLINE}&kind=refused",
        "/history/why_closed.json?_shape=array&unit=640300-cppcc&stage=plan",
        f"/history/findings.json?_shape=array&_search={quote('约谈')}",
        "/history/key_acts.json?_shape=array&act=revoke",
    )
    refusals, closed, found, revoked = (answer.json() for answer in served(file, *paths))
    assert [row["unit"] for row in refusals] == ["640302-government"]
    assert [row["check"] for row in closed] == ["plan.sign-off"]
    assert {row["check"] for row in found} == {"plan.responsibility-talks"}
    assert [row["reason"] for row in revoked] == [EVIL]
