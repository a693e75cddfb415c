"""The desk as a browser's requests meet it.

Expected: issue and DESIGN: nobody sees or does anything without a key that is theirs, what is
signed is what was shown, nothing that is typed is markup, and no request makes a fault of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.checkpoints import file_checkpoint, new_checkpoint, sign_checkpoint
from data.ledger import Ledger
from data.receipts import receipt
from data.status import statuses, unit_names
from data.verify import verify, verify_bundle_bytes
from deployments.desk import command, views
from deployments.desk.acts import ACTS
from deployments.desk.application import PAGES
from deployments.desk.desk import TOKEN, Desk
from deployments.desk.guarding import HEADERS, LARGEST_BODY, TRIES
from deployments.desk.known import EXPORTS
from deployments.desk.pages import FOLDER
from deployments.desk.runs import ASKED_SECONDS, Runs, launchable
from deployments.desk.sessions import CHALLENGE_SECONDS, IDLE_SECONDS
from deployments.gates import gate_json
from deployments.scopes import UnknownScope, scope_of
from deployments.serving.settings import ServeRefused
from schemas.encodings import from_base64, to_base64
from schemas.envelopes import payload_of, sealed
from schemas.statements import parse_statement
from schemas.text import Text
from schemas.vocabulary import STAGES, Body, Outcome, Stage
from tasks import export
from tasks.export.history import read_record
from tasks.export.report import report_bytes
from tasks.officers import keys
from tasks.officers.gates import Gates
from tasks.templates import FOLDER as SHARED
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    COUNTY,
    DISCIPLINE,
    KEYLESS,
    LEAVER,
    LIAISON,
    NEIGHBOUR,
    NOT_TALKED_TO,
    SECRETARY,
    TALKS,
    UNIT,
    Case,
    case_of,
)
from tests.desk.scene import Clock, Reader, desk_of, reader_of
from tests.objections import scene as concluded
from tests.serve.test_asking import Server, serving
from tests.support import cycle
from tests.support.marks import of_all
from tests.support.signing import act_of, private_of, who

GATE = {"unit": UNIT, "stage": "plan"}
PATHS = (
    "/", "/board", "/sign", f"/gate/{UNIT}/plan", f"/gate/{UNIT}/plan/rows", "/history",
    "/officers", "/objections", "/stages", "/hand-in", "/ask-lists", "/deadlines",
)  # fmt: skip
PASSPHRASE_FREE = ("/sign-in", "/enrol")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of("decided", tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(case: Case, clock: Clock) -> Iterator[Desk]:
    with desk_of(case, clock) as desk:
        yield desk


@pytest.fixture
def reader(desk: Desk) -> Iterator[Reader]:
    with reader_of(desk, SECRETARY) as reader:
        yield reader


def recorded(case: Case) -> int:
    return len(cycle.stored(case.home))


# Who gets in


def test_without_a_session_there_is_nothing_but_signing_in(desk: Desk, case: Case) -> None:
    before = recorded(case)
    with reader_of(desk) as stranger:
        for path in PATHS:
            answer = stranger.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        for path in PASSPHRASE_FREE:
            assert stranger.get(path).status_code == 200
        assert stranger.get("/events").status_code == 403
        for act in ACTS.keys() - {"enrol"}:
            assert stranger.post(f"/acts/{act}", GATE).status_code == 403
    assert recorded(case) == before


@pytest.mark.parametrize("address", [None, "", "http://desk.example.org"])
def test_nobody_reaches_the_desk_from_elsewhere_in_the_clear(
    case: Case, address: str | None
) -> None:
    with pytest.raises(ServeRefused):
        command.desk(host="0.0.0.0", address=address, home=case.home.path)  # noqa: S104


def test_an_officer_signs_in_with_their_own_key(desk: Desk) -> None:
    with reader_of(desk) as reader:
        assert reader.enter(SECRETARY).status_code == 200
        assert SECRETARY in reader.get("/board").text


@pytest.mark.parametrize(
    ("officer", "key", "asked_by"),
    [
        (SECRETARY, LIAISON, ""),
        (SECRETARY, SECRETARY, LIAISON),
        (KEYLESS, KEYLESS, ""),
        ("o-000000-01", SECRETARY, ""),
    ],
    ids=["another's key", "another's challenge", "no key on record", "nobody"],
)
def test_nobody_else_signs_in(desk: Desk, officer: str, key: str, asked_by: str) -> None:
    with reader_of(desk) as reader:
        assert reader.enter(officer, private_of(key), asked_by).status_code == 409
        assert reader.get("/board").status_code == 303


def test_a_challenge_is_good_once_and_for_a_minute(desk: Desk, clock: Clock) -> None:
    with reader_of(desk) as reader:
        payload = from_base64(reader.post("/challenge", {"officer": SECRETARY}).json()["payload"])
        content = {
            "officer": SECRETARY,
            "challenge": json.loads(payload)["challenge"],
            "envelope": sealed(payload, private_of(SECRETARY)),
        }
        assert reader.post("/enter", content).status_code == 200
        assert reader.post("/enter", content).json()["code"] == "challenge"
        late = from_base64(reader.post("/challenge", {"officer": SECRETARY}).json()["payload"])
        clock.now += CHALLENGE_SECONDS + 1
        content = {
            "officer": SECRETARY,
            "challenge": json.loads(late)["challenge"],
            "envelope": sealed(late, private_of(SECRETARY)),
        }
        assert reader.post("/enter", content).json()["code"] == "challenge"


def test_what_is_signed_to_sign_in_is_no_act(desk: Desk) -> None:
    from schemas.statements import StatementError

    payload = desk.sessions.challenge(SECRETARY)
    with pytest.raises(StatementError):
        parse_statement(payload)


def test_a_session_ends_when_idle_and_when_its_key_does(
    desk: Desk, clock: Clock, case: Case
) -> None:
    with reader_of(desk, SECRETARY) as reader:
        clock.now += IDLE_SECONDS - 1
        assert reader.get("/board").status_code == 200
        clock.now += IDLE_SECONDS + 1
        assert reader.get("/board").status_code == 303
        assert reader.enter(SECRETARY).status_code == 200
        keys.revoke(case.recorder, SECRETARY, who(SECRETARY), "遗失")
        assert reader.get("/board").status_code == 303


def test_signing_out_ends_the_session(desk: Desk) -> None:
    with reader_of(desk, SECRETARY) as reader:
        cookie = dict(reader.client.cookies)
        assert reader.post("/leave", {}, **{TOKEN: reader.token}).status_code == 200
        reader.client.cookies.update(cookie)
        assert reader.get("/board").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    with reader_of(desk) as reader:
        said = reader.enter(SECRETARY).headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said


# What is asked for


def units_of(page: str) -> set[str]:
    """The units whose gates a board shows."""
    return set(re.findall(r'href="/gate/([0-9]+-[a-z]+)/', page))


def test_the_board_shows_the_units_that_are_asked_for(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    # Of the whole cycle, what each gate says by `gate show`: outcome, or forecast, and findings.
    gates = {
        (one.unit, stage.value): gate_json(case.home, one.unit, stage.value)
        for one in statuses(Ledger(case.home.ledger))
        for stage in STAGES
    }

    def closed_by(shown: dict[str, Any], check: str) -> bool:
        stands = {"findings": [] if shown["held_by"] else shown["findings"]}
        found = (shown["forecast"] or stands)["findings"]
        closing = [one["check"] for one in found if one["status"] in ("fail", "missing", "not_yet")]
        return check in closing

    every = {unit for unit, _ in gates}
    lacking = {unit for (unit, _), shown in gates.items() if closed_by(shown, TALKS)}
    assert UNIT in lacking
    assert lacking < every
    congresses = {unit for unit in every if unit.endswith("-congress")}
    here = {unit for unit in congresses if unit.startswith(COUNTY)}
    expected = {
        "": every,
        "body=congress": congresses,
        f"check={TALKS}": lacking,
        f"scope={COUNTY}&body=congress": here,
        f"scope={COUNTY}&body=congress&check={TALKS}": lacking & here,
        # State and check are of one gate: what a check keeps closed is not open.
        f"check={TALKS}&state=open": set(),
        "body=council": set(),
        # By name as by code: of a place, of a unit, in either language.
        f"scope={quote('清源区')}&body=congress": here,
        f"scope={quote(' 古渡镇人大 ')}": {UNIT},
        f"scope={quote(f'古渡镇 {Body.CONGRESS.label.en}')}": {UNIT},
        f"scope={quote('{清源')}": set(),
    }
    with desk_of(case) as desk, reader_of(desk, SECRETARY) as reader:
        shown = {asked: units_of(reader.get(f"/board?{asked}").text) for asked in expected}
        nobody = reader.get("/board?body=council", **{"accept-language": "en"}).text
        unknown = {
            lang: reader.get(f"/board?scope={quote('<b>吴忠')}", **{"accept-language": lang})
            for lang in ("en", "zh")
        }
    assert shown == expected
    assert "No unit is so." in nobody
    for lang, words in (("en", "no place or unit is called"), ("zh", "没有叫")):
        page = unknown[lang].text
        assert (unknown[lang].status_code, words in page) == (200, True)
        # What was typed stands there to be mended, and is no markup.
        assert 'value="&lt;b&gt;吴忠"' in page
        assert f'<option value="{COUNTY}">清源区</option>' in page
        assert "<b>吴忠" not in page


def test_a_name_that_several_bear_is_asked_by_code() -> None:
    known = {"1": Text("城关镇", "Chengguan"), "2": Text("城关镇", "Chengguan")}
    with pytest.raises(UnknownScope, match=r"1 \(Chengguan\), 2 \(Chengguan\)") as told:
        scope_of(known, "城关镇")
    assert "请写代码：1（城关镇）、2（城关镇）" in told.value.text.render(lang="zh")
    assert scope_of(known, "2") == "2"
    assert scope_of(known, " ") == "cycle"


def test_the_history_of_a_unit_shows_how_its_gates_went(reader: Reader, case: Case) -> None:
    made = [
        one["seq"]
        for one in cycle.entries(case.home, "decided")
        if (one["unit"], one["stage"]) == (UNIT, "plan")
    ]
    shown = reader.get(f"/history?unit={UNIT}").text
    picture = shown.partition('class="timeline"')[2].partition("</svg>")[0]
    assert re.findall(r'href="/history\?until=([0-9]+)#e[0-9]+"', picture) == list(map(str, made))
    assert made
    assert 'class="timeline"' not in reader.get("/history").text
    for name, terms in (("stage", Stage), ("outcome", Outcome)):
        for one in terms:
            asked = reader.get(f"/history?{name}={one.value}", **{"accept-language": "zh"})
            assert f'<option value="{one.value}" selected>{one.label.zh}</option>' in asked.text
    assert 'class="timeline"' not in reader.get("/history?unit=999999-congress").text


# What is changed


@pytest.mark.parametrize("token", ["", "x", "另"])
def test_a_change_needs_the_sessions_token(reader: Reader, case: Case, token: str) -> None:
    before = recorded(case)
    headers = {TOKEN.encode(): token.encode()}
    asked = reader.client.post("/acts/sign", json=GATE, headers=headers)
    assert reader.run(asked).status_code == 403
    assert recorded(case) == before


def test_another_origin_or_host_is_refused(reader: Reader, case: Case) -> None:
    before = recorded(case)
    token = reader.token
    answer = reader.post("/acts/sign", GATE, **{TOKEN: token, "origin": "http://evil.example"})
    assert answer.status_code == 403
    assert reader.get("/board", host="evil.example").status_code == 400
    assert recorded(case) == before


def test_an_act_is_shown_first_and_recorded_as_it_was_shown(reader: Reader, case: Case) -> None:
    before = recorded(case)
    shown = reader.post("/acts/sign", GATE, **{TOKEN: reader.token}).json()
    assert recorded(case) == before
    said = parse_statement(from_base64(shown["payload"])).predicate
    assert (said.officer, said.time) == (SECRETARY, shown["at"])
    _, done = reader.act("sign", GATE, SECRETARY)
    entry = cycle.entries(case.home)[done.json()["seq"] - 1]
    assert (entry["kind"], entry["officer"], entry["unit"]) == ("signed", SECRETARY, UNIT)
    assert verify(case.home, blobs=True, acts=True)[1] is None


def test_a_statement_that_changed_between_showing_and_signing_is_refused(
    reader: Reader, case: Case
) -> None:
    headers = {TOKEN: reader.token}
    shown = reader.post("/acts/sign", GATE, **headers).json()
    payload = from_base64(shown["payload"])
    for changed in (
        payload.replace(b'"open"', b'"refuse"'),
        payload.replace(UNIT.encode(), UNIT.replace("100", "103").encode()),
    ):
        content = {
            **GATE,
            "at": shown["at"],
            "envelope": sealed(changed, private_of(SECRETARY)),
        }
        assert reader.post("/acts/sign", content, **headers).json()["code"] == "other-statement"
    assert not cycle.entries(case.home, "signed")


def test_two_officers_open_a_gate(desk: Desk, case: Case) -> None:
    for officer in (SECRETARY, LIAISON):
        with reader_of(desk, officer) as reader:
            assert UNIT in reader.get("/").text
            assert reader.act("sign", GATE, officer)[1].status_code == 200
    assert case.launch() is Outcome.OPEN
    with reader_of(desk, LIAISON) as reader:
        assert 's-open"' in reader.get(f"/gate/{UNIT}/plan").text


def test_a_refusal_is_given_and_withdrawn(desk: Desk, case: Case) -> None:
    with reader_of(desk, SECRETARY) as reader:
        refusal = {**GATE, "reason": "<script>材料不实</script>"}
        seq = reader.act("refuse", refusal, SECRETARY)[1].json()["seq"]
        assert case.launch() is Outcome.BLOCKED
        page = reader.get(f"/gate/{UNIT}/plan").text
        assert "&lt;script&gt;材料不实" in page
        assert "<script>材料不实" not in page
        assert reader.act("withdraw", {"seq": seq, "reason": ""}, SECRETARY)[1].status_code == 200
        assert case.launch() is Outcome.WAITING


def warned(reader: Reader, seq: int, lang: str = "en") -> list[str]:
    """What is told of withdrawing an entry before it is signed."""
    headers = {TOKEN: reader.token, "accept-language": lang}
    asked = reader.post("/acts/withdraw", {"seq": seq, "reason": ""}, **headers)
    assert asked.status_code == 200
    return [str(one) for one in asked.json()["warnings"]]


def test_who_withdraws_is_told_before_which_gates_that_closes(tmp_path: Path) -> None:
    """One that stands open on it, and those after it; none that does not."""
    case = case_of("nominated", tmp_path)
    opened = next(
        one for one in case.recorder.history.acts.of(UNIT, "plan") if one.officer == SECRETARY
    )
    refused = case_of("decided", tmp_path / "refused")
    refusal = refused.refuse(SECRETARY)
    waiting = case_of("short", tmp_path / "short")
    signed = waiting.recorder.history.acts.of(UNIT, "plan")[0]
    with desk_of(case) as desk, reader_of(desk, SECRETARY) as reader:
        first, after = warned(reader, opened.seq)
        assert "closes the gate plan of" in first
        assert after == "open gates after it count no more: nomination"
        assert "已通过的关口“方案”将暂停" in warned(reader, opened.seq, "zh")[0]
        # Exactly that happens.
        assert (
            reader.act("withdraw", {"seq": opened.seq, "reason": ""}, SECRETARY)[1].status_code
            == 200
        )
    assert case.launch() is Outcome.WAITING
    for other, officer, seq in ((refused, SECRETARY, refusal), (waiting, LIAISON, signed.seq)):
        with desk_of(other) as desk, reader_of(desk, officer) as reader:
            assert warned(reader, seq) == []


def test_who_revokes_is_told_before_what_that_takes_away(tmp_path: Path) -> None:
    """One signature, the gate that stands on it and the one after; nothing where nobody signed."""
    case = case_of("nominated", tmp_path)
    asked = {"officer": SECRETARY, "reason": "遗失"}
    with desk_of(case) as desk, reader_of(desk, DISCIPLINE) as reader:

        def lines(officer: str, lang: str) -> list[str]:
            headers = {TOKEN: reader.token, "accept-language": lang}
            told = reader.post("/acts/revoke", {**asked, "officer": officer}, **headers)
            assert told.status_code == 200
            return [str(one) for one in told.json()["warnings"]]

        head, void, closes, plan, held, hint = lines(SECRETARY, "en")
        assert head == "once it is revoked:"
        assert void == "signatures that count no more: 1"
        assert closes == "gates that stand open and close: 1"
        assert plan == f"plan: {unit_names(case.recorder.ledger)[UNIT].en}"
        assert held == "open gates after them that count no more: 1"
        assert hint.endswith("(termgate key rotate): what it signed stands")
        zh = lines(SECRETARY, "zh")
        assert zh[:2] == ["吊销之后：", "1个有效的签字将无效"]
        assert zh[2] == "以下1个已通过的关口将暂停："
        assert "已签的仍然有效" in zh[-1]
        assert lines(LEAVER, "en") == []
        assert reader.act("revoke", asked, DISCIPLINE)[1].status_code == 200
    assert case.launch() is Outcome.WAITING


def test_the_history_is_exported_with_ids_alone(desk: Desk, case: Case) -> None:
    with reader_of(desk, SECRETARY) as reader:
        reader.act("refuse", {**GATE, "reason": "程少强材料不实"}, SECRETARY)
    with reader_of(desk, NEIGHBOUR) as reader:
        shown = reader.get("/history").text
        given = {}
        for kind, suffix in EXPORTS.items():
            assert f'href="/export/{kind}"' in shown
            answer = reader.get(f"/export/{kind}")
            assert answer.status_code == 200
            name = f"termgate-{desk.known.head()}{suffix}"
            assert name in answer.headers["content-disposition"]
            given[kind] = answer.content
        assert reader.get("/export/csv").status_code == 404
    # The text of a reason may name somebody.
    assert "程少强".encode() not in given["html"] + given["sqlite"] + given["bundle"]
    assert given["html"] == report_bytes(read_record(case.home, reasons=False), "en")
    assert verify_bundle_bytes(given["bundle"]) == (desk.known.head(), None)
    with reader_of(desk) as stranger:
        assert stranger.get("/export/html").status_code == 303


def test_an_export_says_how_far_it_is(
    desk: Desk, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    making = export.content_of

    def content_of(*given: Any) -> bytes:
        seen.append(dict(desk.known.exporting))
        return making(*given)

    monkeypatch.setattr(export, "content_of", content_of)
    assert reader.get("/export/xlsx/progress").json() == {}
    assert reader.get("/export/xlsx").status_code == 200
    ((asked, (what, done, of)),) = seen[0].items()
    assert (asked[0], done <= of, bool(what.render())) == ("xlsx", True, True)
    assert reader.get("/export/xlsx/progress").json() == {}
    with reader_of(desk) as stranger:
        assert stranger.get("/export/xlsx/progress").status_code == 403


def test_a_refusal_is_lifted_by_two_organs(desk: Desk, case: Case) -> None:
    with reader_of(desk, SECRETARY) as reader:
        refusal = {"unit": UNIT, "stage": "plan", "reason": "材料不实"}
        seq = reader.act("refuse", refusal, SECRETARY)[1].json()["seq"]
        assert 'data-act="lift"' not in reader.get(f"/gate/{UNIT}/plan").text
    for officer in (DISCIPLINE, LIAISON):
        with reader_of(desk, officer) as reader:
            assert 'data-act="lift"' in reader.get(f"/gate/{UNIT}/plan").text
            shown, done = reader.act("lift", {"seq": seq, "reason": "已核实"}, officer)
            assert (shown.status_code, done.status_code) == (200, 200)
    case.recorder.follow()
    refused = case.recorder.history.acts.at(seq)
    assert refused is not None
    assert case.recorder.history.weight(refused).code == "lifted"


def test_a_refused_act_says_why_and_is_on_record(reader: Reader, case: Case) -> None:
    other = {"unit": UNIT, "stage": "vetting"}
    before = recorded(case)
    shown = reader.post("/acts/sign", other, **{TOKEN: reader.token})
    assert (shown.status_code, shown.json()["code"]) == (409, "held")
    # Whoever only asks has attempted nothing.
    assert recorded(case) == before
    # A statement of a gate of which nothing was decided is nobody's: one on the plan is brought.
    envelope = act_of(Gates(case.recorder, Stage.PLAN, UNIT), UNIT, SECRETARY).envelope
    said = parse_statement(payload_of(envelope)).predicate
    given = {**other, "at": said.time, "envelope": envelope}
    done = reader.post("/acts/sign", given, **{TOKEN: reader.token})
    assert (done.status_code, done.json()["code"]) == (409, "held")
    (attempt,) = cycle.entries(case.home, "attempted")
    assert (attempt["officer"], attempt["code"]) == (SECRETARY, "held")


def test_a_key_is_enrolled_and_vouched_for(desk: Desk, case: Case) -> None:
    private = private_of(KEYLESS)
    mine = {"officer": KEYLESS, "public": to_base64(private.public_key().public_bytes_raw())}
    with reader_of(desk) as new:
        shown = new.post("/acts/enrol", mine).json()
        envelope = sealed(from_base64(shown["payload"]), private)
        content = {**mine, "at": shown["at"], "envelope": envelope}
        assert new.post("/acts/enrol", content).status_code == 200
        assert new.enter(KEYLESS).status_code == 409
        with reader_of(desk, DISCIPLINE) as voucher:
            assert KEYLESS in voucher.get("/officers").text
            said = {"officer": KEYLESS, "key": who(SECRETARY).key}
            assert voucher.act("vouch", said, DISCIPLINE)[1].status_code == 409
            said = {"officer": KEYLESS, "key": who(KEYLESS).key}
            assert voucher.act("vouch", said, DISCIPLINE)[1].status_code == 200
        assert new.enter(KEYLESS).status_code == 200
    assert verify(case.home, blobs=True, acts=True)[1] is None


def test_a_check_is_waived_by_two_organs(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    wanted = {
        "unit": UNIT, "check": TALKS, "subject": NOT_TALKED_TO, "until": "2017-01-05",
        "reason": "本人住院",
    }  # fmt: skip
    with desk_of(case) as desk:
        with reader_of(desk, DISCIPLINE) as reader:
            assert 'data-act="waive"' in reader.get(f"/gate/{UNIT}/plan").text
            seq = reader.act("waive", wanted, DISCIPLINE)[1].json()["seq"]
        with reader_of(desk, LIAISON) as reader:
            assert reader.get("/objections").text.count(f">{NOT_TALKED_TO}</td>") == 0
            assert reader.act("join-waiver", {"seq": seq}, LIAISON)[1].status_code == 200
            assert case.launch() is Outcome.WAITING
            # Both signatures are in force, and stand where everybody sees it.
            shown = reader.get("/objections").text
            assert shown.count(f">{NOT_TALKED_TO}</td>") == 2
            assert shown.count("本人住院") == 2


# Runs and receipts


class Prefect(Server):
    """Prefect's API with one run, which is at `states`, one after the other, as often as asked."""

    run = "6f2b1c3a-0000-4000-8000-00000000abcd"

    def __init__(self, *states: str) -> None:
        super().__init__()
        self.at = list(states)
        self.asked = 0

    def answer(self, path: str, content: object) -> tuple[int, object]:
        if path.startswith("/api/csrf-token"):
            return 422, {}
        if path == "/api/artifacts/filter":
            return 200, [{"key": "progress-plan", "data": 40.0}]
        if path.startswith("/api/flows"):
            flow = {"id": "f", "name": "plan"}
            return 200, [flow] if path.endswith("filter") else flow
        if path == "/api/flow_runs/filter":
            return 200, [self._told(self.at[0])]
        if path != f"/api/flow_runs/{self.run}":
            return 404, {}
        self.asked += 1
        return 200, self._told(self.at.pop(0) if self.at[1:] else self.at[0])

    def _told(self, name: str) -> dict[str, object]:
        kind = {"Running": "RUNNING"}.get(name, "CANCELLED")
        return {
            "id": self.run, "flow_id": "f", "parameters": {"scope": UNIT}, "created": "2016-11-01",
            "state": {"type": kind, "name": name, "message": "<b>said</b>"},
        }  # fmt: skip


