"""The proof at the end of the main job: checkpoint, receipts, verification, replay.

Rules: what is printed is what the verifiers said; checkpoint and receipts are written beside the
ledger, so that anybody can try them, and would be kept elsewhere in earnest.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor

from data.blobs import write_durably
from data.checkpoints import file_checkpoint, new_checkpoint, sign_checkpoint
from data.home import Home
from data.receipts import receipt, verify_receipt
from data.verify import verify
from deployments.show import console
from schemas.text import Text, plural
from schemas.vocabulary import STAGES, Stage
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
        note = sign_checkpoint(home, note.encode(), who.officer, who.private).text()
    file_checkpoint(home, note.encode())
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
        told = Text(
            f"回执 {path.name}：{size}字节，记录第{seq}号，离线校验通过",
            f"receipt {path.name}: {plural(size, 'byte')}, entry {seq}, verified offline",
        )
        console().print(told.render(), soft_wrap=True)


def _verified(home: Home, note: str) -> bool:
    entries, fault = verify(home, blobs=True, acts=True, checkpoints=[note])
    told = Text(
        f"记录{entries}条，链、原始数据文件、签字、存证点全部成立",
        f"ledger verified: {plural(entries, 'entry', 'entries')}; chain, blobs, signatures and "
        f"checkpoint hold",
    )
    console().print(fault.text() if fault else told.render())
    return fault is None


def replayed(home: Home, stage: Stage) -> tuple[int, int, int]:
    """Of a stage: how many decisions and hand-offs were made again, and how many are the same."""
    told = replay(home, None, stage, every=True)
    same = sum(one.verdict is Verdict.SAME for one in told.every)
    return len(told.every) - len(told.hand_ons), len(told.hand_ons), same


def acts_again(home: Home) -> tuple[int, int]:
    """How many acts of officers were judged again, and how many are justified."""
    verdicts = [one.verdict for one in judged(chronicle_of(home))]
    return len(verdicts), verdicts.count(Verdict.SAME)


def _told(decisions: int, hand_ons: int, acts: int, same: int) -> bool:
    shown = Text(
        f"复核{decisions}个决定、{hand_ons}次交接、{acts}项办理：{same}项结果相同",
        f"replayed {plural(decisions, 'decision')}, {plural(hand_ons, 'hand-off')} and "
        f"{plural(acts, 'act')}: {same} give the same answer",
    )
    console().print(shown.render())
    return same == decisions + hand_ons + acts


def replaying() -> Executor:
    """Processes that replay, and remember nothing of what was decided here.

    They are copies of one that has loaded everything, which it does beside what comes before them.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    made = ProcessPoolExecutor(mp_context=context)
    made.submit(int)
    return made


def prove(home: Home, officers: Sequence[Signatory], beside: Executor) -> bool:
    """Sign a checkpoint, give two receipts, verify and replay all; whether everything holds.

    `beside` are processes of their own, which replay a stage at a time.
    """
    note = _checkpoint(home, officers)
    _receipts(home)
    again = [beside.submit(replayed, home, stage) for stage in STAGES]
    judging = beside.submit(acts_again, home)
    verified = _verified(home, note)
    decisions, hand_ons, same = (
        sum(counts) for counts in zip(*(one.result() for one in again), strict=True)
    )
    acts, justified = judging.result()
    return _told(decisions, hand_ons, acts, same + justified) and verified
