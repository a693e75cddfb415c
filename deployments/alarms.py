"""What whoever reads a list must not miss: several keys that wait in one officer's name."""

from __future__ import annotations

from collections.abc import Sequence

from deployments.app import _
from deployments.show import Line, Part


def alarm(doubtful: Sequence[str]) -> list[Part]:
    """That several keys wait in the name of each of these officers."""
    if not doubtful:
        return []
    names = ", ".join(doubtful)
    text = _(
        f"同一责任人员有多把密钥待核验确认：{names}。先向本人问清，可能有人冒名登记",
        f"more than one key waits for a voucher: {names}. Ask these officers: somebody may have "
        "enrolled one in their name",
    )
    return [Line(text, "red")]
