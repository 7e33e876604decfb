"""A part of a register: the records of an area that match words, one page after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_


@dataclass(frozen=True)
class RegisterPage:
    """Which records are asked for. ``after``: the code that they follow; ``limit``: how many, None for all.

    ``words``: a part of the name or of the code.
    """

    city_adcode: str = ""
    county_adcode: str = ""
    words: str = ""
    after: str = ""
    limit: int | None = None

    def of(self, statement: Select[Any], model: Any) -> Select[Any]:
        """Return a statement about the records of ``model``, restricted to these and sorted by code."""
        if self.city_adcode:
            statement = statement.where(model.city_adcode == self.city_adcode)
        if self.county_adcode:
            statement = statement.where(model.county_adcode == self.county_adcode)
        if self.words:
            named = (model.name, model.name_en, model.code)
            statement = statement.where(or_(*(column.icontains(self.words, autoescape=True) for column in named)))
        if self.after:
            statement = statement.where(model.code > self.after)
        return statement.order_by(model.code).limit(self.limit)


WHOLE = RegisterPage()
"""All records of a register."""
