"""The README beside the book: figures, faults, and what the book holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from data.policies import read_pack
from deployments.demo_figures import figures
from schemas.registers import REGISTERS
from schemas.tables import frame_of
from schemas.vocabulary import Organ, Stage
from tests.generator.base import REFERENCE_ON, Rows
from tests.generator.deliveries import DELIVERED, DELIVERED_BY
from tests.generator.faults.fault import Fault, deliverers, lived
from tests.generator.signing import gate_signers, signers

PACK = "cn-2016"
MOST = 4  # registers that the table of days names for a day
# Figure → where in the rows it is counted.
_COUNTED = {
    "counties": "jurisdictions: counties",
    "townships": "jurisdictions: townships",
    "governing bodies": "units",
    "bodies done": "sessions",
    "people audited": "reviews: audit with a result other than not required",
    "reviews for each candidate": "reviews: fewest for any proposed candidate",
    "pledges signed": "pledges",
    "cards handed out": "card lots: cards",
    "batches of must-talks": "talks: must-talk",
    "person-times of must-talks": "talk participants: of must-talks",
    "warning films": "screenings: different films",
    "“ten ones” activities": "activities: different ones",
    "roving supervision teams": "teams: roving",
    "counties and townships visited": "visits: different jurisdictions",
    "special inspection teams": "teams: special",
    "counties inspected": "inspections: different counties",
    "reporting channels": "report channels: different ones",
}
# These stand in the pack, not in the rows.
PROHIBITIONS = 9
_HEAD = """# The reference cycle

One invented city with 5 counties and 49 townships (116 governing bodies) as it stood on {on}:
the 113 bodies of counties and townships have voted, the city's own three meet in January 2017.
Every place and person is invented; nobody real is meant. Made by `python -m tests.generator
--out DIR` and committed as made: do not edit these files by hand, a test compares them.

- `book.xlsx`: the cycle as a book, one sheet for each register, with {faults} planted faults.
- `days/`: the same rows by the day on which they come, a workbook for each of {days} days from
  {first} to {last} (one of which brings mends alone). A row comes on the first of them on
  or after the day on which all that it says is known, and again when more is: an answer, an end,
  a settlement. Together they are the rows of `book.xlsx`. `make cycle` lives these days.
- `mends/`: for each fault a delivery to one register that mends it, a corrected or a later entry
  (UTF-8 CSV, as Excel reads it); a withdrawal names rows by their key.
- `cycle.json`: the lists below for programs, with who delivers, who signs, and the units for which
  the last stage is launched on each day; `rows` are row numbers of the sheet, heading = 1.

The book without its faults passes every check of the pack `cn-2016`; the city's three units then
wait at the election for want of a session. The answer is the same on {on} and ten years later.

Other sizes: `--cities N`, `--candidates-per-unit N`, `--seed N`, `--clean` (without faults). With
another number of candidates there are no faults, and only `plan.posts` and, in the city, the
election do not pass.
"""
_SIGNING = """## Who signs

