"""The command `policy adopt`: another policy pack in an open cycle, signed by two organs.

Rules: before anything is signed it shows what differs from the pack in force, which gates that
touches, which of them would close, and which signatures would be void; it signs once somebody at
the terminal says so, or `--yes` does. `--dry-run` shows it and signs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter

from data.adoptions import ADOPTED
from data.policies import pack_bytes
from deployments.app import By, HomeOption, JsonOption, _, day_typed
from deployments.consent import YesOption, agreed, check_asked
from deployments.dry_run import consequence_lines
from deployments.exits import CLOSED, DONE
from deployments.officers import at_recorder, recorded, then
from deployments.policy_diff import changes_json, changes_parts
from deployments.show import Answer, Line, Part, show
from schemas.text import Text
from tasks.consequences import consequences_json
from tasks.officers.adopting import Adopting, AdoptionEffects, adopt, adopting, effects_of


def policy_adopt(
    file: Annotated[str, Parameter(help=_("规则包编号或文件", "pack id or file"))],
    /,
    *,
    starts: Annotated[
        date,
        Parameter(
            name="--from",
            converter=day_typed,
            help=_("自哪一天起执行", "the day from which it is to be in force"),
        ),
    ],
    by: By,
    dry_run: Annotated[
        bool,
        Parameter(negative="", help=_("只显示影响，不签字", "show what it does and sign nothing")),
    ] = False,
    yes: YesOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Propose another pack, or adopt the one that another organ proposed, from a day on."""
    check_asked(yes=yes or dry_run, json=json)
    recorder, who = at_recorder(home, by)
    wanted = adopting(pack_bytes(file), file, starts)
    found = effects_of(recorder, wanted)
    parts = list(_parts(wanted, found))
    if dry_run:
        return Answer(_json(wanted, found, None), parts, _code(found)).give(json=json)
    if not yes and not agreed(parts):
        return CLOSED
    if not json and yes:
        show(parts)
    seq = adopt(recorder, wanted, who)
    entry = recorder.ledger.entry(seq).as_json()
    if json:
        return Answer(_json(wanted, found, entry), []).give(json=True)
    return recorded(recorder, seq, *_outcome(entry)).give(json=False)


def _code(found: AdoptionEffects) -> int:
    return CLOSED if any(one.undoes for one in found.consequences) else DONE


def _outcome(entry: dict[str, Any]) -> tuple[str, Line]:
    pack, starts = entry["pack"], entry["starts"]
    if entry["kind"] == ADOPTED:
        text = _(
            f"规则包 {pack} 已通过，自{starts}起执行", f"pack {pack} is adopted, from {starts} on"
        )
        return text, then(
            "当日再次运行各环节：termgate run cycle",
            "launch the stages again on that day: termgate run cycle",
        )
    return _(f"已提议规则包 {pack}，尚未通过", f"pack {pack} is proposed, not adopted"), then(
        "由另一机关的责任人员就同一文件和日期运行同一命令",
        "an officer of another organ runs the same command on the same file and day",
    )


def _json(wanted: Adopting, found: AdoptionEffects, entry: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "pack": wanted.pack.name,
        "version": wanted.pack.version,
        "policy": wanted.pack.digest,
        "starts": wanted.starts.isoformat(),
        "changes": changes_json(found.changes),
        **consequences_json(found.consequences),
        "entry": entry,
    }


def _parts(wanted: Adopting, found: AdoptionEffects) -> Iterator[Part]:
    pack = wanted.pack
    title = Text(
        f"规则包 {pack.name} {pack.version}（{pack.digest[:12]}），自{wanted.starts}起执行",
        f"pack {pack.name} {pack.version} ({pack.digest[:12]}), from {wanted.starts} on",
    )
    yield Line(title.render())
    yield from changes_parts(found.changes)
    yield from map(Line, consequence_lines(found.consequences))
