"""Officers and keys at the desk: found by what is asked for, with names for who may see them.

Expected (issue 16, docs/desk.md): among 220 keys one is found by text, organ and state; a name is
for who supplies the register of officers, of their place and below, and for who is to vouch for its
bearer; nobody finds anybody by a name that they do not see. A day that is past is said to be, in a
word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from data.policies import read_pack
from deployments.desk.desk import TOKEN, Desk
from deployments.desk.pages import FEW
from schemas.deadlines import DeadlineKind
from schemas.envelopes import fingerprint, public_text
from schemas.vocabulary import Stage
from tasks.deadlines import Deadline
from tasks.officers import keys
from tests.authority.rows_confirmations import invented, kept_waiting
from tests.authority.scene import (
    CITY_LIAISON,
    CITY_SECRETARY,
    COUNTY,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    NEIGHBOUR,
    NOT_TALKED_TO,
    OTHER,
    SECRETARY,
    TOWN_DISCIPLINE,
    TOWN_SECRETARY,
    Case,
    case_of,
    rows,
)
from tests.desk.scene import desk_of, reader_of
from tests.support import cycle
from tests.support.signing import who


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of("decided", tmp_path)


@pytest.fixture
def desk(case: Case) -> Iterator[Desk]:
    with desk_of(case) as desk:
        yield desk


def page(desk: Desk, officer: str, path: str = "/officers", **asked: str) -> str:
    with reader_of(desk, officer) as reader:
        query = f"?{urlencode(asked)}" if asked else ""
        return reader.get(f"{path}{query}", **{"accept-language": "en"}).text


def listed(shown: str) -> set[str]:
    """The officers in the table of keys."""
    table = shown.partition('id="find-keys"')[2]
    return set(re.findall(r"<td>(?:[^<]*<br>)?(o-[0-9-]+)</td>", table))


def name(officer: str) -> str:
    found = next(row["name"] for row in rows()["officers"] if row["officer"] == officer)
    return str(found)


def test_keys_are_found_by_what_is_asked_for(desk: Desk) -> None:
    every = listed(page(desk, SECRETARY))
    held = {key.officer: key for key in desk.known.keys.keys.values()}
    assert every == set(held)
    organ = {one for one, key in held.items() if key.organ == "discipline-commission"}
    one = fingerprint(held[LIAISON].name)
    expected: list[tuple[dict[str, str], set[str]]] = [
        ({"text": LIAISON}, {LIAISON}),
        ({"text": one}, {LIAISON}),
        ({"text": one[5:14]}, {LIAISON}),
        ({"text": one.replace("-", " ").upper().replace(" ", "")}, {LIAISON}),
        ({"organ": "discipline-commission"}, organ),
        ({"organ": "discipline-commission", "text": COUNTY},
         {one for one in organ if one.startswith(f"o-{COUNTY}")}),
        # What people call the place; a township's stands after its county's.
        ({"organ": "discipline-commission", "text": "清源区"},
         {one for one in organ if one.startswith(f"o-{COUNTY}")}),
        ({"organ": "discipline-commission", "text": "高桥镇"}, {TOWN_DISCIPLINE}),
        ({"state": "revoked"}, set()),
        ({"state": "active", "text": SECRETARY}, {SECRETARY}),
        ({"text": "<b>nobody"}, set()),
    ]  # fmt: skip
    assert 0 < len(organ) < len(every)
    shown = ""
    for asked, found in expected:
        shown = page(desk, SECRETARY, **asked)
        assert listed(shown) == found, asked
        # What was asked stands there, and is no markup.
        assert "<b>nobody" not in shown
    assert 'value="&lt;b&gt;nobody"' in shown
    assert f"0 of {len(desk.known.keys.keys)} keys" in shown


def test_who_supplies_the_register_sees_names_of_their_place_and_below(desk: Desk) -> None:
    county, city = page(desk, LIAISON), page(desk, CITY_LIAISON)
    for officer, seen in ((SECRETARY, county), (TOWN_SECRETARY, county), (CITY_SECRETARY, city)):
        assert f"{name(officer)}<br>{officer}" in seen
    assert f"<br>{CITY_SECRETARY}" not in county
    assert f"<br>{NEIGHBOUR}" not in county
    # Not their own row.
    assert f"<br>{LIAISON}" not in county
    assert listed(page(desk, LIAISON, text=name(SECRETARY))) >= {SECRETARY}


@pytest.mark.parametrize("officer", [SECRETARY, NEIGHBOUR, DISCIPLINE])
def test_others_see_ids_and_find_nobody_by_a_name(desk: Desk, officer: str) -> None:
    assert "<br>o-" not in page(desk, officer)
    assert listed(page(desk, officer, text=name(TOWN_SECRETARY))) == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_enrols_reads_how_many_vouch_and_who_by_the_pack(desk: Desk, lang: str) -> None:
    """Two organs before a key signs gates, of those that the cycle's own pack names."""
    with reader_of(desk) as stranger:
        shown = stranger.get("/enrol", **{"accept-language": lang}).text
    assert ("须2个机关核验确认" if lang == "zh" else "officers of 2 organs must") in shown
    rules = read_pack(cycle.PACK).vouching
    assert rules
    assert all(
        one.text.render(lang="zh" if lang == "zh" else "en") in unescape(shown) for one in rules
    )


