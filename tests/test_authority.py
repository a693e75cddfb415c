"""Who may sign and who may waive: what counts, and packs whose authority cannot be used."""

from itertools import combinations

import pytest

from schemas.authority import KINDS_OF_UNIT, At, Panel, Vouching
from schemas.places import UNIT_LEVELS
from schemas.policy import PolicyRefused, parse_pack
from schemas.text import Text
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage
from tests.support.packs import SIGN_OFF, entry, pack, sign_off

PLACES = ("640302100", "640302", "640300")
DOUBLE = Panel((Organ.SECRETARY, Organ.DISCIPLINE), 2, At.OWN_OR_ABOVE)
SCRUTINEERS = Panel((Organ.SCRUTINEER,), 2, At.OWN)

# Who vouches


def test_an_organ_vouches_for_others_that_are_named_and_not_for_its_own() -> None:
    rule = Vouching(
        (Organ.SECRETARY, Organ.DISCIPLINE),
        (Organ.SECRETARY, Organ.SCRUTINEER),
        At.OWN_OR_ABOVE,
        Text("试", "test"),
    )
    pairs = {(one, other) for one in Organ for other in Organ if rule.covers(one, other)}
    assert pairs == {
        (Organ.SECRETARY, Organ.SCRUTINEER),
        (Organ.DISCIPLINE, Organ.SECRETARY),
        (Organ.DISCIPLINE, Organ.SCRUTINEER),
    }


# Panels


@pytest.mark.parametrize(
    ("at", "admitted"),
    [
        (At.OWN, {"640302100"}),
        (At.ABOVE, {"640302", "640300"}),
        (At.OWN_OR_ABOVE, {"640302100", "640302", "640300"}),
    ],
)
def test_an_officer_is_admitted_by_organ_and_place(at: At, admitted: set[str]) -> None:
    panel = Panel((Organ.SECRETARY, Organ.DISCIPLINE), 1, at)
    for place in (*PLACES, "640303", "640302101", ""):
        assert panel.admits("secretary", place, PLACES) is (place in admitted)
        assert panel.admits("discipline-commission", place, PLACES) is (place in admitted)
        assert not panel.admits("scrutineer", place, PLACES)
        assert not panel.admits("", place, PLACES)


def test_nobody_stands_above_a_city() -> None:
    panel = Panel((Organ.SECRETARY,), 1, At.ABOVE)
    assert not panel.admits("secretary", "640300", ("640300",))


@pytest.mark.parametrize(
    ("panel", "signed", "have"),
    [
        (DOUBLE, [], 0),
        (DOUBLE, [("o-1", "secretary")], 1),
        (DOUBLE, [("o-1", "secretary"), ("o-2", "secretary")], 1),
        (DOUBLE, [("o-1", "secretary"), ("o-1", "secretary")], 1),
        (DOUBLE, [("o-1", "secretary"), ("o-1", "discipline-commission")], 1),
        (DOUBLE, [("o-1", "secretary"), ("o-2", "discipline-commission")], 2),
        (SCRUTINEERS, [("o-1", "scrutineer")], 1),
        (SCRUTINEERS, [("o-1", "scrutineer"), ("o-1", "scrutineer")], 1),
        (SCRUTINEERS, [("o-1", "scrutineer"), ("o-2", "scrutineer")], 2),
    ],
)
def test_no_organ_and_no_officer_counts_twice(
    panel: Panel, signed: list[tuple[str, str]], have: int
) -> None:
    assert panel.have(signed) == have
    assert panel.have(signed[::-1]) == have


def test_n_of_m_is_reached_by_any_n() -> None:
    organs = (Organ.SECRETARY, Organ.DISCIPLINE, Organ.ORGANISATION)
    panel = Panel(organs, 2, At.OWN)
    signed = [(f"o-{organ}", organ.value) for organ in organs]
    for some in combinations(signed, 2):
        assert panel.have(some) == panel.number


