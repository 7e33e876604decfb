from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.database import transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidForm, NotAllowed, NotFound
from stations.language import Language
from stations.registry.station import Station
from stations.requests.moves import TemplateUse
from stations.requests.reply_templates import PLACES, fill, fill_for_firm, list_templates, save_template
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.stations.request_factories import actor_with, file_one

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
GOOD = {"use": "message", "title": "已收到", "text": "申请 {number} 已收到"}


def test_the_templates_that_come_along_can_be_filled(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        for use in TemplateUse:
            templates = list_templates(session, use)
            assert templates
            for template in templates:
                assert "{" not in fill(template.text, request, Language("zh_CN"))
        every = " ".join(f"{{{name}}}" for name in PLACES)
        told = fill(every, request, Language("en"))
        assert request.number in told and request.firm_name in told and "{" not in told


def test_a_firm_that_filed_in_english_is_answered_in_english_where_there_is_a_text(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        chinese, english = file_one(session), file_one(session, language="en")
        kept = save_template(session, PROVINCE, "a", **GOOD, text_en="Request {number}: {services}", now=NOW)
        without = save_template(session, PROVINCE, "b", **GOOD, now=NOW)
        assert fill_for_firm(kept, chinese) == f"申请 {chinese.number} 已收到"
        assert fill_for_firm(kept, english).startswith(f"Request {english.number}: Calibration")
        assert fill_for_firm(without, english) == f"申请 {english.number} 已收到"
        for one in list_templates(session):
            if one.code not in {"a", "b"}:
                told = fill_for_firm(one, english)
                assert one.text_en and "{" not in told and (english.number in told) == ("{number}" in one.text_en)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=30), text=st.text(max_size=60))
def test_what_is_put_in_is_put_in_once_and_as_it_is(name: str, text: str) -> None:
    request = ServiceRequest(
        number="{firm}", firm_name=name, contact_name="", items=[], station=Station(name="{0.__class__}", address="")
    )
    assert fill("{number}|{station}|{firm}", request, Language("zh_CN")) == f"{{firm}}|{{0.__class__}}|{name}"
    if not {f"{{{place}}}" for place in PLACES} & {text[a : b + 1] for a in range(len(text)) for b in range(len(text))}:
        assert fill(text, request, Language("zh_CN")) == text


def test_the_province_keeps_them_and_nobody_overwrites_anybody(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        with pytest.raises(NotAllowed):
            save_template(session, actor_with(Role.CITY, AreaKind.CITY, "320500"), "a", **GOOD, now=NOW)
        kept = save_template(session, PROVINCE, " New-One ", **GOOD, now=NOW)
        assert (kept.code, kept.version) == ("new-one", 1)
        for version in (0, 2):
            with pytest.raises(Conflict):
                save_template(session, PROVINCE, "new-one", **GOOD, version=version, now=NOW)
        with pytest.raises(NotFound):
            save_template(session, PROVINCE, "none-such", **GOOD, version=1, now=NOW)
        save_template(session, PROVINCE, "new-one", **GOOD, active=False, version=1, now=NOW)
        assert "new-one" not in {one.code for one in list_templates(session, TemplateUse.MESSAGE)}
        assert "new-one" in {one.code for one in list_templates(session)}


@pytest.mark.parametrize(
    ("code", "changes", "fields"),
    [
        ("", {}, {"code"}),
        ("名", {"use": "song"}, {"code", "use"}),
        ("a", {"title": " ", "text": ""}, {"title", "text"}),
        ("a", {"text": "您好 {password}"}, {"text"}),
        ("a", {"text": "{number.__class__}"}, {"text"}),
        ("a", {"text_en": "Dear {nobody}"}, {"text_en"}),
        ("a", {"text": "{x}", "text_en": "x" * 2001}, {"text", "text_en"}),
        ("a", {"title": "字" * 61}, {"title"}),
    ],
)
def test_every_fault_is_named(reference_engine: Engine, code: str, changes: dict, fields: set[str]) -> None:
    with transaction(reference_engine) as session:
        with pytest.raises(InvalidForm) as wrong:
            save_template(session, PROVINCE, code, **(GOOD | changes), now=NOW)
        assert {problem.field for problem in wrong.value.problems} == fields
