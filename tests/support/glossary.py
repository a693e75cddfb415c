"""The page docs/glossary.md, made from `schemas.glossary`."""

from __future__ import annotations

from schemas.glossary import GLOSSARY

_HEAD = """# The glossary / 词汇表

One word for one thing, in both languages. Whatever people read uses these words; the last column
names Chinese words that they took the place of. Tests hold every text of the program to it. Terms
with fixed values stand in [the registers](registers.md#terms).

一物一名，中英对照；供人阅读的文字一律用这些词，最后一栏是不再使用的词。
固定取值见[台账](registers.md#terms)。

| 中文 | English | 含义 | meaning | 不再用 |
| --- | --- | --- | --- | --- |
"""


def glossary_page(made: str) -> str:
    """The page, under the line that says how it is made."""
    rows = []
    for one in GLOSSARY:
        replaced = "、".join(one.replaced)
        cells = (one.word.zh, one.word.en, one.meaning.zh, one.meaning.en, replaced)
        rows.append(f"| {' | '.join(cells)} |\n")
    return f"{made}\n{_HEAD}{''.join(rows)}"
