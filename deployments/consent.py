"""Asking whoever signs, once what they sign was shown.

Rules: nothing is taken for consent but the word itself, typed at a terminal, or `--yes` on the
command line; a program that gives neither is told so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated

from cyclopts import Parameter

from deployments.app import _, wrong_usage
from deployments.show import Part, show

YesOption = Annotated[
    bool,
    Parameter(
        name="--yes", negative="", help=_("已看过，不再询问", "it was looked at: do not ask")
    ),
]
WORD = "yes"


def can_ask(*, json: bool) -> bool:
    """Whether somebody sits at a terminal who could be asked."""
    return not json and sys.stdin.isatty()


def check_asked(*, yes: bool, json: bool) -> None:
    """Refuse where nobody could be asked, before anything is looked at.

    Raises:
        Refusal: nobody sits at a terminal, and nobody said `--yes`.
    """
    if not yes and not can_ask(json=json):
        raise wrong_usage(
            "先看过，再加 --yes；在终端里会先列出再询问",
            "look first, then say --yes; at a terminal it is shown and asked for",
        )


def agreed(shown: Iterable[Part]) -> bool:
    """Whether somebody at the terminal agrees to what is shown to them."""
    show(shown)
    answer = input(_(f"确认请输入 {WORD}：", f"type {WORD} to go on: "))
    if answer.strip() == WORD:
        return True
    show([_("没有确认，未作任何改动", "not confirmed; nothing was changed")])
    return False
