"""Receipts (回执): what proves to anybody, offline, how a stage of a unit ended.

Rules: docs/history.md, "Receipts". A receipt is the closing entry itself, its proof of inclusion in
a checkpoint, the checkpoint, and its signers' keys, in at most four kilobytes. It verifies without
a ledger, and no byte of it can be another; whatever a verifier stumbles over breaks it. Without
keys that the reader trusts, it is as good as the keys in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from data.acts import Gate, Key, Keyring
from data.checkpoints import (
    ORGANS,
    Checkpoint,
    Log,
    read_checkpoint,
    read_log,
    signing_keys,
)
from data.history import History, history_of
from data.home import Home
from data.ledger import Ledger
from data.verify_chain import Content
from schemas.canonical import canonical
from schemas.encodings import from_base64, strict_object, to_base64
from schemas.entries import Decided, Entry, HandedOn
from schemas.merkle import includes, inclusion_proof, leaf_hash
from schemas.notes import Line, Note, VerifierKey, line_holds, verifier_key
from schemas.text import LANGUAGES, Refusal, Text
from schemas.vocabulary import Outcome

FORM = "termgate/1"
LARGEST = 4096
HANDED_ON = HandedOn.kind
_FIELDS = frozenset({"receipt", "entry", "proof", "checkpoint", "keys"})

REFUSALS: dict[str, Text] = {
    "not-closed": Text(
        "{unit} {stage}：该环节尚未办结，没有回执；待关口通过并交接后再取",
        "{unit} {stage}: this stage has not ended, so there is no receipt; once its gate is open, "
        "launch the stage so that it hands the unit on",
    ),
    "closed-again": Text(
        "{unit} {stage}：关口在办结后又有决定（记录第{seq}号），原回执不再出具；"
        "再次通过并交接后再取",
        "{unit} {stage}: entry {seq} decided this gate again after it had ended; there is a "
        "receipt once it is open and handed on again",
    ),
    "undermined": Text(
        "{unit} {stage}：办结所依据的签字已撤回或不再有效，或有人拒签；待再次运行后再取",
        "{unit} {stage}: a signature that it ended on was withdrawn or no longer counts, or an "
        "officer refused since; there may be a receipt once the stage is launched again",
    ),
    "not-covered": Text(
        "{unit} {stage}：还没有存证点包含记录第{seq}号；用 termgate audit checkpoint 生成存证点，"
        "由两个机关的责任人员签字并登记后再取",
        "{unit} {stage}: no checkpoint on record covers entry {seq} yet; make one with `termgate "
        "audit checkpoint`, have officers of two organs sign it, and file it",
    ),
    "too-large": Text(
        "{unit} {stage}：回执超过 4 kB", "{unit} {stage}: this receipt would be more than 4 kB"
    ),
}

BROKEN: dict[str, Text] = {
    "form": Text("格式不符或被改动", "its form is not a receipt's, or was changed"),
    "entry": Text("其中的记录不是办结记录", "its entry is none that closes a stage"),
    "signatures": Text(
        "存证点的签字无效，或不足两人",
        "the checkpoint's signatures do not hold, or are of fewer than two officers",
    ),
    "proof": Text("记录不在存证点之内", "its entry is not in the checkpoint"),
    "trust": Text("受信任的密钥签字不足两人", "trusted keys of fewer than two officers signed it"),
}


class ReceiptRefused(Refusal):
    """A receipt that cannot be given; `code` is one of `REFUSALS`."""

    def __init__(self, code: str, unit: str, stage: str, seq: int = 0) -> None:
        self.code = code
        given = {"unit": unit, "stage": stage, "seq": seq}
        zh, en = (REFUSALS[code].render(given, lang) for lang in LANGUAGES)
        super().__init__(Text(zh, en))


class ReceiptBroken(Refusal):
    """A receipt that does not hold; `code` is one of `BROKEN`."""

    def __init__(self, code: str) -> None:
        self.code = code
        text = BROKEN[code]
        super().__init__(Text(f"回执无效：{text.zh}", f"this receipt does not hold: {text.en}"))


@dataclass(frozen=True)
class Receipt:
    """A receipt that holds: the closing entry, and the checkpoint that it is under.

    `signers` are the verifier keys that signed; `trusted` those of them that the reader trusts.
    """

    entry: Content
    checkpoint: Checkpoint
    signers: tuple[str, ...]
    trusted: tuple[str, ...]


# Giving


@dataclass(frozen=True)
class _Ended:
    """What a gate's last decision says, and its last hand-off; zeros where there is none."""

    decided: int = 0
    outcome: str = ""
    handed_on: int = 0
    of: int = 0


