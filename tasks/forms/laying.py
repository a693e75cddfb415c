"""Forms laid out as rows to fill in: persons, candidates and kin, with what a form says of them.

Rules: what a form settles is filled in, all else is asked for; whose name is on the roster already
may be that person or another, so that their id is asked for, with theirs to choose. Two
forms of one name are asked about in the same way. The birth date is the identity number's where
that holds and the form's month agrees, else the form's, and that is noted; the number is kept
nowhere. Of the family only those are asked about whose names the roster or another form has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.aliases import VALUES, plain_name
from schemas.identity import birth_of
from schemas.registers import REGISTERS
from schemas.text import Language, Text
from schemas.vocabulary import CandidateStatus, Education, Kinship
from tasks.asklists.record import Record
from tasks.forms.reading import Form, Relative
from tasks.intake.cells import CellReader, Read, Value
from tasks.intake.readings import BIRTH_DIFFERS
from tasks.intake.template import Line, note

# What a relative is called, the more particular first → the kind of kin.
_SPOUSES = frozenset({"妻子", "妻", "丈夫", "夫", "配偶", "爱人"})
_CALLED = (
    (
        Kinship.IN_LAW,
        "岳|公公|婆婆|媳|婿|嫂|婶|伯母|舅[母妈]|姑[父夫]|姨[父夫]|[姐妹]夫|弟妹|亲家|姻"
        "|内[兄弟]|[妻夫][兄弟姐妹]",
    ),
    (Kinship.COLLATERAL, "[哥兄弟姐妹叔伯姑舅姨侄甥]"),
    (Kinship.LINEAL, "[父母子女孙儿爸妈爷奶祖]|外[公婆]"),
)
_EDUCATION = (
    (Education.MASTER, r"研究生|硕士|博士"),
    (Education.COLLEGE, r"大专|专科"),
    (Education.BACHELOR, r"大学|本科|学士"),
    (Education.SECONDARY, r"中专|中师|中技|高中|初中|小学"),
)
# The lowest first.
_LEVELS = (Education.SECONDARY, Education.COLLEGE, Education.BACHELOR, Education.MASTER)

_PROPOSED = Text("拟任：{proposed}；现任：{office}", "proposed: {proposed}; in office: {office}")
_BORN = Text("审批表：{born}", "the form has {born}")
_WRONG_NUMBER = Text(
    "审批表中的公民身份号码校验不符，未采用", "the form's identity number does not hold; not used"
)
_WORK = Text("审批表：参加工作 {day}", "the form has the begin of work as {day}")
_SCHOOL = Text("审批表：{schools}", "the form has {schools}")
_SAME_NAME = Text(
    "已有同名人员：{ids}；是其中一人就选其编号，否则选 {new}",
    "there are people of this name: {ids}; choose theirs if it is one of them, else {new}",
)
_RELATIVE = Text(
    "审批表：{called} {name} {born} {office}；是名册中的同一人就选其编号，不是则留空",
    "the form has {called} {name} {born} {office}; choose the id if it is the same person, else "
    "leave it empty",
)


@dataclass(slots=True)
class _Person:
    """Whom a form is about: the id for somebody new, and others of the same name."""

    form: Form
    new: str
    same: Sequence[str]

    @property
    def settled(self) -> str | None:
        """The id, where nobody else has the name."""
        return None if self.same else self.new

    @property
    def choices(self) -> tuple[str, ...]:
        """The ids that may be theirs."""
        return (*self.same, self.new)


@dataclass(slots=True)
class _Laid:
    """A row being laid out: what is known, and the notes on what is asked for."""

    register: str
    cells: dict[str, Value]
    notes: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


def laid_out(
    record: Record, forms: Sequence[Form], place: str, lang: Language
) -> dict[str, list[Line]]:
    """The sheets that forms fill, of people at a place; registers without rows are left out."""
    people: list[_Person] = []
    for form in forms:
        people.append(_person(record, form, people, place))
    rows = [row for one in people for row in _rows(record, one, people, place, lang)]
    names = {one.new: one.form.name for one in people}
    return {
        name: [_line(one, names, lang) for one in rows if one.register == name]
        for name in REGISTERS
        if any(one.register == name for one in rows)
    }


def _same(name: str, other: object) -> bool:
    return plain_name(name) == plain_name(str(other))


def _person(record: Record, form: Form, before: Sequence[_Person], place: str) -> _Person:
    listed = record.rows("roster", {})
    same = sorted(str(row["person"]) for row in listed if _same(form.name, row["name"]))
    same += [one.new for one in before if _same(form.name, one.form.name)]
    about = (len(before), form.source)
    return _Person(form, record.free_id("roster", place, about), same)


def _rows(
    record: Record, one: _Person, people: Sequence[_Person], place: str, lang: Language
) -> Iterator[_Laid]:
    form = one.form
    yield _Laid("roster", {"person": one.new, "jurisdiction": place, "name": form.name})
    candidate = _Laid("candidates", {**_known(form), "person": one.settled})
    candidate.cells["candidate"] = record.free_id("candidates", place, one.new)
    if form.proposed:
        candidate.cells["status"] = CandidateStatus.PROPOSED.value
    posts = [str(row["post"]) for row in record.rows("posts", {})
             if record.place_of("posts", row) == place]  # fmt: skip
    candidate.choices = {
        "post": tuple(posts),
        "unit": tuple(dict.fromkeys(post.rpartition("-")[0] for post in posts)),
    }
    candidate.notes = dict(_notes(form, lang))
    _ask_who(candidate, one, lang)
    yield candidate
    for relative in form.family:
        yield from _kin(record, one, relative, people, place, lang)


def _ask_who(row: _Laid, one: _Person, lang: Language) -> None:
    """Ask for the id of somebody whose name others have."""
    if one.same:
        said = {"ids": "、".join(one.same), "new": one.new}
        row.notes["person"] = _SAME_NAME.render(said, lang)
        row.choices["person"] = one.choices


def _kin(
    record: Record,
    one: _Person,
    relative: Relative,
    people: Sequence[_Person],
    place: str,
    lang: Language,
) -> Iterator[_Laid]:
    """The row of a relative whose name somebody of the roster, or of another form, has."""
    ids = [str(row["person"]) for row in record.rows("roster", {})
           if _same(relative.name, row["name"])]  # fmt: skip
    ids += [other.new for other in people if _same(relative.name, other.form.name)]
    if not ids:
        return
    cells: dict[str, Value] = {"jurisdiction": place, "person": one.settled}
    cells["kinship"] = kinship_of(relative.called)
    row = _Laid("kin", cells, choices={"kin": tuple(ids)})
    said = {"called": relative.called, "name": relative.name, "born": relative.born}
    row.notes["kin"] = _RELATIVE.render({**said, "office": relative.office}, lang)
    _ask_who(row, one, lang)
    yield row


def kinship_of(called: str) -> str | None:
    """The kind of kin that a form calls somebody; None for what is not known."""
    if called.startswith("前"):
        return None
    if called in _SPOUSES:
        return Kinship.SPOUSE.value
    return next((kind.value for kind, words in _CALLED if re.search(words, called)), None)


def education_of(schools: Sequence[str]) -> str | None:
    """The highest education among what a form lists; None where it is not known."""
    found = [
        next((level for level, words in _EDUCATION if re.search(words, one)), None)
        for one in schools
    ]
    known = [level for level in found if level]
    return max(known, key=_LEVELS.index).value if known else None


def birth_date_of(form: Form) -> Value:
    """The birth date, or its month; None where the form's is in doubt."""
    stated, day = _stated(form), birth_of(form.identity)
    agrees = day and day.isoformat().startswith(stated or "")
    return day.isoformat() if day and agrees else stated


