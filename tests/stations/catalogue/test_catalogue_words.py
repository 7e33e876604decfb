"""Services as offices write them in lists: names, codes, and the words of the tables that mean only one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.catalogue.service import list_groups
from stations.catalogue.words import CatalogueWords

pytestmark = pytest.mark.one_database  # the words are data of the code


@pytest.fixture
def words(sample_engine: Engine) -> CatalogueWords:
    with Session(sample_engine) as session:
        groups = list_groups(session)
        return CatalogueWords({one.code: one for group in groups for one in (group, *group.services)}, {})


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("计量检定", ["metrology"]),
        ("强检、校准", ["metrology.calibration", "metrology.compulsory_verification"]),
        ("标准查新", ["standards.lookup"]),
        ("体系认证；CCC认证", ["certification.ccc", "certification.quality_management_system"]),
        ("大型仪器共享", ["testing.instrument_sharing"]),
        # whole groups
        ("计量服务,标准化服务", ["metrology", "standards"]),
        ("检测/认证", ["certification", "testing"]),
        ("质量提升", ["quality_management"]),
        ("计量、标准、检验检测、认证认可", ["certification", "metrology", "standards", "testing"]),
    ],
)
def test_an_office_writes_services_in_its_own_words(words: CatalogueWords, cell: str, codes: list[str]) -> None:
    assert list(words.services(cell).codes) == codes


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("特种设备检验", "特种设备检验检测机构"),
        ("营业执照", "登记机关"),
        ("压力表", "metrology.compulsory_verification"),  # what is done with it is not said
        ("首席质量", "quality_management.chief_quality_officer"),
    ],
)
def test_what_is_no_service_says_what_to_do(words: CatalogueWords, word: str, said: str) -> None:
    ((unknown, problem),) = words.services(word).unknown
    assert unknown == word
    assert said in problem.message.format(**problem.params)