def test_a_run_is_shown_and_told_until_it_ends(reader: Reader, desk: Desk, case: Case) -> None:
    prefect = Prefect("Running", "Running", "Waiting", "Running")
    page = f"/stages/{prefect.run}"
    now = [0.0]
    desk.runs = Runs(case.home, lambda: now[0])
    with serving(case.home, prefect):
        assert f'href="{page}"' in reader.get("/stages").text
        shown = reader.get(page, **{"accept-language": "en"}).text
        assert 'data-told="Running plan 40 %"' in shown
        assert f"/runs/flow-run/{prefect.run}" in shown
        assert "1 gate in its scope" in shown
        assert "<b>said</b>" not in shown
        # However many look within a second, Prefect is asked once.
        assert reader.get(page).text.count("data-told") == 1
        assert prefect.asked == 1
        for told in ("Running plan 40 %", "Waiting plan 40 %", "Waiting plan 40 %"):
            now[0] += ASKED_SECONDS
            assert f'data-told="{told}"' in reader.get(page).text
        # One that ended is not asked for again.
        assert prefect.asked == 3
        assert reader.get("/stages/00000000-0000-4000-8000-000000000000").status_code == 404
        assert reader.get("/stages/none").status_code == 404


def test_a_decision_leads_to_the_run_that_made_it(reader: Reader, case: Case) -> None:
    run = cycle.entries(case.home, "decided")[-1]["run"]
    shown = reader.get(f"/gate/{UNIT}/plan").text
    assert (f'href="/stages/{run}"' in shown) is (run is not None)


