"""The part of a register that somebody asks for in words, as a command or an address of a program writes it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.places.area_words import areas_on_file
from stations.registry.register_page import RegisterPage


def read_page(
    session: Session, *, city: str = "", county: str = "", words: str = "", after: str = "", limit: int | None = None
) -> RegisterPage:
    """Return the page that is written: areas by name or adcode.

    Raises:
        InvalidInput: there is no such ``city`` or ``county``.
    """
    try:
        city_adcode, county_adcode = areas_on_file(session).read(city, county)
    except InvalidInput as problem:
        raise InvalidInput(problem.field.removesuffix("_adcode"), problem.message, **problem.params) from None
    return RegisterPage(city_adcode or "", county_adcode or "", words.strip(), after, limit)