Covering = tuple[Checkpoint, list[tuple[Line, Key]]]


def _covering(gate: Gate, ended: _Ended, history: History) -> Covering:
    """The smallest checkpoint over the entry that closes a stage as it stands.

    Raises:
        ReceiptRefused: there is none, or the gate was decided again since, or is about to be.
    """
    if not (ended.handed_on and ended.decided):
        raise ReceiptRefused("not-closed", *gate)
    if ended.outcome != Outcome.OPEN or ended.of != ended.decided:
        raise ReceiptRefused("closed-again", *gate, ended.decided)
    if history.undermining(gate):
        raise ReceiptRefused("undermined", *gate)
    seq, keyring = ended.handed_on, history.acts.keys
    covering = (_lines(note, keyring) for size, note in history.checkpoints.items() if size >= seq)
    found = next((one for one in covering if one), None)
    if found is None:
        raise ReceiptRefused("not-covered", *gate, seq)
    return found


def refusal(ledger: Ledger, history: History, unit: str, stage: str) -> ReceiptRefused | None:
    """Why no receipt can be given now of how a stage of a unit ended, as the record has it."""
    rows = ledger.query(
        "SELECT g.seq, g.outcome, h.seq, h.decision FROM gates g JOIN handed_on h "
        "ON g.unit = h.unit AND g.stage = h.stage WHERE g.unit = ? AND g.stage = ?",
        unit,
        stage,
    )
    ended = _Ended(*rows[0]) if rows else _Ended()
    try:
        _covering((unit, stage), ended, history)
    except ReceiptRefused as refused:
        return refused
    return None


def _ended(entries: Sequence[Entry], gate: Gate) -> _Ended:
    own = [one for one in reversed(entries) if (one.of_unit, one.of_stage) == gate]
    closing = next((one for one in own if isinstance(one, HandedOn)), None)
    decided = next((one for one in own if isinstance(one, Decided)), None)
    if closing is None or decided is None:
        return _Ended()
    return _Ended(decided.seq, decided.outcome, closing.seq, closing.decision)


def _lines(note: str, keyring: Keyring) -> Covering | None:
    """A checkpoint with those of its lines that count today, if they are of enough organs."""
    checkpoint = read_checkpoint(note.encode())
    keys = signing_keys(checkpoint, keyring) or []
    lines = [
        (line, key)
        for line, key in zip(checkpoint.note.lines, keys, strict=False)
        if not key.revoked
    ]
    return (checkpoint, lines) if len({key.organ for _, key in lines}) >= ORGANS else None


def _shortest(lines: Iterable[tuple[Line, Key]]) -> list[tuple[Line, Key]]:
    """The first line of each organ, of as many organs as a checkpoint needs."""
    found: dict[str, tuple[Line, Key]] = {}
    for line, key in lines:
        found.setdefault(key.organ, (line, key))
    return list(found.values())[:ORGANS]


def _written(
    log: Log, body: bytes, index: int, checkpoint: Checkpoint, lines: Sequence[tuple[Line, Key]]
) -> bytes:
    note = Note(checkpoint.note.text, tuple(line for line, _ in lines))
    proof = inclusion_proof(log.leaves[: checkpoint.size], index)
    return canonical(
        {
            "receipt": FORM,
            "entry": body.decode(),
            "proof": [to_base64(one) for one in proof],
            "checkpoint": note.content().decode(),
            "keys": [VerifierKey(key.officer, key.public).text() for _, key in lines],
        }
    )