{signing} of the {officers} officers sign every gate of the pack `{pack}`, {signatures} signatures
in all: `tests.generator.gate_signers` says who signs which. None of them delivers a mend, none is a
candidate of the unit or kin of one; `{by}` delivers the days and signs nothing. Whoever signed what
changed since signs again. Officers numbered from 51 on do nothing but sign. The
secretaries of counties and townships stand in the roster too, the other officers do not.
"""


def readme(rows: Rows, found: Sequence[Fault]) -> str:
    """The README as Markdown."""
    head = _HEAD.format(
        on=REFERENCE_ON.isoformat(),
        faults=len(found),
        days=len(DELIVERED),
        first=DELIVERED[0],
        last=DELIVERED[-1],
    )
    parts = [
        head,
        _figures(rows),
        _days(rows, found),
        _faults(found),
        _signing(rows, found),
        _registers(rows),
    ]
    return "\n".join(parts)


def _table(heads: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    marks = ["---"] * len(heads)
    made = [heads, marks, *lines]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in made) + "\n"


def _figures(rows: Rows) -> str:
    lines: list[list[object]] = [
        [
            figure.title.en,
            f"{figure.article:,}{'+' if figure.more else ''}",
            f"{figure.ours:,}",
            _COUNTED[figure.title.en],
        ]
        for figure in figures({name: frame_of(name, table) for name, table in rows.items()})
    ]
    lines.append(["prohibitions", PROHIBITIONS, PROHIBITIONS, f"the pack `{PACK}`"])
    head = "## The article's figures\n\nCounted once every fault is mended.\n"
    return f"{head}\n{_table(['figure', 'article', 'here', 'counted in'], lines)}"


def _days(rows: Rows, found: Sequence[Fault]) -> str:
    lines: list[list[object]] = []
    for day, come in lived(rows, found).items():
        shown = [fault.id.removeprefix("f") for fault in found if fault.shows == day]
        mended = [fault.id.removeprefix("f") for fault in found if fault.mended == day]
        most = sorted(come, key=lambda name: -len(come[name]))[:MOST]
        what = ", ".join(f"{REGISTERS[name].title.en} {len(come[name]):,}" for name in most)
        total = f"{sum(map(len, come.values())):,}"
        lines.append([day, total, what, " ".join(shown), " ".join(mended)])
    text = (
        "## The days\n\nA fault shows on the day on which what is wrong comes or should have come; "
        "its mend comes on a later day.\n"
    )
    heads = ["day", "rows", "most of them", "faults that show", "mended"]
    return f"{text}\n{_table(heads, lines)}"


def _where(fault: Fault) -> str:
    sheet = f"{REGISTERS[fault.register].title.zh} (`{fault.register}`)"
    if not fault.rows:
        return f"{sheet}, row missing"
    first, last = fault.rows[0], fault.rows[-1]
    if len(fault.rows) == 1:
        return f"{sheet} {first}"
    return (
        f"{sheet} {first}–{last}"
        if last - first == len(fault.rows) - 1
        else (f"{sheet} " + ", ".join(map(str, fault.rows)))
    )


def _units(fault: Fault) -> str:
    if len(fault.units) <= 3:
        return "<br>".join(fault.units)
    return f"{fault.units[0]} and {len(fault.units) - 1} more (the county and its townships)"


def _faults(found: Sequence[Fault]) -> str:
    text = (
        "## The faults\n\nEach blocks its own units at its stage and nothing else. “Withdraw” "
        "marks a mend that takes rows out of the register instead of putting rows in.\n"
    )
    for stage in Stage:
        lines = [
            [
                fault.id.removeprefix("f"),
                f"`{fault.check}`",
                _units(fault),
                _where(fault),
                fault.text.en,
                f"{fault.status} `{fault.reason}` on `{fault.subject}`",
                fault.shows,
                fault.mended,
                f"[{fault.mend_file.removeprefix('mends/')}]({fault.mend_file})"
                + (" (withdraw)" if fault.withdraw else ""),
            ]
            for fault in found
            if fault.stage == stage
        ]
        heads = ["no.", "check", "units", "sheet and row", "what is wrong", "finding", "shows",
                 "mended", "mend"]  # fmt: skip
        text += f"\n### {stage.label.en.capitalize()}\n\n{_table(heads, lines)}"
    return text


def _signing(rows: Rows, found: Sequence[Fault]) -> str:
    pack, delivering = read_pack(PACK), deliverers(found)
    signing = signers(pack, rows, delivering)
    signatures = sum(map(len, gate_signers(pack, rows, delivering).values()))
    officers = {str(row["officer"]): row for row in rows["officers"]}
    organs = Counter(str(officers[officer]["organ"]) for officer in signing)
    lines = [
        [organ.label.en, organ.label.zh, organs[organ.value]]
        for organ in Organ
        if organ.value in organs
    ]
    head = _SIGNING.format(
        signing=len(signing),
        officers=len(officers),
        signatures=f"{signatures:,}",
        pack=PACK,
        by=DELIVERED_BY,
    )
    return f"{head}\n{_table(['organ', '机关', 'officers'], lines)}"


def _registers(rows: Rows) -> str:
    lines = [[f"`{name}`", REGISTERS[name].title.zh, len(rows[name])] for name in REGISTERS]
    total = sum(len(rows[name]) for name in REGISTERS)
    head = f"## The registers\n\n{total:,} rows without the faults.\n"
    return f"{head}\n{_table(['register', 'sheet', 'rows'], lines)}"
