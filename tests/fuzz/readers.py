"""The readers of what people write. Each returns a value, or an error that names the field and what was written."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from geo.address import read_address
from stations.catalogue.service import list_entries
from stations.catalogue.service_search import ServiceIndex
from stations.database import reading
from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.places.area_words import AreaWords, areas_on_file
from stations.places.coordinates import read_coordinate_system, read_degrees, read_degrees_pair
from stations.readers.credit_code import read_credit_code
from stations.readers.dates import read_day, read_instant, read_month, read_partial_date
from stations.readers.email_address import read_email_address
from stations.readers.numbers import read_amount, read_number, read_whole_number
from stations.readers.opening_hours import read_hours
from stations.readers.telephone import line_of, read_mobile, read_telephone, telephones_in
from tests.fuzz.target import Target, database, names_field_and_text
from tests.fuzz.texts import text_of

FIELD = "the_field"


def reads(read: Callable[[str, str], Any], text: str) -> Any:
    """Check a reader with one text."""
    try:
        return read(FIELD, text)
    except InvalidInput as error:
        names_field_and_text(error, FIELD, text)
        return None


@cache
def _areas() -> AreaWords:
    with reading(database()) as session:
        return areas_on_file(session)


def _area(text: str) -> None:
    areas = _areas()
    for city, county in (("", text), (text, ""), (text, text), ("苏州市", text)):
        try:
            areas.read(city, county)
        except InvalidInput as error:
            assert error.params or error.message


def _address(text: str) -> None:
    read_address(text)


@cache
def _catalogue() -> ServiceIndex:
    with reading(database()) as session:
        return ServiceIndex(list_entries(session))


def _search(text: str) -> None:
    _catalogue().answer(text)


def _telephone(text: str) -> None:
    reads(read_telephone, text)
    telephones_in(text)
    line_of(text)


_READERS: dict[str, tuple[str, tuple[Callable[[str, str], Any], ...]]] = {
    "opening hours": ("hours", (read_hours,)),
    "mobile telephones": ("phone", (read_mobile,)),
    "credit codes": ("code", (read_credit_code, partial(read_credit_code, as_printed=True))),
    "e-mail addresses": ("email", (partial(read_email_address, limit=160),)),
    "dates": ("date", (read_partial_date, read_day, read_month, read_instant)),
    "numbers": (
        "number",
        (read_number, partial(read_amount, below=1e9), partial(read_whole_number, least=1, most=50)),
    ),
    "coordinates": ("degrees", (read_degrees, read_degrees_pair, read_coordinate_system)),
    "entered texts": ("address", (partial(read_text, limit=200),)),
}


def _each(readers: tuple[Callable[[str, str], Any], ...], text: str) -> None:
    for read in readers:
        reads(read, text)


READERS = [
    *(Target(name, text_of(kind), partial(_each, readers)) for name, (kind, readers) in _READERS.items()),
    Target("telephones", text_of("phone"), _telephone),
    Target("addresses", text_of("address"), _address),
    Target("counties", text_of("address"), _area),
    Target("searched services", text_of("query"), _search),
]
