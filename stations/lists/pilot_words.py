"""The columns of a list of pilots, and the words in them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from stations.entered_text import comparable, says_nothing
from stations.errors import InvalidInput
from stations.imports.headings import HEADINGS
from stations.imports.vocabulary import choice_of
from stations.imports.word_mapping import WordKind
from stations.language import N_
from stations.lists.record_columns import area_columns, code_column, host_column, source_column
from stations.lists.register import ListColumn
from stations.lists.stage_columns import StageWords, one_line, stage_choice, stage_columns
from stations.registry.centre import Stage
from stations.tables.cell_values import cell_text
from stations.targets.pilot import PilotKind

STAGES: Mapping[Stage, StageWords] = MappingProxyType(
    {
        Stage.PLANNED: StageWords("规划", ("申报", "规划", "计划")),
        Stage.APPROVED: StageWords("立项", ("立项", "批准", "批复", "下达", "获批", "批准立项", "计划下达", "公布")),
        Stage.UNDER_CONSTRUCTION: StageWords("在建", ("启动", "开始实施", "实施", "开工", "建设", "在建", "创建")),
        Stage.ACCEPTED: StageWords(
            "已验收", ("验收", "通过验收", "考核", "评估", "考核评估", "目标考核", "完成", "结项", "通过考核")
        ),
        Stage.WITHDRAWN: StageWords("已撤销", ("终止", "撤销", "取消", "退出")),
    }
)

KIND_WORDS = MappingProxyType({PilotKind.AGRICULTURAL: "农业标准化", PilotKind.SOCIAL: "社会管理和公共服务"})
"""The words of the exported list."""

_KINDS: tuple[tuple[str, PilotKind], ...] = (
    ("农业", PilotKind.AGRICULTURAL),
    ("农村", PilotKind.AGRICULTURAL),
    ("agricultur", PilotKind.AGRICULTURAL),
    ("社会管理", PilotKind.SOCIAL),
    ("公共服务", PilotKind.SOCIAL),
    ("社管", PilotKind.SOCIAL),
    ("服务业", PilotKind.SOCIAL),
    ("social", PilotKind.SOCIAL),
    ("public", PilotKind.SOCIAL),
)
"""A part of what lists call a kind, and the kind."""


_TELLING = ("农业", "agricultur", "社会管理", "公共服务", "社管", "social", "public")
"""The parts that name the kind itself; the others only belong to it."""


def is_telling(written: str) -> bool:
    """Whether words for a kind name it, rather than a field that is counted under it (服务业)."""
    return any(part in comparable(written) for part in _TELLING)


def _read_kind(field: str, cell: Any) -> PilotKind | None:
    written = cell_text(field, cell)
    if says_nothing(written):
        return None
    plain = comparable(written)
    for part, kind in _KINDS:
        if part in plain:
            return kind
    message = N_("“{text}” is no kind of pilot; write 农业标准化 or 社会管理和公共服务")
    raise InvalidInput(field, message, text=written)


COLUMNS: tuple[ListColumn, ...] = (
    code_column(("登记编号", "项目编号", "试点编号", "编号", "代码", "record code")),
    ListColumn(
        "name",
        N_("Name"),
        (
            *("名称", "试点项目名称", "项目名称", "试点名称", "试点项目", "试点示范项目名称", "示范区名称"),
            *("示范项目名称", "试点示范名称", "标准化试点名称", "项目", "name"),
        ),
        one_line(160),
        required=True,
        advice=N_("Always needed. A pilot of this name and kind in this city is taken for the one on file"),
    ),
    ListColumn("name_en", N_("Name in English"), HEADINGS["name_en"], one_line(240), clearable=True),
    ListColumn(
        "kind",
        N_("Kind"),
        ("类型", "类别", "试点类型", "试点类别", "项目类型", "项目类别", "试点领域", "领域", "kind"),
        _read_kind,
        needed=True,
        advice=N_("农业标准化 or 社会管理和公共服务"),
    ),
    host_column(),
    *area_columns(),
    *stage_columns(STAGES, ("阶段", "状态", "进展", "进度", "项目状态", "实施情况", "建设情况", "目前状态", "stage")),
    source_column(),
)
CHOICES = (
    choice_of(WordKind.KIND, "kind", ("类型", "类别", "种类", "kind"), KIND_WORDS),
    stage_choice(STAGES),
)
"""The columns with few choices, which an office's own words can be taught to mean."""
