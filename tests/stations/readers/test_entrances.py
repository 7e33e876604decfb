"""The same text means the same wherever it is entered: each entrance gives the same value or the same message.

The entrances of areas and periods are tried in ``test_area_entrances``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import AlertContact, set_contact
from stations.errors import InvalidForm, InvalidInput
from stations.firms.instrument_import import preview_import, read_ledger_sheet
from stations.keeping.station_form import check_station
from stations.notices.address import check_address, read_way
from stations.notices.channel_table import channel_of
from stations.notices.settings import read_notice_settings
from stations.places.coordinates import read_place
from stations.planning.candidate_place import import_places, read_places
from stations.planning.siting_question import read_points
from stations.registry.dated_entries import EntryForm, check_entry
from stations.registry.record_kind import RecordKind
from stations.registry.record_terms import Terms
from stations.requests.filing import Draft, file_request
from stations.requests.notice_way import read_notice_way
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.ledger_factories import begin
from tests.stations.readers.entrances import (
    KUNSHAN,
    LAT,
    Entrance,
    answer,
    by_list_of_figures,
    by_list_of_stations,
    command,
    csv_of,
    in_degrees,
    same_everywhere,
    undone,
)
from tests.stations.registry_factories import PROVINCE, station_form
from tests.stations.request_factories import filled_form, new_credit_code


def by_station_form(field: str, session: Session, text: str) -> str:
    return str(getattr(check_station(replace(station_form(), **{field: text}), Terms.load(session)), field) or "")


def by_request_form(field: str, session: Session, text: str) -> str:
    station = add_station(session, KUNSHAN)
    form = filled_form(station, **({"credit_code": new_credit_code()} | {field: text}))
    return str(getattr(file_request(session, form, Draft(), now=NOW, samples=True), field) or "")


PHONES: dict[str, Entrance] = {
    "form of a station": undone(partial(by_station_form, "phone")),
    "list of stations": undone(partial(by_list_of_stations, "phone")),
    "form of a request": undone(partial(by_request_form, "phone")),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("０２５－８８８８　００００", "025-8888 0000"),
        ("（025）84530001", "(025)84530001"),
        ("025-84530001转8001", "025-84530001转8001"),
        ("+86 138-0000-0000", "+86 138-0000-0000"),
        ("51255550001", "051255550001"),
        ("0512-55550001/02", "0512-55550001、0512-55550002"),
        ("电话：025-84530001（值班）", "025-84530001"),
        ("025-84530001 转 8001", "025-84530001转8001"),
        ("O512-55550001", None),
        ("1380000000、", None),
        ("12315", "12315"),
        ("138 000", None),
        ("请打前台", None),
    ],
)
def test_a_telephone_number(shared_engine: Engine, text: str, value: str | None) -> None:
    same_everywhere(shared_engine, PHONES, text, value)


def test_only_a_firms_own_number_may_lack_its_area_code(shared_engine: Engine) -> None:
    told = {name: answer(entrance, shared_engine, "8888 0000") for name, entrance in PHONES.items()}
    assert told.pop("form of a request") == "read: 8888 0000"
    assert len(set(told.values())) == 1 and "area code" in told["list of stations"]


HOURS: dict[str, Entrance] = {
    "form of a station": undone(partial(by_station_form, "hours")),
    "list of stations": undone(partial(by_list_of_stations, "hours")),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("工作日 9:00-17:00", "Mo-Fr 09:00-17:00; PH off"),
        ("周一至五 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("全天候", "24/7"),
        ("周一至周五 9:00-12:00；下午1:30-5:00", "Mo-Fr 09:00-12:00,13:30-17:00"),
        ("Mo-Fr 9:00-17:00; PH off", "Mo-Fr 09:00-17:00; PH off"),
        ("无", ""),
        ("9：00－17：00（中午不休）", "09:00-17:00"),
        ("9:00-17:00（周一至周五）", "Mo-Fr 09:00-17:00"),
        ("9：00－5：00", None),
        ("请先来电", None),
    ],
)
def test_opening_hours(shared_engine: Engine, text: str, value: str | None) -> None:
    same_everywhere(shared_engine, HOURS, text, value)


def by_alert_contact(engine: Engine, text: str) -> str:
    command(engine, "alert-contact", KUNSHAN, "email", text)
    with Session(engine) as session:
        return session.get(AlertContact, (KUNSHAN, channel_of("email"))).address


def by_mail_setting(_engine: Engine, text: str) -> str:
    return read_notice_settings({"SMTP_URL": "smtp://mail", "SMTP_FROM": text}).ways[channel_of("email")].sender


EMAILS: dict[str, Entrance] = {
    "form of a request": undone(partial(by_request_form, "email")),
    "notices of a request": lambda _engine, text: read_notice_way("email", text)[1],
    "notices of a ledger or subscription": lambda _engine, text: read_way("email", text)[1],
    "notices in general": lambda _engine, text: check_address("address", channel_of("email"), text),
    "office of an area": undone(
        lambda session, text: set_contact(session, KUNSHAN, "email", text, by="x", now=NOW).address
    ),
    "office of an area, by command": by_alert_contact,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<a@b.cn>", "a@b.cn"),
        (" ｗａｎｇ＠example.com", "wang@example.com"),
        ("王小明 <wang@example.com>", "wang@example.com"),
        ("wang.example", None),
        ("a@b", None),
        ("a@b.cn, c@d.cn", None),
        ("<a@b.cn", None),
    ],
)
def test_an_e_mail_address(shared_engine: Engine, text: str, value: str | None) -> None:
    same_everywhere(shared_engine, EMAILS, text, value)
    if value is not None:
        assert by_mail_setting(shared_engine, text)


def by_list_of_places(session: Session, lon: str, lat: str = LAT) -> str:
    content = csv_of(("名称", "经度", "纬度"), ("示例园区", lon, lat))
    try:
        (place,) = import_places(session, PROVINCE, read_places(content), source="测试", crs="wgs84", now=NOW)
    except InvalidForm as form:
        (problem,) = form.problems
        raise problem from None
    return in_degrees((place.lon, place.lat))


def by_nearest(engine: Engine, lon: str, lat: str, value: str) -> str:
    """Return ``value`` if the command finds the same stations as from that place, with distances within 1.5 m."""
    found = command(engine, "nearest", lon, lat, "--as-of", TODAY.isoformat())
    there = command(engine, "nearest", *value.split(", "), "--as-of", TODAY.isoformat())
    assert found and [one["code"] for one in found] == [one["code"] for one in there]
    assert [one["distance_m"] for one in found] == pytest.approx([one["distance_m"] for one in there], rel=0, abs=1.5)
    return value


def by_point(engine: Engine, text: str) -> str:
    (point,) = read_points([text])
    return in_degrees(point)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120.9807", "120.98070"),
        ("120°58′50.5″", "120.98069"),
        ("东经120度58分50.5秒", "120.98069"),
        ("E120 58 50.5", "120.98069"),
        ("１２０.９８０７", "120.98070"),
        ("1.209807e2", "120.98070"),
        ("120°61′", None),
        ("西经120", None),
        ("east", None),
        ("200", None),
        ("nan", None),
        ("40512345.5", None),
    ],
)
def test_a_longitude(shared_engine: Engine, text: str, value: str | None) -> None:
    place = value and f"{value}, {float(LAT):.5f}"
    entrances = {
        "list of stations": undone(partial(by_list_of_stations, "lon", 纬度=LAT)),
        "list of places": undone(by_list_of_places),
        "command nearest": lambda engine, text: by_nearest(engine, text, LAT, place or "0, 0"),
        "one text": lambda engine, text: by_point(engine, f"{text}, {LAT}"),
    }
    if value is None and text in ("120°61′", "西经120", "east"):
        del entrances["one text"]  # quotes both numbers
    same_everywhere(shared_engine, entrances, text, place)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120.9807, 31.3856", "120.98070, 31.38560"),
        ("31.3856，120.9807", "120.98070, 31.38560"),
        ("东经120.9807 北纬31.3856", "120.98070, 31.38560"),
        ("120°58′50.5″ 31°23′8″", "120.98069, 31.38556"),
        ("120.9807", None),
        ("120.98, 31.39, 4", None),
    ],
)
def test_longitude_and_latitude_in_one_text(shared_engine: Engine, text: str, value: str | None) -> None:
    entrances = {
        "list of stations": undone(partial(by_list_of_stations, "place")),
        "points of siting": by_point,
    }
    same_everywhere(shared_engine, entrances, text, value)


def test_numbers_in_the_other_order_are_put_right(shared_engine: Engine) -> None:
    right = "120.98070, 31.38560"
    entrances = {
        "list of stations": undone(partial(by_list_of_stations, "lon", 纬度="120.9807")),
        "list of places": undone(lambda session, text: by_list_of_places(session, text, "120.9807")),
        "command nearest": lambda engine, text: by_nearest(engine, text, "120.9807", right),
    }
    same_everywhere(shared_engine, entrances, "31.3856", right)


@pytest.mark.parametrize(
    ("text", "crs"), [("GCJ-02", "gcj02"), ("高德地图", "gcj02"), (" bd09 ", "bd09"), ("wgs72", None)]
)
def test_a_coordinate_system(shared_engine: Engine, text: str, crs: str | None) -> None:
    place = crs and in_degrees(read_place(120.9807, 31.3856, crs))

    def by_command(engine: Engine, text: str) -> str:
        at = ("nearest", "--as-of", TODAY.isoformat())
        found = command(engine, *at, "120.9807", LAT, "--crs", text)
        exact = [f"{value!r}" for value in read_place(120.9807, 31.3856, crs)]
        assert found == command(engine, *at, *exact)
        return place

    entrances = {
        "list of stations": undone(
            lambda session, text: by_list_of_stations("坐标系", session, text, 经度="120.9807", 纬度=LAT)
            if crs is None
            else by_list_of_stations("lon", session, "120.9807", 纬度=LAT, 坐标系=text)
        ),
        "command nearest": by_command,
    }
    same_everywhere(shared_engine, entrances, text, place)


def by_instruments(session: Session, text: str) -> str:
    ledger = begin(session).ledger
    heads, cells = ("器具名称", "出厂编号", "检定周期（月）", "上次检定日期"), ("压力表", "1", "12", text)
    (row,) = preview_import(session, ledger, read_ledger_sheet(csv_of(heads, cells)), today=TODAY).rows
    for problem in row.problems:
        raise InvalidInput(problem.column, problem.message, **problem.params)
    return row.values["last_verified"].isoformat()


def by_entry(session: Session, text: str) -> str:
    return str(check_entry(RecordKind.STATION, EntryForm("active", dated=text), TODAY).dated)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-3-5", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("２０２４／０３／０５", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("45356", "2024-03-05"),
        ("2024-W10-2", "2024-03-05"),
        ("2024-02-30", None),
        ("2024-00", None),
        ("2024-03-00", None),
        ("next year", None),
    ],
)
def test_a_day(shared_engine: Engine, text: str, day: str | None) -> None:
    entrances = {
        "history of a record": undone(by_entry),
        "list of stations": undone(partial(by_list_of_stations, "启用日期")),
        "sheet of instruments": undone(by_instruments),
        "command --as-of": lambda engine, text: command(engine, "coverage", "--as-of", text)["as_of"],
    }
    same_everywhere(shared_engine, entrances, text, day)


@pytest.mark.parametrize(("text", "month"), [("2024-03", "2024-03"), ("2024年3月", "2024-03"), ("2024", "2024")])
def test_a_date_known_less_exactly(shared_engine: Engine, text: str, month: str) -> None:
    entrances = {
        "history of a record": undone(by_entry),
        "list of stations": undone(partial(by_list_of_stations, "启用日期")),
    }
    same_everywhere(shared_engine, entrances, text, month)
    days = {
        "sheet of instruments": undone(by_instruments),
        "command --as-of": lambda engine, text: command(engine, "coverage", "--as-of", text)["as_of"],
    }
    same_everywhere(shared_engine, days, text, None)


@pytest.mark.parametrize(("text", "amount"), [("1,234.5", 1234.5), ("１２３", 123.0), ("-1", None), ("12人", None)])
def test_an_amount(shared_engine: Engine, text: str, amount: float | None) -> None:
    def by_cost(session: Session, text: str) -> float:
        content = csv_of(("名称", "经度", "纬度", "成本"), ("示例园区", "120.9807", LAT, text))
        try:
            (place,) = import_places(session, PROVINCE, read_places(content), source="测试", crs="wgs84", now=NOW)
        except InvalidForm as form:
            raise form.problems[0] from None
        return place.cost

    entrances = {
        "list of figures": undone(lambda session, text: by_list_of_figures(session, "昆山市", text)[KUNSHAN]),
        "list of places": undone(by_cost),
    }
    same_everywhere(shared_engine, entrances, text, None if amount is None else str(amount))
