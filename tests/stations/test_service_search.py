from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.catalogue import list_groups
from stations.service_search import ServiceIndex

FIRST_OF = [
    ("校准", "metrology.calibration"),
    ("Calibration", "metrology.calibration"),
    ("压力表", "metrology.compulsory_verification"),
    ("游标卡尺校准", "metrology.calibration"),
    ("calibration certificate", "metrology.calibration"),
    ("团标", "standards.association_standard"),
    ("ccc", "certification.ccc"),
]


@pytest.fixture
def index(reference_engine: Engine) -> ServiceIndex:
    with Session(reference_engine) as session:
        return ServiceIndex(list_groups(session))


@pytest.mark.parametrize(("query", "code"), FIRST_OF)
def test_what_a_firm_types_finds_the_service(index: ServiceIndex, query: str, code: str) -> None:
    assert index.search(query)[0].service.code == code


@pytest.mark.parametrize("query", ["", "  ", "。，！"])
def test_without_a_word_nothing_is_found(index: ServiceIndex, query: str) -> None:
    assert index.search(query) == []


def test_what_no_service_answers_finds_nothing(index: ServiceIndex) -> None:
    assert index.search("热气球 xyz") == []
