"""`policy show --who-can-open`: the smallest set of people who open each gate of a pack together.

Rules: it is worked out from the pack's tables alone, whoever holds which office; it ends with 3
where one person, or the people of one organ, open a gate. Its JSON is an interface.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from deployments.app import _
from deployments.exits import CLOSED, DONE
from deployments.show import Answer, Line, Part, Table
from schemas.authority import At
from schemas.policy import Pack
from schemas.text import Text, comma_separated, plural
from tasks.coalitions import Coalition, Opening, Person, coalitions


def answer(pack: Pack) -> Answer:
    """Who opens each gate of a pack."""
    every = list(coalitions(pack))
    weak = [one for one in every if _weak(one)]
    return Answer(list(map(_json, every)), _parts(every, weak), CLOSED if weak else DONE)


def _weak(one: Opening) -> bool:
    """Whether one person or one organ opens a gate."""
    found = [given for given in (one.by_pack, one.by_adoption) if given]
    return one.alone is not None or any(given.organs == 1 for given in found)


def _json(one: Opening) -> dict[str, Any]:
    return {
        "stage": one.stage.value,
        "level": one.level.value,
        "body": one.body.value,
        "alone": one.alone.value if one.alone else None,
        "by_pack": _coalition_json(one.by_pack),
        "by_adoption": _coalition_json(one.by_adoption),
    }


def _coalition_json(one: Coalition | None) -> dict[str, Any] | None:
    if one is None:
        return None
    people = [{"organ": each.organ.value, "at": _at(each).value} for each in one.people]
    return {"persons": len(people), "organs": one.organs, "people": people}


def _at(one: Person) -> At:
    return At.ABOVE if one.above else At.OWN


def _parts(every: Iterable[Opening], weak: list[Opening]) -> Iterator[Part]:
    heads = (
        Text("环节", "stage"), Text("层级", "level"), Text("班子", "body"),
        Text("按本规则包，至少", "by this pack, at the least"),
        Text("另定规则包，至少", "by another pack, at the least"),
    )  # fmt: skip
    rows = [
        [
            one.stage.label.render(),
            one.level.label.render(),
            one.body.label.render(),
            _text(one.by_pack),
            _text(one.by_adoption),
        ]
        for one in every
    ]
    yield Table([head.render() for head in heads], rows)
    if weak:
        text = _(
            f"{len(weak)}个关口可由一个机关单独通过",
            f"{plural(len(weak), 'gate')} can be opened by one organ alone",
        )
    else:
        text = _(
            "任何关口都不能由一人或一个机关单独通过",
            "no gate can be opened by one person or by one organ",
        )
    yield Line(text)


def _text(one: Coalition | None) -> str:
    if one is None:
        return _("无人", "nobody")
    labels = [(each.organ.label, _at(each).label) for each in one.people]
    who = comma_separated(
        Text(f"{at.zh}{organ.zh}", f"{organ.en} ({at.en})") for organ, at in labels
    )
    return _(f"{len(labels)}人：{who.zh}", f"{len(labels)}: {who.en}")
