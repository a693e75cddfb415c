"""Many processes over one ledger: whoever comes first decides a gate, and it is decided once."""

from __future__ import annotations

import os

import pytest

from data.ledger import Ledger
from tests.support.notes import note
from tests.support.record import chained

pytestmark = pytest.mark.postgresql

GATES = 10


def decide_every_gate(ledger: Ledger, who: int) -> None:
    for number in range(GATES):
        with ledger.transaction() as transaction:
            if transaction.gate("u", str(number)) is None:
                seq = note(transaction, f"{who} decides {number}")
                values = ("u", str(number), seq, "open", "key")
                transaction.set_state("INSERT INTO gates VALUES (?, ?, ?, ?, ?)", *values)


@pytest.mark.parametrize("processes", [2, 6, 16])
def test_every_gate_is_decided_once_and_nobody_is_turned_away(
    ledger: Ledger, processes: int
) -> None:
    # What they fork with: a connection that is in use by their parent.
    assert ledger.query("SELECT * FROM entries") == []
    children = []
    for number in range(processes):
        child = os.fork()
        if not child:
            try:
                decide_every_gate(ledger, number)
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0] * processes
    entries, fault = chained(ledger)
    assert fault is None
    decided = [int(entry["code"].rpartition(" ")[2]) for entry in entries]
    assert decided == list(range(GATES))