def test_without_a_serve_no_stage_is_launched(reader: Reader) -> None:
    wanted = {"work": "plan", "scope": UNIT}
    assert reader.post("/launch", wanted).status_code == 403
    answer = reader.post("/launch", wanted, **{TOKEN: reader.token})
    assert answer.status_code == 409
    assert "serve" in answer.json()["text"]
    for odd in ({"work": "none", "scope": UNIT}, {"work": "plan", "scope": ""}, {}):
        assert reader.post("/launch", odd, **{TOKEN: reader.token}).status_code == 422
    answer = reader.post("/launch", {"work": "plan", "scope": "../x"}, **{TOKEN: reader.token})
    assert (answer.status_code, "../x" in answer.json()["text"]) == (409, True)


def test_a_stage_is_launched_for_what_people_call_a_place(case: Case) -> None:
    known = launchable(Ledger(case.home.ledger))
    [city] = {text.zh for code, text in known.items() if code == UNIT.partition("-")[0]}
    for name, code in (
        (city, UNIT.partition("-")[0]), (UNIT, UNIT), ("整个换届", "cycle"), ("cycle", "cycle"),
        ("The whole cycle", "cycle"),
    ):  # fmt: skip
        assert scope_of(known, name) == code


def checkpoint(case: Case) -> bytes:
    """A checkpoint of all that is on record, signed by two organs."""
    note = new_checkpoint(case.home).text().encode()
    for officer in (CITY_SECRETARY, CITY_DISCIPLINE):
        note = sign_checkpoint(case.home, note, officer, private_of(officer)).text().encode()
    return note


