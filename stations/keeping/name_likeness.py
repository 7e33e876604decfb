"""The likeness of two station names, disregarding words that many names have in common.

In “某省昆山市高新技术产业开发区质量小站（1号）” the distinctive part is “高新区1”: the name without the province, its
own city and county, without the usual words for such stations, and with long forms of zones replaced by short ones.
``core_name`` returns this part; ``likeness`` compares two of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

from geo.province import province_in_use

ALIKE = 0.85
"""Names with at least this likeness are taken to mean the same."""

# Words for stations of all brands, longest first, and words that only say that it is a station.
_BRANDS = re.compile(
    "质量基础设施|质量合作社|质量小站|质量驿站|质慧港|泰检易"
    "|(?:一站式|质量)?服务(?:中心|平台|站|点)|一站式服务|质量服务|工作站|驿站|小站|站点|站$"
)
_MARKS = re.compile(r"示例|[\W_]+")
_DIGITS = re.compile(r"\d+")
_SUFFIX = re.compile("(?:省|市|区|县)$")

# Long forms of zones and centres, and the short form in use.
_SHORT = (
    ("质量监督检验检测中心", "质检中心"),
    ("质量监督检验中心", "质检中心"),
    ("质量检验检测中心", "质检中心"),
    ("质量检验中心", "质检中心"),
    ("质量检测中心", "质检中心"),
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("高新产业园区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("产业园区", "产业园"),
    ("工业园区", "工业园"),
    ("科技园区", "科技园"),
)
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")


def core_name(name: str, places: Iterable[str] = ()) -> str:
    """Return the distinctive part of a name. ``places``: the names of its city and county."""
    core = _MARKS.sub("", unicodedata.normalize("NFKC", name).lower())
    for long, short in _SHORT:
        core = core.replace(long, short)
    core = _BRANDS.sub("", core)
    for place in (province_in_use().name, *places):
        short = _SUFFIX.sub("", place)
        # “市北区” keeps its first character: whole names are removed, the long form first.
        core = core.replace(place, "")
        if len(short) > 1:
            core = core.removeprefix(short)
    return re.sub("[第号]", "", core).translate(_NUMERALS)


def likeness(one: str, other: str) -> float:
    """Return the likeness of two core names from 0 to 1; 0 if they contain different numbers (1 号, 2 号)."""
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return 0.0
    return 1.0 if one == other else fuzz.ratio(one, other) / 100
