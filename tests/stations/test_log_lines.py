"""Lines of the log: their two formats, their reference, and no value that somebody entered."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from stations.error_trace import trace, without_values
from stations.errors import InvalidInput
from stations.log_lines import FORMATS, read_log_format, set_up_log
from stations.reference import begin_reference, current_reference

PERSON = {"phone": "13800001234", "name": "王测试", "code": "K7MZ-2QXW-9T", "mail": "wang@firm.example"}


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    set_up_log(FORMATS[request.param], stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]


both = pytest.mark.parametrize("log", FORMATS, indirect=True)


def fail() -> None:
    try:
        with sa.create_engine("sqlite://").connect() as connection:
            connection.execute(sa.text("SELECT :phone FROM nowhere"), PERSON)
    except sa.exc.DBAPIError as error:
        raise ValueError(f"no {PERSON['name']} ({PERSON['phone']}), “{PERSON['code']}” <{PERSON['mail']}>") from error


@both
def test_errors_are_told_by_kind_and_place_only(log: io.StringIO) -> None:
    reference = begin_reference()
    try:
        fail()
    except ValueError:
        logging.getLogger("a.library").exception("Exception for %s of %s", PERSON["phone"], PERSON["name"])
    told = log.getvalue()
    assert reference in told and "ValueError" in told and "in fail" in told and "nowhere" in told
    assert [value for value in PERSON.values() if value in told] == []


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_json_is_one_object_a_line_whatever_is_logged(log: io.StringIO) -> None:
    begin_reference()
    logging.getLogger("portal").error("first\nsecond %s", "}\n{", extra={"fields": {"status": 500}})
    logging.getLogger("stations.jobs").info("说")
    logging.getLogger("elsewhere").info("of a library")
    first, second = map(json.loads, log.getvalue().splitlines())
    assert (first["message"], first["trace"], first["status"]) == ("first", "second }\n{", 500)
    assert (first["level"], first["logger"], first["reference"]) == ("error", "portal", current_reference())
    assert first["time"].endswith("Z") and second["message"] == "说"


@pytest.mark.parametrize("log", ["text"], indirect=True)
def test_no_text_looks_like_a_line_of_its_own(log: io.StringIO) -> None:
    logging.getLogger("portal").warning("a\n2026-11-24T02:00:00.000Z ERROR portal - forged\r\nb")
    first, *rest = log.getvalue().splitlines()
    assert first.endswith(" a") and all(line.startswith("    ") for line in rest)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("invalid literal for int() with base 10: '13800001234'", "invalid literal for int() with base 10: …"),
        ("Key (phone)=(13800001234) already exists.", "Key (phone)=(…) already exists."),
        ("no account wang@firm.example here", "no account … here"),
        ("call 0512-5555 0000 now", "call … now"),
        ("１３８００００１２３４ is a number", "… is a number"),
        ("王测试 has no duty", "…has no duty"),
        ("Q202611-A2B3C4 is wrong", "… is wrong"),
        ("10 of 12 rows in 3.5 s", "10 of 12 rows in 3.5 s"),
        ("module 'x' has no attribute", "module … has no attribute"),
        ("from 192.168.100.17 port 80", "from … port 80"),
    ],
)
def test_values_are_left_out_of_messages(text: str, told: str) -> None:
    assert without_values(text) == told


def test_a_message_is_told_as_far_as_it_is_a_programs() -> None:
    assert trace(RuntimeError("the pool is closed")).endswith("RuntimeError: the pool is closed\n")


def test_the_format_is_a_setting() -> None:
    assert read_log_format({}) is FORMATS["text"] and read_log_format({"LOG_FORMAT": " JSON "}) is FORMATS["json"]
    with pytest.raises(InvalidInput, match="LOG_FORMAT"):
        read_log_format({"LOG_FORMAT": "xml"})
