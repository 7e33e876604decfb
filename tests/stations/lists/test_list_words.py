"""The words of lists of centres and pilots: stages, dates of stages, levels, kinds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from stations.errors import InvalidInput
from stations.lists import centre_words, pilot_words
from stations.lists.stage_columns import StageDate, read_stage_date
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.targets.pilot import PilotKind

CENTRE = {column.name: column.read for column in centre_words.COLUMNS}
PILOT = {column.name: column.read for column in pilot_words.COLUMNS}


@pytest.mark.parametrize(
    ("written", "stage"),
    [
        *(
            (word, Stage.PLANNED)
            for word in ("规划", "规划中", "拟建", "拟申报", "已申报", "申报中", "尚未批准", "未立项")
        ),
        *(
            (word, Stage.APPROVED)
            for word in ("批准筹建", "已批准筹建", "获批筹建", "批筹", "已批筹", "同意筹建", "立项")
        ),
        *((word, Stage.APPROVED) for word in ("已立项", "批复", "省局批复筹建", "获批", "已下达", "approved")),
        *(
            (word, Stage.UNDER_CONSTRUCTION)
            for word in ("在建", "建设中", "正在建设", "筹建", "筹建中", "处于建设阶段")
        ),
        *((word, Stage.UNDER_CONSTRUCTION) for word in ("实施中", "创建中", "试点中", "推进中", "待验收", "尚未验收")),
        *(
            (word, Stage.UNDER_CONSTRUCTION)
            for word in ("under construction", "拟验收", "申请验收", "建设中（未验收）")
        ),
        *(
            (word, Stage.ACCEPTED)
            for word in ("通过验收", "已通过验收", "验收合格", "已验收", "建成", "已建成", "完成")
        ),
        *(
            (word, Stage.ACCEPTED)
            for word in ("通过考核", "考核合格", "通过评估", "建成并通过验收", "投入运行", "accepted")
        ),
        *((word, Stage.WITHDRAWN) for word in ("撤销", "已撤销", "取消", "终止", "被撤销", "终止筹建", "withdrawn")),
    ],
)
def test_a_word_says_a_stage(written: str, stage: Stage) -> None:
    assert CENTRE["stage"]("stage", written).stage is stage
    assert PILOT["stage"]("stage", written).stage is stage


def test_a_date_may_stand_in_the_cell_of_the_stage() -> None:
    told = CENTRE["stage"]("stage", "2022年6月通过验收")
    assert (told.stage, str(told.moment)) == (Stage.ACCEPTED, "2022-06")


@pytest.mark.parametrize("written", ["暂停", "莫名其妙", "否", "某省", "未通过验收", "考核不合格"])
def test_other_words_are_asked_about_as_written(written: str) -> None:
    with pytest.raises(InvalidInput) as told:
        CENTRE["stage"]("stage", written)
    assert written in str(told.value)


@pytest.mark.parametrize(
    ("cell", "dated", "as_of"),
    [
        ("2023-08", "2023-08", None),
        ("2023年8月", "2023-08", None),
        ("截至2025-05", None, "2025-05"),
        ("截至2025年5月底", None, "2025-05"),
        ("截止到2025.5.6", None, "2025-05-06"),
        ("2023-08（截至2025-05）", "2023-08", "2025-05"),
        ("2023年8月 (截至2025年5月)", "2023-08", "2025-05"),
        ("日期不详", None, None),
        (datetime(2024, 3, 5), "2024-03-05", None),
        (45000, "2023-03-15", None),
        ("二〇二一年五月", "2021-05", None),
    ],
)
def test_the_date_of_a_stage(cell: Any, dated: str | None, as_of: str | None) -> None:
    read = read_stage_date("dated", cell)
    assert read is not None
    assert tuple(one and str(one) for one in read) == (dated, as_of)
    assert read_stage_date("dated", str(read)) == read


@pytest.mark.parametrize("cell", ["是", "√", "已验收", "已通过验收", "通过验收", "验收合格", "日期不详"])
def test_a_stage_may_be_reached_without_a_date(cell: str) -> None:
    assert read_stage_date("dated", cell) == StageDate()


@pytest.mark.parametrize(
    "cell", ["—", "无", "暂无", "/", "不详", "否", "×", "未验收", "尚未验收", "待验收", "筹建中", "建设中", "正在验收"]
)
def test_a_dash_says_nothing_of_a_stage(cell: str) -> None:
    assert read_stage_date("dated", cell) is None


@pytest.mark.parametrize("cell", ["去年春天", "截至去年", "2023-13", "2023-08（截至某日）", "已于2023年13月验收"])
def test_a_date_that_is_none_is_refused(cell: str) -> None:
    with pytest.raises(InvalidInput):
        read_stage_date("dated", cell)


def test_dates_of_stages_are_written_as_they_are_read() -> None:
    assert str(StageDate()) == "日期不详"


@pytest.mark.parametrize(
    ("written", "level"),
    [
        *((word, CentreLevel.NATIONAL) for word in ("国家级", "国家", "国级", "全国", "National", "国家级中心")),
        *((word, CentreLevel.PROVINCIAL) for word in ("省级", "省", "江苏省", "江苏省级", "江苏", "provincial")),
    ],
)
def test_levels(written: str, level: CentreLevel) -> None:
    assert CENTRE["level"]("level", written) is level


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *(
            (word, CentreKind.QUALITY_INSPECTION)
            for word in ("质检中心", "国家质检中心", "质量监督检验中心", "产品质检")
        ),
        *((word, CentreKind.QUALITY_INSPECTION) for word in ("质量检验检测中心", "检验检测", "quality inspection")),
        *((word, CentreKind.METROLOGY) for word in ("计量中心", "计量", "省计量中心", "metrology")),
        *((word, CentreKind.INDUSTRIAL_METROLOGY) for word in ("产业计量测试中心", "产业计量", "国家产业计量测试中心")),
    ],
)
def test_kinds(written: str, kind: CentreKind) -> None:
    assert CENTRE["kind"]("kind", written) is kind


@pytest.mark.parametrize(("column", "written"), [("level", "市级"), ("kind", "研究院")])
def test_another_level_or_kind_is_asked_about(column: str, written: str) -> None:
    with pytest.raises(InvalidInput) as told:
        CENTRE[column](column, written)
    assert written in str(told.value)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *((word, PilotKind.AGRICULTURAL) for word in ("农业标准化", "国家农业标准化示范区", "农业农村标准化试点")),
        *(
            (word, PilotKind.SOCIAL)
            for word in ("社会管理和公共服务", "国家级服务业标准化试点", "基本公共服务标准化试点", "社管")
        ),
    ],
)
def test_kinds_of_pilots(written: str, kind: PilotKind) -> None:
    assert PILOT["kind"]("kind", written) is kind