def test_who_sits_on_a_panel_is_said_in_words() -> None:
    organs = (Organ.SECRETARY, Organ.DISCIPLINE, Organ.ORGANISATION)
    said = {
        Panel((Organ.SECRETARY,), 1, At.OWN_OR_ABOVE): Text(
            "本级或上级党委书记1人", "1 party secretary (this level or above)"
        ),
        SCRUTINEERS: Text("本级监票人2人", "scrutineer (its own level): 2"),
        DOUBLE: Text(
            "本级或上级党委书记、纪委各1人",
            "party secretary, discipline commission (this level or above): one each",
        ),
        Panel(organs, 2, At.ABOVE): Text(
            "上级党委书记、纪委、组织部中2个机关各1人",
            "party secretary, discipline commission, organisation department (a level above): "
            "2 of these, one each",
        ),
    }
    assert {panel: panel.text for panel in said} == said


def test_townships_have_no_cppcc() -> None:
    assert len(KINDS_OF_UNIT) == len(UNIT_LEVELS) * len(Body) - 1
    assert (Level.TOWNSHIP, Body.CPPCC) not in KINDS_OF_UNIT


# Packs


def read(text: str) -> object:
    return parse_pack(text.encode(), "local.toml")


def test_sign_offs_are_read_as_they_stand() -> None:
    by_scrutineers = sign_off(
        "result",
        name='"papers"',
        organs='["scrutineer"]',
        number="2",
        at='"own"',
        levels='["county"]',
        bodies='["cppcc"]',
    )
    taken = parse_pack(
        pack(sign_offs={"result": sign_off("result") + by_scrutineers}).encode(), "local.toml"
    )
    assert list(taken.sign_offs) == list(STAGES)
    lead, papers = taken.sign_offs[Stage.RESULT]
    assert (papers.name, papers.organs, papers.number) == ("papers", (Organ.SCRUTINEER,), 2)
    assert (papers.at, papers.basis) == (At.OWN, Text("试", "test"))
    assert (set(papers.levels), set(papers.bodies)) == ({Level.COUNTY}, {Body.CPPCC})
    assert taken.signers(Stage.RESULT, Level.COUNTY, Body.CPPCC) == (lead, papers)
    assert taken.signers(Stage.RESULT, Level.CITY, Body.CPPCC) == (lead,)


def waiver(**values: str | None) -> str:
    """The line of a check's waiver; `values` are TOML, None leaves one out."""
    whole: dict[str, str | None] = {
        "organs": '["secretary", "discipline-commission"]',
        "number": "2",
        "at": '"own-or-above"',
        "days": "30",
        **values,
    }
    items = ", ".join(f"{key} = {value}" for key, value in whole.items() if value is not None)
    return f"waiver = {{{items}}}"


def with_waiver(line: str) -> str:
    return pack(inspection=entry("inspection", "inspection.rectified", "months = 2", line))


def test_a_waiver_is_read_as_it_stands() -> None:
    taken = parse_pack(with_waiver(waiver()).encode(), "local.toml")
    found = taken.check("inspection.rectified")
    other = taken.check("plan.notice")
    assert found is not None
    assert found.waiver is not None
    assert other is not None
    assert other.waiver is None
    assert found.waiver.organs == (Organ.SECRETARY, Organ.DISCIPLINE)
    assert (found.waiver.number, found.waiver.at, found.waiver.days) == (2, At.OWN_OR_ABOVE, 30)


def signed(**values: str | None) -> str:
    """A pack whose only sign-off of vetting says something else."""
    return pack(sign_offs={"vetting": sign_off("vetting", **values)})


