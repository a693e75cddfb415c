"""docs/exports.md says what the exports hold."""

import re

from schemas.words import STATES
from tasks.export import FORMATS
from tasks.export.database import FORMAT, VIEWS
from tasks.export.layout import TABLES
from tests.support.tree import ROOT

TEXT = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The first cell of each row of a section's table → its cells."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    split = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {cells[0].strip("` "): cells for cells in split}


def test_every_table_and_column_is_documented_in_its_order() -> None:
    documented = rows("Tables")
    assert list(documented) == [table.name for table in TABLES]
    for table in TABLES:
        _, title, _, columns = documented[table.name]
        assert title == table.title.zh
        named = [part.split(" → ") for part in columns.split(", ")]
        assert [one[0].strip("`") for one in named] == [name for name, _, _ in table.flat()]
        targets = {one[0].strip("`"): one[1].strip("`") for one in named if len(one) > 1}
        assert targets == {one.name: one.target for one in table.columns if one.target}


def test_every_view_format_and_state_is_documented() -> None:
    views = re.findall(r"^CREATE VIEW (\w+)", VIEWS.read_text(encoding="utf-8"), re.MULTILINE)
    assert list(rows("Views")) == views
    assert tuple(rows("Formats")) == FORMATS
    assert f"`PRAGMA user_version` is the version of this layout: {FORMAT}" in TEXT
    of_keys = {"active", "one-voucher", "pending", "replaced"}
    assert set(rows("States")) == set(STATES) - of_keys
