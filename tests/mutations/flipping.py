"""Flips: comparisons, connectives and whole numbers of the checks, each turned round.

Rules: a flip is `<` for `<=`, `==` for `!=`, `in` for `not in`, `any` for `all`, `&` for `|`, `and`
for `or`, and a whole number one more or one less. It stands in the code of the function that runs,
so that no file changes and nothing is imported anew; what runs once, when a module is imported, has
no flips.
"""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from tests.support.tree import ROOT, dotted, modules

_TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
_NAMED = {"any": "all", "all": "any", "lt": "le", "le": "lt", "gt": "ge", "ge": "gt", "eq": "ne",
          "ne": "eq"}  # fmt: skip
_STANDING = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
PATHS = tuple(path for path in modules("tasks") if path.parent == Path("tasks/checks"))


@dataclass(frozen=True)
class Flip:
    """One flip: in which statement of the module, at which of its nodes, and what comes of it."""

    module: str
    statement: int
    node: int
    name: str
    tree: ast.Module

    @property
    def function(self) -> tuple[str, str]:
        """The module and what is defined in it there; a value has no name."""
        return self.module, getattr(self.tree.body[self.statement], "name", "")


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
        if not isinstance(statement, _STANDING):
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


def codes_of(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Qualified names and codes of the functions that stand in some code."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one.co_qualname, one
            yield from codes_of(one)


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """The functions that a module defines, those of its classes too."""
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
    codes = dict(codes_of(compile(flip.tree, flip.module, "exec")))
    before = {one: one.__code__ for one in functions_of(module) if one.__qualname__ in codes}
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
