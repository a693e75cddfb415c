"""The commands of an auditor: the history listed, verified, replayed, signed and exported.

Rules: a command only calls the function that does its work; heavy libraries are loaded by the
commands that need them.
"""

# ruff: noqa: D103, PLR0913 (the help text, in both languages, says it; options are arguments)

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deployments import read
from deployments.app import (
    STAGE_NAMES,
    By,
    HomeOption,
    JsonOption,
    StageArgument,
    UnitArgument,
    _,
    audit,
    policy,
    wrong_usage,
)


@audit.command(name="log", help=_("逐条列出留痕", "List the entries of the ledger"))
def audit_log(
    *,
    unit: Annotated[str | None, Parameter(help=_("单位编号", "unit id"))] = None,
    stage: Annotated[str | None, Parameter(help=_("环节", "stage"))] = None,
    officer: Annotated[
        str | None,
        Parameter(
            help=_(
                "经办人编号：报送、签字、作证、吊销或被拒",
                "officer who delivered, signed, vouched, revoked or was refused",
            )
        ),
    ] = None,
    check: Annotated[
        str | None,
        Parameter(
            help=_(
                "检查编号：被它关闭的决定和对它的例外审批",
                "check that keeps a decision closed or was waived",
            )
        ),
    ] = None,
    outcome: Annotated[str | None, Parameter(help="open|waiting|blocked")] = None,
    since: Annotated[
        str | None,
        Parameter(help=_("从第几条或哪一天起", "from this entry number or day (2016-12-31) on")),
    ] = None,
    until: Annotated[
        str | None,
        Parameter(help=_("到第几条或哪一天止", "up to this entry number or day, included")),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import audits
    from tasks.export.log import wanted

    what = wanted(
        unit=unit,
        stage=stage,
        officer=officer,
        check=check,
        outcome=outcome,
        since=since,
        until=until,
    )
    return audits.audit_log(read.home_at(home), what, json=json)


@audit.command(
    name="verify",
    help=_(
        "校验整个留痕，或导出的留痕文件，或回执",
        "Verify the whole ledger, or an exported bundle, or a receipt",
    ),
)
def audit_verify(
    *,
    checkpoint: Annotated[
        tuple[Path, ...],
        Parameter(
            negative="",
            help=_("自己保存的检查点（可重复）", "a checkpoint that you kept (may be repeated)"),
        ),
    ] = (),
    bundle: Annotated[
        Path | None,
        Parameter(help=_("导出的留痕文件，不需要数据目录", "an exported bundle; needs no cycle")),
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
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    given = [name for name in (bundle, receipt, home) if name]
    if len(given) > 1 or (trust and not receipt) or (checkpoint and receipt):
        raise wrong_usage(
            "--bundle、--receipt、--home 只用其一；--trust 只用于回执，--checkpoint 不用于回执",
            "use one of --bundle, --receipt and --home; --trust is for receipts only, --checkpoint "
            "is not for them",
        )
    if receipt:
        from deployments import receipts

        return receipts.verify_file(receipt, trust, json=json)
    from deployments import audits

    if bundle:
        return audits.verify_bundle(bundle, checkpoint, json=json)
    return audits.audit_verify(read.home_at(home), checkpoint, json=json)


@audit.command(
    name="receipt",
    help=_(
        "取一个环节办结的回执，可离线校验",
        "The receipt of how a stage of a unit ended; it verifies offline",
    ),
)
def audit_receipt(
    unit: UnitArgument,
    stage: StageArgument,
    file: Annotated[Path, Parameter(help=_("要写的文件", "file to write"))],
    /,
    *,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import receipts

    return receipts.give(read.home_at(home), unit, stage, file, json=json)


@audit.command(
    name="replay",
    help=_(
        "按当时的证据、规则包和日期重新评审，与留痕比对",
        "Decide again on the evidence, policy and day of then, and compare with the record",
    ),
)
def audit_replay(
    *,
    unit: Annotated[str | None, Parameter(help=_("单位编号", "unit id"))] = None,
    stage: Annotated[str | None, Parameter(help=STAGE_NAMES)] = None,
    every: Annotated[
        bool,
        Parameter(
            name="--all",
            negative="",
            help=_("全部决定，不只是现行的", "every decision, not only those that stand"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import replays

    return replays.replay(read.home_at(home), unit, stage, every=every, json=json)


@audit.command(
    name="checkpoint",
    help=_(
        "生成或加签检查点，两个机关签齐后登记",
        "Make or sign a checkpoint; filed once two organs signed",
    ),
)
def audit_checkpoint(
    file: Annotated[
        Path, Parameter(help=_("检查点文件，没有时生成", "the checkpoint; made where it is absent"))
    ],
    /,
    *,
    by: By,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import checkpoints

    return checkpoints.checkpoint(read.home_at(home), file, by, json=json)


@audit.command(
    name="export",
    help=_(
        "导出留痕：XLSX、CSV、SQLite、HTML，或供他人校验的留痕文件",
        "Export the history: XLSX, CSV, SQLite, HTML, or a bundle to verify elsewhere",
    ),
)
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
            help=_("不带理由的文字（可能提到个人）", "leave out what officers wrote as reasons"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import audits

    reasons = not without_reasons
    return audits.audit_export(read.home_at(home), target, kind, reasons=reasons, json=json)


@policy.command(
    name="diff",
    help=_(
        "另一个规则包会作出哪些不同的决定",
        "What another policy pack would have decided over all past decisions",
    ),
)
def policy_diff(
    old: Annotated[str, Parameter(help=_("规则包编号或文件", "pack id or file"))],
    new: Annotated[str, Parameter(help=_("另一个规则包", "the other pack"))],
    /,
    *,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import replays

    return replays.policy_diff(read.home_at(home), old, new, json=json)
