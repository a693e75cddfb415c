"""Other names that people write for registers, headings and terms.

Rules: a name is compared without blanks, line breaks, asterisks, widths and capitals; an alias is
listed only where the field's own usage has one meaning for it. What could mean two terms has both
as its readings, so that whoever reads it rejects it with both. Nothing here is a guess by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from schemas.registers import REGISTERS
from schemas.vocabulary import (
    Body,
    Channel,
    Education,
    Kinship,
    Level,
    MeasureKind,
    Organ,
    PostKind,
    Rank,
    ReviewItem,
    Term,
)

_LEFT_OUT = re.compile(r"[\s\u200b\ufeff*]+")
_NUMBERED = re.compile(r"^(?:附[件表])?[0-9一二三四五六七八九十]{1,3}[-_.、:：)）]|^[0-9]{6}-")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
_KIND_OF_LIST = re.compile(
    r"(?:基本)?(?:情况)?(?:一览表|登记表|汇总表|统计表|情况表|名单|名册|台账|表)$"
)


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """A name without what only its looks are made of."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _LEFT_OUT.sub("", folded).rstrip(":")


def without_brackets(text: str) -> str:
    """A name without the remark in brackets at its end."""
    return _IN_BRACKETS.sub("", text)


def shorter_names(text: str) -> Iterator[str]:
    """A plain name, then what is left of it without number, remark in brackets, kind of list."""
    name = plain_name(text)
    yield name
    for pattern in (_NUMBERED, _IN_BRACKETS, _KIND_OF_LIST):
        name = pattern.sub("", name)
        yield name


# Register → other names of its sheets and files, beside its code and titles.
SHEETS: Mapping[str, tuple[str, ...]] = {
    "jurisdictions": ("行政区划", "区划"),
    "units": ("换届单位", "班子"),
    "officers": ("经办人", "经办人员"),
    "roster": ("人员花名册", "花名册", "人员"),
    "posts": ("职务", "职数"),
    "measures": ("部署情况",),
    "calendar": ("时间表", "换届日程"),
    "assemblies": ("代表名额", "委员名额"),
    "candidates": ("候选人", "候选人选", "拟提名人选"),
    "pledges": ("纪律承诺书", "换届纪律承诺书"),
    "reviews": ("凡提必审", "六个凡提必", "凡提四必"),
    "kin": ("亲属",),
    "reports": ("信访举报", "举报受理"),
    "results": ("结果", "当选结果"),
}

# Heading (in Chinese) → other headings of that column, in every register that has it.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "行政区划代码": ("区划代码", "行政区代码", "行政区划编码", "统计用区划代码"),
    "上级代码": ("上级区划代码", "上级行政区划代码"),
    "名称": ("行政区名称", "区划名称"),
    "层级": ("级别",),
    "人口": ("人口数", "总人口"),
    "自治或建乡民族": ("建乡民族", "自治民族"),
    "单位": ("单位编号", "单位代码"),
    "人员编号": ("人员代码", "人员编码"),
    "责任人员编号": ("经办人编号", "经办人代码", "经办人编码"),
    "人选编号": ("候选人编号", "人选代码", "人选编码"),
    "职位": ("职位编号", "职位代码"),
    "文号": ("发文字号", "文件号", "文件编号"),
    "出生日期": ("出生年月日",),
    "签订日期": ("签订时间", "签字日期"),
    "所属机关": ("机关",),
    "原因": ("理由",),
    "查“凡提四必”落实情况": ("查凡提必",),
    "工龄": ("工作年限",),
    "学历": ("文化程度",),
}

