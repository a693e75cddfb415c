"""Places and units as people ask for them: by code, by id, or by what they are called.

Rules: a code or an id means itself; a name means the place or the unit that bears it, if one alone
does. What nothing is called is refused, and so is what several are called, with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.ledger import Ledger
from data.status import unit_names
from schemas.names import unit_name
from schemas.text import LANGUAGES, Refusal, Text, comma_separated

WHOLE = "cycle"


class UnknownScope(Refusal):
    """Something that nothing is called here, or several are."""


def scopes(ledger: Ledger) -> dict[str, Text]:
    """What can be asked for: each place and each unit, by its code or id, with its name."""
    rows = ledger.query("SELECT unit, jurisdiction, name, body FROM units ORDER BY unit")
    places = {str(place): Text(str(name), str(name)) for _, place, name, _ in rows}
    units = {str(unit): unit_name(str(name), str(body)) for unit, _, name, body in rows}
    return dict(sorted({**places, **units}.items()))


def scope_of(known: dict[str, Text], asked: str) -> str:
    """The code or id of what is asked for, the whole cycle where nothing is.

    Raises:
        UnknownScope: nothing is called so, or several are.
    """
    asked = asked.strip()
    found = _called(known, asked)
    if not asked or found:
        return _only(known, asked, found) if found else WHOLE
    raise UnknownScope(
        Text(
            f"没有叫“{asked}”的行政区或单位；请从列表中选取，或写行政区划代码",
            f"no place or unit is called “{asked}”; choose one from the list, or give its code",
        )
    )


def scope_named(ledger: Ledger, asked: str) -> str:
    """The code or id of a place or unit that a command is given, and `cycle` as it is.

    What nothing is called is left as it is, for whoever looks for it to refuse.

    Raises:
        UnknownScope: several are called so.
    """
    known = {} if asked == WHOLE else scopes(ledger)
    found = _called(known, asked.strip())
    return _only(known, asked, found) if found else asked


def scope_shown(ledger: Ledger, scope: str) -> str:
    """What a scope is called, or its code where that is not on record."""
    known = scopes(ledger)
    return known[scope].render() if scope in known else scope


def unit_named(ledger: Ledger, asked: str) -> str:
    """The id of a unit that a command is given; a place is refused with the units that it has.

    Raises:
        UnknownScope: several are called so, or a place is.
    """
    known, units = scopes(ledger), unit_names(ledger)
    if found := _called(units, asked.strip()):
        return _only(known, asked, found)
    places = _called(known, asked.strip())
    if there := sorted(unit for unit in units if unit.partition("-")[0] in places):
        raise _several(known, asked, there)
    return asked


def _called(known: Mapping[str, Text], asked: str) -> list[str]:
    """The codes and ids of what bears a name, or of what a code or an id means."""
    if asked in known:
        return [asked]
    return [
        code
        for code, name in known.items()
        if asked.casefold() in (name.render(lang=lang).casefold() for lang in LANGUAGES)
    ]


def _only(known: Mapping[str, Text], asked: str, found: Sequence[str]) -> str:
    if len(found) > 1:
        raise _several(known, asked, found)
    return found[0]


def _several(known: Mapping[str, Text], asked: str, found: Sequence[str]) -> UnknownScope:
    full = {one: _full_name(known, one) for one in found}
    every = comma_separated(
        Text(f"{one}（{name.zh}）", f"{one} ({name.en})") for one, name in full.items()
    )
    return UnknownScope(
        Text(
            f"“{asked}”有{len(found)}个，请写代码：{every.zh}",
            f"“{asked}” is the name of {len(found)}; ask by code: {every.en}",
        )
    )


def _full_name(known: Mapping[str, Text], code: str) -> Text:
    """A name after those of the city and the county in which a place is, as its code has them."""
    place = code.partition("-")[0]
    above = [known[one] for one in (f"{place[:4]}00", place[:6]) if one in known and one != place]
    return Text(
        "".join(one.zh for one in (*above, known[code])),
        " ".join(one.en for one in (*above, known[code])),
    )
