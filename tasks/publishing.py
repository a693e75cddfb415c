"""What coordinators see in the Prefect UI: the board, what is missing, progress, as artifacts.

Rules: artifacts stand under stable keys and are made from the ledger alone, so that editing or
deleting one changes nothing; they hold ids, terms and jurisdiction names, never people's data.
"""

from __future__ import annotations

from uuid import UUID

from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    aupdate_progress_artifact,
)

from data.ledger import Ledger
from data.status import UnitStatus, statuses
from schemas.names import NAME, SIGNS, UNIT, stage_headings, unit_name
from schemas.reports import Closed, missing_rows, stage_cell
from schemas.text import Text
from schemas.vocabulary import Stage
from tasks.closed import closed_gates

SHOWN_ROWS = 400
REST = Text("其余见 termgate gate show", "for the rest see `termgate gate show`")


def markdown_table(rows: list[list[str]]) -> str:
    """A Markdown table; the first row is its heading."""
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def board(units: list[UnitStatus]) -> str:
    """The board: a row for each unit, a column for each stage."""
    heading = [UNIT.render(), NAME.render(), *stage_headings()]
    rows = [
        [
            one.unit,
            unit_name(one.name, one.body),
            *(
                stage_cell(outcome, waived=stage in one.waived)
                for stage, outcome in one.stages.items()
            ),
        ]
        for one in units
    ]
    done = sum(one.done for one in units)
    summary = Text(
        f"{len(units)}个单位，{done}个全部通过", f"{done} of {len(units)} units through all gates"
    )
    return f"{summary.render()}\n\n{markdown_table([heading, *rows])}"


def missing(closed: list[Closed]) -> str:
    """What keeps each closed gate closed, and who can supply it: a section for each gate."""
    if not closed:
        return Text("没有关闭的关口。", "No gate is closed.").render()
    sections = []
    shown = 0
    for gate in closed:
        rows = missing_rows(gate)[: max(SHOWN_ROWS - shown, 0) + 1]
        shown += len(rows) - 1
        title = f"### {SIGNS[gate.outcome]} {unit_name(gate.name, gate.body)} {gate.unit}"
        sections.append(f"{title}\n\n{markdown_table(rows)}")
        if shown >= SHOWN_ROWS:
            sections.append(REST.render())
            break
    return "\n\n".join(sections)


async def publish(ledger: Ledger, stage: Stage) -> None:
    """Bring the board and the stage's list of what is missing up to date."""
    units = statuses(ledger)
    await acreate_markdown_artifact(
        board(units), key="board", description=Text("进度总表", "the board").render()
    )
    name = stage.label
    await acreate_markdown_artifact(
        missing(closed_gates(ledger, units, stage)),
        key=f"missing-{stage.value}",
        description=Text(f"{name.zh}环节尚缺", f"what the stage {name.en} still misses").render(),
    )


class Progress:
    """A progress bar in the UI, moved at most once for every tenth of the way."""

    def __init__(self, stage: Stage, total: int) -> None:
        self._stage = stage
        self._total = total
        self._artifact: UUID | None = None
        self._shown = 0

    async def at(self, done: int) -> None:
        """Show that `done` of the units are decided."""
        tenth = done * 10 // self._total if self._total else 10
        if self._artifact is None:
            self._artifact = await acreate_progress_artifact(
                progress=tenth * 10.0, key=f"progress-{self._stage.value}"
            )
        elif tenth > self._shown:
            await aupdate_progress_artifact(artifact_id=self._artifact, progress=tenth * 10.0)
        self._shown = tenth
