"""Reading the parameters of a list, and its pages as HSDS has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from portal.api.inquiry import unknown_word
from stations.errors import InvalidInput
from stations.language import N_
from stations.open_data.hsds.tables import Record
from stations.readers.dates import read_day

MOST_PER_PAGE = 1000
PER_PAGE = 100

PageNumber = Annotated[str | None, Query(description="Number of the page, from 1. 页码。", alias="page")]
PerPage = Annotated[str | None, Query(description=f"Records on a page, up to {MOST_PER_PAGE}. 每页条数。")]
Search = Annotated[str | None, Query(description="A part of the name or the description. 名称或说明的一部分。")]
Full = Annotated[
    str | None,
    Query(description="Whether records have what belongs to them.", json_schema_extra={"enum": ["true", "false"]}),
]
OfTerm = Annotated[str | None, Query(description="Identifier of a term of a taxonomy. 分类项标识。")]
OfOrganization = Annotated[str | None, Query(description="Identifier of an organization. 机构标识。")]
ModifiedAfter = Annotated[str | None, Query(description="A day or an instant (ISO 8601). 修改时间不早于。")]


class Page(BaseModel):
    """One page of a list."""

    total_items: int
    total_pages: int
    page_number: int
    size: int = Field(description="Records on this page.")
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


def read_number(name: str, written: str | None, otherwise: int, most: int) -> int:
    """Return a whole number from 1 to ``most``.

    Raises:
        InvalidInput: it is none.
    """
    if written is None:
        return otherwise
    if not (written.isascii() and written.isdigit() and len(written) < 10 and 1 <= int(written) <= most):
        raise InvalidInput(name, N_("“{value}” is not a whole number from 1 to {most}"), value=written[:40], most=most)
    return int(written)


def read_truth(name: str, written: str | None) -> bool:
    """Return whether a parameter says true.

    Raises:
        InvalidInput: it says neither ``true`` nor ``false``.
    """
    known = {"true": True, "false": False, None: False}
    if written not in known:
        raise unknown_word(name, str(written)[:40], ["true", "false"])
    return known[written]


def read_instant(name: str, written: str) -> str:
    """Return a day or an instant as the text of an instant in UTC, to be compared with those of records.

    Raises:
        InvalidInput: it is neither.
    """
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        day = read_day(name, written)
        moment = datetime(day.year, day.month, day.day)
    try:
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="milliseconds")
    except OverflowError:
        raise InvalidInput(name, N_("“{value}” is out of range"), value=written[:40]) from None


def searched(rows: Sequence[Record], search: str | None) -> list[Record]:
    """Return the rows whose names or description contain a text; all without one."""
    if not search:
        return list(rows)
    wanted = search.casefold()
    fields = ("name", "alternate_name", "description", "code")
    return [row for row in rows if any(wanted in str(row.get(field, "")).casefold() for field in fields)]


def page_of(
    rows: Sequence[Record], number: str | None, per_page: str | None, shown: Callable[[Record], Record]
) -> dict[str, Any]:
    """Return one page of the rows. Beyond the last one it is empty."""
    size = read_number("per_page", per_page, PER_PAGE, MOST_PER_PAGE)
    page = read_number("page", number, 1, 10**8)
    pages = max(1, -(-len(rows) // size))
    contents = [shown(row) for row in rows[(page - 1) * size : page * size]]
    return {
        "total_items": len(rows),
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }
