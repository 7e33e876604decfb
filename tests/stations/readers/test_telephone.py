from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading
from stations.errors import InvalidInput
from stations.readers.telephone import line_of, read_mobile, read_telephone
from stations.registry.station import Station


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("025-8888 0000", "(025) 88880000"),
        ("０２５－８８８８００００", "+86 25 8888 0000"),
        ("025-88880000转801", "025-88880000-802"),
        ("400-800-1234", "4008001234"),
        ("2588880000", "025-88880000"),
        ("12315", "12315"),
    ],
)
def test_two_spellings_of_one_line_are_the_same(one: str, other: str) -> None:
    assert line_of(one) == line_of(other) is not None
    assert read_telephone("phone", one).line == read_telephone("phone", other).line


@pytest.mark.parametrize("none", ["", None, "123", "电话", "8888", "025-1", "5550 0001"])
def test_what_is_no_number_is_the_same_as_nothing(none: str | None) -> None:
    assert line_of(none) is None


def test_an_empty_number_is_none_and_a_wrong_one_is_told() -> None:
    for nothing in ("  ", "无", "—"):
        assert read_telephone("phone", nothing) is None
    with pytest.raises(InvalidInput, match="“8888 0000” is not a telephone number; .* area code"):
        read_telephone("phone", " 8888 0000 ")


def test_a_number_whose_area_is_known_otherwise_may_lack_its_code() -> None:
    assert read_telephone("phone", "8888 0000", line_needed=False).line is None
    for wrong in ("138 000", "call me", "-------"):
        with pytest.raises(InvalidInput, match="not a telephone number"):
            read_telephone("phone", wrong, line_needed=False)


def test_the_0_that_a_spreadsheet_dropped_is_put_back() -> None:
    assert str(read_telephone("phone", "51255550001")) == "051255550001"


@pytest.mark.parametrize("text", ["138 0000 0000", "+86 138-0000-0000", "１３８００００００００", "0086 13800000000"])
def test_a_mobile_number_is_eleven_digits(text: str) -> None:
    assert read_mobile("address", text) == "13800000000"


@pytest.mark.parametrize("text", ["", "0512-5555 0000", "12345678901", "138000000001"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{text}” is not a mobile number"):
        read_mobile("address", text)


def test_the_numbers_of_the_sample_network_can_be_dialled(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for phone in session.scalars(sa.select(Station.phone).where(Station.phone.is_not(None))):
            assert str(read_telephone("phone", phone)) == phone
