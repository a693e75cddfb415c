"""Every comparison of every check turned round, one at a time, before the corpora and the examples.

`python -m tests.mutations.flips [PREFIX ...]` turns those of all modules of `tasks/checks`, or of
those whose name begins so, and prints what nobody noticed.

Rules: a flip is `<` for `<=`, `==` for `!=`, `in` for `not in`, `any` for `all`, `&` for `|`, `and`
for `or`, and a whole number one more or one less. It stands in the code of the function that runs,
so that no file changes and nothing is imported anew: the corpora are looked at by the checks that
reach the function, and what they do not notice is run by the examples of `tests/checks` in a child
of the warm process. What cannot be noticed is listed with its reason in `equivalents.yaml`.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, cast

import pytest
import yaml

from schemas.facts import Facts
from schemas.policy import PackCheck
from tests.law import cases
from tests.law.base import PACKS, pack_of
from tests.support.tree import ROOT, dotted, modules

_FILE = Path(__file__).with_name("equivalents.yaml")
_TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
_NAMED = {"any": "all", "all": "any", "lt": "le", "le": "lt", "gt": "ge", "ge": "gt", "eq": "ne",
          "ne": "eq"}  # fmt: skip
# Seconds in which one flip is looked at by one check, or by the examples.
_PATIENCE = 300
PATHS = tuple(path for path in modules("tasks") if path.parent == Path("tasks/checks"))


@dataclass(frozen=True)
class Flip:
    """One flip: in which statement of the module, at which of its nodes, and what comes of it."""

    module: str
    statement: int
    node: int
    name: str
    tree: ast.Module


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = copy.copy(node)
            other.ops = [*node.ops[:place], _turned(operator), *node.ops[place + 1 :]]
            yield other
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in _TURNED:
        changed = copy.copy(node)
        changed.op = _turned(node.op)
        yield changed
    elif isinstance(node, ast.Attribute) and node.attr in _NAMED:
        yield ast.Attribute(node.value, _NAMED[node.attr], node.ctx)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NAMED:
        yield ast.Call(ast.Name(_NAMED[node.func.id], ast.Load()), node.args, node.keywords)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield from (ast.Constant(node.value + step) for step in (1, -1))


def _turned(operator: ast.AST) -> Any:
    return _TURNED[type(operator)]()


class _Put(ast.NodeTransformer):
    """Another node in the place of one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._old:
            return ast.copy_location(self._new, node)
        return self.generic_visit(node)


def _annotations(tree: ast.AST) -> set[ast.AST]:
    """What only types are made of."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (part := getattr(node, name, None)) is not None:
                found |= set(ast.walk(part))
    return found


def flips(path: Path) -> Iterator[Flip]:
    """Every flip of a module, in the order of its text."""
    source = (ROOT / path).read_text(encoding="utf-8")
    tree = ast.parse(source)
    seen: defaultdict[str, int] = defaultdict(int)
    for number, statement in enumerate(tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        left_out = _annotations(statement)
        for place, node in enumerate(ast.walk(statement)):
            for other in () if node in left_out else _variants(node):
                where = getattr(statement, "name", "") or ast.unparse(statement).partition(" ")[0]
                text = f"{path.stem}.{where}: {ast.unparse(node)} -> {ast.unparse(other)}"
                seen[text] += 1
                name = text if seen[text] == 1 else f"{text} ({seen[text]})"
                spoilt = copy.copy(tree)
                # A copy of the statement, with the other node in the place of this one.
                twin = copy.deepcopy(statement)
                old = list(ast.walk(twin))[place]
                spoilt.body = [*tree.body]
                spoilt.body[number] = cast(ast.stmt, _Put(old, other).visit(twin))
                yield Flip(dotted(path), number, place, name, ast.fix_missing_locations(spoilt))


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one.co_qualname, one
            yield from _codes(one)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for thing in list(vars(module).values()):
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__:
            yield thing
        elif isinstance(thing, type) and thing.__module__ == module.__name__:
            for one in vars(thing).values():
                inner = getattr(one, "fget", None) or getattr(one, "func", None) or one
                if isinstance(inner, FunctionType):
                    yield inner


@contextmanager
def standing(flip: Flip) -> Iterator[None]:
    """The flip in the code that runs, wherever the module's functions and values are used."""
    module = import_module(flip.module)
    statement = flip.tree.body[flip.statement]
    codes = dict(_codes(compile(flip.tree, flip.module, "exec")))
    before = {one: one.__code__ for one in _functions(module) if one.__qualname__ in codes}
    values = dict(vars(module))
    try:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            exec(  # noqa: S102 (our own module, changed in one place)
                compile(ast.Module([statement], []), flip.module, "exec"), vars(module)
            )
            _spread(module, values)
        for one in before:
            one.__code__ = codes[one.__qualname__]
        yield
    finally:
        for one, code in before.items():
            one.__code__ = code
        changed = dict(vars(module))
        vars(module).update(values)
        _spread(module, changed)


def _spread(module: ModuleType, before: dict[str, object]) -> None:
    """What other checks imported of the module is what it is now."""
    for name, value in vars(module).items():
        if before.get(name) is not value:
            for path in PATHS:
                other = vars(import_module(dotted(path)))
                if name in other and other[name] is before.get(name):
                    other[name] = value


