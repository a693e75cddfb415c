"""Ten sheets as an organisation department has them, and the map that somebody makes of them.

Rules: the sheets hold what is on the known book, under people's own headings and by name, staff
number and place; the map is the draft of `termgate map` with lines put in the place of others. A
line that is not the draft's is one typed cell for each value in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.registers import REGISTERS
from schemas.vocabulary import Level
from tasks.intake.cells import Value
from tests.intake.files import workbook
from tests.intake.own_sheets import rows_of_map, sheet_of_map

Rows = Mapping[str, Sequence[Mapping[str, Value]]]
Column = tuple[str, Callable[[Mapping[str, Any]], Any]]
PLACE = {"find": "jurisdictions", "by": {"name": "所在地"}}
UNIT = {"find": "units", "by": {"jurisdiction": "所在地", "body": "班子"}}


def term(register: str, column: str) -> Callable[[Mapping[str, Any]], Any]:
    kind = REGISTERS[register].column[column].terms
    assert kind
    return lambda row: kind(row[column]).label.zh


class OwnSheets:
    """People's sheets of a county and its townships, made of the rows of a known book."""

    def __init__(self, rows: Rows, folder: Path) -> None:
        self._rows = rows
        self._folder = folder
        self._places = {row["jurisdiction"]: row for row in rows["jurisdictions"]}
        self._names = {row["officer"]: row["name"] for row in rows["officers"]}
        self._people = sorted({str(row["person"]) for row in (*rows["officers"], *rows["roster"])})
        self.map = ""

    def write(self) -> str:
        """Write ten workbooks; the map of them."""
        self._officers()
        self._steps()
        self._talks()
        self._of_units()
        return self.map

    def _number(self, row: Mapping[str, Any]) -> int:
        """A staff number that has nothing to do with an id."""
        return 10_000 + self._people.index(row["person"])

    def _place(self, row: Mapping[str, Any]) -> Any:
        return self._places[row.get("jurisdiction") or str(row["unit"]).partition("-")[0]]["name"]

    def _is_town(self, row: Mapping[str, Any]) -> bool:
        return self._places[row["jurisdiction"]]["level"] == Level.TOWNSHIP.value

    def _sheet(
        self, name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], *gives: str
    ) -> None:
        """Write a sheet with a title, a serial number and a remark."""
        table: list[list[Any]] = [[f"{name}（截至2016年8月）"]]
        table.append(["序号", *(heading for heading, _ in columns), "备注"])
        table += [
            [n, *(cell(row) for _, cell in columns), ""] for n, row in enumerate(rows, start=1)
        ]
        workbook(self._folder / f"{name}.xlsx", {"Sheet1": table})
        self.map += "\n" + sheet_of_map(
            f"{name}.xlsx", "Sheet1", [2], *gives, ignore=["序号", "备注"]
        )

    def _officers(self) -> None:
        columns: list[Column] = [
            ("姓名", lambda row: row["name"]),
            ("工号", self._number),
            ("所属机关", term("officers", "organ")),
            ("所在地", self._place),
        ]
        given = rows_of_map("officers", {
            "officer": {"id": "o-{工号}"}, "person": {"id": "p-{工号}"}, "name": "姓名",
            "organ": "所属机关", "jurisdiction": PLACE,
        })  # fmt: skip
        officers = self._rows["officers"]
        for name, town in (("市县责任人员名单", False), ("乡镇责任人员名单", True)):
            here = [row for row in officers if self._is_town(row) is town]
            self._sheet(name, here, columns, given)
        people: list[Column] = [
            ("姓名", lambda row: row["name"]),
            ("工号", self._number),
            ("所在地", self._place),
            ("约谈", lambda row: "要" if row["responsibility_talk"] else ""),
        ]
        given = rows_of_map("roster", {
            "person": {"id": "p-{工号}"}, "name": "姓名", "jurisdiction": PLACE,
            "must_pledge": {"value": True}, "must_talk": {"value": True},
            "responsibility_talk": {"heading": "约谈", "values": {"要": "是", "": "否"}},
        })  # fmt: skip
        for name, town in (("县区人员花名册", False), ("乡镇人员花名册", True)):
            here = [row for row in self._rows["roster"] if self._is_town(row) is town]
            self._sheet(name, here, people, given)

    def _steps(self) -> None:
        paper = ("文件号", lambda row: row["document"])
        self._sheet(
            "换届部署情况",
            self._rows["measures"],
            [("所在地", self._place), ("部署步骤", term("measures", "kind")),
             ("召开日期", lambda row: row["held_on"]), paper],
            rows_of_map("measures", {"jurisdiction": PLACE, "kind": "部署步骤",
                                     "held_on": "召开日期", "document": "文件号"}),
        )  # fmt: skip
        self._sheet(
            "换届纪律通知",
            self._rows["notice_clauses"],
            [("所在地", self._place), ("环节", term("notice_clauses", "stage")),
             ("下发时间", lambda row: row["issued_on"]), paper,
             ("重申纪律", term("notice_clauses", "discipline_list"))],
            rows_of_map("notice_clauses", {"jurisdiction": PLACE, "stage": "环节",
                                           "issued_on": "下发时间", "document": "文件号",
                                           "discipline_list": "重申纪律"}),
        )  # fmt: skip
        who = {"find": "officers", "by": {"name": "责任人", "jurisdiction": "所在地"}}
        self._sheet(
            "换届责任分工",
            self._rows["duties"],
            [("所在地", self._place), ("责任", term("duties", "duty")),
             ("责任人", lambda row: self._names[row["officer"]]),
             ("明确日期", lambda row: row["assigned_on"])],
            rows_of_map("duties", {"jurisdiction": PLACE, "duty": "责任", "officer": who,
                                   "assigned_on": "明确日期"}),
        )  # fmt: skip

    def _talks(self) -> None:
        """One row a batch, and in one cell everybody who was talked to."""
        people = {row["person"]: row["name"] for row in self._rows["roster"]}
        talked: dict[Any, list[Any]] = {}
        for row in self._rows["talk_participants"]:
            talked.setdefault(row["talk"], []).append(people[row["person"]])
        who = {"find": "officers", "by": {"name": "谈话人", "jurisdiction": "所在地"}}
        talk = {"id": "t-{批次}"}
        self._sheet(
            "约谈记录",
            self._rows["talks"],
            [("批次", lambda row: row["talk"].partition("-")[2]), ("所在地", self._place),
             ("谈话类别", term("talks", "kind")),
             ("谈话人", lambda row: self._names[row["officer"]]),
             ("谈话日期", lambda row: row["held_on"]),
             ("谈话对象", lambda row: "、".join(talked[row["talk"]]))],
            rows_of_map("talks", {"talk": talk, "jurisdiction": PLACE, "kind": "谈话类别",
                                  "officer": who, "held_on": "谈话日期"}),
            rows_of_map("talk_participants", {"talk": talk, "person": {
                "find": "roster", "by": {"name": "谈话对象"}, "split": "、"}}),
        )  # fmt: skip

    def _of_units(self) -> None:
        bodies = {row["unit"]: row for row in self._rows["units"]}
        body: Column = ("班子", lambda row: term("units", "body")(bodies[row["unit"]]))
        self._sheet(
            "代表名额",
            self._rows["assemblies"],
            [("所在地", self._place), body, ("名额", lambda row: row["members"]),
             ("名额确定机关", term("assemblies", "fixed_by")),
             ("备案号", lambda row: row["filing_document"] or "")],
            rows_of_map("assemblies", {"unit": UNIT, "members": "名额",
                                       "fixed_by": "名额确定机关", "filing_document": "备案号"}),
        )  # fmt: skip
        columns: list[Column] = [
            (spec.column.label.zh, _cell("documents", spec.name))
            for spec in REGISTERS["documents"].columns
            if spec.name != "unit"
        ]
        gives = {spec.name: spec.column.label.zh for spec in REGISTERS["documents"].columns}
        self._sheet(
            "换届文件",
            self._rows["documents"],
            [("所在地", self._place), body, *columns],
            rows_of_map("documents", {**gives, "unit": UNIT}),
        )


def _cell(register: str, column: str) -> Callable[[Mapping[str, Any]], Any]:
    spec = REGISTERS[register].column[column]
    return term(register, column) if spec.terms else lambda row: row[column] or ""


def typed_in(draft: str, finished: str) -> int:
    """How many values somebody typed who made one map of the other: those of lines not its own."""
    known = Counter(_lines(draft))
    added = Counter(_lines(finished)) - known
    return sum(_values(line) * number for line, number in added.items())


def _lines(text: str) -> list[str]:
    lines = (line.split("  # ")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _values(line: str) -> int:
    """The texts in a line, and one for what stands without quotation marks."""
    return max(line.count('"') // 2, 1)