def test_who_is_to_vouch_sees_whom_to_ask(desk: Desk, case: Case) -> None:
    with reader_of(desk) as stranger:
        asked = {"officer": KEYLESS, "public": public_text(who(KEYLESS).public)}
        shown, taken = stranger.act("enrol", asked, KEYLESS)
    assert (shown.status_code, taken.status_code) == (200, 200)
    heading = f"<h3>{name(KEYLESS)} {KEYLESS}"
    assert heading in page(desk, DISCIPLINE)
    assert heading not in page(desk, NEIGHBOUR)
    assert f"<h3>{KEYLESS}" in page(desk, NEIGHBOUR)


def test_a_day_that_is_past_is_said_to_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    on, day = desk.known.facts.on, timedelta(days=1)
    rectified, opens = DeadlineKind.PROBLEM_RECTIFIED, DeadlineKind.SESSION_OPENS
    found = [
        Deadline(on - day, COUNTY, rectified, "late", Stage.INSPECTION),
        Deadline(on, COUNTY, rectified, "today", Stage.INSPECTION),
        Deadline(on - day, COUNTY, opens, "opened", Stage.SLATE),
        Deadline(on + day, COUNTY, opens, "opens", Stage.SLATE),
    ]
    monkeypatch.setattr(type(desk.known), "deadlines", property(lambda _: found))
    shown = page(desk, SECRETARY, "/deadlines")
    rows = {row.rpartition("<td>")[2]: row for row in shown.split("</td></tr>")}
    words = {subject: ("overdue" in row, "past<" in row) for subject, row in rows.items()}
    assert words.pop("late") == (True, False)
    assert words.pop("opened") == (False, True)
    assert words["today"] == words["opens"] == (False, False)
    # A group for each kind, told with its number, its first day and what is overdue of it.
    groups = re.findall(r"<summary>(.*?)</summary>", shown)
    told = [re.sub(r"<[^>]+>", "", one).split() for one in groups]
    assert sorted(told) == sorted(
        [*kind.label.en.split(), "2", *f"first on {on - day}".split(), *late.split()]
        for kind, late in ((rectified, "1 overdue"), (opens, ""))
    )


# What cannot be done is said where it would be offered, as taking it would say


def test_who_cannot_vouch_confirm_or_revoke_is_told_why(desk: Desk, case: Case) -> None:
    keys.enrol(case.recorder, who(KEYLESS))
    seq = kept_waiting(case, "officers", invented(), by=LIAISON)
    pending = who(KEYLESS).key
    # Officer → why they cannot vouch, confirm, revoke; nothing where they can.
    expected = {
        DISCIPLINE: ("", "", ""),
        SECRETARY: ("own-organ", "", "may-not-revoke"),
        LIAISON: ("", "own-delivery", "may-not-revoke"),
        NEIGHBOUR: (None, "not-above", "may-not-revoke"),
    }
    for officer, codes in expected.items():
        with reader_of(desk, officer) as reader:
            shown = reader.get("/officers", **{"accept-language": "en"}).text
            asked: list[tuple[str, dict[str, object]]] = [
                ("vouch", {"officer": KEYLESS, "key": pending}),
                ("confirm", {"seq": seq}),
                ("revoke", {"officer": KEYLESS, "reason": "x"}),
            ]
            part = shown.partition('id="find-keys"')[0]
            for (act, given), code in zip(asked, codes, strict=True):
                answer = reader.post(f"/acts/{act}", given, **{TOKEN: reader.token})
                assert (answer.status_code == 200) == (code == ""), (officer, act)
                assert (f'data-act="{act}"' in part) == (code == ""), (officer, act)
                told = answer.json().get("text", "")
                assert code == "" or f": {told}" in unescape(part), (officer, act)
                assert code is None or answer.json().get("code", "") == code


def test_a_waiver_waits_on_today_for_who_can_sign_it_too(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    case.waive(DISCIPLINE)
    heading = "waivers that wait for your signature too"
    with desk_of(case) as desk:
        assert heading in page(desk, LIAISON, "/")
        assert NOT_TALKED_TO in page(desk, LIAISON, "/").partition(heading)[2]
        for officer in (DISCIPLINE, NEIGHBOUR, SECRETARY):
            assert heading not in page(desk, officer, "/")
        seq = cycle.entries(case.home, "waived")[-1]["seq"]
        with reader_of(desk, LIAISON) as reader:
            assert reader.act("join-waiver", {"seq": seq}, LIAISON)[1].status_code == 200
        assert heading not in page(desk, LIAISON, "/")


def test_what_is_much_stands_in_groups_with_their_numbers(case: Case, desk: Desk) -> None:
    """A book of many registers, and gates at which nothing is to be done, by the reason why."""
    found = [
        one for one in cycle.entries(case.home, "submitted") if one["officer"] == cycle.OFFICER
    ]
    book = [one for one in found if one["delivery"] == found[0]["delivery"]]
    assert len(book) > FEW
    shown = page(desk, cycle.OFFICER, "/")
    (head,) = re.findall(r"<details><summary>(entry \d+ and on.*?)</summary>", shown)
    assert f"<b>{len(book)} registers</b>" in head
    assert f"entry {book[0]['seq']} and on" in head
    listed = shown.partition(head)[2].partition("</details>")[0]
    assert all(f"<td>{one['seq']}</td>" in listed or f"<td>{one['seq']} " in listed for one in book)
    # The same signatory has one gate, and gates at which nothing is needed.
    case.sign(LIAISON)
    case.sign(LIAISON, unit=OTHER)
    told = page(desk, LIAISON, "/").partition("nothing is needed of you</h2>")[2]
    assert re.findall(r"<summary>(.*?) <b>(\d+)</b></summary>", told) == [("you signed", "2")]
    assert told.count("<tr><td>") == 2
