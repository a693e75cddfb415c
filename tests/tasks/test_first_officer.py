"""Founding: a cycle is opened by officers of two organs, whose keys the first entry names."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from data.verify import verify
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.refusals import ActRefused
from tasks.intake.accept import open_cycle
from tasks.intake.unusable import Unusable
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Signatory
from tests.generator.book import write_book
from tests.support import cycle
from tests.support.keyfiles import founding_options, key_of
from tests.support.signing import private_of, who

pytestmark = pytest.mark.on_both

# Of the city: its organisation department, its secretary, its discipline commission.
DELIVERER, SECRETARY, COMMISSION = "o-640300-03", "o-640300-01", "o-640300-02"
OUTSIDER = "o-640302-04"
Named = Mapping[str, str]


def key(officer: str, number: int = 1) -> str:
    return who(officer, number).key


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rows = cycle.small_rows()
    least = {name: rows[name] for name in ("jurisdictions", "units", "officers")}
    write_book(tmp_path / "book.xlsx", {**{name: [] for name in rows}, **least})
    return tmp_path / "book.xlsx"


def opened(book: Path, by: Signatory, named: Named) -> Home:
    home = Home(book.parent / "home")
    with cycle.unsynced():
        open_cycle(home, cycle.PACK, book, lambda _: (by, named))
    return home


def test_the_first_entry_names_them_and_one_delivers_the_book(book: Path) -> None:
    named = {DELIVERER: key(DELIVERER), SECRETARY: key(SECRETARY)}
    home = opened(book, who(DELIVERER), named)
    first, enrolled, signed, *rest = cycle.entries(home)
    assert first["founders"] == [
        {"officer": SECRETARY, "organ": "secretary", "jurisdiction": "640300",
         "key": key(SECRETARY)},
        {"officer": DELIVERER, "organ": "organisation-department", "jurisdiction": "640300",
         "key": key(DELIVERER)},
    ]  # fmt: skip
    assert (enrolled["kind"], enrolled["key"]) == ("key-enrolled", key(DELIVERER))
    assert (signed["kind"], signed["officer"]) == ("delivered", DELIVERER)
    assert {one["officer"] for one in rest if one["kind"] == "submitted"} == {DELIVERER}
    assert verify(home, acts=True, blobs=True)[1] is None


def test_only_founders_are_in_force_by_being_named_and_by_the_key_that_is_named(
    book: Path,
) -> None:
    named = {DELIVERER: key(DELIVERER), SECRETARY: key(SECRETARY), COMMISSION: key(COMMISSION)}
    recorder = Recorder(opened(book, who(DELIVERER), named))
    # Nobody is by being first, nor a founder by another key.
    keys.enrol(recorder, who(OUTSIDER))
    keys.enrol(recorder, who(COMMISSION, 2))
    keys.enrol(recorder, who(SECRETARY))
    with pytest.raises(ActRefused) as refused:
        keys.enrol(recorder, Signatory(OUTSIDER.replace("04", "05"), private_of(COMMISSION)))
    assert refused.value.code == "founder-key"
    recorder.follow()
    ring = keyring(Ledger(recorder.home.ledger))
    in_force = {officer for officer in (OUTSIDER, COMMISSION, SECRETARY, DELIVERER)
                if ring.of(officer)}  # fmt: skip
    assert in_force == {SECRETARY, DELIVERER}
    assert verify(recorder.home, acts=True)[1] is None


UNFIT: dict[str, tuple[Signatory, Named, str]] = {
    "one alone": (who(DELIVERER), {DELIVERER: key(DELIVERER)}, "two organs"),
    "two of one organ": (
        who(SECRETARY),
        {SECRETARY: key(SECRETARY), "o-640302-01": key("o-640302-01")},
        "two organs",
    ),
    "a stranger": (
        who(DELIVERER), {DELIVERER: key(DELIVERER), "o-999": key("o-999")}, "not among",
    ),
    "no key id": (who(DELIVERER), {DELIVERER: key(DELIVERER), SECRETARY: "x"}, "no key id"),
    "one key for two": (
        who(DELIVERER), {DELIVERER: key(DELIVERER), SECRETARY: key(DELIVERER)}, "key of their own",
    ),
    "a deliverer who is none of them": (
        who(COMMISSION), {DELIVERER: key(DELIVERER), SECRETARY: key(SECRETARY)}, COMMISSION,
    ),
    "a deliverer with another key": (
        who(DELIVERER, 2), {DELIVERER: key(DELIVERER), SECRETARY: key(SECRETARY)}, DELIVERER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNFIT)
def test_who_cannot_found_a_cycle_opens_none(book: Path, name: str) -> None:
    by, named, says = UNFIT[name]
    with pytest.raises(Unusable, match=says):
        opened(book, by, named)
    assert not Home(book.parent / "home").has_cycle()


def test_two_ids_of_one_person_found_nothing(tmp_path: Path) -> None:
    rows = cycle.small_rows()
    one = next(row for row in rows["officers"] if row["officer"] == DELIVERER)
    same = cycle.changed(rows, "officers", **{SECRETARY: {"person": one["person"]}})
    least = {name: same[name] for name in ("jurisdictions", "units", "officers")}
    write_book(tmp_path / "book.xlsx", {**{name: [] for name in rows}, **least})
    with pytest.raises(Unusable, match="another person"):
        opened(
            tmp_path / "book.xlsx",
            who(DELIVERER),
            {DELIVERER: key(DELIVERER), SECRETARY: key(SECRETARY)},
        )


def test_the_command_says_all_that_is_missing(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    home = book.parent / "home"
    given = ("init", "--policy", cycle.PACK, "--book", str(book), "--home", str(home))
    assert run_command(list(given)) == BAD_INPUT
    assert "--founder OFFICER=KEY" in capsys.readouterr().err
    alone = founding_options(book.parent / "keys", DELIVERER, "o-999")
    assert run_command([*given, *alone, "--founder", f"{COMMISSION}=x"]) == BAD_INPUT
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not (home / "quarantine").exists()
    assert not Home(home).has_cycle()
    both = founding_options(book.parent / "keys", DELIVERER, SECRETARY)
    assert run_command([*given, *both]) == DONE
    file = key_of(book.parent / "keys", SECRETARY)
    enrol = ("key", "enrol", SECRETARY, "--key", str(file), "--home", str(home))
    secret = ("--passphrase-file", str(book.parent / "keys" / "passphrase"))
    assert run_command([*enrol, *secret]) == DONE
    assert keyring(Ledger(Home(home).ledger)).of(SECRETARY) is not None