TWO = '["secretary", "discipline-commission"]'
LEAD = "sign_offs.vetting.lead"
OTHER = sign_off("vetting", name='"other"', organs='["presidium"]')
WAIVER = "inspection.rectified.waiver"
BY_HAND: dict[str, tuple[str, str]] = {
    "no sign-offs at all": (
        pack(sign_offs=dict.fromkeys(STAGES, "")),
        "local.toml: sign_offs is missing",
    ),
    "a stage without any": (
        pack(sign_offs={"vetting": ""}),
        "stage vetting has no sign-off at all",
    ),
    "a stage with an empty list": (
        pack(sign_offs={"vetting": ""}).replace("[title]", "sign_offs.vetting = []\n[title]"),
        "stage vetting has no sign-off at all",
    ),
    "no list": (
        pack(sign_offs={"vetting": sign_off("vetting").replace("[[", "[").replace("]]", "]")}),
        "sign_offs: vetting = {",
    ),
    "no table": (
        pack(sign_offs=dict.fromkeys(STAGES, "")).replace("[title]", "sign_offs = 1\n[title]"),
        "sign_offs = 1 is no table",
    ),
    "an unknown stage": (
        pack(sign_off("harvest")),
        'sign_offs: harvest has "harvest", which is unknown',
    ),
    "a name twice": (
        pack(
            sign_offs={"vetting": sign_off("vetting") + sign_off("vetting", organs='["plenary"]')}
        ),
        f"{LEAD}: the name stands twice",
    ),
    "an organ twice for one gate": (
        pack(sign_offs={"vetting": sign_off("vetting") + OTHER.replace("presidium", "secretary")}),
        "sign_offs.vetting.other: secretary signs this gate already (city congress)",
    ),
    "a level for which nobody signs": (
        signed(levels='["city", "county"]'),
        "stage vetting has no sign-off for township congress",
    ),
    "a body for which nobody signs": (
        signed(bodies='["congress", "government"]'),
        "stage vetting has no sign-off for city cppcc",
    ),
    "for units that do not exist": (
        pack(
            sign_offs={
                "vetting": sign_off("vetting")
                + OTHER.replace('["city", "county", "township"]', '["township"]').replace(
                    '["congress", "government", "cppcc"]', '["cppcc"]'
                )
            }
        ),
        "sign_offs.vetting.other: stands for no unit",
    ),
    "above a city": (signed(at='"above"'), f"{LEAD}: at = above, but nothing stands above a city"),
    "waiver where the law is absolute": (
        pack(result=entry("result", "result.papers", "", waiver())),
        "result.papers: the law leaves no exception",
    ),
    "waiver that is no table": (
        with_waiver("waiver = true"),
        "inspection.rectified: waiver = true is no table",
    ),
    "empty waiver": (with_waiver("waiver = {}"), f"{WAIVER}: organs is missing"),
    "waiver for no day": (with_waiver(waiver(days="0")), f"{WAIVER}: days = 0; at least 1"),
    "waiver for less": (with_waiver(waiver(days="-1")), f"{WAIVER}: days = -1; at least 1"),
    "waiver for ever": (with_waiver(waiver(days="3661")), f"{WAIVER}: days = 3661; at most 3660"),
    "waiver without an end": (with_waiver(waiver(days=None)), f"{WAIVER}: days is missing"),
    "waiver with a yes for days": (
        with_waiver(waiver(days="true")),
        f"{WAIVER}: days = true is no whole number",
    ),
    "waiver with a text for days": (
        with_waiver(waiver(days='"2"')),
        f'{WAIVER}: days = "2" is no whole number',
    ),
    "waiver with more": (
        with_waiver(waiver(levels='["city"]')),
        f"{WAIVER}: unknown entry levels",
    ),
}
# What is wrong in a sign-off's own entries: the same for a waiver's panel.
OF_PANELS: dict[str, tuple[dict[str, str | None], str]] = {
    "no number": ({"number": None}, "number is missing"),
    "number 0": ({"number": "0"}, "number = 0; at least 1"),
    "negative": ({"number": "-1"}, "number = -1; at least 1"),
    "yes for a number": ({"number": "true"}, "number = true is no whole number"),
    "no for a number": ({"number": "false"}, "number = false is no whole number"),
    "text for a number": ({"number": '"2"'}, 'number = "2" is no whole number'),
    "a broken number": ({"number": "1.0"}, "number = 1.0 is no whole number"),
    "a list for a number": ({"number": "[1]"}, "number = [1] is no whole number"),
    "more than organs": (
        {"organs": TWO, "number": "3"},
        "number = 3, but of 2 organs each counts once",
    ),
    "no organs": ({"organs": None}, "organs is missing"),
    "nobody": ({"organs": "[]"}, "organs is empty"),
    "one organ without a list": ({"organs": '"secretary"'}, 'organs = "secretary" is no list'),
    "an unknown organ": ({"organs": '["mayor"]'}, 'organs has "mayor", which is unknown'),
    "a number for an organ": ({"organs": "[1]"}, "organs has 1, which is unknown"),
    "a list for an organ": ({"organs": "[[]]"}, "organs has [], which is unknown"),
    "an organ by its label": (
        {"organs": '["党委书记"]'},
        'organs has "党委书记", which is unknown',
    ),
    "an organ twice": (
        {"organs": '["secretary", "secretary"]', "number": "2"},
        ".organs: secretary stands twice",
    ),
    "nowhere": ({"at": None}, "at is missing"),
    "an unknown place": (
        {"at": '"below"'},
        'at has "below", which is unknown; it is own, above, own-or-above',
    ),
    "two places": ({"at": '["own"]'}, 'at has ["own"], which is unknown'),
}
OF_SIGN_OFFS: dict[str, tuple[dict[str, str | None], str]] = {
    "no levels": ({"levels": None}, "levels is missing"),
    "empty levels": ({"levels": "[]"}, "levels is empty"),
    "an unknown level": ({"levels": '["province"]'}, ".levels[1]: province has no units"),
    "a level twice": ({"levels": '["city", "city"]'}, ".levels: city stands twice"),
    "no bodies": ({"bodies": None}, "bodies is missing"),
    "empty bodies": ({"bodies": "[]"}, "bodies is empty"),
    "an unknown body": ({"bodies": '["army"]'}, 'bodies has "army", which is unknown'),
    "no basis": ({"basis": None}, "basis is missing"),
    "a basis in one language": ({"basis": '{zh = "试"}'}, ".basis: en is missing"),
    "an empty basis": ({"basis": '{zh = "试", en = ""}'}, ".basis: en is empty"),
    "a basis that is no table": ({"basis": '"law"'}, 'basis = "law" is no table'),
    "an unknown entry": ({"optional": "true"}, "unknown entry optional"),
}


