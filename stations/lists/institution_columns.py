"""The columns of a list of institutions: those of the institution, and those of a line of its scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from stations.entered_text import comparable, narrow, read_text, says_nothing
from stations.errors import InvalidInput
from stations.imports.headings import HEADINGS
from stations.keeping.record_checks import read_phone
from stations.keeping.record_codes import read_code
from stations.language import N_, Listed
from stations.lists.register import ListColumn
from stations.lists.scope_cells import (
    read_certificate,
    read_certificates,
    read_first_day,
    read_last_day,
    read_validity,
)
from stations.readers.credit_code import read_credit_code
from stations.readers.numbers import read_whole_number
from stations.registry.institutions import InstitutionKind
from stations.tables.cell_values import cell_text

_ROW_NUMBER = re.compile(r"[0-9]{1,4}")
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
    comparable(word): kind
    for kind, words in KIND_WORDS.items()
    for word in (*words, kind.value, kind.label)
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


def _text(limit: int) -> Callable[[str, Any], str | None]:
    """Return a reader of a text on one line, at most ``limit`` characters; None if it says that there is nothing."""

    def read(field: str, cell: Any) -> str | None:
        written = " ".join(cell_text(field, cell).split())
        return None if says_nothing(written) else read_text(field, written, limit=limit)

    return read


def _said(read: Callable[[str, str], Any]) -> Callable[[str, Any], Any]:
    """Return a reader that applies ``read`` to the text of a cell; None if it says that there is nothing."""

    def of_cell(field: str, cell: Any) -> Any:
        written = cell_text(field, cell)
        return None if says_nothing(written) else read(field, written)

    return of_cell


def _kind(field: str, written: str) -> InstitutionKind:
    found = _KIND_OF_WORD.get(comparable(written))
    if found is None:
        choices = Listed(words[0] for words in KIND_WORDS.values())
        raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=choices)
    return found


def _code(_field: str, written: str) -> str | None:
    """Return the code of an institution; None for a bare number, which only counts the rows."""
    return None if _ROW_NUMBER.fullmatch(narrow(written)) else read_code(written)


def _line_number(field: str, cell: Any) -> int:
    return read_whole_number(field, narrow(cell_text(field, cell)), 1, 100_000)


def _headings(*what: str) -> tuple[str, ...]:
    """Return each of ``what`` alone, and behind each word for an institution (机构名称, 单位名称, …)."""
    return tuple(dict.fromkeys((*(f"{whose}{one}" for one in what for whose in _WHOSE), *what)))


INSTITUTION_COLUMNS: tuple[ListColumn, ...] = (
    ListColumn(
        "code",
        N_("Institution code"),
        ("机构编号", "档案编号", "登记编号", "机构代码", "institution code", "record code"),
        _said(_code),
        advice=N_("Of an institution on file, to change it; empty for a new one"),
    ),
    ListColumn(
        "name",
        N_("Name"),
        (*_headings("名称"), "机构", "institution", "name"),
        _text(160),
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
        _text(240),
        advice=N_("Where it has one"),
    ),
    ListColumn(
        "kind",
        N_("Kind"),
        ("机构类别", "机构类型", "机构性质", "机构种类", "类型", "kind"),
        _said(_kind),
        advice=N_("Such as 计量技术机构, 检验检测机构, 认证机构; without it, what the name tells"),
    ),
    ListColumn(
        "centre",
        N_("Centre code"),
        ("中心编号", "对应中心编号", "对应中心", "centre code"),
        _text(160),
        advice=N_("Of a national or provincial centre: its code, or its name"),
    ),
    ListColumn(
        "credit_code",
        N_("Unified social credit code"),
        ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "credit code", "unified social credit code"),
        _said(read_credit_code),
        advice=N_("18 characters; the institution is known by it under any name"),
    ),
    ListColumn("city", N_("City"), HEADINGS["city"], _text(80), advice=N_("Where it is")),
    ListColumn(
        "county",
        N_("County, city or district"),
        HEADINGS["county"],
        _text(80),
        advice=N_("Where it is; with the city where several have the same name"),
    ),
    ListColumn(
        "address",
        N_("Address"),
        (*HEADINGS["address"], *_headings("地址"), "注册地址", "实验室地址", "address"),
        _text(200),
        advice=N_("As it is written on the certificate"),
    ),
    ListColumn(
        "phone",
        N_("Telephone"),
        HEADINGS["phone"],
        _said(read_phone),
        advice=N_("With the area code, such as 0512-5550 0001"),
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
        _text(2000),
        advice=N_("Names or codes of stations, parted by ；"),
    ),
    ListColumn(
        "source",
        N_("Source"),
        HEADINGS["source"][:3] + ("source",),
        _text(2000),
        advice=N_("The document that says so; empty: the name of this file"),
    ),
)

SCOPE_COLUMNS: tuple[ListColumn, ...] = (
    ListColumn(
        "line",
        N_("Line of scope"),
        ("范围序号", "能力序号", "资质范围序号", "line of scope"),
        _line_number,
        advice=N_("Of a line on file, to change it; empty for a new one"),
    ),
    ListColumn(
        "service",
        N_("Service"),
        ("服务项目", "服务类别", "服务事项", "业务类别", "对应服务", "服务内容", "service"),
        _text(500),
        advice=N_("Name or code of the catalogue; without it, what the kind of the institution tells"),
    ),
    ListColumn(
        "subject_zh",
        N_("Product or parameter"),
        (
            "检测项目/参数/产品",
            "检测项目/参数",
            "产品/项目/参数",
            "项目/参数",
            "参数",
            "检测参数",
            "检测项目",
            "检验项目",
            "检验检测项目",
            "检验检测能力",
            "检测能力",
            "认证领域",
            "认证范围",
            "项目名称",
            "项目",
            "测量参数",
            "能力范围",
            "product or parameter",
        ),
        _text(500),
        advice=N_("As the certificate’s annex lists it, one line each"),
    ),
    ListColumn(
        "product",
        N_("Product or instrument"),
        (
            "检测产品",
            "检测对象",
            "检验检测对象",
            "产品",
            "产品名称",
            "检测产品/类别",
            "检测对象/产品",
            "产品/产品类别",
            "类别(产品/项目/参数)",
            "被测仪器",
            "仪器名称",
            "测量仪器名称",
            "器具名称",
            "计量器具名称",
            "被检器具",
            "校准对象",
            "被校仪器",
        ),
        _text(300),
        advice=N_("Where the annex names it in a column of its own"),
        in_export=False,
    ),
    ListColumn(
        "subject_en",
        N_("Product or parameter in English"),
        ("项目英文名称", "参数英文名称", "product or parameter in english"),
        _text(240),
        advice=N_("Where it has one"),
    ),
    ListColumn(
        "range",
        N_("Range"),
        ("测量范围", "检测范围", "量程", "测量范围/量程", "校准范围", "检定范围", "range"),
        _text(500),
        advice=N_("With its unit, such as (0～500) mm"),
    ),
    ListColumn(
        "accuracy",
        N_("Uncertainty or class of accuracy"),
        (
            "不确定度/准确度等级",
            "不确定度或准确度等级或最大允许误差",
            "准确度等级",
            "测量不确定度",
            "扩展不确定度",
            "不确定度",
            "最大允许误差",
            "准确度等级/不确定度",
            "校准和测量能力",
            "uncertainty or class of accuracy",
        ),
        _text(300),
        advice=N_("Such as U=0.02 mm (k=2), or 0.5 级"),
    ),
    ListColumn(
        "standard",
        N_("Standard (method)"),
        (
            "依据标准(方法)",
            "依据的标准(方法)",
            "依据的标准(方法)名称及编号(含年号)",
            "依据标准",
            "检测依据",
            "检测标准",
            "检测标准(方法)",
            "检测标准(方法)名称及编号",
            "标准(方法)",
            "标准(方法)名称及编号",
            "标准编号",
            "标准号",
            "标准",
            "方法",
            "检定规程",
            "校准规范",
            "规程/规范",
            "检定规程/校准规范",
            "依据规程",
            "依据规范",
            "standard",
        ),
        _text(500),
        advice=N_("Its number, with the year"),
    ),
    ListColumn(
        "limitation",
        N_("Limitation"),
        ("限制说明", "限制范围", "限制范围及说明", "限制范围或说明", "限制/说明", "限制", "limitation"),
        _text(500),
        advice=N_("What the certificate excludes"),
    ),
    ListColumn(
        "cma_number",
        N_("Number of approval (CMA)"),
        (
            "资质认定证书编号",
            "资质认定证书编号(CMA)",
            "CMA",
            "CMA证书编号",
            "CMA编号",
            "CMA证书号",
            "资质认定编号",
            "资质认定证书号",
            "检验检测机构资质认定证书编号",
            "计量认证证书编号",
            "资质认定",
            "cma number",
            "number of approval (cma)",
        ),
        read_certificate,
        advice=N_("Of 检验检测机构资质认定"),
    ),
    ListColumn(
        "cnas_number",
        N_("Number of accreditation (CNAS)"),
        (
            "认可证书编号",
            "认可证书编号(CNAS)",
            "CNAS",
            "CNAS证书编号",
            "CNAS编号",
            "CNAS注册号",
            "CNAS证书号",
            "认可注册号",
            "认可编号",
            "实验室认可证书编号",
            "实验室认可编号",
            "认可证书号",
            "cnas number",
            "number of accreditation (cnas)",
        ),
        read_certificate,
        advice=N_("Such as L1234"),
    ),
    ListColumn(
        "authorization_number",
        N_("Number of authorization as a legal metrology institute"),
        (
            "计量授权证书编号",
            "法定计量检定机构授权证书编号",
            "法定计量检定机构计量授权证书编号",
            "法定计量检定机构授权",
            "授权证书编号",
            "计量授权",
            "计量授权编号",
            "计量授权证书号",
            "number of authorization as a legal metrology institute",
        ),
        read_certificate,
        advice=N_("Such as (苏)法计(2022)01032号"),
    ),
    ListColumn(
        "certificates",
        N_("Certificates"),
        ("证书编号", "资质证书编号", "资质证书", "资质", "资质编号", "资质情况", "证书号"),
        read_certificates,
        advice=N_("CMA, CNAS and 计量授权 in one cell, in place of the three columns"),
        in_export=False,
    ),
    ListColumn(
        "valid_from",
        N_("Valid from"),
        ("有效期起", "有效期自", "发证日期", "发证时间", "批准日期", "生效日期", "有效期开始", "valid from"),
        read_first_day,
        advice=N_("Such as 2021-03-15"),
    ),
    ListColumn(
        "valid_until",
        N_("Valid until"),
        (
            "有效期至",
            "有效期止",
            "有效期截止",
            "证书有效期至",
            "证书有效期止",
            "有效期截止日期",
            "到期日期",
            "到期日",
            "到期时间",
            "截止日期",
            "失效日期",
            "资质有效期至",
            "valid until",
        ),
        read_last_day,
        advice=N_("The last day, such as 2027-03-14"),
    ),
    ListColumn(
        "validity",
        N_("Validity"),
        ("有效期", "证书有效期", "有效期限", "资质有效期", "有效日期"),
        read_validity,
        advice=N_("Both days in one cell, in place of the two columns"),
        in_export=False,
    ),
)

COLUMNS = (*INSTITUTION_COLUMNS, *SCOPE_COLUMNS)
GATHERED = frozenset(column.name for column in SCOPE_COLUMNS) | {"stations"}
"""The columns of which an institution may have several, each in a row of its own."""
