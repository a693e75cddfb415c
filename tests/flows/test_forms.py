"""The forms: what they offer, what they refuse, and how a run is named and found."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flow_engine import run_flow_async
from prefect.utilities.schema_tools.validation import ValidationError, validate

from data.home import VARIABLE
from data.ledger import Ledger
from flows.descriptions import description
from flows.forms import CHOICES, chosen_day, chosen_id, form_of
from schemas.names import UNIT
from schemas.rules.catalogue import RULES
from schemas.text import Refusal, Text
from schemas.vocabulary import WORKS
from tests.browser.scene import chromium, patient
from tests.support import cycle
from tests.support.programs import CHROMIUM, lacking

FLOWS = (
    *(stage.value for stage in WORKS),
    "cycle",
    "intake",
    "reminders",
    "verification",
    "checkpoints",
)
LARGEST = 60_000


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return Ledger(cycle.small_home(tmp_path_factory.mktemp("small")).ledger)


@pytest.fixture
def province(tmp_path: Path) -> Ledger:
    """A list of units as a province has it: 16 cities, 160 counties, 1,600 townships."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.create()
    with ledger.transaction() as transaction:
        for city in range(16):
            of_city = f"64{city:02d}00"
            place: list[tuple[str, str, str | None]] = [(of_city, "city", None)]
            for county in range(1, 11):
                of_county = f"64{city:02d}{county:02d}"
                place.append((of_county, "county", of_city))
                place += [(f"{of_county}{one}", "township", of_county) for one in range(100, 110)]
            for code, level, parent in place:
                for body in ("congress", "government"):
                    transaction.set_state(
                        "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)",
                        f"{code}-{body}", code, "某地", level, body, parent,
                    )  # fmt: skip
    return ledger