# Heading → what is written in it → what that is; for columns of free text with settled words.
_PEOPLES = """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜
    水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒
    乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
_PEOPLE = {name: f"{name}族" for name in _PEOPLES.split()}
VALUES: Mapping[str, Mapping[str, str]] = {"民族": _PEOPLE, "自治或建乡民族": _PEOPLE}

# The name of a place in front of an organ: one place, and nothing that turns the meaning.
_SOMEWHERE = (
    r"(?!原|前|非|不|未|除|各|全)(?:[^\W\d_和与及或等委府会院部]{0,18}(?=[省市县区旗州盟乡镇]))?"
)
_PLACE = rf"(?:{_SOMEWHERE}[省市县区旗州盟乡镇])?"
# A district, and not an autonomous region.
_DISTRICT = r"(?<!自治)区"
_COMMITTEE = rf"(?:{_SOMEWHERE}[省市县区旗州盟乡镇]|党)委"
# Term ← what it is also called, the name of a place in front included.
_PATTERNS: Mapping[type[Term], Mapping[Term, str]] = {
    Organ: {
        Organ.SECRETARY: rf"{_COMMITTEE}书记",
        Organ.PARTY_COMMITTEE: rf"{_COMMITTEE}|{_SOMEWHERE}[乡镇]党委",
        Organ.SUPERIOR_COMMITTEE: rf"{_SOMEWHERE}[省市县区旗州盟]委",
        Organ.DISCIPLINE: rf"{_PLACE}(?:纪委|纪委监委|纪检委|纪律检查委员会)",
        Organ.ORGANISATION: rf"(?:{_COMMITTEE})?组织部",
        Organ.CONGRESS_GROUP: rf"{_PLACE}人大(?:常委会)?党组",
        Organ.GOVERNMENT_GROUP: rf"{_PLACE}(?:人民)?政府党组",
        Organ.CPPCC_GROUP: rf"{_PLACE}政协党组",
        Organ.UNITED_FRONT: rf"(?:{_COMMITTEE})?统战部",
        Organ.STANDING_COMMITTEE: rf"{_SOMEWHERE}(?:县|{_DISTRICT}|旗)人大常委会",
        Organ.PROVINCE_STANDING_COMMITTEE: rf"{_SOMEWHERE}(?:省|自治区)人大常委会",
        Organ.COUNTY_STANDING_COMMITTEE: rf"{_SOMEWHERE}(?:县|{_DISTRICT}|旗)人大常委会",
        Organ.CPPCC_CHAIRMEN: rf"{_PLACE}政协主席会议",
        Organ.CPPCC_STANDING_COMMITTEE: rf"{_PLACE}政协常委会",
        Organ.ELECTION_COMMITTEE: rf"{_PLACE}选举委员会",
        Organ.CREDENTIALS_COMMITTEE: rf"{_PLACE}(?:人大)?(?:常委会)?代表资格审查委员会",
        Organ.PRESIDIUM: r"大会主席团",
        Organ.INSPECTION_OFFICE: rf"(?:{_COMMITTEE})?(?:巡察办|巡察机构|巡察工作领导小组办公室)",
        Organ.AUDIT_OFFICE: rf"{_PLACE}审计(?:局|厅|机关)",
        Organ.PETITION_OFFICE: rf"{_PLACE}信访(?:局|办|部门)",
    },
    Level: {
        Level.PROVINCE: r"省|自治区|直辖市",
        Level.CITY: r"市级|地级市|设区的市",
        Level.COUNTY: r"县|区|县级|县市区|县级市|市辖区|自治县|旗",
        Level.TOWNSHIP: r"乡|镇|乡级|乡镇级|民族乡",
    },
    Body: {
        Body.CONGRESS: rf"{_PLACE}(?:人大|人民代表大会)",
        Body.GOVERNMENT: rf"{_PLACE}(?:政府|人民政府)",
        Body.CPPCC: rf"{_PLACE}(?:政协|人民政协)",
    },
    PostKind: {
        PostKind.CHAIR: r"主任|主席|(?:人大|人大常委会)(?:主任|主席)|政协主席",
        PostKind.VICE_CHAIR: r"副主任|副主席|(?:人大|人大常委会)(?:副主任|副主席)|政协副主席",
        PostKind.MEMBER: r"委员|常委|委员（常委）|常务委员|(?:人大|人大常委会)委员|政协常委",
        PostKind.HEAD: r"[市县区乡镇旗]长|市县乡镇长",
        PostKind.DEPUTY_HEAD: r"副[市县区乡镇旗]长|副市县乡镇长",
        PostKind.SUPERVISION_DIRECTOR: r"监委主任|监察委员会主任",
        PostKind.COURT_PRESIDENT: r"(?:人民)?法院院长",
        PostKind.CHIEF_PROCURATOR: r"(?:人民)?检察院检察长|检察长",
    },
    Rank: {
        Rank.TOWNSHIP_DEPUTY: r"副科|副科级|乡科级副|乡镇副职",
        Rank.TOWNSHIP: r"正科|正科级|乡科级正",
        Rank.COUNTY_DEPUTY: r"副处|副处级|副县|副县级|副县处级|县处级副",
        Rank.COUNTY: r"正处|正处级|正县|正县级|正县处级|县处级正",
        Rank.BUREAU_DEPUTY: r"副厅|副厅级|副厅局级|厅局级副",
        Rank.BUREAU: r"正厅|正厅级|正厅局级|厅局级正",
    },
    Education: {
        Education.SECONDARY: r"初中|高中|中专|中技|职高",
        Education.COLLEGE: r"大学专科|专科",
        Education.BACHELOR: r"大学|大学本科",
        Education.MASTER: r"硕士研究生|博士研究生",
    },
    MeasureKind: {
        MeasureKind.COMMITTEE_MEETING: r"常委会|党委会",
    },
    ReviewItem: {
        ReviewItem.ARCHIVE: r"档案审核|干部档案必审",
        ReviewItem.DECLARATION: r"个人有关事项报告必核|个人事项必核",
        ReviewItem.REPORTS: r"信访举报必查",
        ReviewItem.AUDIT: r"经济责任审计必审",
    },
    Channel: {
        Channel.PHONE: r"来电|电话举报|12380电话",
        Channel.LETTER: r"来信|信函",
        Channel.WEB: r"网上|网站|网络举报",
        Channel.SMS: r"短信举报",
    },
    Kinship: {
        Kinship.SPOUSE: r"配偶|夫妻关系",
        Kinship.LINEAL: r"父子|父女|母子|母女|直系血亲关系",
        Kinship.COLLATERAL: r"兄弟|姐妹|兄弟姐妹|三代以内旁系血亲关系",
        Kinship.IN_LAW: r"近姻亲关系",
    },
}


@cache
def _patterns(kind: type[Term]) -> tuple[tuple[Term, re.Pattern[str]], ...]:
    listed = _PATTERNS.get(kind, {})
    return tuple((term, re.compile(pattern)) for term, pattern in listed.items())


@cache
def _plain_terms(kind: type[Term]) -> Mapping[str, Term]:
    return {
        plain_name(name): term
        for term in kind
        for name in (term.value, term.label.zh, term.label.en)
    }


def terms_read(kind: type[Term], text: str) -> tuple[Term, ...]:
    """The terms of a vocabulary that a text may mean; none where it is not known."""
    name = plain_name(text)
    exact = _plain_terms(kind).get(name)
    if exact:
        return (exact,)
    return tuple(term for term, pattern in _patterns(kind) if pattern.fullmatch(name))


def term_code(kind: type[Term], text: str) -> str:
    """The code of the term that a text names; the text itself where it names none, or several."""
    known = terms_read(kind, text)
    return known[0].value if len(known) == 1 else text


def _names(known: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Plain name → what it names, where that is one thing."""
    found: dict[str, set[str]] = {}
    for named, names in known.items():
        for name in names:
            for one in shorter_names(name):
                found.setdefault(one, set()).add(named)
    return {name: named.pop() for name, named in found.items() if len(named) == 1 and name}


@cache
def _registers() -> Mapping[str, str]:
    return _names(
        {
            one.name: (one.name, one.title.zh, one.title.en, *SHEETS.get(one.name, ()))
            for one in REGISTERS.values()
        }
    )


def register_read(name: str) -> str | None:
    """The code of the register that a sheet, a file or an option names; None for none."""
    known = _registers()
    return next((known[one] for one in shorter_names(name) if one in known), None)
