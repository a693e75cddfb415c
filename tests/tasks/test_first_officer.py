"""Who may deliver first: a book without officers can still enrol one."""

from pathlib import Path

import pytest

from schemas.text import Refusal
from tests.support import cycle

pytestmark = pytest.mark.on_both


def test_the_first_officer_enrols_themselves_and_nobody_else(tmp_path: Path) -> None:
    rows = cycle.small_rows()
    structure = {name: rows[name] for name in ("jurisdictions", "units")}
    home = cycle.open_home(tmp_path / "home", {**{name: [] for name in rows}, **structure})
    officers = [row for row in rows["officers"] if row["jurisdiction"] == "640300"]
    me, other = str(officers[0]["officer"]), str(officers[1]["officer"])
    with pytest.raises(Refusal):
        cycle.deliver(home, "officers", officers[:1], by=other)
    with pytest.raises(Refusal):
        cycle.deliver(home, "roster", rows["roster"][:1], by=me)
    assert cycle.deliver(home, "officers", officers[:1], by=me).accepted == 1
    with pytest.raises(Refusal):
        cycle.deliver(home, "officers", officers[1:2], by=other)
    assert cycle.deliver(home, "officers", officers[1:2], by=me).accepted == 1
