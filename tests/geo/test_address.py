"""Addresses as firms write them, read down to county and town."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.address import read_address
from geo.counties import county_layer
from geo.gazetteer import former_names, towns
from geo.zones import zones

COUNTIES = {county.adcode: county for county in county_layer().counties}

READ = [
    ("昆山市玉山镇前进中路1号", "昆山市", "玉山镇"),
    ("江苏省苏州市昆山市玉山镇前进中路１号", "昆山市", "玉山镇"),
    ("中国江苏昆山 花桥", "昆山市", "花桥镇"),
    ("蘇州市吳中區木瀆鎮", "吴中区", "木渎镇"),
    ("吴江市松陵镇", "吴江区", "松陵街道"),
    ("通州市金沙镇", "通州区", "金沙街道"),
    ("江都市仙女镇", "江都区", "仙女镇"),
    ("淮阴市清河区", "清江浦区", None),
    ("海安县", "海安市", None),
    ("武进县湖塘镇", "武进区", "湖塘镇"),
    ("南京鼓楼区", "鼓楼区", None),
    ("昆山市南京路100号", "昆山市", None),
    ("南京市江宁区苏州路", "江宁区", None),
    ("淮安市淮安区", "淮安区", None),
    ("南通市昆山市", "昆山市", None),
    ("苏州高新区浒墅关", "虎丘区", "浒墅关镇"),
    ("南京江北新区葛塘街道", "六合区", "葛塘街道"),
    ("丰县", "丰县", None),
    ("洋河新区洋河中大街", "宿城区", None),
    ("如东县洋口港", "如东县", None),
    ("如东县洋口港经济开发区综合商务大厦", "如东县", None),
    ("如东县洋口镇", "如东县", "洋口镇"),
    ("启东市吕四港", "启东市", "吕四港镇"),
    ("320583", "昆山市", None),
    ("３２０５８３", "昆山市", None),
    ("320585103", "太仓市", "浮桥镇"),
    ("320585103000", "太仓市", "浮桥镇"),
    ("Kunshan, Suzhou", "昆山市", None),
    ("kunshan city", "昆山市", None),
    ("No. 1 Suzhou Road, Hai’an, Nantong, Jiangsu", "海安市", None),
    ("No. 1 Suzhou Middle Road, Jiangyin, Wuxi", "江阴市", None),
    ("Huai'an District, Huai'an", "淮安区", None),
    ("Gulou District, Xuzhou", "鼓楼区", None),
    ("Pei County", "沛县", None),
    ("Fuqiao Town, Taicang, Suzhou", "太仓市", "浮桥镇"),
]


@pytest.mark.parametrize(("text", "county", "town"), READ)
def test_it_is_read_down_to_county_and_town(text: str, county: str, town: str | None) -> None:
    place = read_address(text).place
    assert place is not None
    assert place.county.name == county
    assert (place.town.name if place.town else None) == town


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("鼓楼区中山北路", ["南京市", "徐州市"]),
        ("泰山街道", ["南京市", "徐州市"]),
        ("锡山市", ["无锡市", "无锡市"]),
        ("吴县市", ["苏州市", "苏州市"]),
    ],
)
def test_what_may_be_several_is_given_to_choose_from(text: str, cities: list[str]) -> None:
    reading = read_address(text)
    assert reading.place is None
    assert [place.county.city for place in reading.places] == cities
    assert reading.city is None or len(set(cities)) == 1


@pytest.mark.parametrize(
    ("text", "city", "county"),
    [
        ("宿迁市洪泽湖路156号", "宿迁市", None),
        ("宿迁洪泽湖东路9号", "宿迁市", None),
        ("宿迁市宿城区洪泽湖西路1号", "宿迁市", "宿城区"),
        ("扬州市高邮湖路2号", "扬州市", None),
        ("扬州市江都南路1号", "扬州市", None),
        ("镇江市扬中路1号", "镇江市", None),
        ("南京市丹阳门1号", "南京市", None),
        ("徐州市云龙湖风景区1号", "徐州市", None),
        ("徐州市沛县路1号", "徐州市", None),
        ("徐州市沛县东街1号", "徐州市", "沛县"),
        ("无锡市惠山古镇", "无锡市", "梁溪区"),
        ("南京市徐州大厦3楼", "南京市", None),
        ("苏州市无锡商会", "苏州市", None),
        ("无锡市滨湖区高浪路1号江阴商会大厦", "无锡市", "滨湖区"),
        ("靖江市江阴经济开发区靖江园区五星村1号", "泰州市", "靖江市"),
        ("张家港市东海粮油工业园1号", "苏州市", "张家港市"),
        ("盐城市滨海县东坎街道1号", "盐城市", "滨海县"),
        ("滨海县经济开发区", "盐城市", "滨海县"),
        ("苏州吴江盛泽镇舜湖西路1号", "苏州市", "吴江区"),
        ("江苏吴江经济技术开发区运东大道1号", "苏州市", "吴江区"),
        ("昆山开发区朝阳东路1号", "苏州市", "昆山市"),
        ("南京银行无锡分行", "无锡市", None),
        ("苏州大学常熟分校", "苏州市", "常熟市"),
        ("南京鼓楼医院集团宿迁医院", "宿迁市", None),
        ("南京鼓楼医院", "南京市", "鼓楼区"),
        ("扬州大学附属医院", "扬州市", None),
    ],
)
def test_a_short_name_within_another_word_does_not_outweigh_what_is_stated(
    text: str, city: str, county: str | None
) -> None:
    reading = read_address(text)
    assert {place.county.city for place in reading.places} == {city}
    if county is None:
        assert reading.city is not None and reading.place is None
    else:
        assert reading.place is not None and reading.place.county.name == county


@pytest.mark.parametrize(
    ("text", "city", "county"),
    [
        ("太仓市城厢镇华源上海城1幢", "苏州市", "太仓市"),
        ("姜堰区文昌丽都1号楼", "泰州市", "姜堰区"),
        ("丹徒辛丰镇黄墟冷遹路1号", "镇江市", "丹徒区"),
        ("连云港市东海路5号", "连云港市", None),
        ("连云港市海州区东海东路", "连云港市", "海州区"),
        ("淮安市清江浦区淮海东路1号", "淮安市", "清江浦区"),
        ("徐州市经济技术开发区金水路1号", "徐州市", None),
        ("南京经济技术开发区新港大道1号", "南京市", "栖霞区"),
        ("张家港保税区北京路1号", "苏州市", "张家港市"),
        ("江苏省张家港市保税区上海路8号", "苏州市", "张家港市"),
        ("江苏省南京市玄武区北京东路71号", "南京市", "玄武区"),
        ("泰州市海陵区姜堰东路1号", "泰州市", "海陵区"),
        ("无锡市锡山经济技术开发区芙蓉中三路1号", "无锡市", "锡山区"),
        ("邳州市运河镇建设北路1号", "徐州市", "邳州市"),
        ("沭阳县沭城镇上海中路1号", "宿迁市", "沭阳县"),
        ("启东市汇龙镇公园中路1号", "南通市", "启东市"),
        ("海安市海安镇中坝南路1号", "南通市", "海安市"),
        ("江苏省南通市海安县城东镇1号", "南通市", "海安市"),
        ("徐州市鼓楼区", "徐州市", "鼓楼区"),
        ("江苏大学镇江校区", "镇江市", None),
    ],
)
def test_addresses_of_real_streets(text: str, city: str, county: str | None) -> None:
    reading = read_address(text)
    assert {place.county.city for place in reading.places} == {city}
    assert (reading.place.county.name if reading.place else None) == county


def test_a_lakes_street_alone_names_no_county() -> None:
    assert read_address("洪泽湖路156号").places == ()


@pytest.mark.parametrize(
    ("text", "counties"),
    [
        ("苏州工业园区星湖街1号", ["虎丘区", "吴中区"]),
        ("苏州市工业园区星湖街1号", ["虎丘区", "吴中区"]),
        ("江苏省苏州市工业园区青澄路8号", ["虎丘区", "吴中区"]),
        ("苏州市高新区科技城示例路1号", ["虎丘区"]),
        ("苏州国家高新技术产业开发区", ["虎丘区"]),
        ("无锡市新区长江路1号", ["新吴区"]),
        ("常州市高新区新北软件园", ["新北区"]),
        ("常州市武进国家高新区人民东路1号", ["武进区"]),
        ("泰州市医药高新区口泰路1号", ["高港区"]),
        ("南京市江北新区研创园1号", ["浦口区", "六合区"]),
        ("淮安市经济技术开发区迎宾大道1号", ["清江浦区"]),
        ("南通市滨海园区黄海路1号", ["通州区"]),
        ("南通市通州湾示范区滨海园区1号", ["通州区"]),
    ],
)
def test_a_zone_leads_to_the_counties_it_lies_in(text: str, counties: list[str]) -> None:
    assert [place.county.name for place in read_address(text).places] == counties


@pytest.mark.parametrize("zone", zones(), ids=lambda zone: zone.name)
def test_every_zone_is_read_in_each_spelling(zone: object) -> None:
    assert zone.basis and set(zone.adcodes) <= set(COUNTIES)
    assert {COUNTIES[adcode].city for adcode in zone.adcodes} == {zone.city}
    for spelling in (zone.name, *zone.spellings):
        places = read_address(f"江苏省{spelling}示例路1号").places
        assert {place.county.adcode for place in places} == set(zone.adcodes), spelling


@pytest.mark.parametrize(
    ("text", "contradicts"),
    [
        ("江苏省常熟市海虞北路1号", True),
        ("江苏省盐城市滨海县东坎街道2号", True),
        ("上海市嘉定区安亭镇3号", True),
        ("南京市徐州大厦3楼", True),
        ("昆山市玉山镇前进中路1号", False),
        ("苏州市人民路1号", False),
        ("花桥镇示例路1号", False),
        ("示例路1号", False),
        ("常熟路5号", False),
    ],
)
def test_an_address_contradicts_a_county_that_it_does_not_point_to(text: str, contradicts: bool) -> None:
    assert read_address(text).contradicts("320583") is contradicts


def test_a_city_alone_gives_its_counties() -> None:
    for text in ("苏州", "江苏省苏州市", "苏州市人民路"):
        reading = read_address(text)
        assert reading.city.name == "苏州市"
        assert len(reading.places) == 9


@pytest.mark.parametrize("text", ["", "  ", "南京路", "平江路8号", "高新区", "xyz", "江苏省", "🏭", "\0"])
def test_what_names_no_place_is_not_understood(text: str) -> None:
    assert read_address(text).places == ()


@pytest.mark.parametrize("text", ["江都村", "大丰村3组", "江阴新村8号", "海安社区居委会"])
def test_a_village_with_the_name_of_a_county_names_no_county(text: str) -> None:
    assert read_address(text).places == ()
    (place,) = read_address(f"泰兴市{text}").places
    assert place.county.name == "泰兴市"


@pytest.mark.parametrize(("text", "province"), [("北京市通州区", "北京"), ("山东省临沂市", "山东"), ("上海", "上海")])
def test_another_province_is_told(text: str, province: str) -> None:
    reading = read_address(text)
    assert (reading.places, reading.elsewhere) == ((), province)


@pytest.mark.parametrize("county", COUNTIES.values(), ids=lambda county: county.adcode)
def test_every_county_is_read_in_full_and_short(county: object) -> None:
    short = county.name[:-1] if len(county.name) > 2 else county.name
    for text in (f"江苏省{county.city}{county.name}", f"{county.city[:-1]}{county.name}", f"{county.city}{short}"):
        places = read_address(text).places
        assert county in [place.county for place in places], text
        if text.endswith(county.name):
            assert len(places) == 1, text


@given(st.sampled_from(towns()))
def test_every_town_is_read_after_its_county(town: object) -> None:
    county = COUNTIES[town.adcode]
    place = read_address(f"{county.city}{county.name}{town.name}人民路 8 号").place
    assert place is not None
    assert (place.county, place.town) == (county, town)


@given(st.sampled_from(former_names()))
def test_every_former_name_leads_to_what_lies_there_now(former: object) -> None:
    places = read_address(f"江苏省{former.name}").places
    assert {place.county.adcode for place in places} == set(former.adcodes)


@pytest.mark.parametrize(
    ("text", "city"), [("320500", "苏州市"), ("Suzhou", "苏州市"), ("Huai'an", "淮安市"), ("320571", None)]
)
def test_a_city_or_a_zone_by_code_or_in_english(text: str, city: str | None) -> None:
    reading = read_address(text)
    assert len(reading.places) > 1 and (reading.city.name if reading.city else None) == city


@pytest.mark.parametrize("text", ["320599", "999999", "12345678", "Kunshan Road", "nowhere", "Suzhouish", "05125555"])
def test_no_place_in_a_number_or_a_street(text: str) -> None:
    assert read_address(text).places == ()


@pytest.mark.parametrize("county", COUNTIES.values(), ids=lambda county: county.adcode)
def test_every_county_is_read_by_code_and_in_english(county: object) -> None:
    for text in (county.adcode, f"{county.name_en}, {county.city_en}"):
        assert [place.county for place in read_address(text).places] == [county], text


@given(st.text(max_size=40))
def test_anything_can_be_typed(text: str) -> None:
    reading = read_address(text)
    assert all(place.county in COUNTIES.values() for place in reading.places)


def test_the_tables_agree_with_the_county_layer() -> None:
    assert len(towns()) == 1237
    assert {town.adcode for town in towns()} == set(COUNTIES)
    assert all(set(former.adcodes) <= set(COUNTIES) for former in former_names())


def test_every_town_has_an_english_name() -> None:
    names = {town.code: town.name_en for town in towns()}
    assert names["320583100"] == "Yushan Town"
    assert all(name.isascii() for name in names.values())
