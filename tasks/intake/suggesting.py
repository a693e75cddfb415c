"""The first draft of a map: what is known of people's sheets, and what may be meant.

Rules: what a heading, sheet or word means without doubt stands in the draft as it is read; whatever
is only alike, and every id, look-up and list of names in one cell, stands behind a `#`, to be
looked at and taken over by hand. A wide sheet is given as a row for each term, where its headings
say without doubt which that is. What may not be empty and was not found is named. Files that are
read without a map are left out. Nothing of the draft is applied before somebody hands it in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process

from schemas.aliases import HEADINGS, plain_name, register_read
from schemas.columns import ID_PATTERN, ColumnSpec
from schemas.registers import REGISTERS, Register
from schemas.text import Language, Text, comma_separated
from tasks.intake.cells import Cell, CellReader, Parsed, delivered_text, holds, is_empty
from tasks.intake.characters import Problem
from tasks.intake.headings import OUR_SHEETS, SEARCHED_ROWS, columns_named
from tasks.intake.identity import is_identity
from tasks.intake.kinds import SUFFIXES, open_sheets
from tasks.intake.names import NAMED
from tasks.intake.own_sheets import headings_of
from tasks.intake.raw import Listed, RawSheet, Sheets, load
from tasks.intake.reading import BESIDE
from tasks.intake.readings import FROM_IDENTITY
from tasks.intake.refusal import ALIKE, Refused, fixed
from tasks.intake.wide import Group, groups_of

_FEW_COLUMNS = 2
_MOST_WORDS = 20
_LIKELY = 3
_SERIAL = ("序号", "备注", "No.")
_NUMBERS = ("工号", "职工号", "人员工号", "编号", "staff number")
_NAMES = {"roster": ("姓名", "name"), "officers": ("姓名", "责任人", "name"),
          "jurisdictions": ("单位", "地区", "所在地", "行政区", "乡镇", "place"),
          "candidates": ("人选", "候选人", "姓名")}  # fmt: skip

_TOP = Text(
    "对照表：自有表格各列对应哪个台账。以 # 开头的是建议，核对后去掉 # 才生效；写法见文档。",
    "A map: what people's own sheets are. What stands behind # is a suggestion: look at it, and "
    "take the # away to apply it. How to write it is in the documentation.",
)
_WHICH = Text(
    "不知道是哪个台账；最接近的：{registers}",
    "which register it is cannot be told; likely: {registers}",
)
_UNUSED = Text("未用的表头：{headings}", "headings not used: {headings}")
_REQUIRED = Text("必填", "needed")
_OPTIONAL = Text("可以不写", "may be left out")
_SUGGESTED = Text("建议（相近度{score}）", "suggested ({score} % alike)")
_RULE = Text("建议：按规则编号", "suggested: an id by rule")
_LOOK_UP = Text("建议：查找", "suggested: a look-up")
_WORDS = Text("这些写法认不出，请写明含义：", "these words are not known; say what they mean:")
_LIST = Text("一格多名，各成一行：", "several in one cell, a row for each:")
_SEMICOLON = Text("；", "; ")
_UNREADABLE = Text("未能读取：{why}", "could not be read: {why}")


# What people write between names in one cell, and what may be a name there.
_BETWEEN = re.compile("[、，；,;]")
_WORDS_ALONE = re.compile("[^0-9]+")
_PERSON = re.compile(r"[^\W\d_]+(?:[· ][^\W\d_]+)*")


def quoted(text: str) -> str:
    """A text as TOML has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def draft(folder: Path, lang: Language) -> tuple[str, int]:
    """The draft of a map for a folder, and of how many sheets it says something.

    Raises:
        OSError: the folder cannot be read.
    """
    lines, count = [f"# {_TOP.render(lang=lang)}"], 0
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in SUFFIXES or file.name.lower().startswith(BESIDE):
            continue
        try:
            sheets = open_sheets(load(file))
            listed = [one for one in sheets.listed if one.cells and not one.hidden]
            own = [one for one in listed if not _of_ours(sheets, one)]
            for one in own:
                lines += ["", *_Sheet(file, one, sheets.sheet(one.name), lang).lines()]
                count += 1
        except Refused as refused:
            why = _UNREADABLE.render({"why": refused.render(lang)}, lang)
            lines += ["", f"# {file.name}: {why}"]
    return "\n".join([*lines, ""]), count


