"""Each language names sources in its own words; texts that people wrote are shown unchanged."""

from __future__ import annotations

import csv
import re

import pytest

from stations.language import Language
from stations.province import census_source, province_table
from stations.samples.stations import SOURCE
from stations.source_wording import source_wording, wordings

PROSE = re.compile(r"[A-Za-z]{2,}[ ,;]+[A-Za-z]{2,}")
CHINESE = re.compile("[\u4e00-\u9fff]")
SHOWN = {
    "centres.csv": "source",
    "stations.csv": "source",
    "industrial_chains.csv": "source",
}


def recorded() -> set[str]:
    found = {census_source(), SOURCE}
    for name, column in SHOWN.items():
        with province_table(name).open(encoding="utf-8", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file)}
    return found


def test_no_source_that_ships_is_english_prose_in_chinese() -> None:
    chinese = Language("zh_CN")
    for text in recorded():
        told = source_wording(chinese, text)
        assert CHINESE.search(told), text
        assert not PROSE.search(told), told


def test_both_wordings_name_the_same_pages_and_none_is_left_over() -> None:
    pages = re.compile(r"[\w.-]+\.(?:cn|com)[\w./?=_-]*", re.ASCII)
    assert wordings()
    for zh, en in wordings().values():
        assert zh and en
        assert pages.findall(zh) == pages.findall(en)
        assert not CHINESE.search(zh) or zh != en
    assert set(wordings()) - recorded() <= {text for text in wordings() if " / " in text}


@pytest.mark.parametrize("text", ["江苏省市场监管局 2025-03-01 公告", "A letter of 2025", ""])
def test_what_somebody_wrote_down_stays(text: str) -> None:
    for code in ("zh_CN", "en"):
        assert source_wording(Language(code), text) == text