def _stated(form: Form) -> str | None:
    """The birth date, or its month, that stands in a form."""
    spec = REGISTERS["candidates"].column["birth_date"]
    found = CellReader(spec, typed=False).read(form.born)
    value = found.value if isinstance(found, Read) else found
    return value if isinstance(value, str) else None


def doubts_of(form: Form) -> list[Text]:
    """What somebody has to look at again in a form: its identity number, or its birth date."""
    day = birth_of(form.identity)
    if day is None:
        return [_WRONG_NUMBER] if form.identity else []
    return [] if birth_date_of(form) == day.isoformat() else [BIRTH_DIFFERS]


def _nationality(text: str) -> str | None:
    """The nationality in full; None for what is none of the 56."""
    full = VALUES["民族"]
    return full.get(text) or (text if text in full.values() else None)


def _known(form: Form) -> dict[str, Value]:
    return {
        "birth_date": birth_date_of(form),
        "ethnicity": _nationality(form.people),
        "education": education_of(form.education),
    }


def _notes(form: Form, lang: Language) -> Iterator[tuple[str, str]]:
    """Column → what the form has that may help to fill it in."""
    said = {"proposed": form.proposed or "?", "office": form.office or "?"}
    yield "post", _PROPOSED.render(said, lang)
    yield "birth_date", _BORN.render({"born": form.born}, lang)
    yield "years_worked", _WORK.render({"day": form.started_work}, lang)
    yield "education", _SCHOOL.render({"schools": "、".join(form.education)}, lang)


def _line(row: _Laid, names: Mapping[str, str], lang: Language) -> Line:
    register = REGISTERS[row.register]
    open_ones = [
        spec for spec in register.columns if not spec.nullable and row.cells.get(spec.name) is None
    ]
    wanted = {
        spec.name: "\n".join(filter(None, (row.notes.get(spec.name), note(spec, lang))))
        for spec in open_ones
    }
    beside = {
        column: names[str(row.cells[column])]
        for column, target in register.references.items()
        if target == "roster" and str(row.cells.get(column)) in names
    }
    choices = {name: ids for name, ids in row.choices.items() if name in wanted and ids}
    return Line({spec.name: row.cells.get(spec.name) for spec in register.columns}, beside, wanted,
                choices)  # fmt: skip