def refused(values: dict[str, Any], form: dict[str, Any]) -> str:
    """What the server says to these parameters, or nothing."""
    try:
        validate(values, form, raise_on_error=True)
    except ValidationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_has_a_form_and_a_description_in_both_languages(
    flow: str, lang: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    for value in form_of(flow, ledger)["properties"].values():
        assert value["title"]
        assert value["description"]
    told = description(flow)
    assert ("What the gate asks" in told or "关口检查什么" in told) == (flow in WORKS)
    for rule in RULES.values():
        if rule.stage.work == flow:
            assert rule.title.render() in told
    monkeypatch.setenv("TERMGATE_LANG", {"zh": "en", "en": "zh"}[lang])
    assert description(flow) != told


def test_a_choice_carries_the_name_and_counts_as_its_id(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    scope = form_of("vetting", ledger)["properties"]["scope"]
    places, units = (way["enum"] for way in scope["anyOf"][:2])
    assert places[0] == scope["default"] == "cycle 整个换届"
    assert "640302 清源区" in places
    assert "640302103 清源区 高桥镇" in places
    assert "640302-congress 清源区人大" in units
    listed = {str(row["unit"]) for row in cycle.small_rows()["units"]}
    assert {chosen_id(one, UNIT) for one in units} == listed
    assert {chosen_id(one, UNIT) for one in places} == {"cycle", *cycle.SMALL}


@pytest.mark.parametrize(
    "scope",
    ["cycle", "cycle 整个换届", "640302", "640302 清源区", "640302103-government"],
)
def test_the_form_takes_choices_and_bare_ids(
    scope: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    form = form_of("vetting", ledger)
    for values in ({"scope": scope}, {"scope": scope, "on": "2016-09-20"}, {"on": None}, {}):
        assert not refused(values, form)


@pytest.mark.parametrize(
    "values",
    [
        {"scope": "999999"},
        {"scope": "640302103-cppcc"},
        {"scope": "640302 别处"},
        {"scope": ""},
        {"scope": None},
        {"scope": 640302},
        {"scope": ["640302"]},
        {"on": "yesterday"},
        {"on": 20160920},
    ],
)
def test_the_form_refuses_what_the_cycle_does_not_have(
    values: dict[str, Any], ledger: Ledger
) -> None:
    said = refused(values, form_of("vetting", ledger))
    (name,) = values
    assert f"field '{name}'" in said
    assert len(said.splitlines()) == 1
    assert len(said) < 200


def test_the_form_refuses_what_no_flow_takes(ledger: Ledger) -> None:
    for flow in FLOWS:
        assert "open" in refused({"open": True}, form_of(flow, ledger))


@pytest.mark.parametrize(
    ("values", "taken"),
    [
        ({}, True),
        ({"officer": "o-640302-01"}, True),
        ({"officer": "../o-640302-01"}, False),
        ({"officer": "taken"}, True),
        ({"officer": ".claims"}, False),
        ({"register": "../reviews"}, False),
        ({"register": "nothing"}, False),
    ],
)
def test_the_form_of_the_inbox_leads_out_of_no_folder(
    values: dict[str, Any], taken: bool, ledger: Ledger
) -> None:
    form = form_of("intake", ledger)
    assert (not refused(values, form)) == taken
    for choice in form["properties"]["register"]["enum"]:
        assert not refused({"register": choice}, form)


def test_a_province_gets_a_list_that_can_be_looked_through(province: Ledger) -> None:
    form = form_of("plan", province)
    scope = form["properties"]["scope"]
    assert [len(way["enum"]) for way in scope["anyOf"] if "enum" in way] == [1 + 16 + 160]
    assert 16 + 160 <= CHOICES < 16 + 160 + 1600
    assert len(json.dumps(form)) < LARGEST
    for known in ("640001", "640001105", "640001105-congress", "cycle"):
        assert not refused({"scope": known}, form)
    for odd in ("6400", "640001105-party", "../640001", "640001 "):
        assert refused({"scope": odd}, form)


@pytest.mark.parametrize("given", [None, 5, "", "   ", "张三丰", "A B", ["cycle"], {"a": 1}])
def test_what_is_no_id_is_refused_and_not_repeated(given: object) -> None:
    with pytest.raises(Refusal) as caught:
        chosen_id(given, Text("范围", "Scope"))
    assert len(str(caught.value).splitlines()) == 1
    assert "张三丰" not in str(caught.value)


@pytest.mark.parametrize("given", ["2016-02-31", "today", 5, "2016-9-20", ["2016-09-20"]])
def test_what_is_no_day_is_refused(given: object) -> None:
    with pytest.raises(Refusal):
        chosen_day(given)


# On a real server


async def _deployed(client: PrefectClient, ledger: Ledger) -> UUID:
    return await client.create_deployment(
        await client.create_flow_from_name("vetting"),
        uuid4().hex,
        parameter_openapi_schema=form_of("vetting", ledger),
        enforce_parameter_schema=True,
        description=description("vetting"),
    )


Launch = Callable[[dict[str, Any], bool], FlowRun]


@pytest.fixture
def launch(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Launch:
    """Create a run of `vetting` as the UI does, run it as a runner does, and read it back."""
    from flows.vetting import vetting

    home = cycle.small_home(tmp_path, planted=True)
    monkeypatch.setenv(VARIABLE, str(home.path))
    monkeypatch.setenv("TERMGATE_LANG", "zh")

    async def launched(parameters: dict[str, Any], check: bool) -> FlowRun:
        async with get_client() as client:
            deployment = await _deployed(client, Ledger(home.ledger))
            body = {
                "name": "omega5-lister",
                "parameters": parameters,
                "enforce_parameter_schema": check,
                "tags": ["mine"],
            }
            path = f"/deployments/{deployment}/create_flow_run"
            made = await client._client.post(path, json=body)
            run = await client.read_flow_run(made.json()["id"])
            await run_flow_async(
                vetting, flow_run=run, parameters=run.parameters, return_type="state"
            )
            return await client.read_flow_run(run.id)

    return lambda parameters, check: asyncio.run(launched(parameters, check))


@pytest.mark.server
@pytest.mark.parametrize(
    ("scope", "name", "tags"),
    [
        (
            "640302-congress 清源区人大",
            "vetting 640302-congress",
            {"jurisdiction:640302", "jurisdiction:640300", "body:congress"},
        ),
        (
            "640302103",
            "vetting 640302103",
            {
                "jurisdiction:640302103",
                "jurisdiction:640302",
                "jurisdiction:640300",
                "body:congress",
                "body:government",
            },
        ),
        ("cycle", "vetting cycle", {"body:congress", "body:government", "body:cppcc"}),
    ],
)
def test_a_run_is_named_and_tagged_whatever_launched_it(
    scope: str, name: str, tags: set[str], launch: Launch
) -> None:
    run = launch({"scope": scope, "on": cycle.ON.isoformat()}, True)
    assert run.name == f"{name} {cycle.ON.isoformat()}"
    assert set(run.tags) == {"mine", "stage:vetting", *tags}
    assert run.state_name in {"Waiting", "Blocked"}


@pytest.mark.server
@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"scope": "999999"}, "999999"),
        ({"scope": "张三丰"}, "范围"),
        ({"scope": 5}, "范围"),
        ({"scope": "cycle", "on": "2016-02-31"}, "核查日期"),
        ({"on": {"a": 1}}, "核查日期"),
    ],
)
def test_a_run_made_past_the_form_ends_with_one_line(
    parameters: dict[str, Any], says: str, launch: Launch
) -> None:
    run = launch(parameters, False)
    assert run.state_name == "Blocked"
    assert run.state is not None
    message = run.state.message or ""
    assert says in message
    assert len(message.splitlines()) == 1
    assert "张三丰" not in f"{message} {run.name}"