def _of_ours(sheets: Sheets, one: Listed) -> bool:
    """Whether a sheet is a register's without a map, or the program's own."""
    if one.name in OUR_SHEETS:
        return True
    code = register_read(Path(one.name).stem)
    if code is None:
        return False
    specs = REGISTERS[code].columns
    rows = islice(sheets.sheet(one.name).rows, SEARCHED_ROWS)
    return any(len(columns_named(cells, specs)) == len(specs) for _, cells in rows)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a table: what it says, whether it is applied, and what stands behind it."""

    text: str
    applied: bool
    remark: str

    def render(self) -> str:
        line = self.text if self.applied else f"# {self.text}"
        return f"{line}  # {self.remark}" if self.remark else line


class _Sheet:
    """What the draft says of one sheet."""

    def __init__(self, file: Path, listed: Listed, raw: RawSheet, lang: Language) -> None:
        self._file, self._lang = file, lang
        # A CSV is one sheet that bears the file's name.
        self._name = "" if listed.name == file.name else listed.name
        self._typed, self._since_1904 = raw.typed, raw.since_1904
        self._rows = [(n, list(cells)) for n, cells in raw.rows if holds(cells)]
        self._head = _heading_rows(self._rows[:SEARCHED_ROWS], raw)
        head = {n: list(cells) for n, cells in self._rows if n in self._head}
        self._headings = headings_of(head, raw.merged)
        self._used: set[int] = set()

    def lines(self) -> Iterator[str]:
        """The lines of its tables; none is applied where the register is not known."""
        register = self._register()
        place = ["[[sheets]]", f"file = {quoted(self._file.name)}"]
        place += [f"sheet = {quoted(self._name)}"] if self._name else []
        place.append(f"heading_rows = [{', '.join(map(str, self._head))}]")
        if register is None:
            likely = comma_separated(
                f"{x.title.render(lang=self._lang)} ({x.name})" for x in self._likely()
            ).render(lang=self._lang)
            yield from (f"# {one}" for one in place)
            yield f"# {_WHICH.render({'registers': likely or '？'}, self._lang)}"
            yield from self._rest()
            yield from ["# [[sheets.rows]]", '# register = ""', "# [sheets.rows.columns]"]
            return
        groups = groups_of(register, self._headings, self._reads)
        columns = [one.render() for one in self._columns(register, groups)]
        known = set(map(plain_name, _SERIAL))
        serial = [i for i, one in enumerate(self._headings) if plain_name(one) in known]
        self._used |= set(serial)
        yield from place
        if serial:
            yield f"ignore = [{', '.join(quoted(self._headings[i]) for i in serial)}]"
        yield from self._rest()
        yield from ["[[sheets.rows]]", f"register = {quoted(register.name)}"]
        yield f"# {register.title.render(lang=self._lang)}"
        if groups:
            yield from ["each = [", *(f"  {one.render()}" for one in self._each(groups)), "]"]
        yield from ["[sheets.rows.columns]", *columns]

    def _rest(self) -> Iterator[str]:
        rest = [one for index, one in enumerate(self._headings) if one and index not in self._used]
        if rest:
            headings = comma_separated(rest).render(lang=self._lang)
            yield f"# {_UNUSED.render({'headings': headings}, self._lang)}"

    def _register(self) -> Register | None:
        """The register that its name, or most of its headings, say without doubt."""
        code = register_read(self._name) or register_read(self._file.stem)
        if code:
            return REGISTERS[code]
        wide = [
            one
            for one in REGISTERS.values()
            if any(x.sure for x in groups_of(one, self._headings, self._reads))
        ]
        if len(wide) == 1:
            return wide[0]
        counted = {
            name: len(columns_named(self._headings, one.columns)) for name, one in REGISTERS.items()
        }
        most = max(counted.values())
        best = [name for name, number in counted.items() if number == most]
        return REGISTERS[best[0]] if len(best) == 1 and most >= _FEW_COLUMNS else None

    def _each(self, groups: Iterable[Group]) -> Iterator[_Line]:
        """A line for each row that a row of a wide sheet gives."""
        for one in groups:
            said = [f"{one.column} = {{value = {quoted(one.term.value)}}}"]
            said += [f"{name} = {quoted(self._headings[i])}" for name, i in one.columns.items()]
            label = one.term.label.render(lang=self._lang)
            yield _Line(f"{{{', '.join(said)}}},", one.sure, label)

    def _likely(self) -> list[Register]:
        """The registers that its name, or else most of its headings, are most alike to."""
        scores = {}
        for one in REGISTERS.values():
            names = (self._name, self._file.stem)
            alike = max(fuzz.ratio(name, one.title.zh, score_cutoff=ALIKE) for name in names)
            scores[one.name] = (alike, len(columns_named(self._headings, one.columns)))
        best = sorted(scores, key=lambda name: scores[name], reverse=True)[:_LIKELY]
        return [REGISTERS[name] for name in best if any(scores[name])]

    def _columns(self, register: Register, groups: Sequence[Group]) -> Iterator[_Line]:
        in_groups = {name for one in groups for name in (one.column, *one.columns)}
        specs = [spec for spec in register.columns if spec.name not in in_groups]
        named = columns_named(self._headings, tuple(specs))
        self._used |= {*named.values(), *(i for one in groups for i in one.columns.values())}
        for spec in specs:
            label = spec.column.label.render(lang=self._lang)
            index = named.get(spec.name)
            if index is not None:
                yield _Line(f"{spec.name} = {quoted(self._headings[index])}", True, label)
                listed = self._list(index, spec)
                if listed:
                    text = f"{{heading = {quoted(self._headings[index])}, split = {listed}}}"
                    yield _Line(f"{spec.name} = {text}", False, _LIST.render(lang=self._lang))
                else:
                    yield from self._words(spec, index)
                continue
            need = _OPTIONAL if spec.nullable else _REQUIRED
            found = list(self._suggested(register, spec))
            mark = _SEMICOLON.render(lang=self._lang)
            remark = f"{label}{mark}{need.render(lang=self._lang)}"
            if not found:
                yield _Line(f'{spec.name} = ""', False, remark)
            for text, why in found:
                said = f"{remark}{mark}{why.render(lang=self._lang)}"
                yield _Line(f"{spec.name} = {text}", False, said)

    def _suggested(self, register: Register, spec: ColumnSpec) -> Iterator[tuple[str, Text]]:
        """What a column may come from."""
        target = spec.column.references or ""
        if target in NAMED and target in _NAMES:
            for index in self._under(_NAMES[target]):
                key = "person" if target == "candidates" else "name"
                by = f"{{{key} = {quoted(self._headings[index])}}}"
                listed = self._list(index)
                split = f", split = {listed}" if listed else ""
                yield f'{{find = "{target}", by = {by}{split}}}', _LOOK_UP
        if spec.name == "birth_date":
            for heading in filter(is_identity, self._headings):
                yield quoted(heading), FROM_IDENTITY
        if spec.pattern == ID_PATTERN and (
            spec.name in register.key or target or spec.name == "person"
        ):
            prefix = str(spec.column.example or "x-").partition("-")[0]
            for index in self._under(_NUMBERS):
                yield f"{{id = {quoted(f'{prefix}-{{{self._headings[index]}}}')}}}", _RULE
        free = {i: one for i, one in enumerate(self._headings) if one and i not in self._used}
        names = {*spec.column.label.zh.split(), *HEADINGS.get(spec.column.zh, ()), spec.column.en}
        plain = {i: plain_name(one) for i, one in free.items()}
        alike = {(score, index) for name in names for _, score, index in process.extract(
            plain_name(name), plain, scorer=fuzz.ratio, score_cutoff=ALIKE)}  # fmt: skip
        best = max((score for score, _ in alike), default=0)
        # Of several that are alike to the same degree none is left out.
        for index in sorted(index for score, index in alike if score == best):
            yield quoted(free[index]), fixed(_SUGGESTED, score=round(best))

    def _reader(self, spec: ColumnSpec) -> Callable[[Cell], Parsed]:
        return CellReader(spec, typed=self._typed, since_1904=self._since_1904).read

    def _below(self, index: int) -> list[Cell]:
        """What stands below a heading."""
        below = (cells for number, cells in self._rows if number > self._head[-1])
        return [
            cells[index] for cells in below if index < len(cells) and not is_empty(cells[index])
        ]

    def _reads(self, spec: ColumnSpec, index: int) -> bool:
        """Whether what stands below a heading is a column's, all of it."""
        read, below = self._reader(spec), self._below(index)
        return bool(below) and not any(isinstance(read(one), Problem) for one in below)

    def _list(self, index: int, spec: ColumnSpec | None = None) -> str:
        """What stands between several names, or values of a column, in one cell, if it does."""
        read = self._reader(spec) if spec and (spec.terms or spec.pattern) else None
        if spec and not read and spec.name != "name":
            return ""
        marks: set[str] = set()
        for text in map(delivered_text, self._below(index)):
            parts = [one for part in _BETWEEN.split(text) if (one := part.strip())]
            if read and any(isinstance(read(one), Problem) for one in parts):
                return ""
            if not read and not all(map(_PERSON.fullmatch, parts)):
                return ""
            marks |= set(_BETWEEN.findall(text))
        return quoted("".join(sorted(marks))) if marks else ""

    def _under(self, words: Iterable[str]) -> list[int]:
        wanted = {plain_name(one) for one in words}
        return [index for index, one in enumerate(self._headings) if plain_name(one) in wanted][:1]

    def _words(self, spec: ColumnSpec, index: int) -> Iterator[_Line]:
        """The words of a column that are not known, with what is most alike."""
        if not spec.terms and spec.kind is not bool:
            return
        labels = [term.label.render(lang=self._lang) for term in spec.terms or ()]
        read = self._reader(spec)
        words = {
            delivered_text(one) for one in self._below(index) if isinstance(read(one), Problem)
        }
        said = []
        for word in sorted(words)[:_MOST_WORDS]:
            near = process.extractOne(word, labels, scorer=fuzz.ratio, score_cutoff=ALIKE)
            said.append(f"{quoted(word)} = {quoted(near[0] if near else '')}")
        if said:
            values = f"values = {{{', '.join(said)}}}"
            text = f"{spec.name} = {{heading = {quoted(self._headings[index])}, {values}}}"
            yield _Line(text, False, _WORDS.render(lang=self._lang))


def _heading_rows(rows: Sequence[tuple[int, Sequence[Cell]]], raw: RawSheet) -> list[int]:
    """The rows in which the headings stand: the one with most words, and what spans it above."""
    texts = {n: sum(bool(_WORDS_ALONE.fullmatch(str(x))) for x in cells) for n, cells in rows}
    if not texts:
        return [1]
    row = max(texts, key=lambda n: texts[n])
    spanning = {
        block.top
        for block in raw.merged
        if block.top == block.bottom and block.right > block.left and texts.get(block.top, 0) > 1
    }
    if row in spanning:
        return [row, row + 1]
    return [row - 1, row] if row - 1 in spanning else [row]
