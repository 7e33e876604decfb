"""A province is data: no file of the product names one, nor a code, a city or a county of one; they are in
``geo/provinces`` only. Docstrings and comments may name a city or a county as an example, but no province and no code.

A migration does not change after its release, and may name what its tables contained.
"""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROVINCES = ROOT / "geo" / "provinces"


ALSO_WORDS = frozenset({"新建"})  # “newly built”, and a district
TEXT_FILES = {".py", ".html", ".js", ".css", ".csv", ".svg", ".toml", ".mako", ".po"}


def files() -> list[Path]:
    """Return the text files of the product, without the folders of provinces and the migrations."""
    found = (path for room in ("geo", "stations", "portal") for path in sorted((ROOT / room).rglob("*")))
    return [
        path
        for path in found
        if path.suffix in TEXT_FILES and PROVINCES not in path.parents and "migrations" not in path.parts
    ]


@cache
def province_words() -> re.Pattern[str]:
    """Return the pattern of the codes and the names of every province that has a folder."""
    words: list[str] = []
    for folder in PROVINCES.iterdir():
        if not (folder / "province.toml").exists():
            continue
        province = tomllib.loads((folder / "province.toml").read_text(encoding="utf-8"))
        words += [re.escape(province[key]) for key in ("name", "short_name", "name_en")]
        words.append(rf"(?<![\d.]){province['adcode'][:2]}\d{{4}}(?:\d{{3}})?(?![\d.])")
    return re.compile("|".join(words), re.IGNORECASE)


@cache
def areas() -> list[dict[str, str]]:
    """Return the counties of every province that has a folder, each with its city, as their tables have them."""
    rows = []
    for path in PROVINCES.glob("*/counties.csv"):
        with open(path, encoding="utf-8", newline="") as table:
            rows += list(csv.DictReader(table))
    return rows


@cache
def area_names(*, short: bool) -> re.Pattern[str]:
    """Return the pattern of the Chinese names of every province's cities and counties. ``short``: also without what
    they are, as in 昆山; running text has such pairs of characters by chance, too.
    """
    names = {row[column] for row in areas() for column in ("city", "name")}
    if short:
        names |= {name for one in names if len(name := re.sub("(?:自治县|[市县区])$", "", one)) > 1} - ALSO_WORDS
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


@cache
def examples() -> re.Pattern[str]:
    """Return the pattern of English names of areas, and of the area code and the degrees of each province's example."""
    english = {re.sub(" (?:City|County|District)$", "", row[key]) for row in areas() for key in ("city_en", "name_en")}
    found = [rf"\b{re.escape(name)}\b" for name in sorted(english)]
    for path in PROVINCES.glob("*/province.toml"):
        example = tomllib.loads(path.read_text(encoding="utf-8"))["example"]
        found.append(rf"(?<![\d.]){int(example['lon'])}\.\d\d+")
        found.append(rf"(?<![\d.]){int(example['lat'])}\.\d\d+")
        found.append(rf"(?<!\d){example['phone'][:4]}(?!\d)")
    return re.compile("|".join(found))


def texts_of(source: str) -> Iterator[str]:
    """Yield the texts in the code of a module, without its docstrings and the docstrings of its constants."""
    tree = ast.parse(source)
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def offences(source: str, suffix: str = ".py") -> list[str]:
    """Return what a file names of a province: a code or its name anywhere, an area in the texts of the code."""
    found = [match[0] for match in province_words().finditer(source)]
    texts = list(texts_of(source)) if suffix == ".py" else [source]
    kinds = (area_names(short=suffix == ".py"), examples())
    return found + [match[0] for kind in kinds for text in texts for match in kind.finditer(text)]


def test_no_file_names_a_province_or_its_areas() -> None:
    read = {path: offences(path.read_text(encoding="utf-8"), path.suffix) for path in files()}
    assert {str(path.relative_to(ROOT)): found for path, found in read.items() if found} == {}
    assert len(read) > 400


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("CODE = '320000'", ["320000"]),
        ("CODE = 360000", ["360000"]),
        ("# as in 320583", ["320583"]),
        ('"""The town ``320583100``."""', ["320583100"]),
        ('TITLE = "江苏省质量小站"', ["江苏省"]),
        ('TITLE = "Stations of jiangxi"', ["jiangxi"]),
        ('if name == "昆山市":\n    pass', ["昆山市"]),
        ('"""Such as 昆山市."""', []),
        ('EXAMPLE = "昆山"', ["昆山"]),
        ('EXAMPLE = "in Kunshan"', ["Kunshan"]),
        ('EXAMPLE = "120.98, 31.39"', ["120.98", "31.39"]),
        ('EXAMPLE = "0512-5550 0001"', ["0512"]),
        ('"""Such as 昆山 or 0512-5550 0001."""', []),
        ("SECONDS = 3200000 + 0.320000 + 32000", []),
    ],
)
def test_an_offender_is_noticed(source: str, named: list[str]) -> None:
    assert offences(source) == named
