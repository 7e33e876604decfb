"""Chinese texts have Chinese punctuation (GB/T 15834), in the catalogues and in the tables of data that people read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.tools.update_messages import ROOMS, ROOT

CHINESE = "\u4e00-\u9fff“”《》（）【】，。；："
# A half-width mark beside Chinese; placeholders stand for Chinese words.
HALF_WIDTH = re.compile(rf"[{CHINESE}][(:;,?!)]|[(:;,?!)] ?[{CHINESE}]")
PLACEHOLDER = re.compile(r"\{\w+\}")
# What is written as programs and coordinate systems write it.
AS_WRITTEN = {"SMTP_URL 无法使用", "（{lon}, {lat}）", "请写成 {lon}, {lat}", "(苏)法计(2022)01032号"}
TABLES = sorted({*(ROOT / "stations/data").glob("*.csv"), *(ROOT / "geo/provinces").glob("*/*.csv")})


def misprints(text: str) -> list[str]:
    if any(part in text for part in AS_WRITTEN):
        return []
    return HALF_WIDTH.findall(PLACEHOLDER.sub("字", text))


def shown(table: Path) -> Iterator[tuple[int, str, str]]:
    """The cells for Chinese readers: line, column, text."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            for column, text in row.items():
                if column == "zh" or column.endswith("_zh"):
                    yield line, column, text or ""


@pytest.mark.parametrize("room", ROOMS)
def test_the_catalogue_has_no_half_width_marks_beside_chinese(room: str) -> None:
    with ROOMS[room].path("zh_CN").open("rb") as file:
        texts = [entry.string for entry in read_po(file, locale="zh_CN") if entry.id]
    wrong = [one for text in texts for one in ((text,) if isinstance(text, str) else text or ()) if misprints(one)]
    assert wrong == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_no_half_width_marks_beside_chinese(table: Path) -> None:
    assert [(line, column, text) for line, column, text in shown(table) if misprints(text)] == []


@pytest.mark.parametrize("text", ["企业:昆山", "昆山(市)", "多少? 多少", "好,的", "{name}:{value}"])
def test_a_half_width_mark_is_found(text: str) -> None:
    assert misprints(text)


RIGHT = ("周一 9:00–17:00", "https://host/path?a=1", "ISO 9001:2015 认证", "“{a}”（{b}）：{c}")


@pytest.mark.parametrize("text", RIGHT)
def test_times_addresses_and_numbers_are_none(text: str) -> None:
    assert not misprints(text)
