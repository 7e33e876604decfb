from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.duty.masking import (
    mask_credit_code,
    mask_detail,
    mask_email,
    mask_field,
    mask_name,
    mask_phone,
    mask_text,
)
from stations.duty.roles import Actor, AreaKind, Role
from stations.requests.assigning import assign
from stations.requests.attachments import Attachment
from stations.requests.filing import Draft
from stations.requests.handling import open_request, write_as_firm
from stations.requests.rating import Rating
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.shown_request import ShownRequest, shown_files, shown_rating, shown_to, shown_whole
from tests.conftest import NOW
from tests.stations.request_factories import CREDIT_CODE, KUNSHAN, actor_with, add_steward, file_one, steward_of

AUDITOR = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")


@pytest.mark.parametrize(
    ("mask", "clear", "masked"),
    [
        (mask_name, "王小明", "王**"),
        (mask_name, "Li Lei", "L*****"),
        (mask_name, "", ""),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "+86 138-1234-5678", "+86 1**-****-5678"),
        (mask_phone, "0512-5555 0000", "051*-**** 0000"),
        (mask_phone, "12345", "***45"),
        (mask_email, "wang@example.com", "w***@example.com"),
        (mask_credit_code, "91320583MA0TEXT003", "9132**********T003"),
        (mask_credit_code, "1234", "****"),
    ],
)
def test_what_is_masked_can_still_be_told_apart(mask: object, clear: str, masked: str) -> None:
    assert mask(clear) == masked


def test_numbers_and_addresses_are_found_in_what_was_written() -> None:
    text = f"请联系王工 138 1234 5678 或 0512-55550000，邮箱 a.b@c.com.cn，代码 {CREDIT_CODE}。"
    masked = mask_text(text)
    for secret in ("1234 5678", "5555", "a.b@", CREDIT_CODE[4:14]):
        assert secret not in masked
    assert masked.startswith("请联系王工 138 ") and masked.endswith("。")


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        ("１３８１２３４５６７８", "１２３４"),
        ("138１２３４5678", "１２３４"),
        ("１３８－１２３４－５６７８", "１２３４"),
        ("138–1234–5678", "1234"),
        ("138.1234.5678", "1234"),
        ("138\u200b1234\u200b5678", "1234"),
        ("138\u00a01234\u30005678", "1234"),
        ("+86（138）12345678", "1234"),
        ("0086 138 1234 5678", "1234"),
        ("（0512）5555 0000", "5555"),
        ("０５１２－５５５５００００", "５５５５"),
        ("٠٥١٢-٥٥٥٥٠٠٠٠", "٥٥٥٥"),
        ("一三八一二三四五六七八", "一二三四"),
        ("幺三八 幺二三四 五六七八", "幺二三四"),
        ("ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａｎｇ"),
        ("wang@example.com", "wang"),
        (CREDIT_CODE.lower(), CREDIT_CODE[4:14].lower()),
        ("９１３２０５８３ＭＡ０ＴＥＸＴ００３", "０５８３ＭＡ０ＴＥＸ"),
        ("91 320583 MA0TEXT00 3", "MA0TEX"),
        ("32058319900101123x", "19900101"),
        ("３２０５８３１９９００１０１１２３Ｘ", "１９９００１０１"),
    ],
)
def test_they_are_found_in_whatever_characters_they_are_written(written: str, secret: str) -> None:
    masked = mask_text(f"请联系 {written}，谢谢！")
    assert secret not in masked and masked.startswith("请联系") and masked.endswith("，谢谢！")
    assert mask_text(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        *["Q261124-0A1B2C", "S-3205-001", "GB/T 228.1-2021", "320583", "2026-11-24 10:00", "李"],
        *["第一二三章", "２０２６年１１月", "JJG 1036-2022（0512）"],
    ],
)
def test_numbers_of_records_and_standards_stay_readable(text: str) -> None:
    assert mask_text(text) == text


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mobile_number_comes_through(number: str) -> None:
    assert number not in mask_text(f"电话：{number}。")
    assert mask_phone(number) == f"{number[:3]}****{number[7:]}"


def test_particulars_are_masked_at_any_depth() -> None:
    detail = {
        "before": {"contact_name": "王小明", "phone": ["13812345678"], "n": 3},
        "note": "call 13812345678",
        "role": "county",
    }
    assert mask_detail(detail) == {
        "before": {"contact_name": "王**", "phone": ["138****5678"], "n": 3},
        "note": "call 138****5678",
        "role": "county",
    }
    assert mask_field("email", None) == ""


def test_a_request_is_masked_for_who_need_not_see_personal_data(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft, email="wang@example.com", description="打 13812345678")
        station, number = request.station, request.number
        write_as_firm(session, number, draft.code, "回电 0512-66660000", now=NOW)

    def shown(actor: Actor) -> str:
        with reading(reference_engine) as session:
            request = shown_to(actor, open_request(session, actor, number))
            return " ".join(
                [
                    request.number,
                    request.firm_name,
                    request.credit_code,
                    request.contact_name,
                    request.phone,
                    request.email,
                    request.description,
                    *(f"{message.author} {message.text}" for message in request.messages),
                ]
            )

    secrets = (CREDIT_CODE, "王测试", "0512-5555 0000", "wang@example.com", "13812345678", "66660000")
    for actor in (steward_of(station), actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)):
        assert all(secret in shown(actor) for secret in secrets)
    masked = shown(AUDITOR)
    assert not any(secret in masked for secret in secrets)
    assert number in masked and "测试精密机械有限公司" in masked


def test_files_and_comments_are_kept_from_who_need_not_see_personal_data(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        steward, file, rating = steward_of(request.station), Attachment(name="王.pdf"), Rating(comment="打 13812345678")
        assert shown_files(steward, request, [file]) == [file]
        assert shown_files(AUDITOR, request, [file]) == []
        assert shown_rating(steward, request, rating).comment == rating.comment
        assert shown_rating(AUDITOR, request, rating).comment == "打 138****5678"


def test_what_is_shown_is_a_value_and_holds_no_record_to_read_past_the_mask(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session, product="仪器 13812345678", email="wang@example.com", description="打 13812345678")
        request.items[0].remarks, request.items[0].result = "找 13812345678", "电 13812345678"
        add_steward(session, request.station, "zhao")
        assign(session, steward_of(request.station), request.number, "zhao", version=1, now=NOW)
        masked, whole = shown_to(AUDITOR, request), shown_whole(request)
        with pytest.raises(FrozenInstanceError):
            masked.phone = "x"
        assert shown_to(steward_of(request.station), request) == whole
        secrets = {CREDIT_CODE, request.contact_name, request.phone, "wang@example.com", "13812345678", request.steward}
        records = (ServiceRequest, RequestItem, RequestEvent, RequestMessage)
        for told in (*texts_in(masked), masked.number):
            assert not any(secret in told for secret in secrets), told
        assert all(any(secret in told for told in texts_in(whole)) for secret in secrets)
        assert not any(isinstance(value, records) for shown in (masked, whole) for value in values_in(shown))


def values_in(value: object) -> Iterator[object]:
    """Yield the value and, recursively, the values that it consists of."""
    yield value
    inside = (getattr(value, field.name) for field in fields(value)) if is_dataclass(value) else ()
    for one in value if isinstance(value, tuple) else inside:
        yield from values_in(one)


def texts_in(value: ShownRequest) -> Iterator[str]:
    return (one for one in values_in(value) if isinstance(one, str))
