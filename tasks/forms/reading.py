"""Reading a cadre approval form: `.lrmx` (XML), and `.lrm` of the version before (GB 18030 text).

Rules: what a file is, its content says. An LRMX has an element for each field, named in pinyin; an
LRM has them between `","` in a fixed order, the education as `full time#degree@in service#degree`
and the family as five fields whose parts stand between `@`. The photograph and the curriculum are
not looked at. A form without a name is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from schemas.text import Text
from tasks.intake.raw import Source
from tasks.intake.refusal import Refused
from tasks.intake.separated import decode
from tasks.intake.sheetscan import parser_without_doctype

_ROOT, _FAMILY, _ITEM = "Person", "JiaTingChengYuan", "Item"
_BETWEEN = '","'
# Field of an LRM → its place; the last that one has is the day on which it was filled in.
_PLACES = {"XingMing": 0, "XingBie": 1, "ChuShengNianYue": 2, "MinZu": 3, "CanJiaGongZuoShiJian": 8,
           "XianRenZhiWu": 25, "NiRenZhiWu": 26}  # fmt: skip
_EDUCATION, _RELATIVES, _FIELDS = 9, 20, 33
_OF_RELATIVES = ("ChengWei", "XingMing", "ChuShengRiQi", "ZhengZhiMianMao", "GongZuoDanWeiJiZhiWu")

NO_FORM = Text("不是干部任免审批表（.lrmx 或 .lrm）", "is no cadre approval form (.lrmx or .lrm)")
DAMAGED = Text("审批表已损坏，无法读取", "the form is damaged and cannot be read")
NO_NAME = Text("审批表没有姓名", "the form has no name")


@dataclass(frozen=True, slots=True)
class Relative:
    """A member of the family, as the form has them."""

    called: str
    name: str
    born: str
    office: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a form says of a person; days as they stand there, empty for what does not."""

    source: str
    name: str
    born: str
    people: str
    started_work: str
    education: Sequence[str]
    office: str
    proposed: str
    identity: str
    family: Sequence[Relative]


def read_form(source: Source) -> Form:
    """A form.

    Raises:
        Refused: it is none, or damaged.
    """
    head = source.content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    form = _of_xml(source) if head.startswith(b"<") else _of_text(source)
    if not form.name:
        raise Refused(NO_NAME, source.place)
    return form


def _form(
    source: Source,
    fields: Mapping[str, str],
    education: Sequence[str],
    family: Sequence[Mapping[str, str]],
) -> Form:
    def field(name: str) -> str:
        return " ".join(fields.get(name, "").split())

    return Form(
        source=source.name,
        name="".join(fields.get("XingMing", "").split()),
        born=field("ChuShengNianYue"),
        people=field("MinZu"),
        started_work=field("CanJiaGongZuoShiJian"),
        education=[one.strip() for one in education if one.strip()],
        office=field("XianRenZhiWu"),
        proposed=field("NiRenZhiWu"),
        identity=field("ShenFenZheng"),
        family=[
            Relative(
                one["ChengWei"].strip(),
                "".join(one["XingMing"].split()),
                one["ChuShengRiQi"].strip(),
                " ".join(one["GongZuoDanWeiJiZhiWu"].split()),
            )
            for one in family
            if one["XingMing"].strip()
        ],
    )


class _Elements:
    """The elements of a form, and of each member of the family, by their names."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.family: list[dict[str, str]] = []
        self.roots: set[str] = set()
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        self.roots.add(self._path[0])
        self._text = []
        if self._path[1:] == [_FAMILY, _ITEM]:
            self.family.append(dict.fromkeys(_OF_RELATIVES, ""))

    def end(self, name: str) -> None:
        text = "".join(self._text)
        if self._path[1:-1] == [_FAMILY, _ITEM] and name in _OF_RELATIVES:
            self.family[-1][name] = text
        elif len(self._path) == len((_ROOT, name)):
            self.fields[name] = text
        self._path.pop()
        self._text = []

    def text(self, text: str) -> None:
        self._text.append(text)


def _of_xml(source: Source) -> Form:
    try:
        found = _parsed(source.content)
    except (expat.ExpatError, ValueError, LookupError):
        # Older programs write GB 18030 and call it GB2312, or nothing.
        try:
            found = _parsed(_without_declaration(decode(source)))
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Refused(DAMAGED, source.place) from error
    if found.roots != {_ROOT}:
        raise Refused(NO_FORM, source.place)
    schools = [f"{kind}_{what}" for kind in ("QuanRiZhiJiaoYu", "ZaiZhiJiaoYu")
               for what in ("XueLi", "XueWei")]  # fmt: skip
    return _form(source, found.fields, [found.fields.get(one, "") for one in schools], found.family)


def _parsed(content: bytes | str) -> _Elements:
    found, parser = _Elements(), parser_without_doctype()
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    parser.Parse(content, True)
    return found


def _without_declaration(text: str) -> str:
    declared, mark, rest = text.partition("?>")
    return rest if mark and declared.lstrip().startswith("<?xml") else text


def _of_text(source: Source) -> Form:
    text = decode(source).strip().rstrip("\x1a").strip()
    parts = text.removeprefix('"').removesuffix('"').split(_BETWEEN)
    if len(parts) < _FIELDS or not text.startswith('"'):
        raise Refused(NO_FORM, source.place)
    fields = {name: parts[place] for name, place in _PLACES.items()}
    education = [part for kind in parts[_EDUCATION].split("@") for part in kind.split("#")]
    columns = [parts[_RELATIVES + place].split("@") for place in range(len(_OF_RELATIVES))]
    family = [
        {name: column[row] if row < len(column) else "" for name, column in
         zip(_OF_RELATIVES, columns, strict=True)}
        for row in range(max(map(len, columns)))
    ]  # fmt: skip
    return _form(source, fields, education, family)
