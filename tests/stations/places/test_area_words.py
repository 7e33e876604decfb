"""A county is read from any word that lists use for it; what may be several is asked about."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest

from geo.counties import county_layer
from geo.gazetteer import former_names
from geo.zones import zones
from stations.errors import InvalidInput
from stations.places.area_words import AreaWords, SeveralCounties
from stations.places.counties import City, County

COUNTIES = {county.adcode: county for county in county_layer().counties}
CITIES = {city.adcode: city for city in county_layer().cities}


@pytest.fixture(scope="module")
def words() -> AreaWords:
    cities = {one.adcode: City(adcode=one.adcode, name=one.name, name_en=one.name_en) for one in CITIES.values()}
    counties = {
        one.adcode: County(adcode=one.adcode, name=one.name, name_en=one.name_en, city_adcode=one.city_adcode)
        for one in COUNTIES.values()
    }
    return AreaWords(cities, counties)


@pytest.mark.parametrize(
    ("city", "county", "read"),
    [
        ("", "320583", "昆山市"),
        ("", "320583.0", "昆山市"),
        ("", "320583000000", "昆山市"),
        ("", "320583100", "昆山市"),
        ("", "３２０５８３", "昆山市"),
        ("", "江苏省 苏州市 昆山市", "昆山市"),
        ("", "昆山 市", "昆山市"),
        ("", "Kunshan", "昆山市"),
        ("", "Kunshan City, Suzhou", "昆山市"),
        ("", "Kunshan, Suzhou, Jiangsu", "昆山市"),
        ("", "昆山市（县级市）", "昆山市"),
        ("", "昆山市（花桥镇）", "昆山市"),
        ("", "昆山开发区", "昆山市"),
        ("", "海门市", "海门区"),
        ("", "海安市（原海安县）", "海安市"),
        ("", "通州区（南通）", "通州区"),
        ("", "苏州高新区", "虎丘区"),
        ("", "苏州国家高新技术产业开发区", "虎丘区"),
        ("", "虎丘区（高新区）", "虎丘区"),
        ("", "高新区（虎丘区）", "虎丘区"),
        ("", "苏州市虎丘区（苏州高新区）", "虎丘区"),
        ("苏州市", "高新区", "虎丘区"),
        ("无锡", "新区", "新吴区"),
        ("", "新吴区(无锡高新区)", "新吴区"),
        ("", "连云港经济技术开发区", "连云区"),
        ("", "泰州医药高新区（高港区）", "高港区"),
    ],
)
def test_a_county_by_its_words(words: AreaWords, city: str, county: str, read: str) -> None:
    city_adcode, adcode = words.read(city, county)
    assert COUNTIES[adcode].name == read and city_adcode == COUNTIES[adcode].city_adcode
    assert words.find_area("area", county) in (adcode, "" if city else adcode)


@pytest.mark.parametrize(
    ("city", "county", "read"),
    [
        ("", "启东市（含吕四港）", "启东市"),
        ("", "云龙区(含新城区)", "云龙区"),
        ("", "江阴市（临港）", "江阴市"),
        ("", "昆山市(测试)", "昆山市"),
        ("", "江阴市澄江街道", "江阴市"),
        ("", "江阴澄江街道", "江阴市"),
        ("", "无锡市江阴市澄江街道", "江阴市"),
        ("", "句容市宝华镇", "句容市"),
        ("", "江阴市本级", "江阴市"),
        ("", "江阴市局", "江阴市"),
        ("", "江阴市市场监管局", "江阴市"),
        ("", "江阴市场监管局", "江阴市"),
        ("", "昆山花桥", "昆山市"),
        ("", "宜兴环科园", "宜兴市"),
        ("", "太仓港区", "太仓市"),
        ("", "通州湾", "通州区"),
        ("", "医药高新区", "高港区"),
        ("", "泰州高新区", "高港区"),
        ("", "泰州高新区管委会", "高港区"),
        ("", "江陰市", "江阴市"),
        ("", "蘇州市吳江區", "吴江区"),
        ("", "南京市江寧區東山街道", "江宁区"),
        ("", "宿迁洋河", "宿城区"),
        ("", "洋河新区", "宿城区"),
        ("苏州市", "高新区枫桥街道", "虎丘区"),
    ],
)
def test_the_county_that_more_follows(words: AreaWords, city: str, county: str, read: str) -> None:
    assert COUNTIES[words.read(city, county, with_more=True)[1]].name == read


@pytest.mark.parametrize(
    "county",
    ["昆山市、常熟市", "昆山市（常熟）", "昆山路", "南通没有区", "鼓楼区（苏州）", "虎丘区（无锡高新区）", "320583x"],
)
def test_what_follows_must_not_say_otherwise(words: AreaWords, county: str) -> None:
    with pytest.raises(InvalidInput):
        words.read("", county, with_more=True)


def test_only_a_list_says_more_than_the_county(words: AreaWords) -> None:
    assert words.find_area("area", "江阴市澄江街道") == ""
    with pytest.raises(InvalidInput):
        words.read_county("county", "江阴市澄江街道")


@pytest.mark.parametrize(
    ("written", "city"), [("鼓楼区（南京市）", "南京市"), ("鼓楼区（徐州）", "徐州市"), ("南京鼓楼", "南京市")]
)
def test_a_name_of_two_counties_with_its_city(words: AreaWords, written: str, city: str) -> None:
    assert CITIES[words.read("", written)[0]].name == city


@pytest.mark.parametrize(
    ("city", "county", "counties"),
    [
        ("", "鼓楼区", {"鼓楼区"}),
        ("", "苏州工业园区", {"虎丘区", "吴中区"}),
        ("", "苏州市工业园区", {"虎丘区", "吴中区"}),
        ("苏州市", "工业园区", {"虎丘区", "吴中区"}),
        ("", "苏锡通", {"通州区", "崇川区"}),
        ("", "320571", {"虎丘区", "吴中区"}),
        ("", "南京江北新区", {"浦口区", "六合区"}),
        ("", "锡山市", {"锡山区", "惠山区"}),
    ],
)
def test_what_lies_in_several_counties_is_asked_about(
    words: AreaWords, city: str, county: str, counties: set[str]
) -> None:
    with pytest.raises(SeveralCounties, match=f"“{county}”") as asked:
        words.read(city, county)
    assert {COUNTIES[adcode].name for adcode in asked.value.adcodes} == counties and len(asked.value.adcodes) == 2


@pytest.mark.parametrize(
    "county",
    [
        "高新区",
        "工业园区",
        "320590",
        "没有市",
        "昆山市（常熟）",
        "昆山市(测试)",
        "鼓楼区（苏州）",
        "虎丘区（无锡高新区）",
        "()",
    ],
)
def test_what_is_no_county_is_quoted(words: AreaWords, county: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        words.read("", county)
    assert refused.value.params["value"] == county


@pytest.mark.parametrize(
    ("city", "county"),
    [
        ("", "苏州市本级"),
        ("", "蘇州市直"),
        ("", "苏州市市场监管局"),
        ("苏州", "市直"),
        ("", "320500000000"),
        ("苏州市", ""),
    ],
)
def test_a_whole_city(words: AreaWords, city: str, county: str) -> None:
    assert words.read(city, county, with_more=True) == ("320500", "")


def test_every_name_in_the_tables_leads_to_its_counties(words: AreaWords) -> None:
    for name, adcodes in [
        *((spelling, zone.adcodes) for zone in zones() for spelling in (zone.name, *zone.spellings)),
        *((former.name, former.adcodes) for former in former_names()),
    ]:
        try:
            read = {words.read("", name)[1]}
        except SeveralCounties as asked:
            read = set(asked.adcodes)
        assert read == set(adcodes), name


@pytest.mark.parametrize("text", ["昆山" * 8000, "1e9../" * 3000, "昆山市" + "玉" * 16_000, "Kunshan " * 2000])
def test_a_cell_of_thousands_of_characters_takes_no_time(words: AreaWords, text: str) -> None:
    began = process_time()
    with suppress(InvalidInput):
        words.read("", text, with_more=True)
    assert process_time() - began < 1
