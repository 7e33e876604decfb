"""The columns of a list of institutions; those of a line of scope are in ``scope_columns``."""

from __future__ import annotations

from collections.abc import Mapping

from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.imports.headings import HEADINGS
from stations.imports.vocabulary import choice_of
from stations.imports.word_mapping import WordKind
from stations.keeping.record_checks import read_phone
from stations.language import N_, Listed
from stations.lists.record_columns import code_column, source_column
from stations.lists.register import ListColumn
from stations.lists.scope_columns import SCOPE_COLUMNS
from stations.lists.stage_columns import one_line
from stations.lists.text_cells import of_text
from stations.readers.credit_code import read_credit_code
from stations.registry.institutions import InstitutionKind

_WHOSE = ("机构", "单位", "实验室", "检验检测机构", "检测机构", "技术机构", "检验机构", "校准机构", "认证机构")

KIND_WORDS: Mapping[InstitutionKind, tuple[str, ...]] = {
    InstitutionKind.METROLOGY: ("计量技术机构", "计量机构", "计量", "校准机构", "校准", "检定", "法定计量检定机构"),
    InstitutionKind.TESTING: (
        "检验检测机构",
        "检测机构",
        "检验机构",
        "检验检测",
        "检测",
        "检验",
        "质检",
        "质检机构",
        "实验室",
        "检测实验室",
    ),
    InstitutionKind.CERTIFICATION: ("认证机构", "认证", "认证认可", "认证认可机构"),
    InstitutionKind.STANDARDS: ("标准化机构", "标准化技术机构", "标准", "标准化", "标准化研究机构"),
    InstitutionKind.INTELLECTUAL_PROPERTY: ("知识产权服务机构", "知识产权机构", "知识产权", "专利代理机构"),
    InstitutionKind.FINANCE: ("银行或保险机构", "金融机构", "银行", "保险", "保险机构", "质量金融"),
    InstitutionKind.CENTRE: ("国家级或省级中心", "中心", "质检中心", "国家质检中心", "计量中心", "产业计量测试中心"),
}
"""The words of each kind; the first is that of the exported list."""

_KIND_OF_WORD = {
    comparable(word): kind for kind, words in KIND_WORDS.items() for word in (*words, kind.value, kind.label)
}
# What a name tells of the kind, the most telling words first.
_KIND_IN_NAME = (
    (InstitutionKind.FINANCE, ("银行", "保险", "信用社", "担保")),
    (InstitutionKind.INTELLECTUAL_PROPERTY, ("知识产权", "专利", "商标")),
    (InstitutionKind.CERTIFICATION, ("认证",)),
    (InstitutionKind.STANDARDS, ("标准化", "标准研究", "标准院")),
    (InstitutionKind.METROLOGY, ("计量", "校准", "检定", "测试所", "metrology")),
    (InstitutionKind.TESTING, ("检验", "检测", "质检", "测试", "实验室", "化验", "质量监督", "testing", "laboratory")),
)


def kind_in_name(name: str) -> InstitutionKind | None:
    """Return the kind that an institution's name tells, None if it tells none."""
    plain = comparable(name)
    return next((kind for kind, words in _KIND_IN_NAME if any(word in plain for word in words)), None)


def _kind(field: str, written: str) -> InstitutionKind:
    found = _KIND_OF_WORD.get(comparable(written)) or kind_in_name(written)
    if found is None:
        choices = Listed(words[0] for words in KIND_WORDS.values())
        raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=choices)
    return found


def _headings(*what: str) -> tuple[str, ...]:
    """Return each of ``what`` alone, and behind each word for an institution (机构名称, 单位名称, …)."""
    return tuple(dict.fromkeys((*(f"{whose}{one}" for one in what for whose in _WHOSE), *what)))


INSTITUTION_COLUMNS: tuple[ListColumn, ...] = (
    code_column(("机构编号", "档案编号", "登记编号", "机构代码", "record code")),
    ListColumn(
        "name",
        N_("Name"),
        (*_headings("名称"), "机构", "institution", "name"),
        one_line(160),
        required=True,
        needed=True,
        advice=N_(
            "Always needed. Over several rows, one for each line of scope: repeated, merged, or left blank in the rows "
            "below"
        ),
    ),
    ListColumn(
        "name_en",
        N_("Name in English"),
        ("英文名称", "英文名", "机构英文名称", "name in english"),
        one_line(240),
        advice=N_("Where it has one"),
        clearable=True,
    ),
    ListColumn(
        "kind",
        N_("Kind"),
        ("机构类别", "机构类型", "机构性质", "机构种类", "类型", "类别", "单位类别", "单位类型", "性质", "kind"),
        of_text(_kind),
        advice=N_("Such as 计量技术机构, 检验检测机构, 认证机构; without it, what the name tells"),
    ),
    ListColumn(
        "centre",
        N_("Centre code"),
        ("中心编号", "对应中心编号", "对应中心", "centre code"),
        one_line(160),
        advice=N_("Of a national or provincial centre: its code, or its name"),
    ),
    ListColumn(
        "credit_code",
        N_("Unified social credit code"),
        ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "credit code", "unified social credit code"),
        of_text(read_credit_code),
        advice=N_("18 characters; the institution is known by it under any name"),
        clearable=True,
    ),
    ListColumn("city", N_("City"), HEADINGS["city"], one_line(80), advice=N_("Where it is")),
    ListColumn(
        "county",
        N_("County, city or district"),
        HEADINGS["county"],
        one_line(80),
        advice=N_("Where it is; with the city where several have the same name"),
    ),
    ListColumn(
        "address",
        N_("Address"),
        (*HEADINGS["address"], *_headings("地址"), "注册地址", "实验室地址", "address"),
        one_line(200),
        advice=N_("As it is written on the certificate"),
        clearable=True,
    ),
    ListColumn(
        "phone",
        N_("Telephone"),
        HEADINGS["phone"],
        of_text(read_phone),
        advice=N_("With the area code, such as {phone}"),
        clearable=True,
    ),
    ListColumn(
        "stations",
        N_("Stations it works for"),
        (
            "支撑小站",
            "服务小站",
            "支撑站点",
            "服务站点",
            "合作小站",
            "对应小站",
            "支撑的小站",
            "服务的小站",
            "所支撑小站",
            "stations it works for",
        ),
        one_line(2000),
        advice=N_("Names or codes of stations, parted by ；"),
    ),
    source_column(("来源", "数据来源", "文号", "依据文件", "来源文件", "source")),
)

CHOICES = (
    choice_of(
        WordKind.KIND, "kind", ("类别", "类型", "种类", "kind"), {kind: words[0] for kind, words in KIND_WORDS.items()}
    ),
)
"""The column with few choices, which an office's own words can be taught to mean."""
COLUMNS = (*INSTITUTION_COLUMNS, *SCOPE_COLUMNS)
GATHERED = frozenset(column.name for column in SCOPE_COLUMNS) | {"stations"}
"""The columns of which an institution may have several, each in a row of its own."""
