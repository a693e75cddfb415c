"""Who opens a cycle, as the options of `init` name them, and who delivers.

Rules: without a trial who delivers the book and every founder is named; a trial makes their keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.app import wrong_usage

if TYPE_CHECKING:
    from tasks.intake.founding import Founding
    from tasks.officers.everybody import TrialKeys
    from tasks.officers.signatories import Signatory


def trial_keys(folder: Path | None) -> TrialKeys | None:
    """The keys of a trial, if it is one."""
    if folder is None:
        return None
    from tasks.officers.everybody import TrialKeys

    return TrialKeys(folder)


def founding_by(
    officer: str | None,
    key: Path | None,
    passphrase_file: Path | None,
    founders: Sequence[str],
    trial: TrialKeys | None,
) -> Founding:
    """Who opens a cycle: whom the options name, or in a trial whoever may.

    Raises:
        Refusal: they name nobody, or the key cannot be used.
    """
    if trial is not None:
        if officer or key or founders:
            raise wrong_usage(
                "--trial 自行生成密钥，不用 --as、--key、--founder",
                "--trial makes the keys itself: without --as, --key, --founder",
            )
        from tasks.officers.everybody import founding_with

        return founding_with(trial.of)
    if not officer or key is None or not founders:
        raise wrong_usage(
            "须写明谁报送工作簿（--as、--key），以及两个以上机关的首批责任人员"
            "（--founder 编号=密钥编号）；"
            "先用 termgate key new 各自生成密钥",
            "say who delivers the book (--as, --key) and who the founders are (--founder "
            "OFFICER=KEY, of two organs or more); each makes a key first with `termgate key new`",
        )
    named = [one.partition("=") for one in founders]
    if len({who for who, _mark, _key in named}) < len(named):
        raise wrong_usage("--founder 中有人列了两次", "--founder names somebody twice")
    by = signatory(officer, key, passphrase_file)
    return lambda _officers: (by, {who: whose for who, _mark, whose in named})


def signatory(officer: str, key: Path, passphrase_file: Path | None) -> Signatory:
    """An officer with the key in a file."""
    from deployments.passphrase import private_key
    from tasks.officers.signatories import Signatory

    return Signatory(officer, private_key(key, passphrase_file))
