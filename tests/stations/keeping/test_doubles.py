"""Possible doubles: found by name, telephone line and place; a pair marked as distinct is not listed again."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from geo.distance import great_circle_m
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, NotAllowed
from stations.keeping.doubles import (
    DoubleReason,
    Lookalike,
    doubles_of,
    find_doubles,
    lookalikes,
    mark_as_two,
    open_doubles,
)
from stations.registry.record_kind import RecordKind
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.registry_factories import (
    CITY,
    COUNTY,
    IN_KUNSHAN,
    KUNSHAN,
    PROVINCE,
    added_station,
)
from tests.stations.request_factories import actor_with

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE


LINE = "0512-5550 0001"


def one(code: str, name: str = "花桥质量小站", **changes: object) -> Lookalike:
    given = {
        "phone": None,
        "lon": None,
        "lat": None,
        "city_adcode": "320500",
        "county_adcode": KUNSHAN,
        "city": "苏州市",
        "county": "昆山市",
        "sample": False,
    }
    return Lookalike(code=code, name=name, **given | changes)


def reasons(*records: Lookalike) -> dict[tuple[str, str], set[DoubleReason]]:
    return {(double.code, double.other): set(double.reasons) for double in find_doubles(records)}


def test_the_same_name_in_other_words_is_found() -> None:
    found = reasons(one("A", "昆山市花桥质量小站"), one("B", "江苏昆山花桥质量驿站"), one("C", "昆山巴城质量小站"))
    assert found == {("A", "B"): {DoubleReason.NAME}}


def test_the_same_name_in_another_county_is_another_station() -> None:
    elsewhere = {"county_adcode": "320581", "county": "常熟市"}
    assert reasons(one("A", "高新区质量小站"), one("B", "高新区质量小站", **elsewhere)) == {}
    unknown = {"county_adcode": None, "county": None}
    assert reasons(one("A", "高新区质量小站"), one("B", "高新区质量小站", **unknown)) == {
        ("A", "B"): {DoubleReason.NAME}
    }


def test_the_same_line_and_the_same_place_are_found_whatever_the_name() -> None:
    found = reasons(
        one("A", "花桥", phone="0512-5550 0001", lon=120.98, lat=31.38),
        one("B", "巴城", phone="(0512)55500001", lon=120.9815, lat=31.38),
        one("C", "张浦", lon=120.9816, lat=31.38),
        one("D", "周庄", lon=120.9834, lat=31.38),
    )
    assert found == {("A", "B"): {DoubleReason.PHONE, DoubleReason.PLACE}, ("B", "C"): {DoubleReason.PLACE}} | (
        {("A", "C"): {DoubleReason.PLACE}} if great_circle_m(120.98, 31.38, 120.9816, 31.38) <= 150 else {}
    )


def test_more_reasons_score_higher_and_come_first() -> None:
    doubles = find_doubles(
        [one("A", phone=LINE), one("B", phone=LINE), one("C", "巴城", phone=LINE), one("D", "巴城")]
    )
    assert [(double.code, double.other) for double in doubles] == [("A", "B"), ("C", "D"), ("A", "C"), ("B", "C")]
    assert doubles[0].score == pytest.approx(1 - 0.3 * 0.4) and doubles[1].score == pytest.approx(0.7)


@pytest.mark.parametrize("shared", ["12315", "12345", "96516", "400-800-1234", "800 820 8820"])
def test_a_number_for_everybody_is_no_sign_of_a_double(shared: str) -> None:
    assert reasons(one("A", "花桥", phone=shared), one("B", "巴城", phone=shared)) == {}


def test_a_line_that_several_counties_share_is_no_sign_of_a_double() -> None:
    elsewhere = one("C", "虞山", phone=LINE, county_adcode="320581", county="常熟市")
    here = one("A", "花桥", phone=LINE), one("B", "巴城", phone=LINE)
    assert reasons(*here) == {("A", "B"): {DoubleReason.PHONE}}
    assert reasons(here[0], elsewhere) == reasons(*here, elsewhere) == {}
    unknown = one("D", "张浦", phone=LINE, county_adcode=None, county=None)
    assert reasons(here[0], unknown) == {("A", "D"): {DoubleReason.PHONE}}


def test_an_invented_record_is_no_double_of_a_documented_one() -> None:
    assert reasons(one("A"), one("B", sample=True)) == {}


def test_only_pairs_asked_for_are_given() -> None:
    doubles = find_doubles([one("A"), one("B"), one("C")], among={"C"})
    assert [(double.code, double.other) for double in doubles] == [("A", "C"), ("B", "C")]


NAMES = st.sampled_from(["花桥", "花桥商务城", "巴城", "花桥1号", "花桥2号", "智能制造产业园", "智能制造园"])


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            NAMES,
            st.sampled_from([None, "12315", "0512-55500001", "0512 5550 0001"]),
            st.sampled_from([None, 120.98, 120.981, 120.99]),
            st.sampled_from([KUNSHAN, "320581", None]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_blocking_finds_what_comparing_every_pair_finds(rows: list[tuple]) -> None:
    records = [
        one(
            f"R{number:02d}",
            name,
            phone=phone,
            lon=lon,
            lat=None if lon is None else 31.38,
            county_adcode=county,
            county={KUNSHAN: "昆山市", "320581": "常熟市", None: None}[county],
            sample=sample,
        )
        for number, (name, phone, lon, county, sample) in enumerate(rows)
    ]
    by_pair = {
        (double.code, double.other)
        for first in range(len(records))
        for second in range(first + 1, len(records))
        for double in find_doubles([records[first], records[second]])
    }
    found = {(double.code, double.other): double for double in find_doubles(records)}
    assert set(found) <= by_pair
    # Of many records at one point only the first is compared with its neighbours by place.
    heads: dict[tuple, str] = {}
    for record in records:
        heads.setdefault((record.sample, record.lon), record.code)
    for pair in by_pair - set(found):
        behind = [record for record in records if record.code in pair]
        (missing,) = find_doubles(behind)
        if DoubleReason.PHONE in missing.reasons:  # beyond the pair, another county shares the line
            alike = [record for record in records if record.phone and record.sample is behind[0].sample]
            assert len({record.county_adcode for record in alike}) > 1
        if DoubleReason.PLACE in missing.reasons:
            assert any(heads[record.sample, record.lon] != record.code for record in behind)
        assert DoubleReason.NAME not in missing.reasons


def test_ten_thousand_stations_are_compared_without_comparing_all_pairs() -> None:
    chance = Random(1)
    records = [
        one(
            f"R{number:05d}",
            f"{chance.choice('花巴张周锦淀陆千')}{chance.choice('桥城浦庄溪山家灯')}{number}站",
            county_adcode=f"3205{number % 90:02d}",
            phone=f"0512-{55500000 + number}",
            lon=chance.uniform(116.5, 121.9),
            lat=chance.uniform(31, 35),
        )
        for number in range(10_000)
    ]
    records += [one("TWIN", records[77].name, county_adcode=records[77].county_adcode, phone="0512-55500077")]
    first = find_doubles(records)[0]
    assert (first.code, first.other) == ("R00077", "TWIN")


def test_doubles_are_found_in_the_registry_and_for_one_that_is_entered(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first = added_station(session)
        second = added_station(session, name="昆山市高新技术产业开发区质量驿站", phone="", lon=None, lat=None)
        add_station(session, "320102")
    with reading(reference_engine) as session:
        (double,) = [
            double for double in find_doubles(lookalikes(session, STATION, samples=True)) if double.code == first.code
        ]
        assert (double.other, double.reasons, double.metres) == (second.code, (DoubleReason.NAME,), None)
        entered = one("", "花桥质量小站", lon=IN_KUNSHAN[0] + 0.0005, lat=IN_KUNSHAN[1])
        (near,) = doubles_of(session, entered, STATION)
        assert near.other == first.code and near.reasons == (DoubleReason.PLACE,) and near.metres < 60


def test_two_that_were_found_to_be_two_are_not_listed_again(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first, second = added_station(session), added_station(session)
        doubles = find_doubles(lookalikes(session, STATION, samples=True), {first.code})
        for actor in (PROVINCE, CITY, COUNTY):
            assert len(open_doubles(session, actor, STATION, doubles, samples=True)) == 1
        elsewhere = actor_with(Role.COUNTY, AreaKind.COUNTY, "320581")
        assert open_doubles(session, elsewhere, STATION, doubles, samples=True) == []
        mark_as_two(session, PROVINCE, STATION, second.code, first.code, reason="两个窗口", now=NOW)
        assert open_doubles(session, PROVINCE, STATION, doubles, samples=True) == []
        with pytest.raises(Conflict):
            mark_as_two(session, PROVINCE, STATION, first.code, second.code, reason="", now=NOW)
        with pytest.raises(NotAllowed):
            mark_as_two(session, COUNTY, STATION, first.code, second.code, reason="", now=NOW)
