"""What the law allows passes every gate up to that of the case.

The cases are in the files beside this one, by gate; all are put before the checks together, which
tells the same of each as alone (tests/law/test_cases.py).
"""

import pytest

from tests.law.cases import Case, answers, runs, wrong

RUNS = list(runs(lawful=True))


@pytest.fixture(scope="module", autouse=True)
def _told() -> None:
    answers(lawful=True)


@pytest.mark.parametrize(("case", "pack"), RUNS, ids=[f"{case.id}-{pack}" for case, pack in RUNS])
def test_it_passes(case: Case, pack: str) -> None:
    found = answers(lawful=True)[case.id, pack]
    assert not wrong(case, found), "\n".join(map(str, sorted(found)))