def receipt(home: Home, unit: str, stage: str) -> bytes:
    """The receipt of how a stage of a unit ended, under the smallest checkpoint that covers it.

    Raises:
        LedgerBroken: the ledger does not hold.
        ReceiptRefused: the stage has not ended, or not any more, or no checkpoint covers it.
    """
    ledger = Ledger(home.ledger)
    log = read_log(ledger)
    ended = _ended(log.entries, (unit, stage))
    history = history_of(log.cycle, log.entries)
    checkpoint, lines = _covering((unit, stage), ended, history)
    seq = ended.handed_on
    body = bytes(ledger.query("SELECT body FROM entries WHERE seq = ?", seq)[0][0])
    content = _written(log, body, seq - 1, checkpoint, lines)
    if len(content) > LARGEST:
        content = _written(log, body, seq - 1, checkpoint, _shortest(lines))
    if len(content) > LARGEST:
        raise ReceiptRefused("too-large", unit, stage)
    return content


# Verifying


def _need(condition: object, code: str) -> None:
    if not condition:
        raise ReceiptBroken(code)


def _shown(content: bytes) -> dict[str, Any]:
    shown = strict_object(content)
    _need(shown.keys() == _FIELDS and shown["receipt"] == FORM, "form")
    _need(canonical(shown) == content and len(content) <= LARGEST, "form")
    return shown


def _signers(checkpoint: Checkpoint, keys: Sequence[str]) -> list[VerifierKey]:
    """The keys of a checkpoint's lines, which all hold: two at least, of two officers."""
    lines = checkpoint.note.lines
    found = [verifier_key(one) for one in keys]
    _need(len(found) == len(lines), "signatures")
    for line, key in zip(lines, found, strict=True):
        named = (line.name, line.hash) == (key.name, key.hash)
        _need(named and line_holds(checkpoint.note, line, key.public), "signatures")
    _need(_enough(found), "signatures")
    return found


def _enough(keys: Iterable[VerifierKey]) -> bool:
    found = list(keys)
    return min(len({one.name for one in found}), len({one.public for one in found})) >= ORGANS


def _verified(content: bytes, trusted: Sequence[str] | None) -> Receipt:
    shown = _shown(content)
    body = shown["entry"].encode()
    entry = strict_object(body)
    checkpoint = read_checkpoint(shown["checkpoint"].encode())
    seq = entry.get("seq")
    _need(entry.get("kind") == HANDED_ON and type(seq) is int, "entry")
    signers = _signers(checkpoint, shown["keys"])
    proof = [from_base64(one) for one in shown["proof"]]
    leaf, size = leaf_hash(body), checkpoint.size
    _need(includes(leaf, entry["seq"] - 1, size, proof, checkpoint.root), "proof")
    known = [key for key in signers if key.text() in (trusted or ())]
    _need(trusted is None or _enough(known), "trust")
    return Receipt(
        entry,
        checkpoint,
        tuple(key.text() for key in signers),
        tuple(key.text() for key in known),
    )


def is_receipt(content: bytes) -> bool:
    """Whether a file says that it is a receipt, be it cut off or changed."""
    return content.startswith(b"{") and FORM.partition("/")[0].encode() in content


def verify_receipt(content: bytes, trusted: Sequence[str] | None = None) -> Receipt:
    """The receipt in `content`, if it holds; `trusted` are verifier keys that the reader trusts.

    Raises:
        ReceiptBroken: it does not hold.
    """
    try:
        return _verified(content, trusted)
    except ReceiptBroken:
        raise
    except Exception as error:
        # Whatever a verifier stumbles over breaks what it verifies.
        raise ReceiptBroken("form") from error