@pytest.mark.server
def test_the_server_refuses_a_wrong_value(launch: Launch) -> None:
    with pytest.raises(PrefectHTTPStatusError) as caught:
        launch({"scope": "999999"}, True)
    assert caught.value.response.status_code == 409
    assert "Validation failed for field 'scope'" in caught.value.response.text


@pytest.fixture
def page(server: str) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip(lacking("chromium"))
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 1300, "height": 1000})
        patient(opened)
        yield opened


@pytest.fixture
def deployment(server: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setenv("TERMGATE_LANG", "zh")

    async def deployed() -> UUID:
        async with get_client() as client:
            return await _deployed(client, ledger)

    return asyncio.run(deployed())


@pytest.mark.server
@pytest.mark.browser
def test_the_form_in_the_browser(server: str, deployment: UUID, page: Page) -> None:
    page.goto(f"{server.removesuffix('/api')}/deployments/deployment/{deployment}/run")
    expect(page.get_by_text("整个换届、一个行政区（连同下级），或一个单位。")).to_be_visible()
    expect(page.get_by_text("Select date")).to_be_visible()
    chosen = page.locator(".schema-form-property-string .p-select-button__control")
    arrow = page.locator(".schema-form-property-string .p-select-button__icon")
    arrow.click()
    page.get_by_role("option", name="640302103 清源区 高桥镇").click()
    expect(chosen).to_have_text("640302103 清源区 高桥镇")
    page.get_by_text("编号", exact=True).click()
    page.locator(".schema-form-property-string textarea").fill("999999")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("'999999' is not valid under any")).to_be_visible()
    page.get_by_text("单位", exact=True).click()
    arrow.click()
    page.get_by_role("option", name="640302-congress 清源区人大").click()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(lambda url: not url.endswith("/run"))
    wanted = {"flow_runs": {"deployment_id": {"any_": [str(deployment)]}}}
    (made,) = page.request.post(f"{server}/flow_runs/filter", data=wanted).json()
    assert made["parameters"] == {"scope": "640302-congress 清源区人大"}
