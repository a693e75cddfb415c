"""The proof of the main job: checkpoint, receipts, verification, replay.

Rules: what is printed is what the verifiers said, and every decision and hand-off on record has to
be among what was replayed; checkpoint and receipts are written beside the ledger, so that anybody
can try them, and would be kept elsewhere in earnest.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from data.blobs import write_durably
from data.checkpoints import new_checkpoint
from data.home import Home
from data.ledger import Ledger
from data.receipts import receipt, verify_receipt
from data.verify import verify
from deployments.show import console
from schemas.entries import Decided, HandedOn, Objected
from schemas.text import Text, plural
from schemas.vocabulary import STAGES, Stage
from tasks import checkpointing
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Signatory
from tasks.replay import replay
from tasks.replaying.acts import judged
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import chronicle_of

_LOADED = ("deployments.cli", "deployments.demo_proof", "tasks.handoff.validation")
RECEIPTS = (("640302-congress", "result"), ("640300-government", "vetting"))


def _of_two_organs(home: Home, officers: Sequence[Signatory]) -> list[Signatory]:
    """The first officer, and the first of another organ."""
    keys = Recorder(home).history.acts.keys.keys
    first = officers[0]
    other = next(one for one in officers if keys[one.key].organ != keys[first.key].organ)
    return [first, other]


def _checkpoint(home: Home, officers: Sequence[Signatory]) -> str:
    note = new_checkpoint(home).text()
    for who in _of_two_organs(home, officers):
        note = checkpointing.sign(home, note.encode(), who.officer, who.private).text()
    checkpointing.file(home, note.encode())
    path = home.path / "checkpoint.txt"
    write_durably(path, note.encode())
    console().print(
        Text(
            f"存证点由两个机关签字：{path.name}", f"checkpoint signed by two organs: {path.name}"
        ).render()
    )
    return note


def _receipts(home: Home) -> None:
    for unit, stage in RECEIPTS:
        content = receipt(home, unit, stage)
        path = home.path / f"receipt-{unit}-{stage}.json"
        write_durably(path, content)
        seq, size = verify_receipt(content).entry["seq"], len(content)
        message = Text(
            f"回执 {path.name}：{size}字节，记录第{seq}号，离线校验通过",
            f"receipt {path.name}: {plural(size, 'byte')}, entry {seq}, verified offline",
        )
        console().print(message.render(), soft_wrap=True)


def _verified(home: Home, note: str) -> bool:
    entries, fault = verify(home, blobs=True, acts=True, checkpoints=[note])
    message = Text(
        f"记录{entries}条，链、原始数据文件、签字、存证点全部成立",
        f"ledger verified: {plural(entries, 'entry', 'entries')}; chain, blobs, signatures and "
        f"checkpoint hold",
    )
    console().print(fault.text() if fault else message.render())
    return fault is None


class Count(NamedTuple):
    """How many decisions and hand-offs were made again, and how many of them are the same."""

    decisions: int
    hand_ons: int
    same: int


def replayed(home: Home, stage: Stage | None, among: range) -> Count:
    """Make again what was decided in these entries, of a stage where one is given."""
    found = replay(home, None, stage, every=True, among=among)
    same = sum(one.verdict is Verdict.SAME for one in found.every)
    return Count(len(found.every) - len(found.hand_ons), len(found.hand_ons), same)


def acts_again(home: Home) -> tuple[int, int]:
    """How many acts of officers were judged again, and how many are justified."""
    verdicts = [one.verdict for one in judged(chronicle_of(home))]
    return len(verdicts), verdicts.count(Verdict.SAME)


class Replays:
    """The replay of a home, by processes of their own: what was put on record is not waited for.

    They remember nothing of what was decided here; they are copies of one that has loaded
    everything, which it does beside what comes before them.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_LOADED))
        self._processes = ProcessPoolExecutor(mp_context=context)
        self._asked = [self._processes.submit(replayed, home, None, range(0))]
        self._next = 1

    def __enter__(self) -> Replays:
        """Held while the days are lived."""
        return self

    def __exit__(self, *_: object) -> None:
        """What was not begun is not begun any more."""
        self._processes.shutdown(cancel_futures=True)

    def _since(self) -> range:
        since = range(self._next, Recorder(self._home).history.seq + 1)
        self._next = since.stop
        return since

    def go_on(self) -> None:
        """Replay in one process what was put on record since, if what it was given is done."""
        if self._asked[-1].done():
            self._asked.append(self._processes.submit(replayed, self._home, None, self._since()))

    def finish(self) -> Callable[[], tuple[Count, tuple[int, int]]]:
        """Replay the rest in all of them; what gives the count of all, and that of acts."""
        since = self._since()
        judging = self._processes.submit(acts_again, self._home)
        self._asked += [
            self._processes.submit(replayed, self._home, stage, since) for stage in STAGES
        ]

        def counted() -> tuple[Count, tuple[int, int]]:
            counts = zip(*(one.result() for one in self._asked), strict=True)
            return Count(*map(sum, counts)), judging.result()

        return counted


def _on_record(home: Home) -> tuple[int, int]:
    """How many decisions and objections, and how many hand-offs, the ledger has."""
    kinds = Counter(map(type, Ledger(home.ledger).entries()))
    return kinds[Decided] + kinds[Objected], kinds[HandedOn]


def _print_replayed(count: Count, acts: int, justified: int) -> bool:
    decisions, hand_ons, same = count
    shown = Text(
        f"复核{decisions}个决定、{hand_ons}次交接、{acts}项办理：{same + justified}项结果相同",
        f"replayed {plural(decisions, 'decision')}, {plural(hand_ons, 'hand-off')} and "
        f"{plural(acts, 'act')}: {same + justified} give the same answer",
    )
    console().print(shown.render())
    return same == decisions + hand_ons and acts == justified


def prove(home: Home, officers: Sequence[Signatory], replays: Replays) -> bool:
    """Sign a checkpoint, give two receipts, verify and replay all; whether everything holds."""
    note = _checkpoint(home, officers)
    _receipts(home)
    counted = replays.finish()
    verified = _verified(home, note)
    count, (acts, justified) = counted()
    whole = (count.decisions, count.hand_ons) == _on_record(home)
    return _print_replayed(count, acts, justified) and verified and whole
