"""Whatever is delivered: refused in one line, or every row accepted or rejected; never a crash."""

import random
import zipfile
from datetime import date
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.registers import REGISTERS
from schemas.text import LANGUAGES, Text
from tasks.intake import reasons
from tasks.intake.delivery import Delivery
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import read_register
from tasks.intake.refusal import Refused
from tasks.intake.sets import check_set
from tests.intake.files import (
    csv_file,
    csv_table,
    csv_text,
    good_row,
    good_rows,
    headings,
    read_book,
    sheet_table,
    workbook,
)
from tests.support.marks import of_all

by_lot = pytest.mark.reduced("files are drawn by lot")
OFTEN = settings(max_examples=of_all(50, 300), suppress_health_check=[HealthCheck.too_slow])
SELDOM = settings(max_examples=of_all(15, 80), suppress_health_check=[HealthCheck.too_slow])


def adds_up(delivery: Delivery) -> None:
    assert delivery.accepted + delivery.rejected == delivery.delivered
    assert len(delivery.row_numbers) == len(delivery.rows)
    assert not {x.row for x in delivery.rejections} & set(delivery.row_numbers)
    for rejection in delivery.rejections:
        for lang in LANGUAGES:
            assert "\n" not in rejection.render(lang)
    model = REGISTERS[delivery.register].model
    for row in delivery.rows:
        assert list(row) == list(model.model_fields)


def taken(register: str, path: Path) -> Delivery | None:
    """The delivery, or None where it is refused in one line."""
    delivery: Delivery | None
    line = ""
    try:
        delivery = read_register(register, path)
    except Refused as refused:
        delivery, line = None, str(refused)
    if delivery is None:
        assert line.isprintable()
        return None
    adds_up(delivery)
    checked = check_set({register: delivery})[register]
    adds_up(checked)
    write_quarantine(path.with_suffix(".quarantine"), [checked])
    return delivery


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "640302", "是", "yes", "2016/2/30", "42641", "=1", "合计", "必谈"]),
    st.from_regex(r"[0-9０-９+\-.,/年月日 ]{0,12}", fullmatch=True),
)


@pytest.mark.parametrize("register", ["candidates", "talks", "sessions"])
@by_lot
@OFTEN
@given(data=st.data())
def test_any_cells_of_a_csv(register: str, data: st.DataObject) -> None:
    table = csv_table([good_row(register)] * 3, register)
    columns = st.integers(0, len(table[0]) - 1)
    for row in table[1:]:
        for column in data.draw(st.sets(columns, max_size=3)):
            row[column] = data.draw(CELLS)
    encoding = data.draw(st.sampled_from(["utf-8", "gb18030"]))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(csv_text(table).encode(encoding, errors="ignore"))
        delivery = taken(register, path)
        assert delivery is None or delivery.delivered <= 3


@by_lot
@OFTEN
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
@example(b"PK\x03\x04")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example("人员编号,签订日期\n\x1c,\u2028".encode())
def test_any_bytes(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        taken("pledges", path)
        with pytest.raises(Refused):
            read_book(path)


@by_lot
@OFTEN
@given(st.binary(max_size=300))
def test_any_bytes_under_the_headings(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(b"person,signed_on\r\n" + content)
        taken("pledges", path)


SHEET_CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-10, 10**9),
    st.booleans(),
    st.dates(min_value=date(1901, 1, 1)),
)


@by_lot
@SELDOM
@given(st.lists(st.lists(SHEET_CELLS, max_size=7), max_size=4))
def test_any_cells_of_a_workbook(rows: list[list[Any]]) -> None:
    table = [headings("talks"), *sheet_table([good_row("talks")], "talks")[1:], *rows]
    with TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "a.xlsx", {"谈话批次": table})
        delivery = taken("talks", path)
        assert delivery is not None
        held = sum(any(cell != "" for cell in row) for row in rows)
        assert delivery.delivered == 1 + held


@pytest.fixture(scope="module")
def good_workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "a.xlsx"
    return workbook(path, {"人选": sheet_table(good_rows())}).read_bytes()


@by_lot
@OFTEN
@given(data=st.data())
def test_any_flipped_bytes_of_a_workbook(good_workbook: bytes, data: st.DataObject) -> None:
    content = bytearray(good_workbook)
    places = st.integers(0, len(content) - 1)
    for at in data.draw(st.lists(places, min_size=1, max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(content)
        taken("candidates", path)


@by_lot
@OFTEN
@given(data=st.data())
def test_any_changed_part_of_a_workbook(
    good_workbook: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(good_workbook)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = data.draw(st.sampled_from([n for n in sorted(parts) if n.startswith("xl/")]))
        at = data.draw(st.integers(0, len(parts[name]) - 1))
        put = data.draw(st.binary(max_size=6) | st.sampled_from([b"9", b"<f>1</f>", b'r="A9"']))
        parts[name] = parts[name][:at] + put + parts[name][at + len(put) :]
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        taken("candidates", path)


def on_record(register: str) -> list[str]:
    return {"jurisdictions": ["640302"], "officers": ["o-640302-01"]}.get(register, [])


@given(st.permutations(range(8)))
@settings(max_examples=20)
def test_the_order_of_rows_changes_nothing_accepted(order: list[int]) -> None:
    rows = [good_row("talks", talk=f"t-{n}") for n in range(6)]
    rows += [good_row("talks", talk="t-1"), good_row("talks", talk="T")]
    with TemporaryDirectory() as folder:
        straight = csv_file(Path(folder) / "a.csv", rows, "talks")
        shuffled = csv_file(Path(folder) / "b.csv", [rows[n] for n in order], "talks")
        taken_rows = []
        for path in (straight, shuffled):
            delivery = check_set({"talks": read_register("talks", path)}, on_record)["talks"]
            adds_up(delivery)
            taken_rows.append(sorted(map(str, delivery.rows)))
        assert taken_rows[0] == taken_rows[1]
        assert len(taken_rows[0]) == 5


REASONS = {name: text for name, text in vars(reasons).items() if isinstance(text, Text)}


@pytest.mark.parametrize("name", sorted(REASONS))
def test_every_reason_reads_in_both_languages(name: str) -> None:
    text = REASONS[name]
    arguments = [
        {field for _, field, _, _ in Formatter().parse(template) if field is not None}
        for template in (text.zh, text.en)
    ]
    assert arguments[0] == arguments[1]
    assert "" not in arguments[0]
    filled = dict.fromkeys(arguments[0], "x")
    assert text.render(filled, "zh") != text.render(filled, "en")
    assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)
    assert text.en.replace("“", "").replace("”", "").isascii()
    assert not text.en.endswith(".")


def test_shuffled_columns_change_nothing() -> None:
    table = csv_table(good_rows())
    order = list(range(len(table[0])))
    random.Random(1).shuffle(order)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(csv_text([[row[n] for n in order] for row in table]).encode())
        assert read_register("candidates", path).rows == good_rows()
