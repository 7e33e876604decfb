"""Services as offices write them in lists: names, codes, and the words of the tables that mean only one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.catalogue import query_spelling
from stations.catalogue.service import list_entries, list_groups
from stations.catalogue.words import CatalogueWords, service_code, service_codes
from stations.errors import InvalidInput

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


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        # a bracket belongs to the word before it
        ("计量（检定、校准）、标准", ["metrology", "standards"]),
        ("计量【检定/校准】；标准", ["metrology", "standards"]),
        ("认证（ISO9001、ISO14001）", ["certification"]),
        ("其他（强检、校准）", ["metrology.calibration", "metrology.compulsory_verification"]),
        # the numbers of a list
        ("①计量②标准", ["metrology", "standards"]),
        ("⑴计量⑵标准", ["metrology", "standards"]),
        ("（一）计量（二）标准", ["metrology", "standards"]),
        ("一、计量 二、标准", ["metrology", "standards"]),
        ("1.计量2.标准3、检测", ["metrology", "standards", "testing"]),
        # several without a separator of lists
        ("强检和校准", ["metrology.calibration", "metrology.compulsory_verification"]),
        ("计量及标准", ["metrology", "standards"]),
        ("计量+标准", ["metrology", "standards"]),
        ("计量·标准", ["metrology", "standards"]),
        ("检验检测认证", ["certification", "testing"]),
        ("检验检测认证认可服务", ["certification", "testing"]),
        # what follows the last
        ("计量、检测等", ["metrology", "testing"]),
        ("计量、检测，等", ["metrology", "testing"]),
        ("计量、检测等服务", ["metrology", "testing"]),
        ("计量、标准化服务等一站式服务", ["metrology", "standards"]),
        # marks that are part of a name or a number
        ("首台（套）；GB/T 19001", ["certification.quality_management_system", "testing.first_set_assessment"]),
        ("环境、职业健康安全等管理体系认证、计量", ["certification.other_management_systems", "metrology"]),
    ],
)
def test_a_cell_is_parted_as_offices_write_it(words: CatalogueWords, cell: str, codes: list[str]) -> None:
    named = words.services(cell)
    assert (list(named.codes), named.unknown) == (codes, ())


@pytest.mark.parametrize("word", ["全部", "一站式服务", "（开会）", "喝茶和标准"])
def test_what_means_nothing_is_quoted_as_written_without_a_guess(words: CatalogueWords, word: str) -> None:
    ((unknown, problem),) = words.services(word).unknown
    assert (unknown, problem.params) == (word, {"word": word})


def test_a_word_between_marks_is_quoted_without_them(words: CatalogueWords) -> None:
    assert [word for word, _problem in words.services("①开会②标准").unknown] == ["开会"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("卡尺校准", "metrology.calibration"),
        ("ISO9001认证多少钱", "certification.quality_management_system"),
        ("缺陷产品召回", "召回技术机构"),
        ("metrology.x", "“metrology.x” is not in the service catalogue"),
    ],
)
def test_a_service_asked_for_by_no_name_says_what_the_search_knows(
    sample_engine: Engine, written: str, said: str
) -> None:
    with Session(sample_engine) as session, pytest.raises(InvalidInput) as refused:
        service_codes(session, [written])
    assert refused.value.field == "service"
    assert said in refused.value.message.format(**refused.value.params)


def test_services_are_asked_for_by_code_or_name(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        assert service_codes(session, ["testing.food_testing", "校准"]) == (
            "testing.food_testing",
            "metrology.calibration",
        )


@pytest.mark.parametrize(("text", "number"), [("校准、强检", 2), ("", 0)])
def test_where_one_service_is_asked_for_several_are_refused(sample_engine: Engine, text: str, number: int) -> None:
    with Session(sample_engine) as session:
        assert service_code(session, "校准") == "metrology.calibration"
        with pytest.raises(InvalidInput) as refused:
            service_code(session, text)
    assert refused.value.params == {"text": text, "number": number}


CORE = {"metrology", "standards", "testing", "certification", "quality_management"}


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("全部五项", CORE),
        ("五项服务", CORE),
        ("五大类服务", CORE),
        ("五位一体", CORE),
        ("计量等五项服务", CORE),
        ("NQI四要素", CORE - {"quality_management"}),
        ("计量、标准等四项", CORE - {"quality_management"}),
        ("七项服务", CORE | {"intellectual_property", "branding"}),
        ("八大服务", CORE | {"intellectual_property", "branding", "quality_finance"}),
        ("全部计量服务", {"metrology"}),
        ("五大工具", {"quality_management.quality_improvement"}),
    ],
)
def test_services_that_are_counted(words: CatalogueWords, cell: str, codes: set[str]) -> None:
    named = words.services(cell)
    assert (set(named.codes), named.unknown) == (codes, ())


@pytest.mark.parametrize("cell", ["全部服务", "以上全部", "所有服务", "全部", "一站式服务", "各项服务", "均可提供"])
def test_all_services_without_saying_which_are_asked_about(words: CatalogueWords, cell: str) -> None:
    named = words.services(cell)
    assert named.codes == ()
    ((word, problem),) = named.unknown
    assert (word, "does not say which services" in problem.message) == (cell, True)


def test_what_reads_unknown_words_is_made_once_for_a_catalogue(
    sample_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each list has words of its own; making the search takes a second or two, with the sounds of seven thousand."""
    asked: list[str] = []
    sounds = query_spelling._sounds
    monkeypatch.setattr(query_spelling, "_sounds", lambda text: [asked.append(text), sounds(text)][1])

    def read(keyword: str) -> str:
        asked.clear()
        with Session(sample_engine) as session, session.no_autoflush:
            entries = {one.code: one for one in list_entries(session)}
            entries["metrology.calibration"].keywords = [keyword]
            return str(CatalogueWords(entries, {}).services("三只黄鹂鸣翠柳").unknown[0][0])

    assert read("独一无二的词") == read("独一无二的词") == "三只黄鹂鸣翠柳"
    assert len(asked) < 20
    read("另外一个词")
    assert len(asked) > 1000
