"""What is wrong in a TOML file, by kind of fault: where it stands, what stands there, what is due.

Rules: every fault of a file is named, each in one line of its own; nothing is converted, so that a
yes is no number and a text no list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from schemas.text import Text

Path = Sequence[str | int]
_SAID, _SAID_MORE = "said", "said-more"
_WHOLE = Text("{name} = {value} 不是整数", "{name} = {value} is no whole number")
_DAY = Text("{name} = {value} 不是日期", "{name} = {value} is no day")
_LIST = Text("{name} = {value} 不是列表", "{name} = {value} is no list")
_TABLE = Text("{name} = {value} 不是表", "{name} = {value} is no table")
_OTHER = Text("{name} = {value} 不符合要求", "{name} = {value} is not as it must be")
_EMPTY = Text("{name} 是空的", "{name} is empty")
KINDS: dict[str, Text] = {
    "missing": Text("缺少 {name}", "{name} is missing"),
    "extra_forbidden": Text("没有 {name} 这一项", "unknown entry {name}"),
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": Text(
        "{name} = {value} 不是 true 或 false", "{name} = {value} is no true or false"
    ),
    "string_type": Text("{name} = {value} 不是文字", "{name} = {value} is no text"),
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
    "string_pattern_mismatch": Text(
        "{name} = {value} 应为小写字母、数字和连字符",
        "{name} = {value} is not of lower-case letters, digits and hyphens",
    ),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "enum": Text(
        "{name} 中的 {value} 无法识别；应为 {expected}",
        "{name} has {value}, which is unknown; it is {expected}",
    ),
    "greater_than_equal": Text("{name} = {value}，至少{ge}", "{name} = {value}; at least {ge}"),
    "less_than_equal": Text("{name} = {value}，至多{le}", "{name} = {value}; at most {le}"),
}


def said(zh: str, en: str) -> PydanticCustomError:
    """A fault of our own, for a validator to raise."""
    # Braces may stand in values; what is shown is complete and takes no arguments.
    return PydanticCustomError(_SAID, "{en}", {"zh": zh, "en": en})


def said_more(faults: Sequence[tuple[str, Text]]) -> PydanticCustomError:
    """Several faults of our own, each with what comes behind the path of the validator."""
    return PydanticCustomError(_SAID_MORE, "several faults", {"faults": list(faults)})


def as_json(tables: Mapping[str, Any]) -> str:
    """Tables of a TOML file as JSON, days as text."""
    return json.dumps(tables, default=str, ensure_ascii=False)


def faults_in(error: ValidationError, placed: Callable[[Path], str]) -> list[Text]:
    """A text for each fault; `placed` says where a path is, in words, or nothing for the file."""
    every = error.errors(include_url=False)
    paths = [one["loc"] for one in every]
    return [text for one in every if not _follows(one, paths) for text in _texts(one, placed)]


def _follows(one: ErrorDetails, paths: Iterable[Path]) -> bool:
    """Whether a list is only too short because of what is wrong inside it."""
    own = one["loc"]
    inside = (path[: len(own)] == own and len(path) > len(own) for path in paths)
    return one["type"] == "too_short" and any(inside)


def _texts(one: ErrorDetails, placed: Callable[[Path], str]) -> list[Text]:
    if one["type"] == _SAID_MORE:
        where = placed(one["loc"])
        return [_at(f"{where}{more}", text) for more, text in one["ctx"]["faults"]]
    return [_text(one, placed)]


def _text(one: ErrorDetails, placed: Callable[[Path], str]) -> Text:
    path = one["loc"]
    context: Mapping[str, Any] = one.get("ctx", {})
    if one["type"] == _SAID:
        return _at(placed(path), Text(context["zh"], context["en"]))
    last = max((index for index, part in enumerate(path) if _is_name(part)), default=0)
    arguments = {
        **context,
        "name": next(iter(path[last:]), ""),
        # TOML has days and times, which JSON has not.
        "value": json.dumps(one["input"], default=str, ensure_ascii=False),
        "expected": str(context.get("expected")).replace("'", "").replace(" or ", ", "),
    }
    text = KINDS.get(one["type"], _OTHER)
    return _at(
        placed(path[:last]),
        Text(text.render(arguments, "zh"), text.render(arguments, "en")),
    )


def _is_name(part: str | int) -> bool:
    return isinstance(part, str) and part != "[key]"


def _at(where: str, text: Text) -> Text:
    return Text(f"{where}：{text.zh}", f"{where}: {text.en}") if where else text
