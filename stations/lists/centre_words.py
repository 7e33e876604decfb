"""The columns of a list of centres, and the words in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from geo.province import province_in_use
from stations.entered_text import comparable, says_nothing
from stations.errors import InvalidInput
from stations.imports.headings import HEADINGS
from stations.imports.vocabulary import choice_of
from stations.imports.word_mapping import WordKind
from stations.language import N_, Listed
from stations.lists.record_columns import area_columns, code_column, host_column, source_column
from stations.lists.register import ListColumn
from stations.lists.stage_columns import StageWords, one_line, stage_choice, stage_columns
from stations.places.coordinates import read_coordinate_system, read_degrees, read_degrees_pair
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.tables.cell_values import cell_text, lines_in

STAGES: Mapping[Stage, StageWords] = MappingProxyType(
    {
        Stage.PLANNED: StageWords("规划", ("规划", "申报", "申请筹建", "计划")),
        Stage.APPROVED: StageWords(
            "批准筹建",
            ("批准筹建", "批筹", "获批筹建", "获批", "批准", "批复", "批复筹建", "同意筹建", "立项", "筹建批复"),
        ),
        Stage.UNDER_CONSTRUCTION: StageWords(
            "在建", ("开工", "开始建设", "建设", "启动建设", "开工建设", "在建", "筹建")
        ),
        Stage.ACCEPTED: StageWords(
            "通过验收",
            ("验收", "通过验收", "建成", "验收通过", "建成验收", "成立", "正式成立", "批准成立", "验收批准", "授权"),
        ),
        Stage.WITHDRAWN: StageWords("已撤销", ("撤销", "取消", "撤销筹建", "终止")),
    }
)

LEVEL_WORDS = MappingProxyType({CentreLevel.NATIONAL: "国家级", CentreLevel.PROVINCIAL: "省级"})
KIND_WORDS = MappingProxyType(
    {
        CentreKind.QUALITY_INSPECTION: "质检中心",
        CentreKind.METROLOGY: "计量中心",
        CentreKind.INDUSTRIAL_METROLOGY: "产业计量测试中心",
    }
)
"""The words of the exported list."""

_LEVELS: tuple[tuple[CentreLevel, str], ...] = (
    (CentreLevel.NATIONAL, "国家|国级|全国|national"),
    (CentreLevel.PROVINCIAL, "省|provincial"),
)
"""What the words of a level begin with (国家级, 省级质检中心)."""

_KINDS: tuple[tuple[CentreKind, str], ...] = (
    (CentreKind.INDUSTRIAL_METROLOGY, "产业计量|industrial.?metrology"),
    (CentreKind.QUALITY_INSPECTION, "质检|质量.{0,4}检验|检验检测|产品检测|quality.?inspection"),
    (CentreKind.METROLOGY, "计量|metrology"),
)
"""A part of what lists call a kind, and the kind; the first that is found."""

Choice = TypeVar("Choice", CentreLevel, CentreKind)


def level_in(name: str) -> CentreLevel | None:
    """Return the level that the name of a centre, or the words of its kind (省级计量中心), begin with."""
    plain = comparable(name)
    if plain.startswith("国家"):
        return CentreLevel.NATIONAL
    return CentreLevel.PROVINCIAL if plain.startswith((province_in_use().name, "省")) else None


def kind_in(text: str) -> CentreKind | None:
    """Return the kind that a name or another text says."""
    plain = comparable(text)
    return next((kind for kind, part in _KINDS if re.search(part, plain)), None)


def _read_level(field: str, cell: Any) -> CentreLevel | None:
    written = cell_text(field, cell)
    plain = comparable(written)
    if says_nothing(written):
        return None
    province = province_in_use()
    if plain in (province.name, province.short_name):
        return CentreLevel.PROVINCIAL
    plain = plain.removeprefix(province.name.removesuffix("省")) or plain
    return _known(
        field, written, next((level for level, words in _LEVELS if re.match(words, plain)), None), LEVEL_WORDS
    )


def _read_kind(field: str, cell: Any) -> CentreKind | None:
    written = cell_text(field, cell)
    return None if says_nothing(written) else _known(field, written, kind_in(written), KIND_WORDS)


def _known(field: str, written: str, found: Choice | None, words: Mapping[Choice, str]) -> Choice:
    if found is None:
        raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=Listed(words.values()))
    return found


COLUMNS: tuple[ListColumn, ...] = (
    code_column(("登记编号", "中心编号", "编号", "代码", "record code", "centre code")),
    ListColumn(
        "name",
        N_("Name"),
        ("中心名称", "名称", "中心全称", "项目名称", "机构名称", "平台名称", "中心", "name", "centre"),
        one_line(160),
        required=True,
        advice=N_("Always needed. A centre of this name in this city is taken for the one on file"),
    ),
    ListColumn("name_en", N_("Name in English"), HEADINGS["name_en"], one_line(240), clearable=True),
    ListColumn(
        "level",
        N_("Level"),
        ("级别", "中心级别", "等级", "层级", "国家级/省级", "level"),
        _read_level,
        advice=N_("国家级 or 省级; empty: as the name says"),
    ),
    ListColumn(
        "kind",
        N_("Kind"),
        ("类别", "类型", "中心类别", "中心类型", "种类", "kind"),
        _read_kind,
        advice=N_("质检中心, 计量中心 or 产业计量测试中心; empty: as the name says"),
    ),
    host_column(),
    *area_columns(),
    ListColumn(
        "address",
        N_("Address"),
        ("地址", "详细地址", "中心地址", "建设地址", "建设地点", "address"),
        one_line(200),
        clearable=True,
    ),
    ListColumn(
        "lon",
        N_("Longitude"),
        HEADINGS["lon"],
        lambda field, cell: read_degrees(field, cell_text(field, cell)),
    ),
    ListColumn("lat", N_("Latitude"), HEADINGS["lat"], lambda field, cell: read_degrees(field, cell_text(field, cell))),
    ListColumn(
        "place",
        N_("Coordinates"),
        HEADINGS["place"],
        lambda field, cell: read_degrees_pair(field, cell_text(field, cell)),
        in_export=False,
    ),
    ListColumn(
        "crs",
        N_("Coordinate system"),
        HEADINGS["crs"],
        lambda field, cell: read_coordinate_system(field, cell_text(field, cell)),
    ),
    ListColumn(
        "chains",
        N_("Industrial chains"),
        HEADINGS["chains"],
        lines_in,
        advice=N_("Names or codes, parted by ；"),
        clearable=True,
    ),
    *stage_columns(
        STAGES,
        (
            "阶段",
            "建设阶段",
            "状态",
            "进展",
            "建设情况",
            "建设状态",
            "目前状态",
            "当前阶段",
            "进度",
            "建设进展",
            "stage",
        ),
    ),
    source_column(),
)
CHOICES = (
    choice_of(WordKind.LEVEL, "level", ("级别", "等级", "level"), LEVEL_WORDS),
    choice_of(WordKind.KIND, "kind", ("类别", "类型", "种类", "kind"), KIND_WORDS),
    stage_choice(STAGES),
)
"""The columns with few choices, which an office's own words can be taught to mean."""
