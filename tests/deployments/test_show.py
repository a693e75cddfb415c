"""What is printed is what Rich prints, whether a table is laid out whole or from its widest."""

import io
import json
import os
from collections.abc import Sequence
from contextlib import redirect_stdout
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable

from deployments.show import Answer, Columns, Line, Table, show

CELLS = st.one_of(
    st.sampled_from(
        ["", "●", "[green]●[/]", "[red]✗[/]*", "清源区", "640302-congress", "a b  c", " x", "y ",
         "two\nlines", "tab\there", "\\[plain]", ":warning:", "a:b", "全角　空格", "e\u0301", "👍"]
    ),
    st.text(alphabet="ab 区关", max_size=30),
)  # fmt: skip


def rich_table(table: Table) -> RichTable:
    """The same table, as Rich's own lays out every cell."""
    made = RichTable(
        title=table.title,
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for index, heading in enumerate(table.headings):
        made.add_column(heading, overflow="fold", no_wrap=index == 0)
    for row in table.rows:
        made.add_row(*row)
    return made


def printed(shown: object, width: int, *, colours: bool) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, force_terminal=colours).print(shown)
    return out.getvalue()


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    headings=st.lists(st.sampled_from(["unit", "名称", "nomination"]), min_size=3, max_size=3),
    title=st.sampled_from([None, "* not settled", "标题"]),
    width=st.integers(12, 120),
    colours=st.booleans(),
)
def test_a_table_is_as_rich_lays_it_out(
    rows: list[list[str]], headings: list[str], title: str | None, width: int, colours: bool
) -> None:
    table = Table(headings, rows, title)
    laid_out = printed(rich_table(table), width, colours=colours)
    assert printed(table, width, colours=colours) == laid_out


def test_a_table_is_laid_out_from_its_widest_cells_folded_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid_out: list[int] = []
    whole = Table._whole

    def counted(table: Table, rows: Sequence[Sequence[str]]) -> RichTable:
        laid_out.append(len(rows))
        return whole(table, rows)

    monkeypatch.setattr(Table, "_whole", counted)
    rows = [[f"unit-{number}", "[green]●[/]"] for number in range(300)]
    printed(Table(["unit", "inspection"], rows), 17, colours=False)
    printed(Table(["unit", "inspection"], rows), 9, colours=False)
    assert laid_out == [1, 1]


@given(
    text=st.one_of(
        CELLS, st.text(max_size=90), st.text(alphabet="ab 区\t\x07\x1b[:\\", max_size=90)
    ),
    line=st.booleans(),
    style=st.sampled_from(["", "yellow"]),
    width=st.sampled_from([20, 80, 100]),
)
def test_a_part_is_as_rich_prints_it(text: str, line: bool, style: str, width: int) -> None:
    out, columns = io.StringIO(), {"COLUMNS": str(width)}
    with patch.dict(os.environ, columns), redirect_stdout(out):
        show([Line(text, style) if line else text])
    shown = io.StringIO()
    to = Console(file=shown, width=width, highlight=False)
    if line:
        to.print(text, style=style, markup=False, emoji=False, soft_wrap=True)
    else:
        to.print(text)
    assert out.getvalue() == shown.getvalue()


@given(rows=st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), min_size=1))
def test_columns_are_as_wide_as_their_widest_cell(rows: list[list[str]]) -> None:
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
    assert list(Columns(rows).lines()) == lines


VALUE = {
    "unit": "清源区",
    "seq": 3,
    "none": None,
    "lists": [[], {}, [1, '\x1b\u2028"\\']],
    "on": True,
}


def test_an_answer_is_one_of_its_two_renderings(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(VALUE, [Line("[as it stands] " + "x" * 300), "[bold]marked[/]"], 3)
    assert answer.give(json=True) == 3
    assert capsys.readouterr().out == json.dumps(VALUE, ensure_ascii=False, indent=2) + "\n"
    assert answer.give(json=False) == 3
    assert capsys.readouterr().out == "[as it stands] " + "x" * 300 + "\nmarked\n"
