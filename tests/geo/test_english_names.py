import pytest

from geo.counties import county_layer
from geo.english_names import english_city_name, english_county_name
from geo.province import read_province

CORRECTIONS = read_province("320000").tables["build"]["english_names"]


@pytest.mark.parametrize(
    ("adcode", "name", "pinyin", "kind", "english"),
    [
        ("320102", "玄武区", "Xuanwuqu", "district", "Xuanwu District"),
        ("320583", "昆山市", "Kunshanshi", "county_level_city", "Kunshan City"),
        ("320321", "丰县", "Fengxian", "county", "Feng County"),
        ("320116", "六合区", "Liuhequ", "district", "Luhe District"),
        ("320903", "盐都区", "Yandouqu", "district", "Yandu District"),
        ("320685", "海安市", "Haianshi", "county_level_city", "Hai'an City"),
        ("320803", "淮安区", "Huaianqu", "district", "Huai'an District"),
    ],
)
def test_county_names(adcode, name, pinyin, kind, english):
    assert english_county_name(adcode, name, pinyin, kind, CORRECTIONS) == english


def test_city_names():
    assert english_city_name("320100", "Nanjing", CORRECTIONS) == "Nanjing"
    assert english_city_name("320800", "Huaian", CORRECTIONS) == "Huai'an"


def test_a_name_that_is_not_of_its_kind_is_refused():
    with pytest.raises(ValueError, match="320583 昆山市"):
        english_county_name("320583", "昆山市", "Kunshanshi", "district", {})


def test_the_names_that_mislead_stand_right_in_the_table():
    names = {county.name: county.name_en for county in county_layer().counties}
    expected = {
        "六合区": "Luhe District",
        "溧水区": "Lishui District",
        "栖霞区": "Qixia District",
        "睢宁县": "Suining County",
        "邳州市": "Pizhou City",
        "相城区": "Xiangcheng District",
        "如皋市": "Rugao City",
        "赣榆区": "Ganyu District",
        "涟水县": "Lianshui County",
        "盱眙县": "Xuyi County",
        "盐都区": "Yandu District",
        "射阳县": "Sheyang County",
        "邗江区": "Hanjiang District",
        "江都区": "Jiangdu District",
        "句容市": "Jurong City",
        "姜堰区": "Jiangyan District",
        "宿豫区": "Suyu District",
        "沭阳县": "Shuyang County",
        "泗洪县": "Sihong County",
    }
    assert {name: names[name] for name in expected} == expected
