"""What the law forbids closes a gate, by the right check and no other.

The cases are in the files beside this one, by gate; all are put before the checks together, which
tells the same of each as alone (tests/law/test_cases.py).
"""

import pytest

from tests.law.cases import Case, answers, runs, wrong

RUNS = list(runs(lawful=False))


@pytest.fixture(scope="module", autouse=True)
def _told() -> None:
    answers(lawful=False)


@pytest.mark.parametrize(("case", "pack"), RUNS, ids=[f"{case.id}-{pack}" for case, pack in RUNS])
def test_it_is_closed(case: Case, pack: str) -> None:
    found = answers(lawful=False)[case.id, pack]
    assert not wrong(case, found), "\n".join(map(str, sorted(found)))
