"""How many requests one telephone number or one address may file in a time: against floods, and against messages to
people who asked for none. The limits are data: ``stations/data/filing_limits.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_
from stations.province import table_rows
from stations.readers.telephone import line_of
from stations.requests.service_request import ServiceRequest

_FILE = Path(__file__).resolve().parents[1] / "data" / "filing_limits.csv"


@dataclass(frozen=True)
class Limit:
    """At most ``count`` requests ``within`` a time."""

    count: int
    within: timedelta


@cache
def filing_limits() -> dict[str, Limit]:
    """Return the limits of a ``phone`` and of an ``address``, which is an e-mail address or one for notices."""
    return {row["what"]: Limit(int(row["count"]), timedelta(hours=int(row["hours"]))) for row in table_rows(_FILE)}


def check_filing_limits(session: Session, phone: str, email: str | None, address: str | None, now: datetime) -> None:
    """Check that one more request may be filed with this telephone number, e-mail address and address for notices.

    Numbers are compared as lines, however they were written. Samples don't count.

    Raises:
        InvalidInput: a limit is reached; its field is that of the number or address.
    """
    limits = filing_limits()
    lately = session.execute(
        select(ServiceRequest.created_at, ServiceRequest.phone, ServiceRequest.email, ServiceRequest.notice_address)
        .where(ServiceRequest.sample.is_(False))
        .where(ServiceRequest.created_at > now - max(limit.within for limit in limits.values()))
    ).all()

    def reached(limit: Limit, filed: list[datetime]) -> bool:
        return sum(at > now - limit.within for at in filed) >= limit.count

    line = line_of(phone) or phone
    if reached(limits["phone"], [row.created_at for row in lately if (line_of(row.phone) or row.phone) == line]):
        raise _too_many("phone", limits["phone"])
    for field, one in (("email", email), ("notice_address", address)):
        with_it = [row.created_at for row in lately if one and one in (row.email, row.notice_address)]
        if reached(limits["address"], with_it):
            raise _too_many(field, limits["address"])


def _too_many(field: str, limit: Limit) -> InvalidInput:
    return InvalidInput(
        field,
        N_("{count} requests were filed with this within {hours} hours; call the station, or file again later"),
        count=limit.count,
        hours=round(limit.within.total_seconds() / 3600),
    )
