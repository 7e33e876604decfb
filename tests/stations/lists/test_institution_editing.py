"""One institution by a form: its fields, lines of scope each with its own validity, its stations, and its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.errors import Conflict, InvalidForm, NotAllowed
from stations.language import Language
from stations.lists.institution_editing import (
    InstitutionForm,
    KnownAlready,
    LineForm,
    add_institution,
    change_institution,
    form_of_institution,
    history_of_institution,
    may_edit_institution,
)
from stations.registry.institution_state import state_of_institution
from stations.registry.institutions import get_institution
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.registry_factories import CITY, COUNTY, KUNSHAN, PROVINCE

CHINESE = Language("zh_CN")
LENGTH = LineForm("metrology.calibration", "长度", cnas_number="L0452", valid_until=date(2027, 3, 14))
MASS = LineForm("metrology.calibration", "质量", cma_number="211020340123", valid_from=date(2025, 1, 1))
FORM = InstitutionForm(
    name="示例昆山计量所",
    kind="metrology",
    city_adcode="320500",
    county_adcode=KUNSHAN,
    address="示例路1号",
    phone="0512-5550 0001",
    source="某文件",
    scope=(LENGTH, MASS),
)


def added(engine: Engine, form: InstitutionForm = FORM) -> str:
    with transaction(engine) as session:
        return add_institution(session, CITY, form, now=NOW)


def held(engine: Engine, code: str) -> tuple[InstitutionForm, int]:
    with reading(engine) as session:
        institution = get_institution(session, code, samples=False)
        return form_of_institution(state_of_institution(institution), TODAY), institution.version


def test_it_is_added_changed_line_by_line_and_told_in_its_history(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN).code
    code = added(reference_engine)
    form, version = held(reference_engine, code)
    assert form == replace(FORM, phone=form.phone)
    later = replace(LENGTH, valid_until=date(2030, 3, 14))
    wanted = replace(form, phone="", scope=(later, replace(MASS, subject_zh="砝码")), stations=(station,))
    with transaction(reference_engine) as session:
        change_institution(session, COUNTY, code, wanted, version=version, note="换证", now=NOW)
    assert held(reference_engine, code) == (wanted, version + 1)
    with reading(reference_engine) as session:
        institution = get_institution(session, code, samples=False)
        changed, first = history_of_institution(session, PROVINCE, institution)
        assert may_edit_institution(CITY, institution) and not may_edit_institution(None, institution)
    assert (first.action, changed.action, changed.actor) == ("add_institution", "edit_institution", "li")
    assert set(changed.detail["fields"]) == {"phone", "scope", "stations"} and changed.detail["reason"] == "换证"
    assert "2027-03-14" in changed.detail["fields"]["scope"][0] and "2030-03-14" in changed.detail["fields"]["scope"][1]
    with transaction(reference_engine) as session, pytest.raises(Conflict):
        change_institution(session, COUNTY, code, form, version=version, note="", now=NOW)  # seen before the change


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("form", "field", "told"),
    [
        (replace(FORM, name=""), "name", ""),
        (replace(FORM, phone="025-1"), "phone", ""),
        (replace(FORM, credit_code="1232"), "credit_code", ""),
        (replace(FORM, kind=""), "kind", ""),
        (replace(FORM, city_adcode="", county_adcode=""), "county_adcode", ""),
        (replace(FORM, kind="centre", centre="C-999"), "centre", "C-999"),
        (replace(FORM, scope=(LENGTH, replace(MASS, valid_until=date(2024, 1, 1)))), "scope", "第 2 条，有效期至"),
        (replace(FORM, scope=(replace(LENGTH, subject_zh=" "),)), "scope", "第 1 条"),
        (replace(FORM, scope=(replace(LENGTH, service_code="diving"),)), "scope", "第 1 条"),
        (replace(FORM, scope=(replace(LENGTH, cma_number="√"),)), "scope", "“√”"),
    ],
)
def test_what_is_wrong_names_its_field(reference_engine: Engine, form: InstitutionForm, field: str, told: str) -> None:
    with pytest.raises(InvalidForm) as problems:
        added(reference_engine, form)
    (problem,) = problems.value.problems
    assert problem.field == field and told in CHINESE.translate(problem.message, **problem.params)


@pytest.mark.one_database
def test_an_institution_stays_in_the_area_of_duty_and_apart_from_others(reference_engine: Engine) -> None:
    code = added(reference_engine)
    with pytest.raises(InvalidForm) as twice:
        added(reference_engine)
    problems = twice.value.problems
    assert [one.field for one in problems] == ["credit_code", "name"] if FORM.credit_code else ["name"]
    assert all(isinstance(one, KnownAlready) and one.code == code for one in problems)
    assert code in CHINESE.translate(problems[0].message, **problems[0].params)
    form, version = held(reference_engine, code)
    elsewhere = replace(form, city_adcode="320200", county_adcode="")
    for actor in (CITY, COUNTY):
        with transaction(reference_engine) as session, pytest.raises(NotAllowed):
            change_institution(session, actor, code, elsewhere, version=version, note="", now=NOW)
    with pytest.raises(NotAllowed):
        added(reference_engine, replace(elsewhere, name="示例无锡计量所"))
    with transaction(reference_engine) as session, pytest.raises(Conflict):
        change_institution(session, CITY, code, form, version=version, note="", now=NOW)  # nothing changed


@pytest.mark.one_database
def test_namesakes_that_a_list_brought_can_be_edited_but_no_new_one_is_made(reference_engine: Engine) -> None:
    code, other = added(reference_engine), added(reference_engine, replace(FORM, name="另一所"))
    third = added(reference_engine, replace(FORM, name="又一所"))
    with transaction(reference_engine) as session:
        get_institution(session, other, samples=False).name = FORM.name
    form, version = held(reference_engine, other)
    called = replace(form, phone="0512-55551234")
    with transaction(reference_engine) as session:
        change_institution(session, CITY, other, called, version=version, note="", now=NOW)
    form, version = held(reference_engine, third)
    with transaction(reference_engine) as session, pytest.raises(InvalidForm, match=code):
        renamed = replace(form, name=FORM.name)
        change_institution(session, CITY, third, renamed, version=version, note="", now=NOW)


@pytest.mark.one_database
def test_a_code_printed_with_a_wrong_check_character_is_confirmed_once(reference_engine: Engine) -> None:
    misprinted = replace(FORM, credit_code="123205004660000015")
    with pytest.raises(InvalidForm, match="confirm that"):
        added(reference_engine, misprinted)
    code = added(reference_engine, replace(misprinted, credit_code_as_printed=True))
    form, version = held(reference_engine, code)
    with transaction(reference_engine) as session:  # what is on file needs no further confirmation
        called = replace(form, phone="0512-55551234")
        change_institution(session, CITY, code, called, version=version, note="", now=NOW)
    with pytest.raises(InvalidForm) as twice:
        added(reference_engine, replace(misprinted, name="另一所", credit_code_as_printed=True))
    assert [(one.field, one.code) for one in twice.value.problems] == [("credit_code", code)]
