"""The 56 nationalities, however they are written.

Rules: 汉 and 汉族 are one; of several names (苗族、侗族; 苗族侗族) each counts; a name that is none
of the 56 is none. Source: the list of 56 nationalities (GB/T 3304).
"""

from __future__ import annotations

import re

_LISTED = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎
傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉
毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京
塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
NATIONALITIES = frozenset(_LISTED.split())
_BETWEEN = re.compile(r"族|[\s、，,；;/]+")


def nationalities_in(text: object) -> frozenset[str]:
    """The nationalities that a cell names; none where it is empty or names what is none of them."""
    if not isinstance(text, str):
        return frozenset()
    return NATIONALITIES.intersection(_BETWEEN.split(text))
