"""The data files of the service catalogue and the industrial chains, read as strictly as possible."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from geo.province import known_provinces, read_province
from stations.catalogue.chain import ChainTier, IndustrialChain
from stations.catalogue.service import ELEMENTS, Service
from stations.loading.reference_data import DATA
from stations.province import province_table

TEXTS = ("name", "bring", "performer", "fee")
SERVICE_COLUMNS = [
    *("code", "parent", "element", "name_zh", "name_en", "bring_zh", "bring_en", "performer_zh", "performer_en"),
    *("working_days", "fee_zh", "fee_en", "basis", "keywords"),
]
CHAIN_COLUMNS = ["code", "tier", "name_zh", "name_en", "source"]

GROUPS = (*ELEMENTS, "quality_management", "intellectual_property", "branding", "quality_finance")

# The clauses of the policy that name a service or its purpose.
CLAUSES = {
    *("(一)", "(二)", "(三)", "(四)", "(五)", "(六)", "(十二)", "(十三)", "(十四)", "(十五)", "(十六)", "(十七)"),
    *("(十八)", "(二十)", "(二十一)", "(二十二)", "(二十三)", "(二十四)", "(二十六)", "(二十八)"),
}
# The clauses that name the industries.
CHAIN_CLAUSES = {"(三)", "(四)", "(十六)", "(十七)", "(十九)"}
CLAUSE = re.compile(r"\([一二三四五六七八九十]+\)")
REGULATION = re.compile(r"《[^《》]+》(第[一二三四五六七八九十百]+条|（.+）)?")
PRACTICE = re.compile(r"field practice: .*\S")
DAYS = re.compile(r"days: (estimate|《[^《》]+》 \(.+\))")
FORMS = (CLAUSE, REGULATION, PRACTICE, DAYS)

CJK = re.compile(r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]")
HAN = re.compile(r"[\u4e00-\u9fff]")

# Services named in the policy and in the field, with the place: the catalogue must contain them and cite it.
NAMED = {
    "metrology.compulsory_verification": "(二十二)",
    "metrology.calibration": "(二十二)",
    "metrology.measurement_testing": "(二十二)",
    "metrology.instrument_ledger": "field practice: 强制检定台账",
    "metrology.type_evaluation": "field practice: 型式评价",
    "standards.local_standard": "(二十二)",
    "standards.association_standard": "(二十二)",
    "standards.enterprise_self_declaration": "(二十二)",
    "standards.benchmarking": "(十六)",
    "standards.pilot_demonstration": "(二十三)",
    "standards.lookup": "field practice: 查询与咨询免费",
    "testing.first_set_assessment": "(三)",
    "testing.reliability_environment_emc": "(三)",
    "testing.instrument_sharing": "(十二)",
    "testing.food_testing": "(二)",
    "testing.agricultural_testing": "(一)",
    "certification.quality_management_system": "field practice: 体系认证",
    "certification.ccc": "field practice: 强制性产品认证",
    "certification.cma_consulting": "field practice: 资质认定",
    "certification.cnas_consulting": "field practice: 实验室认可",
    "certification.green_product": "(二十一)",
    "certification.high_end_quality": "(四)",
    "quality_management.chief_quality_officer": "(十三)",
    "quality_management.quality_diagnosis": "(十三)",
    "quality_management.quality_credit_rating": "(十四)",
    "quality_management.quality_credit_report": "(十四)",
    "quality_management.quality_award": "(十五)",
    "quality_management.quality_improvement": "(二十八)",
    "quality_management.chain_quality_analysis": "(十六)",
    "intellectual_property.high_value_patent": "(十二)",
    "intellectual_property.trademark": "(十五)",
    "intellectual_property.geographical_indication": "(十五)",
    "branding.brand_value_evaluation": "(十五)",
    "branding.premium_brand": "(十五)",
    "branding.time_honoured_brand": "(十五)",
    "branding.regional_public_brand": "(十五)",
    "quality_finance.credit_enhancement": "(二十六)",
    "quality_finance.product_quality_insurance": "(二十六)",
}

# What firms search for, with the one service that matches.
ASKED_BY = {
    "GB/T 228.1": "testing.materials_testing",
    "GB/T 17626": "testing.reliability_environment_emc",
    "GB 2763": "testing.agricultural_testing",
    "JJG 52": "metrology.compulsory_verification",
    "压力表": "metrology.compulsory_verification",
    "游标卡尺": "metrology.calibration",
    "ISO 9001": "certification.quality_management_system",
    "3C": "certification.ccc",
    "ISO/IEC 17025": "certification.cnas_consulting",
    "CQO": "quality_management.chief_quality_officer",
    "企标": "standards.enterprise_self_declaration",
    "DB32": "standards.local_standard",
    "质量贷": "quality_finance.credit_enhancement",
}


def read(path: Path, columns: list[str]) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 comma-separated file with exactly these columns in every row."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        assert next(reader) == columns
        rows = list(reader)
    assert all(len(row) == len(columns) for row in rows)
    return [dict(zip(columns, row, strict=True)) for row in rows]


SAME_EVERYWHERE = read(DATA / "service_catalogue.csv", SERVICE_COLUMNS)
OWN = {row["code"]: row for row in read(province_table("service_catalogue.csv"), SERVICE_COLUMNS)}
ENTRIES = [OWN.get(row["code"], row) for row in SAME_EVERYWHERE]
GROUP_ROWS = [row for row in ENTRIES if not row["parent"]]
SERVICES = [row for row in ENTRIES if row["parent"]]
BY_CODE = {row["code"]: row for row in ENTRIES}
CHAINS = read(province_table("industrial_chains.csv"), CHAIN_COLUMNS)


def every(rows: list[dict[str, str]]) -> pytest.MarkDecorator:
    """Run a test once for each row, named by its code."""
    return pytest.mark.parametrize("row", rows, ids=[row["code"] for row in rows])


FILES = [DATA / "service_catalogue.csv", *map(province_table, ("service_catalogue.csv", "industrial_chains.csv"))]


@pytest.mark.parametrize("name", FILES, ids=str)
def test_the_file_is_plain_utf8_text(name: Path) -> None:
    content = name.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    content.decode("utf-8")


@pytest.mark.parametrize("adcode", known_provinces())
def test_what_a_province_has_of_its_own_stands_in_place_of_what_is_the_same_everywhere(adcode: str) -> None:
    own = read(read_province(adcode).folder / "service_catalogue.csv", SERVICE_COLUMNS)
    codes = [row["code"] for row in SAME_EVERYWHERE]
    assert [row["code"] for row in own] == [code for code in codes if code in {row["code"] for row in own}]
    assert all(row not in SAME_EVERYWHERE for row in own)


def test_what_is_the_same_everywhere_names_no_province() -> None:
    names = {name for adcode in known_provinces() for name in (read_province(adcode).short_name, f"DB{adcode[:2]}")}
    told = " ".join(value for row in SAME_EVERYWHERE for value in row.values())
    assert {name for name in names if name in told} == set()


@pytest.mark.parametrize("rows", [ENTRIES, CHAINS], ids=["services", "chains"])
@pytest.mark.parametrize("column", ["code", "name_zh", "name_en"])
def test_codes_and_names_are_unique(rows: list[dict[str, str]], column: str) -> None:
    assert [value for value, times in Counter(row[column] for row in rows).items() if times > 1] == []


@every([*ENTRIES, *CHAINS])
def test_no_stray_white_space(row: dict[str, str]) -> None:
    for column, value in row.items():
        assert " ".join(value.split()) == value, column


def test_the_groups_are_the_eight_in_order() -> None:
    assert tuple(row["code"] for row in GROUP_ROWS) == GROUPS


@every(GROUP_ROWS)
def test_a_group_only_groups(row: dict[str, str]) -> None:
    assert row["element"] == ("1" if row["code"] in ELEMENTS else "0")
    assert row["name_zh"] and row["name_en"] and row["basis"]
    for column in ("bring_zh", "bring_en", "performer_zh", "performer_en", "working_days", "fee_zh", "fee_en"):
        assert row[column] == "", column


def test_there_are_30_to_50_services() -> None:
    assert 30 <= len(SERVICES) <= 50


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_offers_enough_to_choose_from(group: str) -> None:
    offered = sum(row["parent"] == group for row in SERVICES)
    assert offered >= (5 if group in ELEMENTS else 3)


@every(SERVICES)
def test_a_service_belongs_to_the_group_its_code_names(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", row["code"])
    assert row["code"].split(".")[0] == row["parent"]
    assert row["parent"] in GROUPS
    assert row["element"] == BY_CODE[row["parent"]]["element"]


def test_a_group_comes_straight_before_its_services() -> None:
    group = ""
    for row in ENTRIES:
        group = row["code"] if not row["parent"] else group
        assert row["parent"] in ("", group), row["code"]


@every(SERVICES)
def test_a_service_says_everything_in_both_languages(row: dict[str, str]) -> None:
    for text in TEXTS:
        assert HAN.search(row[f"{text}_zh"]), text
        assert re.search(r"[A-Za-z]{3}", row[f"{text}_en"]), text


@every([*ENTRIES, *CHAINS])
def test_the_english_holds_no_chinese(row: dict[str, str]) -> None:
    for column, value in row.items():
        if column.endswith("_en"):
            assert not CJK.search(value), column
            assert value.isprintable(), column


@every(ENTRIES)
def test_texts_fit_their_columns(row: dict[str, str]) -> None:
    for column in ("code", "name_zh", "name_en"):
        assert len(row[column]) <= Service.__table__.c[column].type.length, column


@every(SERVICES)
def test_working_days_are_whole_and_positive(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[1-9][0-9]*", row["working_days"])
    assert int(row["working_days"]) <= 120


@every(SERVICES)
def test_it_says_whether_the_days_are_a_rule_or_an_estimate(row: dict[str, str]) -> None:
    assert sum(bool(DAYS.fullmatch(part)) for part in row["basis"].split("; ")) == 1


@every(ENTRIES)
def test_the_basis_is_a_clause_a_regulation_or_a_practice(row: dict[str, str]) -> None:
    parts = row["basis"].split("; ")
    assert len(parts) == len(set(parts))
    for part in parts:
        assert any(form.fullmatch(part) for form in FORMS), part
    assert any(not DAYS.fullmatch(part) for part in parts)


@every(ENTRIES)
def test_the_clauses_named_are_those_of_the_policy(row: dict[str, str]) -> None:
    assert set(CLAUSE.findall(row["basis"])) <= CLAUSES


def test_no_clause_is_listed_that_no_service_rests_on() -> None:
    assert {clause for row in ENTRIES for clause in CLAUSE.findall(row["basis"])} == CLAUSES


@every(ENTRIES)
def test_keywords_are_enough_and_each_once(row: dict[str, str]) -> None:
    keywords = row["keywords"].split(";")
    assert all(word and word == word.strip() for word in keywords)
    assert len({word.casefold() for word in keywords}) == len(keywords)
    assert len(keywords) >= 6


@every(SERVICES)
def test_a_firm_may_ask_in_either_language(row: dict[str, str]) -> None:
    keywords = row["keywords"].split(";")
    assert any(HAN.search(word) for word in keywords)
    assert any(re.search(r"[A-Za-z]{2}", word) for word in keywords)


@pytest.mark.parametrize(("code", "source"), NAMED.items())
def test_what_the_policy_and_the_field_name_is_offered(code: str, source: str) -> None:
    assert any(part.startswith(source) for part in BY_CODE[code]["basis"].split("; "))


@pytest.mark.parametrize(("words", "code"), ASKED_BY.items())
def test_the_firms_own_words_lead_to_one_service(words: str, code: str) -> None:
    assert [row["code"] for row in SERVICES if words in row["keywords"].split(";")] == [code]


@every(SERVICES)
def test_no_fee_is_the_stations(row: dict[str, str]) -> None:
    assert "免费" in row["fee_zh"] or "不收费" in row["fee_zh"]
    assert "free" in row["fee_en"].casefold()


PAGE = re.compile(r"[\w.-]+\.(?:com|cn|gov\.tw)\b", re.ASCII)


def test_there_are_chains() -> None:
    assert 10 <= len(CHAINS) <= 100


@every(CHAINS)
def test_a_chain_is_named_by_its_source(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row["code"])
    assert row["tier"] in {"", *ChainTier}
    assert HAN.search(row["name_zh"]) and row["name_en"]
    for column in ("code", "name_zh", "name_en"):
        assert len(row[column]) <= IndustrialChain.__table__.c[column].type.length, column


@every(CHAINS)
def test_a_chains_source_is_a_quoted_clause_a_centre_on_record_or_a_page(row: dict[str, str]) -> None:
    """Only a page says which list a chain is on: the policy and the names of centres do not."""
    quoted = re.match(r"(\([一二三四五六七八九十]+\)) “([^“”]+)”", row["source"])
    with province_table("centres.csv").open(encoding="utf-8", newline="") as file:
        sources = {record["name"]: record["source"] for record in csv.DictReader(file)}
    centre, _, page = row["source"].partition(": ")
    if quoted:
        assert quoted[1] in CHAIN_CLAUSES
        assert row["name_zh"] in quoted[2]
    if centre in sources:
        assert row["name_zh"] in centre
        assert sources[centre].startswith(page)
    elif row["tier"] or not quoted:
        assert PAGE.search(row["source"])
