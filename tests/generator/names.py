"""Invented names of places and people.

Rules: names are put together from syllables; nobody is meant, and whoever bears such a name bears
it by chance. Nothing here looks like an identity number.
"""

from __future__ import annotations

from random import Random

from tests.generator.base import chance

CITY = "清宁市"
COUNTIES = (
    ("02", "清源区", 412_000),
    ("03", "红岭区", 236_000),
    ("23", "沙泉县", 178_000),
    ("24", "云同县", 331_000),
    ("81", "青渡市", 287_000),
)
# Townships of each county, towns (镇) before townships (乡): 49 in all.
TOWNSHIPS = (
    "古渡镇 柳林镇 金塘镇 高桥镇 东沟镇 杨岭镇 马台镇 石坝镇 白塔乡 桃园乡 泉水乡 郭湾乡",
    "红梁镇 新庄镇 大河滩镇 柳泉镇 太平镇 沙坡镇 南川镇 水套乡 双井乡 青石乡",
    "花池镇 大水井镇 惠安堡镇 高沙镇 王岭镇 麻井镇 冯池乡 青山乡 西滩乡",
    "预望镇 河湾镇 韦川镇 下流泉镇 丁塘镇 石峡镇 兴隆镇 张塬乡 田庄乡 马岭乡 王团乡 回原乡",
    "小渡镇 大渡镇 瞿家桥镇 叶堡镇 峡口滩镇 陈塘镇",
)
ETHNIC_TOWNSHIPS = {"回原乡": "回族"}

_FIRST = "安平永长宁兴和泰清广昌新定怀景临庆瑞"
_SECOND = "川原江陵泽州阳岭远丰城水源台洲浦峰汀"
_TOWN = "柳杨槐桃石沙金银白青红黄东西南北高大"
_WATER = "湾桥塘泉沟坝岭台滩井坪渡湖坡川池峪崖"

SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN_FIRST = "建文志海国晓永立春明学玉秀丽俊宏振德少小彦伟亚新光景子维兴云"
_GIVEN_SECOND = "军平华东林峰辉斌芳霞勇强刚敏静杰涛磊宁波梅燕红兵博龙岩江山泉"


def person_name(random: Random) -> str:
    """A name of two or three characters."""
    surname = random.choice(SURNAMES)
    if chance(random, 20):
        return surname + random.choice(_GIVEN_SECOND)
    return surname + random.choice(_GIVEN_FIRST) + random.choice(_GIVEN_SECOND)


def city_names(number: int) -> tuple[str, tuple[tuple[str, str, int], ...], tuple[str, ...]]:
    """Name of a city, its counties (code, name, population) and their townships (`TOWNSHIPS`).

    City 0 is the reference city; the others have the same shape under other names.
    """
    if number == 0:
        return CITY, COUNTIES, TOWNSHIPS
    random = Random(f"places/{number}")
    city = random.choice(_FIRST) + random.choice(_SECOND) + "市"
    counties = tuple(
        (code, random.choice(_FIRST) + random.choice(_SECOND) + name[-1], people)
        for code, name, people in COUNTIES
    )
    townships = tuple(
        " ".join(random.choice(_TOWN) + random.choice(_WATER) + town[-1] for town in line.split())
        for line in TOWNSHIPS
    )
    return city, counties, townships


def ethnic_township(number: int, name: str, last_of_county: bool, county: str) -> str | None:
    """The founding ethnicity of an ethnic township; every city has one."""
    if number == 0:
        return ETHNIC_TOWNSHIPS.get(name)
    return "回族" if last_of_county and county == "24" else None
