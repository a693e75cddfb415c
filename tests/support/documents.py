"""The reference pages that are made from the schemas: registers, checks, glossary.

`python -m tests.support.documents` writes them; a test holds that they are as it writes them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from data.policies import bundled, read_pack
from schemas.authority import KINDS_OF_UNIT, Requirement
from schemas.columns import ID_PATTERN, ColumnSpec
from schemas.decisions import sign_off_code
from schemas.handoffs import HANDOFFS, HandOff, handoff_code
from schemas.policy import Pack, PackCheck
from schemas.registers import REGISTERS, Register
from schemas.rules.base import Read, Rule, merged
from schemas.rules.catalogue import AUTHORITY_REASONS, COMMON_REASONS, RULES
from schemas.text import Text
from schemas.vocabulary import STAGES, Stage, Term
from tasks.handoff.frames import READS
from tests.support.glossary import glossary_page
from tests.support.tree import ROOT

COMMAND = "python -m tests.support.documents"
MADE = f"<!-- Made by `{COMMAND}` from the schemas: do not edit by hand. -->\n"

REGISTERS_HEAD = """# The registers

What a book or a submission may hold. Every register is a sheet of the book (or a CSV file named
after it). A sheet bears the register's code or its title in Chinese or English, a heading the
column's code or its label in Chinese or English; the order of the columns is free, all must be
there. `termgate template` writes workbooks with these headings.

- **Key**: one row for each key; a row delivered later replaces the one with the same key.
- **Belongs to**: by this column a row becomes evidence of a unit or of a jurisdiction.
- **Supplied by**: who is asked when something is missing.
- **Empty**: “needed” cells must be filled, others may be empty.
- ⚿ marks personal data: it stays in the register's blobs and never enters ledger, states or pages
  of the Prefect UI.
- An “id” starts with a lower-case letter and has only lower-case letters, digits and hyphens.
- Whole numbers have no sign, no comma and no unit. Dates are dates in a workbook, and `2016-09-28`
  or `2016/9/28` in a CSV. Yes/no is 是/否, yes/no or true/false. A term is given by its code or its
  label in either language.
"""

CHECKS_HEAD = """# The checks

Every check of the six gates: its basis, what it reads and how far, its parameters in the packs
that come with Termgate, who may waive it, and every reason that it can give. A reason closes the
gate where the finding is `fail` or `missing`, and explains it where the finding is
`not_applicable` or `waived`. Each stage begins with who must sign its gates.

