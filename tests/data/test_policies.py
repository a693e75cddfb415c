"""Policy packs: what is refused and why, and that ours name exactly what flows and checks have."""

import ast
import tomllib
from pathlib import Path

import pytest

from data.blobs import BlobError, BlobStore, Folder
from data.ledger import Ledger
from data.policies import bundled, in_force, pack_bytes, read_pack
from schemas.authority import KINDS_OF_UNIT
from schemas.canonical import digest
from schemas.policy import PolicyRefused, parse_pack
from schemas.rules.catalogue import RULES
from schemas.vocabulary import STAGES, Organ, Stage
from tasks.checks.catalogue import CHECKS
from tests.support import cycle
from tests.support.packs import HEAD, HEAD_3, entry, pack
from tests.support.tree import ROOT


def refusal(text: str | bytes) -> PolicyRefused:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(PolicyRefused) as told:
        parse_pack(content, "local.toml")
    return told.value


def test_the_least_pack_is_read() -> None:
    read = parse_pack(pack().encode(), "local.toml")
    assert [len(read.checks[stage]) for stage in STAGES] == [1] * 6
    assert read.digest == digest(pack().encode())
    assert read.check("inspection.rectified") is read.checks[STAGES[3]][0]
    assert read.check("inspection.cases") is None
    assert read.checks[STAGES[3]][0].parameters.model_dump() == {"months": 2}


