"""Places and units as people ask for them at the desk: by code, by id, or by what they are called.

Rules: a code or an id means itself; a name means the place or the unit that bears it, if one alone
does. What nothing is called is refused, and so is what several are called.
"""

from __future__ import annotations

from data.ledger import Ledger
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
    if not asked or asked in known:
        return asked or WHOLE
    found = [
        code
        for code, name in known.items()
        if asked.casefold() in (name.render(lang=lang).casefold() for lang in LANGUAGES)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        codes = comma_separated(found)
        raise UnknownScope(
            Text(
                f"“{asked}”有{len(found)}个，请写代码：{codes.zh}",
                f"“{asked}” is the name of {len(found)}; ask by code: {codes.en}",
            )
        )
    raise UnknownScope(
        Text(
            f"没有叫“{asked}”的行政区或单位；请从列表中选取，或写行政区划代码",
            f"no place or unit is called “{asked}”; choose one from the list, or give its code",
        )
    )