- **Looks at**: which rows, and which of their columns. *own* is the rows of the unit and of its
  jurisdiction, *place* all that are at home in its jurisdiction, *ancestors* those at home there or
  above, *subtree* there or below, *everywhere* wherever; what stands in brackets must hold of a row
  ([how it is written](interface.md#evidence-digest)). A check is given nothing else, and what a
  gate's checks and its hand-off look at is its evidence; nothing else touches a signature.
- **Parameters** have no defaults: the pack says each. ⚠ marks one that no text read by the authors
  settles (`unsettled` in the pack): a local rule or a text that was not available. Look at each
  before you use a pack in earnest, and copy the pack into a file of your own to change it
  (`termgate init --policy FILE.toml`).
- **Absolute** marks what the law leaves no exception to: nobody can waive it, and a pack that says
  so is refused. Where no waiver is named, the packs allow none.
- **Sign-offs** and **waivers** are asked of officers by their organ and by where they are at home:
  where the unit is, above it, or either. Of several organs each counts once, and one person signs
  once. Both are local practice but for what a basis says: change them in a pack of your own.
"""

KINDS: dict[type, Text] = {
    int: Text("整数", "whole number"),
    bool: Text("是/否", "yes/no"),
    date: Text("日期", "date"),
    str: Text("文本", "text"),
}


def cell(text: str) -> str:
    """Text as it may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines) + "\n"


def codes(names: Iterable[object]) -> str:
    """Codes, one after the other."""
    return ", ".join(f"`{name}`" for name in names)


def both(text: Text) -> str:
    """A text in both languages."""
    return text.zh if text.zh == text.en else f"{text.zh} / {text.en}"


def summary(thing: type) -> str:
    """What a class says about itself, in one paragraph."""
    return " ".join((inspect.getdoc(thing) or "").split())


# Registers


def kind_of(spec: ColumnSpec, register: Register) -> str:
    """What a column takes."""
    if spec.terms:
        return f"term of [{spec.terms.__name__}](#{spec.terms.__name__.lower()})"
    if spec.kind is int:
        return f"whole number, {spec.minimum} to {spec.maximum}"
    if spec.kind is str:
        if spec.may_be_month:
            return "date, or month"
        if spec.pattern:
            return "id" if spec.pattern == ID_PATTERN else f"text `{spec.pattern}`"
        return f"text{length_of(spec.name, register)}"
    return KINDS[spec.kind].en


def length_of(name: str, register: Register) -> str:
    """How long a text may be, as the row model says."""
    schema = register.model.model_json_schema()["properties"][name]
    options = [schema, *schema.get("anyOf", ())]
    longest = next((one["maxLength"] for one in options if "maxLength" in one), None)
    return f", at most {longest} characters" if longest else ""


def column_row(spec: ColumnSpec, register: Register) -> list[str]:
    """A column as a row of its register's table."""
    column = spec.column
    name = f"`{spec.name}`" + (" ⚿" if column.personal else "")
    points = f"[`{column.references}`](#{column.references})" if column.references else ""
    empty = "may be empty" if spec.nullable else "needed"
    return [name, column.zh, column.en, kind_of(spec, register), empty, points, both(column.help)]


def register_section(register: Register) -> str:
    """One register."""
    headings = ["column", "中文", "English", "takes", "empty", "points to", "help"]
    home = f"`{register.home}`"
    if register.via:
        home += f" (through `{register.references[register.via]}`)"
    facts = [
        f"Key: {codes(register.key)}.",
        f"Belongs to: {home}.",
        f"Supplied by: {both(register.provider.label)}.",
    ]
    return "\n".join(
        [
            f"## {register.name}",
            "",
            f"**{both(register.title)}**. {summary(register.model)}",
            "",
            " ".join(facts),
            "",
            table(headings, [column_row(spec, register) for spec in register.columns]),
        ]
    )


def vocabularies() -> list[type[Term]]:
    """The vocabularies that columns use, in the order of their first use."""
    specs = [spec for register in REGISTERS.values() for spec in register.columns]
    return list(dict.fromkeys(spec.terms for spec in specs if spec.terms))


def vocabulary_section(terms: type[Term]) -> str:
    """One vocabulary."""
    rows = [[f"`{one.value}`", one.label.zh, one.label.en] for one in terms]
    return "\n".join(
        [f"### {terms.__name__}", "", summary(terms), "", table(["code", "中文", "English"], rows)]
    )


def registers_page() -> str:
    """docs/registers.md."""
    rows = [
        [
            f"[`{one.name}`](#{one.name})",
            one.title.zh,
            one.title.en,
            codes(one.key),
            both(one.provider.label),
        ]
        for one in REGISTERS.values()
    ]
    return "\n".join(
        [
            MADE,
            REGISTERS_HEAD,
            table(["register", "中文", "English", "key", "supplied by"], rows),
            *(register_section(one) for one in REGISTERS.values()),
            "## Terms\n",
            *(vocabulary_section(one) for one in vocabularies()),
        ]
    )


# Checks


def shown(value: object) -> str:
    """A parameter's value as the pack has it."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "; ".join(f"{number}. {codes(one)}" for number, one in enumerate(value, start=1))
    if isinstance(value, list):
        return codes(value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def reads_lines(reads: Iterable[Read]) -> list[str]:
    """What is looked at: which rows, and which of their columns."""
    return [
        "- Looks at:",
        *(
            f"  - [`{one.form}`](registers.md#{one.register})"
            f"{': ' if one.columns else ' (how many)'}{codes(one.columns)}"
            for one in merged(reads)
        ),
    ]


def parameter_rows(rule: Rule, entries: Mapping[str, PackCheck | None]) -> list[list[str]]:
    """The parameters of a rule, as each pack sets them."""
    rows = []
    for name in rule.parameters.model_fields:
        row = [f"`{name}`"]
        for entry in entries.values():
            if entry is None:
                row.append("")
                continue
            value = shown(entry.parameters.model_dump(mode="json")[name])
            row.append(f"{value} ⚠" if name in entry.unsettled else value)
        rows.append(row)
    return rows


def reasons_table(reasons: Mapping[str, Text]) -> str:
    """Reason codes and their texts."""
    return table(
        ["reason", "中文", "English"],
        [[f"`{code}`", text.zh, text.render(lang="en")] for code, text in reasons.items()],
    )


def notes(entries: Mapping[str, PackCheck | None]) -> list[str]:
    """What the packs note beside a check."""
    said = {name: entry.note for name, entry in entries.items() if entry and entry.note}
    return [f"- Note of `{name}`: {both(note)}." for name, note in said.items()]


def waivers(entries: Mapping[str, PackCheck | None]) -> list[str]:
    """Who may waive a check, as each pack says."""
    found: dict[str, list[str]] = {}
    for name, entry in entries.items():
        if entry and entry.waiver:
            days = entry.waiver.days
            limit = Text(f"最多{days}天", f"for {days} days at most")
            said = f"{both(entry.waiver.text)}; {both(limit)}"
            found.setdefault(said, []).append(name)
    return [f"- May be waived ({codes(names)}): {said}." for said, names in found.items()]


def bases(entries: Mapping[str, PackCheck | None]) -> list[str]:
    """The legal basis of a check in each pack."""
    told = {name: both(entry.basis) for name, entry in entries.items() if entry}
    if len(set(told.values())) == 1:
        return [f"- Basis: {next(iter(told.values()))}."]
    return [f"- Basis in `{name}`: {basis}." for name, basis in told.items()]


def check_section(rule: Rule, packs: Mapping[str, Pack]) -> str:
    """One check."""
    entries = {name: pack.check(rule.code) for name, pack in packs.items()}
    lacking = [name for name, entry in entries.items() if entry is None]
    lines = [
        f"### {rule.code}",
        "",
        f"**{both(rule.title)}**",
        "",
        *bases(entries),
        *reads_lines(rule.reads),
        f"- Supplied by: {both(rule.provider.label)}.",
        *(["- Absolute."] if rule.absolute else []),
        *(f"- Not asked for by `{name}`." for name in lacking),
        *waivers(entries),
        *notes(entries),
        "",
    ]
    rows = parameter_rows(rule, entries)
    if rows:
        lines += [f"Parameters: {summary(rule.parameters)}", ""]
        lines += [table(["parameter", *(f"`{name}`" for name in packs)], rows)]
    else:
        lines += ["No parameters: the law settles it whole.", ""]
    return "\n".join([*lines, reasons_table(rule.reasons)])


def handoff_section(handoff: HandOff) -> str:
    """What a stage hands on."""
    reasons = {one.code: one.text for one in handoff.expectations}
    return "\n".join(
        [
            f"### {handoff_code(handoff.stage)}",
            "",
            f"**{both(Text('交接：', 'hand-off: '))}{both(handoff.title)}**",
            "",
            f"- Columns: {codes(handoff.columns)}; sorted by {codes(('unit', *handoff.key))}.",
            *reads_lines(READS[handoff.stage]),
            "",
            reasons_table(reasons),
        ]
    )


def units_of(required: Requirement) -> str:
    """The units whose gates need a sign-off."""
    found: dict[str, list[str]] = {}
    for level, body in filter(lambda kind: required.stands_for(*kind), KINDS_OF_UNIT):
        found.setdefault(level.value, []).append(body.value)
    if sum(map(len, found.values())) == len(KINDS_OF_UNIT):
        return "all"
    return "; ".join(f"{level}: {', '.join(bodies)}" for level, bodies in found.items())


def sign_off_section(stage: Stage, packs: Mapping[str, Pack]) -> str:
    """Who signs the gates of a stage."""
    found: dict[Requirement, list[str]] = {}
    for name, pack in packs.items():
        for required in pack.sign_offs[stage]:
            found.setdefault(required, []).append(name)
    rows = [
        [f"`{one.name}`", codes(names), one.text.zh, one.text.en, units_of(one), both(one.basis)]
        for one, names in sorted(found.items(), key=lambda item: item[0].name)
    ]
    headings = ["sign-off", "packs", "中文", "English", "units", "basis"]
    return "\n".join([f"### {sign_off_code(stage)}", "", table(headings, rows)])


def stage_section(stage: Stage, packs: Mapping[str, Pack]) -> str:
    """One stage: who signs it, its checks and its hand-off."""
    checks = [check_section(rule, packs) for rule in RULES.values() if rule.stage is stage]
    signed = sign_off_section(stage, packs)
    handed = handoff_section(HANDOFFS[stage])
    return "\n".join([f"## {both(stage.label)}", "", signed, *checks, handed])


def checks_page() -> str:
    """docs/checks.md."""
    packs = {name: read_pack(name) for name in bundled()}
    rows = [
        [f"[`{rule.code}`](#{rule.code.replace('.', '')})", rule.title.zh, rule.title.en]
        for rule in RULES.values()
    ]
    listed = [
        f"- `{name}` {one.version}: {both(one.title)}; valid from {one.valid_from} to "
        f"{one.valid_to}; {sum(map(len, one.checks.values()))} checks."
        for name, one in packs.items()
    ]
    return "\n".join(
        [
            MADE, CHECKS_HEAD,
            "The packs; which rules they hold to, and why not to others: [the rules](rules.md).\n",
            *listed, "",
            table(["check", "中文", "English"], rows),
            *(stage_section(stage, packs) for stage in STAGES),
            "## Reasons that every check can give\n", reasons_table(COMMON_REASONS),
            "## Reasons of sign-offs and waivers\n", reasons_table(AUTHORITY_REASONS),
        ]
    )  # fmt: skip


PAGES: dict[str, Callable[[], str]] = {
    "docs/registers.md": registers_page,
    "docs/checks.md": checks_page,
    "docs/glossary.md": lambda: glossary_page(MADE),
}


def write(folder: Path = ROOT) -> None:
    """Write both pages."""
    for name, page in PAGES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page().rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
