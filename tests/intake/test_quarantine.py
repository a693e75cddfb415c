"""The quarantine file: complete, readable in Excel, and harmless."""

import csv
import io
from pathlib import Path

import pytest

from schemas.text import LANGUAGES
from tasks.intake import reasons as r
from tasks.intake.quarantine import harmless, write_quarantine
from tasks.intake.reading import read_register
from tasks.intake.refusal import Rejection
from tests.intake.files import csv_table, csv_text, good_rows


def read(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def rejection(value: str, column: str = "姓名") -> Rejection:
    return Rejection("roster", "人员名册", 7, column, value, r.SPACES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_line_for_each_reason(tmp_path: Path, lang: str) -> None:
    table = csv_table(good_rows())
    table[2][3], table[2][13], table[3][5] = "P", "３", "1968/2/30"
    (tmp_path / "a.csv").write_bytes(csv_text(table).encode())
    delivery = read_register("candidates", tmp_path / "a.csv")
    write_quarantine(tmp_path / "q" / "1.csv", delivery.rejections, lang)  # type: ignore[arg-type]
    head, *lines = read(tmp_path / "q" / "1.csv")
    assert (
        head
        == {
            "zh": ["工作表", "行", "列", "值", "原因"],
            "en": ["sheet", "row", "column", "value", "reason"],
        }[lang]
    )
    assert [line[:4] for line in lines] == [
        ["a.csv", "3", "人员编号", "P"],
        ["a.csv", "3", "工龄", "３"],
        ["a.csv", "4", "出生日期", "1968/2/30"],
    ]
    assert [line[4] for line in lines] == [x.why(lang) for x in delivery.rejections]  # type: ignore[arg-type]


def test_the_language_is_the_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    write_quarantine(tmp_path / "q.csv", [rejection(" x")])
    assert read(tmp_path / "q.csv")[1][4] == "开头或末尾有空格，请删除"


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "-", "=cmd|' /C'!A"],
)
def test_no_value_can_become_a_formula(tmp_path: Path, value: str) -> None:
    write_quarantine(tmp_path / "q.csv", [rejection(value, column=value)], "en")
    (_, line) = read(tmp_path / "q.csv")
    for cell in line:
        assert not cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize("value", ["-5", "-3.5", "25", "汉族", "a=b", "", "p-1 "])
def test_harmless_values_stay_as_delivered(value: str) -> None:
    assert harmless(value) == value


def test_what_cannot_be_seen_is_shown(tmp_path: Path) -> None:
    write_quarantine(tmp_path / "q.csv", [rejection("汉\u200b族\n\x00\u3000\ud800")], "en")
    assert read(tmp_path / "q.csv")[1][3] == r"汉\u200b族\n\x00\u3000\ud800"


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_quarantine(tmp_path / "q.csv", [rejection("x")])
    assert list(tmp_path.iterdir()) == []
