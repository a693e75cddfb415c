"""What is wrong with a book, causes first, and under each the rows that fall with it.

Rules: a row is a consequence where all that is wrong with it is that rows it refers to were
rejected, could not be read or are not filled in; it is then counted under the first cause and not
told by itself. No row is counted twice, and none is left out. Of rows that fall with one that is
not filled in the first is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.registers import REGISTERS
from schemas.text import Text
from tasks.intake.delivery import Delivery
from tasks.intake.refusal import Rejection

# Register and row's number; row 0 is the whole register.
Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Cause:
    """A row with all that is wrong with it, and how many rows of each register follow."""

    rejections: tuple[Rejection, ...]
    following: Mapping[str, int]

    def lines(self) -> list[Text]:
        """A line for each thing that is wrong with the row; what follows stands on the first."""
        follow = following_text(self.following)
        rendered = [Text(one.render("zh"), one.render("en")) for one in self.rejections]
        first = Text(rendered[0].zh + follow.zh, rendered[0].en + follow.en)
        return [first, *rendered[1:]]


def causes_of(
    deliveries: Iterable[Delivery],
) -> tuple[list[Cause], Mapping[str, Mapping[str, int]]]:
    """The causes in the order of registers and rows; and what follows from unread registers."""
    rows: dict[Node, list[Rejection]] = {}
    for delivery in deliveries:
        for one in delivery.rejections:
            rows.setdefault((one.register, one.of_row), []).append(one)
    following: dict[Node, Counter[str]] = {}
    first: dict[Node, Node] = {}
    for node in rows:
        root = _root(node, rows)
        if root not in rows and root[1]:
            # Nobody reported the row itself, since nothing is wrong with it.
            root = first.setdefault(root, node)
        if root == node:
            following.setdefault(node, Counter())
        else:
            following.setdefault(root, Counter())[node[0]] += 1
    causes: dict[Hashable, Cause] = {}
    for node, found in rows.items():
        if node in following:
            said = _said(found)
            more = causes[said].following if said in causes else {}
            causes[said] = Cause(tuple(found), Counter(more) + following[node])
    unread = {name: counted for (name, row), counted in following.items() if not row}
    return list(causes.values()), unread


def _said(found: Sequence[Rejection]) -> Hashable:
    """What is said of a row; of several that a map makes of one row it is said once."""
    return tuple(
        (one.register, one.sheet, one.row, one.column, one.reason, str(one.arguments))
        for one in found
    )


def _root(node: Node, rows: Mapping[Node, list[Rejection]]) -> Node:
    """The row, or register, without whose fault this row would stand; itself where it has one."""
    seen = {node}
    while node in rows:
        causes = [one.cause for one in rows[node]]
        first = causes[0]
        # What refers in a circle is its own cause.
        if first is None or None in causes or first in seen:
            return node
        node = first
        seen.add(node)
    return node


def following_text(following: Mapping[str, int]) -> Text:
    """How many rows follow from a cause, in words; empty for none."""
    if not following:
        return Text("", "")
    counted = [(REGISTERS[name].title, number) for name, number in following.items()]
    return Text(
        "；另有{}因此退回".format("、".join(f"“{title.zh}”{n}行" for title, n in counted)),
        "; rejected only because of it: {}".format(
            ", ".join(f"{n} of “{title.en}”" for title, n in counted)
        ),
    )
