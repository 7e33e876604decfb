from __future__ import annotations

import pytest

from geo.build_gazetteer import former_rows, town_point_rows, town_rows
from geo.province import read_province

JIANGSU = read_province("320000")


def test_towns_of_the_province_are_taken_by_code() -> None:
    divisions = [
        [4, "320583108", "320583", "花桥镇"],
        [4, "320583100", "320583", "玉山镇"],
        [4, "330106001", "330106", "x"],
    ]
    assert town_rows(divisions, JIANGSU) == [("320583100", "玉山镇", "320583"), ("320583108", "花桥镇", "320583")]


def test_a_town_of_a_county_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="329999"):
        town_rows([[4, "329999100", "329999", "某镇"]], JIANGSU)


def event(year: int, kind: str, old: str, new: str, city: str = "苏州市") -> dict:
    return {
        "year": year,
        "type": kind,
        "old_path": ["江苏省", city, old],
        "new_path": ["江苏省", city, new] if new else [],
        "source": "测试（国函）",
    }


def test_a_former_name_is_followed_to_what_stands_today() -> None:
    events = [event(1992, "撤县设市", "吴江县", "吴江市"), event(2012, "撤市设区", "吴江市", "吴江区")]
    assert former_rows(events, JIANGSU) == [
        ("吴江县", "苏州市", "320509", 1992, "测试"),
        ("吴江市", "苏州市", "320509", 2012, "测试"),
    ]


def test_what_was_divided_gives_several_and_what_is_vague_or_gone_gives_none() -> None:
    events = [
        event(2000, "撤市设区", "吴县市", "吴中区"),
        event(2000, "撤销", "郊区", "虎丘区"),
        event(1990, "撤销", "不知名县", ""),
        event(1990, "同名改码", "昆山县", "昆山市"),
    ]
    assert former_rows(events, JIANGSU) == [("吴县市", "苏州市", "320506;320507", 2000, "测试")]


def place(name: str, lon: float, lat: float, population: int = 0, number: int = 1, **also: object) -> dict:
    return {
        "geonameid": number,
        "name": name,
        "longitude": lon,
        "latitude": lat,
        "population": population,
        "alternatenames": [],
        **also,
    }


YUSHAN = ("320583100", "玉山镇", "320583")


def test_a_point_of_the_towns_name_in_its_county_stands_for_it() -> None:
    far = place("玉山镇", 118.80, 32.05, number=2)
    near = place("Yushan", 120.95, 31.38, number=3, alternatenames=["玉山镇"])
    assert town_point_rows([YUSHAN], [far, near], JIANGSU) == [("320583100", 120.95, 31.38, "full", 3)]
    assert town_point_rows([YUSHAN], [far], JIANGSU) == []


def test_a_full_name_stands_before_a_bare_one_and_the_most_populous_first() -> None:
    bare = place("玉山", 120.96, 31.39, number=1)
    small, large = (place("玉山镇", 120.95, 31.38, people, number=people) for people in (10, 20))
    assert town_point_rows([YUSHAN], [bare, small, large], JIANGSU)[0][3:] == ("full", 20)
    assert town_point_rows([YUSHAN], [bare], JIANGSU)[0][3:] == ("bare", 1)