def placed(where: str, said: str) -> str:
    """What is told of an entry, or of an entry in it."""
    return where + said if said.startswith(".") else f"{where}: {said}"


NAMES = {"no name": None, "an empty name": '""', "a name in capitals": '"Lead"', "no text": "1"}
REFUSED: dict[str, tuple[str, str]] = {
    **BY_HAND,
    **{
        name: (signed(**values), placed(LEAD, said))
        for name, (values, said) in (OF_PANELS | OF_SIGN_OFFS).items()
    },
    **{
        f"{name} (waiver)": (with_waiver(waiver(**values)), placed(WAIVER, said))
        for name, (values, said) in OF_PANELS.items()
    },
    **{name: (signed(name=value), "sign_offs.vetting[1]: name ") for name, value in NAMES.items()},
}


@pytest.mark.parametrize("name", REFUSED)
def test_authority_that_cannot_be_used_is_refused_with_its_reason(name: str) -> None:
    text, reason = REFUSED[name]
    with pytest.raises(PolicyRefused) as told:
        read(text)
    assert reason in told.value.text.en
    assert told.value.text.en.startswith("policy pack local.toml: ")
    assert told.value.text.zh.startswith("规则包 local.toml：")
    assert "\n" not in told.value.text.zh + told.value.text.en


def test_every_refusal_has_words_of_its_own() -> None:
    told: dict[str, str] = {}
    for name, (text, _) in REFUSED.items():
        with pytest.raises(PolicyRefused) as refusal:
            read(text)
        told[name] = refusal.value.text.zh
    same = {"a stage without any", "a stage with an empty list"}
    others = [line for name, line in told.items() if name not in same]
    assert len(set(others)) >= len(others) - len(NAMES)


def test_every_entry_of_a_sign_off_is_needed() -> None:
    for key in SIGN_OFF:
        with pytest.raises(PolicyRefused, match=rf"{key} is missing"):
            read(signed(**{key: None}))


@pytest.mark.parametrize("number", ["1", "2", "7"])
def test_one_organ_may_have_to_sign_many_times(number: str) -> None:
    read(signed(number=number))
