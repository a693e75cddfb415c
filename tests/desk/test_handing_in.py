"""Files handed in at the desk, as a browser's requests meet it.

Expected (issue 16): what would come back and what would follow is shown before anything is kept;
single cells are mended in the page; a delivery is signed as it was shown, by who signed in; what a
cell or a file's name holds is never markup, and what came back is for who handed it in.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from python_calamine import CalamineWorkbook

from data.status import unit_names
from data.verify import verify
from deployments.desk.desk import TOKEN, Desk
from deployments.desk.guarding import LARGEST_BODY, LARGEST_FILE
from deployments.desk.known import Known
from schemas.canonical import digest
from schemas.encodings import from_base64, to_base64
from schemas.envelopes import sealed
from schemas.registers import REGISTERS
from schemas.statements import Delivery, parse_statement
from schemas.text import LANGUAGES
from schemas.vocabulary import Outcome, Stage
from tests.authority.scene import (
    ADDED,
    DELIVERER,
    LIAISON,
    OTHER,
    PLACE,
    SECOND,
    SECRETARY,
    TALK,
    UNIT,
    Case,
    case_of,
    meeting,
)
from tests.desk.scene import Reader, desk_of, reader_of
from tests.support import cycle
from tests.support.marks import of_all
from tests.support.signing import enrol, private_of

STEPS = "measures"
ODD = "<b onclick=x>会议</b>"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of("open", tmp_path)


@pytest.fixture
def desk(case: Case) -> Iterator[Desk]:
    with desk_of(case) as desk:
        yield desk


@pytest.fixture
def reader(desk: Desk) -> Iterator[Reader]:
    with reader_of(desk, DELIVERER) as reader:
        reader.client.headers["accept-language"] = "en"
        yield reader


def sheet(*rows: Mapping[str, Any], name: str = "measures.csv", **more: Any) -> dict[str, Any]:
    """A file of deployment steps."""
    columns = REGISTERS[STEPS].columns
    head = ",".join(spec.column.label.en for spec in columns)
    lines = [",".join(str(row[spec.name]) for spec in columns) for row in rows]
    content = to_base64("\n".join([head, *lines, ""]).encode())
    return {"name": name, "content": content, **more}


def later(days: int = 1) -> dict[str, Any]:
    """A meeting on another day than is on record: it changes evidence, and no answer."""
    return dict(meeting(days))


def wrong(day: str = ODD) -> dict[str, Any]:
    return {**ADDED, "held_on": day}


def look(reader: Reader, given: object, *mends: Mapping[str, Any], **headers: str) -> Any:
    headers = {TOKEN: reader.token, **headers}
    return reader.post("/hand-in/look", {"sheet": given, "mends": list(mends)}, **headers)


def recorded(case: Case) -> int:
    return len(cycle.stored(case.home))


def files(case: Case) -> set[str]:
    return {str(one.relative_to(case.home.path)) for one in case.home.path.rglob("*")
            if one.is_file() and not one.name.startswith("ledger")}  # fmt: skip


def test_what_a_delivery_would_do_is_shown_and_nothing_is_kept(reader: Reader, case: Case) -> None:
    before, kept = recorded(case), files(case)
    page = look(reader, sheet(later())).json()["page"]
    assert "would close: 1" in page
    assert f"{PLACE}-congress" in page
    assert 'data-act="deliver"' in page
    headers = {TOKEN: reader.token}
    asked = reader.post("/acts/deliver", {"sheet": sheet(wrong(), later())}, **headers)
    assert asked.status_code == 200
    assert (recorded(case), files(case)) == (before, kept)


def test_a_delivery_is_signed_as_it_was_shown(reader: Reader, case: Case) -> None:
    given = sheet(later())
    shown, done = reader.act("deliver", {"sheet": given}, DELIVERER)
    said = parse_statement(from_base64(shown.json()["payload"])).predicate
    assert isinstance(said, Delivery)
    assert (said.officer, [one.of for one in said.registers]) == (DELIVERER, [STEPS])
    entry = cycle.entries(case.home)[done.json()["seq"] - 1]
    assert (entry["kind"], entry["officer"]) == ("delivered", DELIVERER)
    assert cycle.entries(case.home, "submitted")[-1]["accepted"] == 1
    assert case.launch() is Outcome.WAITING
    assert verify(case.home, blobs=True, acts=True)[1] is None


def test_a_rejected_cell_is_mended_in_the_page(reader: Reader, case: Case) -> None:
    told = look(reader, sheet(wrong())).json()
    page = told["page"]
    assert "&lt;b onclick=x&gt;会议&lt;/b&gt;" in page
    assert ODD not in page
    at = [spec.name for spec in REGISTERS[STEPS].columns].index("held_on")
    assert f'data-register="{STEPS}" data-row="2" data-at="{at}"' in page
    day = str(ADDED["held_on"])
    mend = {"goes_to": STEPS, "row": 2, "at": at, "value": day}
    mended = look(reader, told["sheet"], mend).json()
    assert mended["rejected"]["content"] == ""
    assert reader.act("deliver", {"sheet": mended["sheet"]}, DELIVERER)[1].status_code == 200
    (row,) = [one for one in cycle.entries(case.home, "submitted")[-1:] if one["rejected"] == 0]
    assert row["accepted"] == 1
    assert cycle.entries(case.home, "submitted")[-1]["source"] == digest(
        from_base64(mended["sheet"]["content"])
    )


@pytest.mark.parametrize(
    "mend",
    [
        {"goes_to": STEPS, "row": 9, "at": 0, "value": "x"},
        {"goes_to": STEPS, "row": 2, "at": 99, "value": "x"},
        {"goes_to": "roster", "row": 2, "at": 0, "value": "x"},
    ],
    ids=["no such row", "no such cell", "no such register"],
)
def test_what_is_not_there_is_not_mended(reader: Reader, mend: Mapping[str, Any]) -> None:
    page = look(reader, sheet(wrong()), mend).json()["page"]
    assert "no such cell" in page
    assert 'data-act="deliver"' not in page


def test_what_comes_back_is_taken_away_as_a_workbook(reader: Reader) -> None:
    told = look(reader, sheet(later(), wrong())).json()["rejected"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(from_base64(told["content"])))
    (table,) = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert told["name"] == "measures.xlsx"
    assert len(table) == 2
    assert ODD in table[1]


def test_a_file_of_which_nothing_can_be_taken_says_all_that_is_wrong(reader: Reader) -> None:
    given = {"name": "measures.csv", "content": to_base64(b"x,y\n1,2\n")}
    page = look(reader, given).json()["page"]
    assert "Nothing of it can be taken" in page
    assert 'data-act="deliver"' not in page
    assert reader.act("deliver", {"sheet": given}, DELIVERER)[0].status_code == 409


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.pdf", b"%PDF-1.7", "a PDF and no spreadsheet"),
        ("officer.key", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "a key or a certificate"),
        ("gate.receipt", b'{"receipt": "termgate/1"}', "a JSON file and no spreadsheet"),
        ("measures.csv", b"", "the file is empty"),
    ],
)
def test_an_odd_file_is_told_what_it_is(
    reader: Reader, name: str, content: bytes, said: str
) -> None:
    page = look(reader, {"name": name, "content": to_base64(content)}).json()["page"]
    assert said in page
    assert 'data-act="deliver"' not in page


def test_a_cell_of_few_values_is_chosen_and_a_day_picked(reader: Reader) -> None:
    kind = next(spec for spec in REGISTERS[STEPS].columns if spec.name == "kind")
    at = [spec.name for spec in REGISTERS[STEPS].columns].index("kind")
    assert kind.terms
    for lang in LANGUAGES:
        reader.client.headers["accept-language"] = lang
        page = look(reader, sheet({**ADDED, "kind": "<i>开会", "held_on": ODD})).json()["page"]
        select = page.partition(f'data-at="{at}"')[2].partition("</select>")[0]
        # What stood there is what is chosen, until another value is.
        assert "<option selected>&lt;i&gt;开会</option>" in select
        labels = [str(escape(term.label.render(lang=lang))) for term in kind.terms]
        assert [label for label in labels if f"<option>{label}</option>" not in select] == []
        assert 'type="date"' in page
    told = look(reader, sheet({**ADDED, "kind": "开会"})).json()
    mend = {"goes_to": STEPS, "row": 2, "at": at, "value": next(iter(kind.terms)).label.zh}
    assert look(reader, told["sheet"], mend).json()["rejected"]["content"] == ""


def test_rows_are_withdrawn_by_their_keys(reader: Reader, case: Case) -> None:
    row = meeting()
    text = f"{row['jurisdiction']},{row['kind']}\n"
    head = ",".join(REGISTERS[STEPS].column[name].column.label.en for name in REGISTERS[STEPS].key)
    content = to_base64(f"{head}\n{text}".encode())
    given = {"name": "x.csv", "content": content, "goes_to": STEPS, "withdraw": True}
    assert "would close: 1" in look(reader, given).json()["page"]
    assert reader.act("deliver", {"sheet": given}, DELIVERER)[1].status_code == 200
    assert cycle.entries(case.home, "submitted")[-1]["mode"] == "withdraw"


# Attacks


def test_another_file_than_was_shown_is_not_delivered(reader: Reader, case: Case) -> None:
    headers = {TOKEN: reader.token}
    shown = reader.post("/acts/deliver", {"sheet": sheet(later())}, **headers).json()
    before = len(cycle.entries(case.home, "submitted"))
    envelope = sealed(from_base64(shown["payload"]), private_of(DELIVERER))
    content = {"sheet": sheet(later(2)), "at": shown["at"], "envelope": envelope}
    assert reader.post("/acts/deliver", content, **headers).json()["code"] == "other-statement"
    assert len(cycle.entries(case.home, "submitted")) == before
    (attempt,) = cycle.entries(case.home, "attempted")
    assert (attempt["act"], attempt["officer"]) == ("deliver", DELIVERER)


def test_a_row_that_came_meanwhile_is_not_replaced_unseen(reader: Reader, case: Case) -> None:
    """Neither before what is signed is shown nor after, whatever else is taken of the file."""
    given, headers = sheet(later()), {TOKEN: reader.token}
    content = {"sheet": given, "replaces": look(reader, given).json()["replaces"]}
    shown = reader.post("/acts/deliver", content, **headers).json()
    envelope = sealed(from_base64(shown["payload"]), private_of(DELIVERER))
    signed = {**content, "at": shown["at"], "envelope": envelope}
    case.deliver(STEPS, meeting(3))
    before, submitted = recorded(case), len(cycle.entries(case.home, "submitted"))
    assert reader.post("/acts/deliver", content, **headers).json()["code"] == "other-delivery"
    assert recorded(case) == before
    assert reader.post("/acts/deliver", signed, **headers).json()["code"] == "other-delivery"
    (attempt,) = cycle.entries(case.home, "attempted")
    assert (attempt["act"], attempt["officer"]) == ("deliver", DELIVERER)
    assert len(cycle.entries(case.home, "submitted")) == submitted
    # Looked at again it is delivered, and so is it where the rows that it replaces are the same.
    content = {"sheet": given, "replaces": look(reader, given).json()["replaces"]}
    case.deliver("talk_participants", TALK)
    _, done = reader.act("deliver", content, DELIVERER)
    assert done.status_code == 200


def test_a_row_that_is_added_by_two_is_not_replaced_unseen(reader: Reader, case: Case) -> None:
    case.withdraw(STEPS, meeting())
    given = sheet(later())
    content = {"sheet": given, "replaces": look(reader, given).json()["replaces"]}
    case.deliver(STEPS, meeting(3))
    shown, _ = reader.act("deliver", content, DELIVERER)
    assert shown.json()["code"] == "other-delivery"


def test_who_supplies_the_rows_sees_what_is_replaced(desk: Desk, case: Case) -> None:
    enrol(case.home, [SECOND])
    case.deliver(STEPS, meeting(3))
    old, new = (str(meeting(days)["held_on"]) for days in (3, 1))
    delivered = cycle.entries(case.home, "submitted")[-1]["seq"]
    for officer, sees in ((SECOND, True), (DELIVERER, False)):
        with reader_of(desk, officer) as reader:
            page = look(reader, sheet(later())).json()["page"]
            assert f"<code>{PLACE}/committee-meeting</code>" in page
            assert f"#e{delivered}" in page
            assert f"<code>{cycle.OFFICER}</code>" in page
            assert (f"<del>{old}</del>" in page, f"<ins>{new}</ins>" in page) == (sees, sees)
            # Of what stands so already nothing is replaced.
            assert "#e" not in look(reader, sheet(later(3))).json()["page"]


def test_a_delivery_is_recorded_once(reader: Reader, case: Case) -> None:
    headers = {TOKEN: reader.token}
    given = sheet(later())
    shown = reader.post("/acts/deliver", {"sheet": given}, **headers).json()
    envelope = sealed(from_base64(shown["payload"]), private_of(DELIVERER))
    content = {"sheet": given, "at": shown["at"], "envelope": envelope}
    assert reader.post("/acts/deliver", content, **headers).status_code == 200
    assert reader.post("/acts/deliver", content, **headers).json()["code"] == "replayed"
    assert len([one for one in cycle.entries(case.home, "delivered")
                if one["officer"] == DELIVERER]) == 1  # fmt: skip


def test_nobody_delivers_what_another_signed(desk: Desk, reader: Reader, case: Case) -> None:
    given = sheet(later())
    shown = reader.post("/acts/deliver", {"sheet": given}, **{TOKEN: reader.token}).json()
    payload = from_base64(shown["payload"])
    with reader_of(desk, LIAISON) as other:
        for by in (DELIVERER, LIAISON):
            envelope = sealed(payload, private_of(by))
            content = {"sheet": given, "at": shown["at"], "envelope": envelope}
            assert other.post("/acts/deliver", content, **{TOKEN: other.token}).status_code == 409
    assert not [one for one in cycle.entries(case.home, "submitted")
                if one["officer"] in (DELIVERER, LIAISON)]  # fmt: skip


def test_a_file_needs_a_session_its_token_and_our_own_page(desk: Desk, reader: Reader) -> None:
    given = {"sheet": sheet(later()), "mends": []}
    with reader_of(desk) as stranger:
        assert stranger.post("/hand-in/look", given).status_code == 403
    assert reader.post("/hand-in/look", given).status_code == 403
    evil = {"origin": "http://evil.example"}
    assert look(reader, sheet(later()), **evil).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x.csv", "a/b.csv", "a\\b.csv", "x\x00.csv", "x\n.csv", "x" * 300 + ".csv"],
)
def test_a_name_that_is_no_file_s_is_refused(reader: Reader, name: str) -> None:
    assert look(reader, sheet(later(), name=name)).status_code == 422


def test_the_name_of_a_file_is_no_markup(reader: Reader) -> None:
    page = look(reader, sheet(later(), name="<img src=x onerror=y>.csv")).json()["page"]
    assert "<img" not in page
    assert "&lt;img src=x onerror=y&gt;.csv" in page


def test_too_large_a_file_is_refused(reader: Reader, case: Case) -> None:
    before = recorded(case)
    large = {"name": "x.csv", "content": "A" * LARGEST_FILE}
    assert look(reader, large).status_code == 413
    headers = {TOKEN: reader.token}
    assert reader.post("/acts/deliver", {"sheet": large}, **headers).status_code == 413
    # A file may be larger than anything else that is sent.
    rows = [later() for _ in range(LARGEST_BODY // 40)]
    assert look(reader, sheet(*rows)).status_code == 200
    assert recorded(case) == before


NAMES = st.sampled_from(["measures.csv", "x.xlsx", "x.et", "roster.csv", "测.csv", "x"])
TEXTS = st.text(max_size=60).map(str.encode) | st.binary(max_size=60)
HEADS = st.sampled_from([b"", sheet()["content"].encode(), from_base64(sheet()["content"])])


@pytest.mark.reduced("a thousand files take minutes")
@settings(
    max_examples=of_all(60, 1_000), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=NAMES,
    content=st.tuples(HEADS, TEXTS).map(b"".join),
    goes_to=st.sampled_from(["", STEPS, "roster", "none"]),
    withdraw=st.booleans(),
)
def test_no_file_makes_a_fault_of_ours(
    reader: Reader, case: Case, name: str, content: bytes, goes_to: str, withdraw: bool
) -> None:
    before = recorded(case)
    given = {"name": name, "content": to_base64(content), "goes_to": goes_to, "withdraw": withdraw}
    mend = {"goes_to": STEPS, "row": 2, "at": 0, "value": "<x>"}
    for answer in (look(reader, given), look(reader, given, mend)):
        assert answer.status_code < 500
        assert "<x>" not in answer.text
    headers = {TOKEN: reader.token}
    assert reader.post("/acts/deliver", {"sheet": given}, **headers).status_code < 500
    assert recorded(case) == before


# Consequences by gate


def test_what_would_follow_stands_gate_by_gate(tmp_path: Path) -> None:
    """Each gate is a group to be opened, with what is told of it inside and of no other."""
    case = case_of("open", tmp_path)
    with desk_of(case) as desk, reader_of(desk, DELIVERER) as reader:
        page = unescape(look(reader, sheet(later()), **{"accept-language": "en"}).json()["page"])
    follows = page.partition("what would follow</h3>")[2].partition("</ul>\n")[0]
    heads = re.findall(r"<details><summary>([^<]*)</summary>(.*?)</details>", follows, re.DOTALL)
    assert [head.partition(" ")[0] for head, _ in heads] == [UNIT]
    [(_, inside)] = heads
    assert "signature" in inside
    assert f"{PLACE}/" in inside


# What whoever delivers gives up is told before


def gates_barred(case: Case, officer: str) -> set[tuple[str, str]]:
    """The gates that an officer may not sign since they delivered evidence of them."""
    known = Known(case.home)
    mine = known.keys.of(officer)
    assert mine is not None
    judge = known.judge(mine)
    return {
        (unit, "plan")
        for unit in known.facts.units
        if judge.sign(unit, Stage.PLAN) == "self-submitted"
    }


def test_who_delivers_is_told_which_gates_they_may_sign_no_more(tmp_path: Path) -> None:
    """Those of the own place that ask for a secretary; then those are no news."""
    case = case_of("decided", tmp_path)
    assert gates_barred(case, SECRETARY) == set()
    with desk_of(case) as desk, reader_of(desk, SECRETARY) as reader:
        told = look(reader, sheet(later())).json()
        head, plan = told["warnings"]
        assert "you may no longer sign 2 gates, for who delivers evidence may not sign" in head
        names = [unit_names(case.recorder.ledger)[one].en for one in (UNIT, OTHER)]
        assert plan == f"plan: {', '.join(names)}"
        assert all(unescape(one) in unescape(told["page"]) for one in told["warnings"])
        zh = look(reader, sheet(later()), **{"accept-language": "zh"}).json()["warnings"]
        assert "您不能再为以下2个关口签字" in zh[0]
    case.deliver(STEPS, later(), by=SECRETARY)
    cycle.launch(case.home, Stage.PLAN, PLACE)
    # Both gates, and those alone.
    assert gates_barred(case, SECRETARY) == {(UNIT, "plan"), (OTHER, "plan")}
    with desk_of(case) as desk, reader_of(desk, SECRETARY) as reader:
        assert look(reader, sheet(later(2))).json()["warnings"] == []


def test_who_delivers_is_told_in_the_dialog_what_that_takes_away(tmp_path: Path) -> None:
    """Two signatures and the gate that stands open on them; of a row as it stands, nothing."""
    case = case_of("open", tmp_path)
    with desk_of(case) as desk, reader_of(desk, DELIVERER) as reader:
        told = look(reader, sheet(later())).json()["warnings"]
        assert told[:3] == [
            "once it is delivered:",
            "signatures that count no more: 2",
            "gates that stand open and close: 1",
        ]
        assert told[3] == f"plan: {unit_names(case.recorder.ledger)[UNIT].en}"
        zh = look(reader, sheet(later()), **{"accept-language": "zh"}).json()["warnings"]
        assert zh[:3] == ["报送之后：", "2个有效的签字将无效", "以下1个已通过的关口将暂停："]
        assert not [
            one for one in look(reader, sheet(later(0))).json()["warnings"] if "no more:" in one
        ]
