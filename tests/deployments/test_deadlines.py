"""The command `deadlines`: the list, and a calendar that other programs read."""

from datetime import date, datetime, timedelta
from pathlib import Path

from icalendar import Calendar

from data.home import Home
from tests.support import cycle
from tests.support.command import BAD_INPUT, DONE, Run, answer

UNIT = "640302-congress"


def events(path: Path) -> dict[str, tuple[date, str, str]]:
    """UID → day, summary and description, as another reader of RFC 5545 has them."""
    calendar = Calendar.from_ical(path.read_bytes())
    assert calendar["version"] == "2.0"
    found = {}
    for one in calendar.walk("VEVENT"):
        assert one.decoded("dtend") == one.decoded("dtstart") + timedelta(days=1)
        assert type(one.decoded("dtstart")) is date
        assert isinstance(one.decoded("dtstamp"), datetime)
        assert one["transp"] == "TRANSPARENT"
        uid = str(one["uid"])
        assert uid not in found
        found[uid] = (one.decoded("dtstart"), str(one["summary"]), str(one["description"]))
    return found


def test_every_open_deadline_is_an_event(home: Home, termgate: Run, tmp_path: Path) -> None:
    shown = answer(termgate, "deadlines", "--scope", UNIT)
    assert shown == sorted(shown, key=lambda one: one["due"])
    assert {one["place"] for one in shown} >= {UNIT}
    path = tmp_path / "a.ics"
    code, out, err = termgate("deadlines", str(path), "--scope", UNIT)
    assert (code, err) == (DONE, "")
    assert f"{len(shown)} open deadlines" in " ".join(out.split())
    found = sorted(events(path).values())
    assert [one[0].isoformat() for one in found] == [one["due"] for one in shown]
    assert all(summary.startswith("清源区 people's congress: ") for _, summary, _ in found)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


def test_a_day_that_is_moved_moves_the_event(home: Home, termgate: Run, tmp_path: Path) -> None:
    before, after = tmp_path / "a.ics", tmp_path / "b.ics"
    termgate("deadlines", str(before), "--scope", UNIT)
    row = next(one for one in cycle.small_rows()["calendar"] if one["unit"] == UNIT)
    opens = row["session_opens_on"]
    assert isinstance(opens, date)
    later = opens + timedelta(days=1)
    cycle.deliver(home, "calendar", [{**row, "session_opens_on": later}])
    termgate("deadlines", str(after), "--scope", UNIT)
    old, new = events(before), events(after)
    assert set(old) == set(new)
    moved = {uid for uid in old if old[uid] != new[uid]}
    assert {new[uid][0] for uid in moved} == {later}


def test_the_same_deadlines_give_the_same_file_and_none_is_written_over(
    home: Home, termgate: Run, tmp_path: Path
) -> None:
    for name in ("a.ics", "b.ics"):
        assert termgate("deadlines", str(tmp_path / name))[0] == DONE
    content = (tmp_path / "a.ics").read_bytes()
    assert (tmp_path / "b.ics").read_bytes() == content
    code, _, err = termgate("deadlines", str(tmp_path / "a.ics"))
    assert code == BAD_INPUT
    assert "not written over" in err
    assert (tmp_path / "a.ics").read_bytes() == content


def test_no_persons_name_is_in_the_calendar(home: Home, termgate: Run, tmp_path: Path) -> None:
    termgate("deadlines", str(tmp_path / "a.ics"))
    content = (tmp_path / "a.ics").read_text("utf-8")
    rows = cycle.small_rows()
    assert not [row["name"] for row in rows["roster"] if str(row["name"]) in content]
