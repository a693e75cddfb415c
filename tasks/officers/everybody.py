"""Keys for everybody, made by one person: for the main job, and for a trial.

Rules: everything goes the way of the commands `key new`, `key enrol` and `key vouch`; officers of
two organs found the cycle, and whoever holds a key vouches for the others, there or below, until
each has two vouchers or nobody is left. What
such keys sign proves nothing of anybody.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from data.acts import FOUNDING_ORGANS
from data.blobs import write_durably
from data.home import Home
from data.keyfiles import make_key
from schemas.text import Refusal, Text
from schemas.vocabulary import Organ
from tasks.officers import keys
from tasks.officers.entitled import may_vouch
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Signatory

# A key that guards nothing need not make guessing slow.
ROUNDS = 1
PASSPHRASE_FILE = "passphrase"  # noqa: S105 (a file's name)


def enrol_all(recorder: Recorder, officers: Sequence[Signatory]) -> None:
    """Enrol the keys of officers, and have each vouched for by others of them that may.

    Raises:
        ActRefused: one of them is not on record, or has a key.
    """
    for who in officers:
        # Who delivered the book has enrolled already.
        if recorder.history.acts.keys.of(who.officer) is None:
            keys.enrol(recorder, who)
    # A list, so that everybody has their turn before it is asked again.
    while True in [_vouched(recorder, who, officers) for who in officers]:
        pass


def _vouched(recorder: Recorder, who: Signatory, officers: Sequence[Signatory]) -> bool:
    """Have a key vouched for once, if that is needed; whether somebody did."""
    recorder.follow()
    key = recorder.history.acts.keys.pending(who.officer)
    if key is None:
        return False
    places = keys.acting_for(recorder, key.jurisdiction)
    rules = recorder.whole.in_force.authorities.vouching
    ring = recorder.history.acts.keys
    for other in officers:
        own = ring.of(other.officer)
        if (
            own
            and may_vouch(rules, own, key, places)
            and not keys.one_person(recorder, who.officer, other.officer)
            and not keys.entered(recorder, who.officer, other.officer)
        ):
            keys.vouch(recorder, who.officer, who.key, other)
            return True
    return False


def founders_of(officers: Sequence[Mapping[str, object]], first: str = "") -> list[str]:
    """Officers of two organs, `first` to begin with, else one who is not needed to sign.

    Whoever begins delivers the book, and signs none of its gates: the last one of the topmost
    organisation department that has several, else of any, else of the topmost place.
    """
    ordered = sorted(officers, key=lambda row: _order(row["officer"]))
    if ordered and not first:
        departments = [row for row in ordered if row["organ"] == Organ.ORGANISATION.value]
        top = _order(ordered[0]["officer"])[0]
        highest = [row for row in ordered if _order(row["officer"])[0] == top]
        chosen = _several(departments) or departments[:1] or highest
        first = str(chosen[-1]["officer"])
    ordered.sort(key=lambda row: row["officer"] != first)
    found: list[Mapping[str, object]] = []
    for row in ordered:
        if all(row[name] != one[name] for one in found for name in ("organ", "person")):
            found.append(row)
    return [str(row["officer"]) for row in found[:FOUNDING_ORGANS]]


def _several(officers: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, object]]:
    """The officers of the first place that has more than one of them; none where none has."""
    places = Counter(row["jurisdiction"] for row in officers)
    place = next((one for one, number in places.items() if number > 1), None)
    return [row for row in officers if row["jurisdiction"] == place]


def founding_with(
    make: Callable[[str], Signatory], first: str = ""
) -> Callable[[Sequence[Mapping[str, object]]], tuple[Signatory, Mapping[str, str]]]:
    """Who opens a cycle whose keys one person makes: `first`, or the book's topmost officer."""

    def founding(
        officers: Sequence[Mapping[str, object]],
    ) -> tuple[Signatory, Mapping[str, str]]:
        chosen = founders_of(officers, first)
        if len(chosen) < FOUNDING_ORGANS:
            raise Refusal(
                Text(
                    "工作簿的“责任人员”没有两个机关各一人可用的行；开始换届须有两个机关的责任人员",
                    "the book has no rows of officers of two organs that can be used: they open "
                    "a cycle",
                )
            )
        made = [make(one) for one in chosen]
        return made[0], {one.officer: one.key for one in made}

    return founding


class TrialKeys:
    """Keys in one folder, under one passphrase that lies there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passphrase = secrets.token_urlsafe(18)
        self._made: dict[str, Signatory] = {}

    def of(self, officer: str) -> Signatory:
        """The key of an officer, made when it is first asked for."""
        if officer not in self._made:
            if not self._made:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = self._folder / PASSPHRASE_FILE
                write_durably(file, f"{self._passphrase}\n".encode())
                file.chmod(0o600)
            private = make_key(self._folder / officer, officer, self._passphrase, ROUNDS)
            self._made[officer] = Signatory(officer, private)
        return self._made[officer]

    def enrol(self, home: Home) -> int:
        """Enrol a key for every officer on record; how many.

        The keys of nobody are in force who cannot be vouched for; whoever has one can vouch later.
        """
        recorder = Recorder(home)
        officers = sorted(recorder.whole.facts.officers["officer"].tolist(), key=_order)
        enrol_all(recorder, [self.of(str(one)) for one in officers])
        return len(officers)


def _order(officer: object) -> tuple[int, str]:
    return len(str(officer)), str(officer)
