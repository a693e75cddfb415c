"""A cycle that is lived under two packs: one check is gone, one has another name, one is new.

Rules: what the later pack names is the next release's: the check of the films has another code, one
of its parameters another name and one more, and problems are looked at twice. It is proposed,
adopted and comes into force on three days, between which gates are decided and signed by officers
of several organs; whatever was decided goes by the pack of its day ever after.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

from pydantic import Field

from data import policies
from data.policies import pack_bytes
from schemas.canonical import digest
from schemas.rules import parameters
from schemas.rules.catalogue import RULES
from schemas.rules.parameters import FilmsRule
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.checks.catalogue import CHECKS
from tests.authority.rows_packs import adopt
from tests.authority.scene import CITY_DISCIPLINE, CITY_SECRETARY, Case
from tests.authority.test_packs import holds
from tests.support import cycle
from tests.support.cycle import ON, Entry
from tests.support.signing import enrol, sign_all, signers_of

PLACE = "640302103"
UNIT = f"{PLACE}-congress"
FILMS, SCREENINGS = "nomination.films", "nomination.screenings"
RECTIFIED, PUT_RIGHT, CARDS = "inspection.rectified", "inspection.put-right", "nomination.cards"
DAYS = tuple(ON + timedelta(days=number) for number in range(6))
FILMS_TODAY = CHECKS[FILMS]


class _Screenings(parameters.Parameters):
    """The films under their later name: `audience` was `attendance`, `spare` is new."""

    key_points: Any
    films: Any
    audience: Annotated[int, Field(ge=0)]
    spare: Annotated[int, Field(ge=0)]


def _screenings(facts: Any, given: _Screenings) -> Any:
    attendance = given.audience - given.spare
    rule = FilmsRule(key_points=given.key_points, films=given.films, attendance=attendance)
    return FILMS_TODAY(facts, rule)


@contextmanager
def both_packs_known() -> Iterator[None]:
    """A release that knows the checks of both packs."""
    rules = {
        SCREENINGS: replace(RULES[FILMS], code=SCREENINGS, model="ScreeningsRule"),
        PUT_RIGHT: replace(RULES[RECTIFIED], code=PUT_RIGHT),
    }
    checks = {SCREENINGS: _screenings, PUT_RIGHT: CHECKS[RECTIFIED]}
    with ExitStack() as stack:
        stack.enter_context(patch.object(parameters, "ScreeningsRule", _Screenings, create=True))
        stack.enter_context(patch.dict(RULES, rules))
        stack.enter_context(patch.dict(CHECKS, checks))
        policies.parsed.cache_clear()
        yield
    policies.parsed.cache_clear()


def later() -> bytes:
    """Our pack as the next release writes it."""
    blocks = pack_bytes(cycle.PACK).decode().split("\n\n")
    kept = [one for one in blocks if f'check = "{CARDS}"' not in one]
    (rectified,) = [one for one in kept if f'check = "{RECTIFIED}"' in one]
    text = "\n\n".join(kept)
    more = rectified.replace(RECTIFIED, PUT_RIGHT)
    text = text.replace(rectified, f"{rectified}\n\n{more}")
    text = text.replace(FILMS, SCREENINGS).replace("attendance = 10", "audience = 12\nspare = 2")
    return text.replace('unsettled = ["attendance"]', 'unsettled = ["audience"]').encode()


def signers(case: Case, stage: Stage) -> tuple[str, ...]:
    """Who signs the unit's gate of a stage."""
    whole = case.recorder.whole
    return signers_of(case.home, whole.pack, case.recorder.history)[UNIT, stage]


def launched(case: Case, stage: Stage, day: date) -> Outcome | None:
    """What the unit's gate says on a day."""
    case.on = day
    return case.launch(stage, UNIT)


def opened(case: Case, stage: Stage, day: date) -> None:
    """The gate of the unit is launched, signed by whoever must, and open on a day."""
    assert launched(case, stage, day) is Outcome.WAITING
    assert sign_all(case.home, stage, UNIT)
    assert launched(case, stage, day) is Outcome.OPEN


def last(case: Case, stage: Stage) -> Entry:
    """The unit's last decision at a stage."""
    decided = cycle.entries(case.home, "decided")
    return [one for one in decided if (one["unit"], one["stage"]) == (UNIT, stage.value)][-1]


def test_a_cycle_lives_under_one_pack_and_then_under_another(tmp_path: Path) -> None:
    with both_packs_known():
        case = Case(cycle.small_home(tmp_path / "home"))
        enrol(case.home, (CITY_SECRETARY, CITY_DISCIPLINE))
        content, first = later(), case.recorder.whole.pack.digest
        opened(case, Stage.PLAN, DAYS[0])
        opened(case, Stage.NOMINATION, DAYS[0])
        assert launched(case, Stage.VETTING, DAYS[1]) is Outcome.WAITING
        adopt(case, CITY_SECRETARY, content=content, starts=DAYS[3])
        before, after = signers(case, Stage.VETTING)
        case.sign(before, unit=UNIT, stage=Stage.VETTING)
        assert launched(case, Stage.VETTING, DAYS[2]) is Outcome.WAITING
        adopt(case, CITY_DISCIPLINE, content=content, starts=DAYS[3])
        assert launched(case, Stage.NOMINATION, DAYS[2]) is Outcome.OPEN
        early = len(cycle.entries(case.home))

        # The day comes: the plan and the vetting go by what they went by, the nomination does not.
        opened(case, Stage.NOMINATION, DAYS[3])
        closed = [one for one in cycle.entries(case.home, "decided") if one["reopened"]]
        assert [(one["stage"], one["reopened"]["causes"]) for one in closed] == [
            ("nomination", ["evidence", "policy"])
        ]
        case.sign(after, unit=UNIT, stage=Stage.VETTING)
        assert launched(case, Stage.VETTING, DAYS[4]) is Outcome.OPEN
        signed = cycle.entries(case.home, "signed")
        by_entry = {one["seq"]: one["on"] for one in signed}
        days = [by_entry[seq] for seq in last(case, Stage.VETTING)["sign_offs"]]
        assert days == [DAYS[1].isoformat(), DAYS[3].isoformat()]
        for stage in STAGES[STAGES.index(Stage.INSPECTION) :]:
            opened(case, stage, DAYS[5])

        # Every decision goes by the pack of its day.
        assert {
            one["policy"] for one in cycle.entries(case.home)[:early] if one["kind"] == "decided"
        } == {first}
        late = [one for one in cycle.entries(case.home)[early:] if one["kind"] == "decided"]
        assert {one["policy"] for one in late} == {digest(content)}
        checks = last(case, Stage.NOMINATION)["findings"].keys()
        assert SCREENINGS in checks
        assert checks.isdisjoint({FILMS, CARDS})
        assert PUT_RIGHT in last(case, Stage.INSPECTION)["findings"]
        assert last(case, Stage.RESULT)["outcome"] == "open"
        cycle.forget()
        assert holds(case, tmp_path)
