from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.catalogue import list_groups, matching_services

FIRST_OF = [
    ("校准", "metrology.calibration"),
    ("Calibration", "metrology.calibration"),
    ("压力表", "metrology.compulsory_verification"),
    ("游标卡尺校准", "metrology.calibration"),
    ("calibration certificate", "metrology.calibration"),
    ("团标", "standards.association_standard"),
    ("ccc", "certification.ccc"),
]


@pytest.mark.parametrize(("query", "code"), FIRST_OF)
def test_what_a_firm_types_finds_the_service(reference_engine: Engine, query: str, code: str) -> None:
    with Session(reference_engine) as session:
        assert code in [service.code for service in matching_services(list_groups(session), query)]


def test_a_groups_name_finds_its_services(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        groups = list_groups(session)
        branding = next(group for group in groups if group.code == "branding")
        assert set(matching_services(groups, "brand building")) >= set(branding.services)


@pytest.mark.parametrize("query", ["", "  "])
def test_nothing_typed_finds_everything(reference_engine: Engine, query: str) -> None:
    with Session(reference_engine) as session:
        groups = list_groups(session)
        everything = [service for group in groups for service in group.services]
        assert matching_services(groups, query) == everything


def test_what_no_service_answers_finds_nothing(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        assert matching_services(list_groups(session), "热气球 xyz") == []
