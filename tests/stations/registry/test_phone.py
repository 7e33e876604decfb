from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading
from stations.errors import InvalidInput
from stations.registry.phone import read_phone, same_line
from stations.registry.station import Station


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("025-8888 0000", "(025) 88880000"),
        ("０２５－８８８８００００", "+86 25 8888 0000"),
        ("025-88880000转801", "025-88880000-802"),
        ("400-800-1234", "4008001234"),
        ("12315", "12315"),
    ],
)
def test_two_spellings_of_one_line_are_the_same(one: str, other: str) -> None:
    assert same_line(one) == same_line(other) is not None
    assert read_phone("phone", one)


@pytest.mark.parametrize("none", ["", None, "123", "电话", "8888", "025-1", "5550 0001"])
def test_what_is_no_number_is_the_same_as_nothing(none: str | None) -> None:
    assert same_line(none) is None


def test_an_empty_number_is_none_and_a_wrong_one_is_told() -> None:
    assert read_phone("phone", "  ") is None
    with pytest.raises(InvalidInput, match="area code"):
        read_phone("phone", "88880000")


def test_the_numbers_of_the_sample_network_can_be_dialled(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for phone in session.scalars(sa.select(Station.phone).where(Station.phone.is_not(None))):
            assert read_phone("phone", phone) == phone