def test_a_receipt_is_offered_only_when_it_can_be_given(tmp_path: Path) -> None:
    """Not before the gate is open, nor before a checkpoint covers how it ended, nor since then."""
    case, path = case_of("short", tmp_path), f"/receipt/{UNIT}/plan"
    with desk_of(case) as desk, reader_of(desk, LIAISON) as reader:

        def offered() -> tuple[bool, bool]:
            shown = reader.get(f"/gate/{UNIT}/plan", **{"accept-language": "en"}).text
            link = f'href="{path}"' in shown
            assert reader.get(path).status_code == (200 if link else 409)
            said = shown.partition("No receipt yet: ")[2].partition("</p>")[0]
            refused = "" if link else reader.get(path, **{"accept-language": "en"}).text
            assert not said or said in refused
            return link, bool(said)

        assert offered() == (False, False)
        file_checkpoint(case.home, checkpoint(case))
        case.sign(SECRETARY)
        case.launch()
        assert offered() == (False, True)
        file_checkpoint(case.home, checkpoint(case))
        assert offered() == (True, False)
        # One who signed the checkpoint is believed no more.
        keys.revoke(case.recorder, CITY_SECRETARY, who(CITY_DISCIPLINE), "密钥被盗")
        assert offered() == (False, True)
        assert (
            "还没有办结回执：" in reader.get(f"/gate/{UNIT}/plan", **{"accept-language": "zh"}).text
        )


