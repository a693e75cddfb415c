"""The auditor's commands: the log, exports, and verifying a home or a bundle.

Rules: they change nothing; what does not hold is named and ends with 3; what stands is never
written over. Only verifying a home whole, which replays its decisions, loads pandas. Their JSON is
an interface (see docs/interface.md).
"""

# ruff: noqa: PLR0913 (options are arguments)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from data.blobs import check_absent
from data.home import Home, OtherRelease, named_home
from data.ledger import Ledger
from data.status import UnknownPlace, unit_names
from deployments.app import HomeOption, JsonOption, _, wrong_usage
from deployments.exits import CLOSED
from deployments.scopes import unit_named
from deployments.show import Answer, Columns, Line
from schemas.aliases import term_code
from schemas.text import Refusal, Text, plural
from schemas.vocabulary import Outcome, Stage
from tasks.export import FORMATS, write

if TYPE_CHECKING:
    from rich.status import Status

    from data.verify import Fault

BUNDLE = "bundle"
SUFFIXES = {
    "": "csv",
    ".bundle": BUNDLE,
    ".db": "sqlite",
    ".htm": "html",
    ".html": "html",
    ".sqlite": "sqlite",
    ".xlsx": "xlsx",
    ".zip": BUNDLE,
}


def audit_log(
    *,
    unit: Annotated[str | None, Parameter(help=_("单位编号或名称", "id or name of a unit"))] = None,
    stage: Annotated[str | None, Parameter(help=_("环节", "stage"))] = None,
    officer: Annotated[
        str | None,
        Parameter(
            help=_(
                "责任人员编号：报送、签字、核验确认、吊销或被拒",
                "officer who delivered, signed, vouched, revoked or was refused",
            )
        ),
    ] = None,
    check: Annotated[
        str | None,
        Parameter(
            help=_(
                "检查编号：被它暂停的决定和对它的例外审批",
                "check that keeps a decision closed or was waived",
            )
        ),
    ] = None,
    outcome: Annotated[
        str | None, Parameter(help="|".join(one.label.render() for one in Outcome))
    ] = None,
    since: Annotated[
        str | None,
        Parameter(
            help=_("从第几号记录或哪一天起", "from this entry number or day (2016-12-31) on")
        ),
    ] = None,
    until: Annotated[
        str | None,
        Parameter(help=_("到第几号记录或哪一天止", "up to this entry number or day, included")),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """List the ledger entries that are asked for."""
    from tasks.export.log import HEADINGS, cells_of, selected, wanted

    ledger = Ledger(named_home(home).opened().ledger)
    unit = unit_named(ledger, unit) if unit else None
    what = wanted(
        unit=unit,
        stage=term_code(Stage, stage) if stage else None,
        officer=officer,
        check=check,
        outcome=term_code(Outcome, outcome) if outcome else None,
        since=since,
        until=until,
    )
    entries = selected(ledger.entries(max(what.since.seq - 1, 0)), what)
    # Of each entry what is printed is kept, and not the entry: decisions are long.
    value = [one.as_json() for one in entries] if json else []
    rows = list(map(cells_of, entries))
    if unit and not (value or rows) and unit not in unit_names(ledger):
        raise UnknownPlace(unit)
    headings = [heading.render() for heading in HEADINGS]
    return Answer(value, [Columns([headings, *rows])]).give(json=json)


def audit_verify(
    *,
    checkpoint: Annotated[
        tuple[Path, ...],
        Parameter(
            negative="",
            help=_("自己保存的存证点（可重复）", "a checkpoint that you kept (may be repeated)"),
        ),
    ] = (),
    bundle: Annotated[
        Path | None,
        Parameter(help=_("导出的记录文件，不需要数据目录", "an exported bundle; needs no cycle")),
    ] = None,
    receipt: Annotated[
        Path | None, Parameter(help=_("回执，不需要数据目录", "a receipt; needs no cycle"))
    ] = None,
    trust: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            help=_(
                "校验回执时信任的公钥，见 key list --json（可重复）",
                "verifier key to trust for a receipt, as in key list --json (may be repeated)",
            ),
        ),
    ] = (),
    quick: Annotated[
        bool,
        Parameter(
            negative="",
            help=_("不复核决定", "replay no decisions"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Verify a home with every act and blob, and replay it; or a bundle or a receipt."""
    given = [name for name in (bundle, receipt, home) if name]
    if quick and (bundle or receipt):
        raise wrong_usage(
            "--quick 只用于数据目录：记录文件和回执本来就不复核",
            "--quick is for a home: bundles and receipts are never replayed",
        )
    if len(given) > 1 or (trust and not receipt) or (checkpoint and receipt):
        raise wrong_usage(
            "--bundle、--receipt、--home 只用其一；--trust 只用于回执，--checkpoint 不用于回执",
            "use one of --bundle, --receipt and --home; --trust is for receipts only, --checkpoint "
            "is not for them",
        )
    if receipt:
        from deployments.receipts import verified

        return verified(receipt, trust).give(json=json)
    kept = _contents(checkpoint)
    if bundle:
        from data.verify import verify_bundle_bytes

        held, fault = verify_bundle_bytes(bundle.read_bytes(), kept)
        replayed = False
        holds = _(
            f"{held}条记录全部衔接，签字和决定完整",
            f"all {plural(held, 'entry', 'entries')} verified, with signatures and decisions",
        )
    else:
        held, fault, replayed = _of_home(named_home(home), kept, quick=quick)
        holds = _holding(plural(held, "entry", "entries"), held, replayed=replayed, quick=quick)
    lines = [Line(holds)]
    if fault is None:
        lines += map(_compared, checkpoint, kept)
    return _verdict(held, fault, lines, replayed=replayed).give(json=json)


def _compared(file: Path, content: bytes) -> Line:
    """Up to which entry a checkpoint that was kept, and is of this record, says what stands."""
    from data.checkpoints import read_checkpoint

    size = read_checkpoint(content).size
    return Line(
        _(
            f"存证点 {file.name} 与记录相符：记录第1号至第{size}号未被改写",
            f"the checkpoint {file.name} is of this ledger: entries 1 to {size} were not rewritten",
        )
    )


def _holding(entries: str, held: int, *, replayed: bool, quick: bool) -> str:
    """What is printed of a home that holds, and of what was left out."""
    if replayed:
        return _(
            f"{held}条记录全部衔接，签字、决定和原始数据文件完整，决定复核结果一致",
            f"all {entries} verified, with signatures, decisions and blobs, and every decision "
            "replayed to the same answer",
        )
    why = (
        Text("不加 --quick 则复核", "leave out --quick")
        if quick
        else Text("它由较早版本建立，不能复核", "it is of an earlier release, which cannot be")
    )
    return _(
        f"{held}条记录全部衔接，签字、决定和原始数据文件完整；没有复核：没有重新核查各项检查"
        f"的结果（{why.zh}）",
        f"all {entries} verified, with signatures, decisions and blobs; nothing was "
        f"replayed: what the checks found was not worked out again ({why.en})",
    )


def _of_home(home: Home, kept: list[bytes], *, quick: bool) -> tuple[int, Fault | None, bool]:
    """How many entries hold, the first fault, and whether decisions were replayed."""
    from data.verify import verify

    held, fault = verify(home.opened(), blobs=True, checkpoints=kept, acts=True)
    if quick or fault:
        return held, fault, False
    from deployments.replay_texts import shown
    from tasks.verifying import replay_fault

    try:
        with shown(Text("正在复核", "replaying")) as progress:
            fault = replay_fault(home, progress)
    except OtherRelease:
        return held, None, False
    return (fault.seq - 1 if fault else held), fault, True


def _contents(files: tuple[Path, ...]) -> list[bytes]:
    return [file.read_bytes() for file in files]


def _verdict(held: int, fault: Fault | None, holds: list[Line], *, replayed: bool) -> Answer:
    found = {"seq": fault.seq, "fault": fault.fault, "text": fault.text()} if fault else None
    value = {"entries": held, "ok": fault is None, "fault": found, "replayed": replayed}
    if fault is None:
        return Answer(value, holds)
    return Answer(value, [f"[red]{fault.text()}[/]"], CLOSED)


def audit_export(
    target: Annotated[
        Path,
        Parameter(
            name="FILE", help=_("要写的文件（CSV 为文件夹）", "file to write (a folder for CSV)")
        ),
    ],
    /,
    *,
    kind: Annotated[
        str | None,
        Parameter(
            name="--format",
            help=_(
                "xlsx|csv|sqlite|html|bundle（默认按后缀）",
                "xlsx|csv|sqlite|html|bundle (default: by the suffix)",
            ),
        ),
    ] = None,
    without_reasons: Annotated[
        bool,
        Parameter(
            negative="",
            help=_("不带原因的文字（可能提到个人）", "leave out what officers wrote as reasons"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Write the history in a format (default: as the suffix says, a folder of CSV without one)."""
    from rich.console import Console

    opened = named_home(home).opened()
    chosen = kind or SUFFIXES.get(target.suffix.lower())
    if chosen is None:
        known = ", ".join(suffix for suffix in SUFFIXES if suffix)
        raise Refusal(
            Text(
                f"{target}：看不出格式；用 --format 指定，或用后缀 {known}（CSV 为文件夹，无后缀）",
                f"{target}: no format by that suffix; use --format, or one of {known} (none for a "
                "folder of CSV)",
            )
        )
    if chosen not in (every := (*FORMATS, BUNDLE)):
        names = ", ".join(every)
        raise Refusal(
            Text(f"--format {chosen}：可用 {names}", f"--format {chosen}: use one of {names}")
        )
    with Console(stderr=True).status("") as status:
        held = _exported(opened, target, chosen, reasons=not without_reasons, status=status)
    line = _(
        f"已写入 {target}：记录{held}条", f"wrote {target}: {plural(held, 'entry', 'entries')}"
    )
    value = {"file": str(target), "format": chosen, "entries": held}
    return Answer(value, [Line(line)]).give(json=json)


def _exported(home: Home, target: Path, chosen: str, *, reasons: bool, status: Status) -> int:
    from data.bundle import export_bundle

    def progress(what: Text, done: int, of: int) -> None:
        status.update(f"{what.render()} {done}/{of}")

    if chosen == BUNDLE:
        check_absent(target)
        return export_bundle(home, target)
    return write(home, chosen, target, reasons=reasons, progress=progress)
