"""What the fields of a record hold, in words."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, select

from portal.registry.record_words import service_changes, value_in_words
from stations.database import reading
from stations.registry.record_state import Offer
from stations.registry.record_terms import Terms
from stations.registry.station import Station

DAY = date(2026, 11, 24)


def test_services_are_told_by_what_ends_and_what_begins(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        terms = Terms.load(session)
    kept, over, new = "testing", "metrology.calibration", "standards.lookup"
    told = service_changes(terms, [Offer(over), Offer(kept)], [Offer(over, until=DAY), Offer(new, DAY), Offer(kept)])
    assert told == "停止：<del>校准</del><br>新增：<ins>标准查询与文本</ins>"


def test_of_many_services_the_first_are_named(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        terms = Terms.load(session)
    codes = [service.code for service in terms.services.values() if service.parent_code][:11]
    told = service_changes(terms, (), [Offer(code) for code in codes])
    assert told.count(" · ") == 7 and told.endswith("等，另有 3 项</ins>")


def test_a_source_that_ships_is_told_in_the_language_of_the_page(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        terms = Terms.load(session)
        source = session.scalars(select(Station.source).where(Station.code == "S-3201-001")).one()
    assert value_in_words(terms, "source", source).startswith("《中国质量报》")
    assert value_in_words(terms, "source", "江苏省某文件") == "江苏省某文件"