def test_a_receipt_is_given_and_verified(tmp_path: Path) -> None:
    case = case_of("open", tmp_path)
    note = checkpoint(case)
    file_checkpoint(case.home, note)
    with desk_of(case) as desk, reader_of(desk, LIAISON) as reader:
        path = f"/receipt/{UNIT}/plan"
        assert f'href="{path}"' in reader.get(f"/gate/{UNIT}/plan").text
        given = reader.get(path)
        assert given.status_code == 200
        headers = {TOKEN: reader.token}
        told = reader.post("/proof", given.content, **headers).json()["text"]
        assert UNIT in told
        assert CITY_SECRETARY in told
        assert CITY_DISCIPLINE in told
        broken = given.content.replace(UNIT.encode(), UNIT.replace("100", "103").encode())
        assert broken != given.content
        assert reader.post("/proof", broken, **headers).status_code == 409
        assert reader.get(f"/receipt/{UNIT}/vetting").status_code == 409
        # A checkpoint that somebody kept is held against the ledger.
        told = reader.post("/proof", note, **headers).json()["text"]
        assert CITY_SECRETARY in told
        assert CITY_DISCIPLINE in told
        text, _, lines = note.partition(b"\n\n")
        for signed, said in ((lines.splitlines()[0] + b"\n", "another organ"), (b"", "nobody")):
            told = reader.post("/proof", text + b"\n\n" + signed, **headers).json()["text"]
            assert said in told
        cycle_id, size, top = text.split(b"\n")
        shorter = b"\n".join([cycle_id, str(int(size) - 1).encode(), top])
        for other in (shorter, text.replace(cycle_id[-4:], b"0000")):
            assert reader.post("/proof", other + b"\n\n", **headers).status_code == 409
        # A receipt that was cut off is a broken receipt, and not a file of another kind.
        cut = reader.post("/proof", given.content[: len(given.content) // 2], **headers)
        assert "this receipt does not hold" in cut.json()["text"]


@pytest.mark.parametrize(
    ("content", "en", "zh"),
    [
        (b"%PDF-1.7", "a PDF", "PDF 文件"),
        (b"", "an empty file", "空文件"),
        (b"name,day\n1,2\n", "a file of another kind", "别的文件"),
        (b'{"name": 1}', "a JSON file", "JSON 文件"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", "a key or a certificate", "密钥或证书文件"),
        (b"SQLite format 3\0" + bytes(90), "a database", "数据库"),
        (b"PK\x03\x04" + bytes(90), "cannot be opened", "打不开的文件"),
        (b"<!doctype html><p>", "a web page", "网页"),
    ],
)
def test_what_is_no_proof_is_told_what_it_is(
    reader: Reader, content: bytes, en: str, zh: str
) -> None:
    for lang, kind, expected in (
        ("en", en, "neither a receipt nor a checkpoint"),
        ("zh", zh, "不是回执或存证点"),
    ):
        headers = {TOKEN: reader.token, "accept-language": lang}
        answer = reader.post("/proof", content, **headers)
        assert answer.status_code == 409
        assert kind in answer.json()["text"]
        assert expected in answer.json()["text"]
        assert "receipt does not hold" not in answer.json()["text"]


def test_a_receipt_of_another_cycle_is_told_that_it_is(tmp_path: Path) -> None:
    other = case_of("open", tmp_path / "other")
    file_checkpoint(other.home, checkpoint(other))
    kept = receipt(other.home, UNIT, "plan")
    home = concluded.concluded_home(tmp_path / "home")
    with desk_of(Case(home)) as desk, reader_of(desk, concluded.DISCIPLINE) as somebody:
        for lang, told in (("zh", "这是另一次换届的回执"), ("en", "a receipt of another cycle")):
            headers = {TOKEN: somebody.token, "accept-language": lang}
            answer = somebody.post("/proof", kept, **headers)
            assert answer.status_code == 409
            assert told in answer.json()["text"]


# What is answered


def test_every_answer_keeps_everything_else_out(reader: Reader) -> None:
    answers = [reader.get(path) for path in (*PATHS, *PASSPHRASE_FREE, "/none", "/static/desk.js")]
    answers.append(reader.post("/acts/sign", b"{"))
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert {
        name for name in HEADERS["Content-Security-Policy"].split() if "unsafe" in name
    } == set()


def test_no_template_has_a_script_or_a_style_of_its_own() -> None:
    for file in (*FOLDER.glob("*.html"), *SHARED.glob("*.html")):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|\|safe", text), file.name
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), file.name


@pytest.mark.parametrize("path", [*PATHS, *PASSPHRASE_FREE])
def test_every_page_is_in_the_readers_language(reader: Reader, path: str) -> None:
    pages = {
        lang: reader.get(path, **{"accept-language": lang}).text for lang in ("zh-CN", "en-GB")
    }
    assert 'lang="zh-Hans"' in pages["zh-CN"]
    assert 'lang="en"' in pages["en-GB"]
    titles = {lang: page.partition("<h1>")[2].partition("</h1>")[0] for lang, page in pages.items()}
    assert titles["zh-CN"] != titles["en-GB"]
    assert reader.get(f"/language/zh?back={path}").headers["location"] == path
    assert 'lang="zh-Hans"' in reader.get(path, **{"accept-language": "en"}).text.split("<body>")[0]


@pytest.mark.parametrize("back", ["http://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(reader: Reader, back: str) -> None:
    answer = reader.get(f"/language/en?back={quote(back)}")
    assert answer.headers["location"] == "/"


def test_who_tries_too_often_waits(desk: Desk, clock: Clock) -> None:
    with reader_of(desk) as reader:
        answers = [reader.post("/challenge", {"officer": SECRETARY}) for _ in range(TRIES + 1)]
        assert [one.status_code for one in answers] == [200] * TRIES + [429]
        clock.now += 61
        assert reader.post("/challenge", {"officer": SECRETARY}).status_code == 200


def test_too_large_a_body_is_refused(reader: Reader) -> None:
    content = b'{"reason": "' + b"x" * LARGEST_BODY + b'"}'
    assert reader.post("/acts/refuse", content, **{TOKEN: reader.token}).status_code == 413


def test_an_unknown_unit_is_told(reader: Reader) -> None:
    assert reader.get("/gate/999999-congress/plan").status_code == 409
    assert reader.get(f"/gate/{UNIT}/none").status_code == 404


def test_a_fault_of_ours_quotes_nobody(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("程少强")

    monkeypatch.setattr(views, "board", broken)
    answer = reader.get("/board")
    assert answer.status_code == 500
    told = capfd.readouterr()
    assert "ValueError" in told.err
    assert "程少强" not in told.err + told.out + answer.text


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = (
    PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.text(max_size=8), PLAIN, max_size=2)
)
FIELDS = sorted({name for kind in ACTS.values() for name in kind.model_fields})


@pytest.mark.reduced("ten thousand requests take minutes")
@settings(
    max_examples=of_all(150, 10_000), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    act=st.sampled_from([*ACTS, "none"]),
    content=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5) | VALUES,
)
def test_no_request_makes_a_fault_of_ours(
    reader: Reader, case: Case, act: str, content: object
) -> None:
    before = recorded(case)
    answer = reader.post(f"/acts/{act}", content, **{TOKEN: reader.token})
    assert answer.status_code < 500
    assert recorded(case) == before


def test_open_pages_are_told_that_the_record_went_on(desk: Desk, case: Case) -> None:
    head = Ledger(case.home.ledger).query("SELECT max(seq) FROM head")[0][0]
    assert desk.known.head() == head
    case.sign(LIAISON)
    assert desk.known.head() == head + 1


def test_every_page_has_a_template() -> None:
    named = {path.split("/")[1] or "today" for path in PAGES} - {
        "language",
        "receipt",
        "came-back",
        "export",
    }
    assert named <= {file.stem for file in FOLDER.glob("*.html")}