MONTHS = "months = 2"
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("pack = ", "not TOML"),
    "not UTF-8": (pack().encode("gb18030"), "not TOML"),
    "empty": ("", "pack is missing; version is missing"),
    "unknown check": (pack(plan=entry("plan", "plan.weather", "")), "unknown check plan.weather"),
    "no such stage": (
        pack(entry("harvest", "plan.notice", "")),
        'stages: harvest has "harvest", which is unknown',
    ),
    "stage absent": (pack(vetting=""), "stage vetting has no checks"),
    "stage empty": (
        pack(plan="").replace("[title]", "stages.plan = []\n[title]"),
        "stage plan has no checks",
    ),
    "no stage at all": (HEAD, "stages is missing; sign_offs is missing"),
    "stage of another": (
        pack(plan=entry("plan", "vetting.integrity", "")),
        "vetting.integrity does not belong to stage plan",
    ),
    "check twice": (
        pack(vetting=entry("vetting", "vetting.integrity", "") * 2),
        "vetting.integrity stands twice",
    ),
    "parameter missing": (
        pack(inspection=entry("inspection", "inspection.rectified", "")),
        "inspection.rectified: months is missing",
    ),
    "parameter too many": (
        pack(inspection=entry("inspection", "inspection.rectified", f"{MONTHS}\nweeks = 1")),
        "inspection.rectified: unknown entry weeks",
    ),
    "parameters where none are": (
        pack(vetting=entry("vetting", "vetting.integrity", "days = 1")),
        "vetting.integrity: unknown entry days",
    ),
    "zero": (
        pack(inspection=entry("inspection", "inspection.rectified", "months = 0")),
        "inspection.rectified: months = 0; at least 1",
    ),
    "negative": (
        pack(inspection=entry("inspection", "inspection.rectified", "months = -2")),
        "inspection.rectified: months = -2; at least 1",
    ),
    "too large": (
        pack(inspection=entry("inspection", "inspection.rectified", "months = 100000")),
        "inspection.rectified: months = 100000; at most 24",
    ),
    "text for a number": (
        pack(inspection=entry("inspection", "inspection.rectified", 'months = "two"')),
        'inspection.rectified: months = "two" is no whole number',
    ),
    "a number in a text": (
        pack(inspection=entry("inspection", "inspection.rectified", 'months = "2"')),
        'inspection.rectified: months = "2" is no whole number',
    ),
    "yes for a number": (
        pack(inspection=entry("inspection", "inspection.rectified", "months = true")),
        "inspection.rectified: months = true is no whole number",
    ),
    "a broken number": (
        pack(inspection=entry("inspection", "inspection.rectified", "months = 2.5")),
        "inspection.rectified: months = 2.5 is no whole number",
    ),
    "empty list": (
        pack(plan=entry("plan", "plan.notice", "stages = []")),
        "plan.notice: stages is empty",
    ),
    "unknown unsettled": (
        pack(
            inspection=entry("inspection", "inspection.rectified", MONTHS, 'unsettled = ["weeks"]')
        ),
        "inspection.rectified has no parameter weeks (unsettled)",
    ),
    "parameters absent": (
        pack(
            vetting='[[stages.vetting]]\ncheck = "vetting.integrity"\n'
            'basis = {zh = "试", en = "test"}\n'
        ),
        "vetting.integrity: parameters is missing",
    ),
    "unknown field": (
        pack(vetting=entry("vetting", "vetting.integrity", "", "optional = true")),
        "vetting.integrity: unknown entry optional",
    ),
    "unknown heading": (pack('[extra]\nkey = "x"\n'), "unknown entry extra"),
    "bad id": (
        pack(head=HEAD.replace('"test"', '"Test Pack"', 1)),
        'pack = "Test Pack" is not of lower-case letters',
    ),
    "no English title": (pack(head=HEAD.replace('en = "test"', "")), "title: en is missing"),
    "empty title": (pack(head=HEAD.replace('"试"', '""')), "title: zh is empty"),
    "no such day": (
        pack(head=HEAD.replace("2016-01-01", '"2016-02-31"')),
        'valid_from = "2016-02-31" is no day',
    ),
    "days turned": (
        pack(head=HEAD.replace("2016-01-01", "2018-01-01")),
        "valid_to is before valid_from",
    ),
    "left out without a reason": (
        pack('[[left_out]]\nrule = "C-1"\n'),
        "left_out[1]: reason is missing",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pack_is_refused_with_its_reason(name: str) -> None:
    text, reason = REFUSED[name]
    told = refusal(text)
    assert reason in told.text.en
    for line in (told.text.zh, told.text.en):
        assert "local.toml" in line
        assert "\n" not in line
    assert told.text.zh.startswith("规则包 local.toml：")


def test_somebody_delivers_to_every_register() -> None:
    for register in ("posts", "units", "direct_votes"):
        told = refusal(pack().replace(f'"{register}", ', ""))
        assert f"nobody delivers to register {register}" in told.text.en


def test_to_a_register_that_came_after_its_format_organisation_departments_deliver() -> None:
    """A pack of a release that knew fewer registers is read as it was written."""
    fewer = pack(head=HEAD_3).replace('"direct_votes", ', "")
    read = parse_pack(fewer.encode(), "local.toml")
    told = [set(one.organs) for one in read.deliverers if "direct_votes" in one.registers]
    assert told == [{Organ.ORGANISATION}]


def test_every_parameter_is_needed_and_no_other_is_taken() -> None:
    for name in bundled():
        for checks in read_pack(name).checks.values():
            for one in checks:
                given = one.parameters.model_dump(mode="json")
                assert set(one.rule.parameters.model_fields) == set(given)
                for field in given:
                    rest = {key: value for key, value in given.items() if key != field}
                    with pytest.raises(ValueError, match=field):
                        one.rule.parameters.model_validate(rest)
                with pytest.raises(ValueError, match="invented"):
                    one.rule.parameters.model_validate({**given, "invented": 1})


# Ours


def test_both_packs_come_with_termgate() -> None:
    assert bundled() == ["cn-2016", "cn-2026"]
    assert [read_pack(name).name for name in bundled()] == bundled()


def test_the_packs_together_name_every_rule_and_every_check() -> None:
    named = {
        one.rule.code
        for name in bundled()
        for checks in read_pack(name).checks.values()
        for one in checks
    }
    assert named == set(RULES) == set(CHECKS)


def named_in_flow(stage: str) -> list[str]:
    """The checks that a flow's source hands to `run_checks` for one of its gates, in order."""
    work = Stage(stage).work
    tree = ast.parse((ROOT / "flows" / f"{work.value}.py").read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "run_checks"
    ]
    assert len(calls) == len(work.stages)
    call = calls[work.stages.index(Stage(stage))]
    codes = [ast.literal_eval(argument) for argument in call.args[1:]]
    assert all(isinstance(code, str) for code in codes)
    return codes


@pytest.mark.parametrize("stage", STAGES)
def test_a_flow_names_exactly_the_checks_of_the_packs(stage: str) -> None:
    of_packs = [
        [one.rule.code for one in read_pack(name).checks[Stage(stage)]] for name in bundled()
    ]
    codes = named_in_flow(stage)
    assert len(codes) == len(set(codes))
    assert set(codes) == set().union(*of_packs)
    for listed in of_packs:
        assert [code for code in codes if code in listed] == listed


@pytest.mark.parametrize("name", ["cn-2016", "cn-2026"])
def test_the_prohibitions_are_those_of_the_year(name: str) -> None:
    check = read_pack(name).check("inspection.prohibitions")
    assert check is not None
    assert len(check.parameters.model_dump()["effects"]) == (9 if name == "cn-2016" else 10)


@pytest.mark.parametrize("name", ["cn-2016", "cn-2026"])
def test_what_is_left_out_is_named_once_and_with_a_reason(name: str) -> None:
    left = read_pack(name).left_out
    assert left
    assert len(left) == len(set(left))
    assert all(reason.zh and reason.en for _, reason in left)


@pytest.mark.parametrize("name", ["cn-2016", "cn-2026"])
def test_every_gate_asks_for_two_or_three_signatures(name: str) -> None:
    pack = read_pack(name)
    for stage in STAGES:
        for level, body in KINDS_OF_UNIT:
            required = pack.signers(stage, level, body)
            assert sum(one.number for one in required) in (2, 3), (stage, level, body)
        assert all(one.basis.zh and one.basis.en for one in pack.sign_offs[stage])


@pytest.mark.parametrize("name", ["cn-2016", "cn-2026"])
def test_what_may_be_waived_is_practice_and_often_takes_two_organs(name: str) -> None:
    checks = [one for checks in read_pack(name).checks.values() for one in checks]
    waivers = {one.rule.code: one.waiver for one in checks if one.waiver}
    assert len(waivers) >= 5
    assert not any(RULES[code].absolute for code in waivers)
    assert sum(one.number == 2 for one in waivers.values()) >= 3
    assert {code.partition(".")[0] for code in waivers} == {"plan", "nomination", "inspection"}


def test_nobody_can_be_let_waive_what_the_law_makes_absolute() -> None:
    waiver = 'waiver = {organs = ["secretary"], number = 1, at = "own", days = 1}'
    content = pack_bytes("cn-2026").decode()
    absolute = [code for code, rule in RULES.items() if rule.absolute]
    assert len(absolute) >= 20
    for code in absolute:
        check = f'check = "{code}"'
        assert content.count(check) == 1
        told = refusal(content.replace(check, f"{check}\n{waiver}"))
        assert f"{code}: the law leaves no exception" in told.text.en


# Found and kept


def test_a_pack_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_text(pack(), encoding="utf-8")
    assert read_pack(str(path)).name == "test"


@pytest.mark.parametrize("name", ["cn-1999", "nowhere/pack.toml", ""])
def test_a_pack_that_is_not_there_is_refused_naming_ours(name: str) -> None:
    with pytest.raises(PolicyRefused, match="cn-2016, cn-2026"):
        pack_bytes(name)


def test_the_bytes_kept_at_opening_decide(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_bytes(pack_bytes("cn-2016"))
    home = cycle.open_home(tmp_path / "home", cycle.small_rows(), str(path))
    path.write_text("changed", encoding="utf-8")
    ledger, blobs = Ledger(home.ledger), BlobStore(home.blobs)
    assert in_force(ledger, blobs).pack == read_pack("cn-2016")
    Folder(home.blobs_folder).path(digest(pack_bytes("cn-2016"))).unlink()
    with pytest.raises(BlobError, match=digest(pack_bytes("cn-2016"))):
        _ = in_force(ledger, blobs).pack


def test_a_pack_file_has_the_five_stages_in_order() -> None:
    for name in bundled():
        stages = tomllib.loads(pack_bytes(name).decode())["stages"]
        assert list(stages) == list(STAGES)
