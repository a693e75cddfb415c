"""Make the ledger's tables and let a role use them: `python -m deployments.grant termgate`.

Rules: run by the tables' owner, whom `TERMGATE_LEDGER` names, once for each ledger; the role may
append and may not change or take away what was appended. Run again it changes nothing.
"""

from __future__ import annotations

import os
import sys

from data.engines import ADDRESS, Address
from data.home import LEDGER
from data.postgres import Postgres
from deployments.exits import BAD_INPUT, DONE, print_stderr
from schemas.text import Refusal, Text


def main(arguments: list[str]) -> int:
    """0 after it is done, 2 where it cannot be."""
    owner = os.environ.get(LEDGER)
    if len(arguments) != 1 or not owner:
        print_stderr(
            Text(
                f"用法：{LEDGER}={ADDRESS} python -m deployments.grant 角色",
                f"usage: {LEDGER}={ADDRESS} python -m deployments.grant ROLE",
            ).render()
        )
        return BAD_INPUT
    try:
        Postgres(Address(owner)).grant(arguments[0])
    except Refusal as refusal:
        print_stderr(str(refusal))
        return BAD_INPUT
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
