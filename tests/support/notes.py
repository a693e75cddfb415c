"""Entries that say no more than a word, for tests of where entries are kept."""

from data.ledger import Ledger, Transaction
from schemas.entries import Attempted


def note(transaction: Transaction, word: str) -> int:
    """Append an entry that says `word`; returns its number."""
    return transaction.append(Attempted.kind, act="sign", unit="", stage="", officer="", code=word)


def noted(ledger: Ledger, since: int = 0) -> list[str]:
    """The words of the entries after `since`."""
    return [entry.as_json()["code"] for entry in ledger.entries(since)]