Group = tuple[bool, list[cases.Run], Facts]
Key = tuple[bool, str, str]


@cache
def _groups() -> list[Group]:
    return [
        (lawful, runs, cases._facts(runs))
        for lawful in (True, False)
        for runs in cases._by_day(cases.runs_of(cases.runs(lawful=lawful)))
    ]


def _closing(code: str) -> dict[Key, bool]:
    """Which runs a check closes."""
    found: dict[Key, bool] = {}
    for lawful, runs, facts in _groups():
        pack, gate = runs[0].setting.pack, code.partition(".")[0]
        check: PackCheck | None = pack_of(pack).check(code)
        far = cases.GATES.index(gate)
        reaching = [one for one in runs if cases.GATES.index(one.case.stage) >= far]
        if check is None or not reaching:
            continue
        seen = facts.within(one.unit for one in reaching)
        closed = {unit for unit, _ in cases._findings(check, seen, reaching)}
        found |= {(lawful, one.case.id, pack): one.unit in closed for one in reaching}
    return found


@cache
def _baseline() -> tuple[dict[str, dict[Key, bool]], dict[tuple[str, str], set[str]]]:
    """What each check closes as it is, and by which checks each function is reached."""
    reached: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    closed: dict[str, dict[Key, bool]] = {}
    codes = {one.rule.code for pack in PACKS for gate in cases.GATES
             for one in cases.checks_of(pack, gate)}  # fmt: skip
    for code in sorted(codes):

        def note(frame: FrameType, event: str, _: object, code: str = code) -> None:
            name = frame.f_globals.get("__name__", "")
            if event == "call" and name.startswith("tasks.checks"):
                reached[name, frame.f_code.co_qualname.partition(".")[0]].add(code)

        sys.setprofile(note)
        try:
            closed[code] = _closing(code)
        finally:
            sys.setprofile(None)
    return closed, reached


@cache
def _by_key() -> dict[Key, cases.Case]:
    return {(lawful, one.case.id, one.setting.pack): one.case
            for lawful, runs, _ in _groups() for one in runs}  # fmt: skip


def _reaching(flip: Flip) -> set[str]:
    closed, reached = _baseline()
    statement = flip.tree.body[flip.statement]
    name = getattr(statement, "name", None)
    if name is not None:
        return reached[flip.module, name]
    return {code for (module, _), codes in reached.items() if module == flip.module
            for code in codes} or set(closed)  # fmt: skip


def noticed_by_corpora(flip: Flip) -> bool:
    """Whether a case is told otherwise than the law tells it."""
    closed, _ = _baseline()
    codes = _reaching(flip)
    for code in sorted(codes):
        with standing(flip):
            now = _closing(code)
        for key, one in now.items():
            if one == closed[code][key]:
                continue
            case = _by_key()[key]
            every = {name for name, runs in closed.items() if runs.get(key)} - {code}
            told = [cases.Closed(name, "", "", "") for name in (every | {code} if one else every)]
            if cases.wrong(case, told):
                return True
    return False


def _examples(flip: Flip) -> list[str]:
    stem = flip.module.rpartition(".")[2]
    word = {"tally": "election", "returns": "inspection"}.get(stem, stem.partition("_")[0])
    own = sorted((ROOT / "tests/checks").glob(f"test_{word}*.py"))
    more = {"returns": ["test_returns.py"], "judge": ["test_plan.py", "test_vetting.py"]}
    return [str(path) for path in own] + [str(ROOT / "tests/checks" / one) for one in
                                          more.get(stem, [])]  # fmt: skip


def noticed_by_examples(flip: Flip) -> bool:
    """Whether an example of `tests/checks` fails, in a child of this process."""
    child = os.fork()
    if child == 0:
        signal.alarm(_PATIENCE)
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 (a device)
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        with standing(flip):
            code = pytest.main(["-x", "-q", "-n0", "-p", "no:cacheprovider", "-p", "no:costs",
                                "--hypothesis-profile=mutations", *_examples(flip)])  # fmt: skip
        os._exit(0 if code == pytest.ExitCode.OK else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def survivors(chosen: list[Flip]) -> Iterator[Flip]:
    """What neither the corpora nor the examples notice."""
    for flip in chosen:
        noticed = True
        with suppress(TimeoutError):
            noticed = noticed_by_corpora(flip) or noticed_by_examples(flip)
        if not noticed:
            yield flip


@cache
def equivalents() -> dict[str, str]:
    """Flips that nothing can notice, and why."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8")) or {}
    return {name: reason for reason, names in read.items() for name in names}


def main() -> int:
    """Turn what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations.flips", description=__doc__)
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="default: all modules")
    given = parser.parse_args()
    paths = [one for one in PATHS if one.stem.startswith(tuple(given.prefixes) or "")]
    chosen = [one for path in paths for one in flips(path) if one.name not in equivalents()]
    left = 0
    for flip in survivors(chosen):
        left += 1
        sys.stdout.write(f"{flip.name}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(chosen)} flips: {left} noticed by nobody\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
