"""Dates with the precision of their source: a year, a month or a day.

Written as ISO 8601 with reduced precision: ``2016``, ``2016-01``, ``2016-01-21``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from stations.errors import InvalidInput
from stations.language import N_

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month (``month`` set) or a day (``month`` and ``day`` set)."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Parse ``2016``, ``2016-01`` or ``2016-01-21``.

        Raises:
            InvalidInput: the text has another form or names a day that does not exist.
        """
        match = _SHAPE.fullmatch(text.strip())
        try:
            if not match:
                raise ValueError(text)
            parsed = cls(*(int(part) if part else None for part in match.groups()))  # type: ignore[arg-type]
            parsed.earliest, parsed.latest  # noqa: B018 - a day that does not exist raises here
        except ValueError:
            raise InvalidInput(
                "date",
                N_("“{text}” is not a date; write 2016, 2016-01 or 2016-01-21"),
                text=text,
            ) from None
        return parsed

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return the date with the precision of a day."""
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """``year``, ``month`` or ``day``."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def earliest(self) -> date:
        """The first day that the date can mean."""
        return date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @property
    def latest(self) -> date:
        """The last day that the date can mean."""
        month = 12 if self.month is None else self.month
        return date(self.year, month, calendar.monthrange(self.year, month)[1] if self.day is None else self.day)

    def agrees_with(self, other: PartialDate) -> bool:
        """Whether both may be the same date, one of them perhaps less exact."""
        return str(self).startswith(str(other)) or str(other).startswith(str(self))

    def __str__(self) -> str:
        parts = (f"{self.year:04d}", self.month and f"{self.month:02d}", self.day and f"{self.day:02d}")
        return "-".join(part for part in parts if part)


class PartialDateColumn(TypeDecorator[PartialDate]):
    """Column type that stores a ``PartialDate`` as its ISO text."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: PartialDate | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> PartialDate | None:
        return None if value is None else PartialDate.parse(value)
