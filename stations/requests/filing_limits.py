"""How many requests one telephone number, one address or one network may file in a time: against floods, and against
messages to people who asked for none. The limits are data: ``stations/data/filing_limits.csv``; that of a network is
also a setting, ``REQUESTS_PER_NETWORK``, since only the operator knows how many firms share an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.client_network import hash_network
from stations.database import Base
from stations.errors import LimitReached
from stations.language import N_
from stations.personal_data import PersonalData
from stations.province import table_rows
from stations.readers.telephone import line_of
from stations.requests.service_request import ServiceRequest

_FILE = Path(__file__).resolve().parents[1] / "data" / "filing_limits.csv"


@dataclass(frozen=True)
class Limit:
    """At most ``count`` requests ``within`` a time."""

    count: int
    within: timedelta


@dataclass(frozen=True)
class Network:
    """Where a request is filed from. ``address``: of the client; its IPv6 network of 64 bits counts as one. ``count``:
    how many requests it may file, None for as many as in ``filing_limits``.
    """

    address: str
    count: int | None = None


class FiledFromNetwork(Base):
    """A request that was filed: from which network (as a hash), and when; not which one."""

    __tablename__ = "filed_from_network"
    in_caches = False
    personal_data = PersonalData(
        columns=("client_hash",),
        kept="until a request is filed after the time of the limit",
        deleted_by=("stations.requests.filing_limits:count_filing",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


@cache
def filing_limits() -> dict[str, Limit]:
    """Return the limits of a ``phone``, of an ``address``, which is an e-mail address or one for notices, and of a
    ``network``.
    """
    return {row["what"]: Limit(int(row["count"]), timedelta(hours=int(row["hours"]))) for row in table_rows(_FILE)}


def check_filing_limits(session: Session, phone: str, email: str | None, address: str | None, now: datetime) -> None:
    """Check that one more request may be filed with this telephone number, e-mail address and address for notices.

    Numbers are compared as lines, however they were written. Samples don't count.

    Raises:
        LimitReached: a limit is reached; its field is that of the number or address.
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


def count_filing(session: Session, network: Network, now: datetime) -> None:
    """Count a request that is filed from a network, and delete what is counted no longer.

    Raises:
        LimitReached: the network has filed as many as it may (field ``network``).
    """
    usual = filing_limits()["network"]
    limit = Limit(usual.count if network.count is None else network.count, usual.within)
    session.execute(delete(FiledFromNetwork).where(FiledFromNetwork.at <= now - limit.within))
    client_hash = hash_network(network.address)
    filed = select(func.count()).select_from(FiledFromNetwork).where(FiledFromNetwork.client_hash == client_hash)
    if (session.scalar(filed) or 0) >= limit.count:
        raise LimitReached(
            "network",
            N_(
                "{count} requests were filed from your network within {hours} hours; call the station, or file again "
                "later"
            ),
            count=limit.count,
            hours=round(limit.within.total_seconds() / 3600),
        )
    session.add(FiledFromNetwork(client_hash=client_hash, at=now))


def _too_many(field: str, limit: Limit) -> LimitReached:
    return LimitReached(
        field,
        N_("{count} requests were filed with this within {hours} hours; call the station, or file again later"),
        count=limit.count,
        hours=round(limit.within.total_seconds() / 3600),
    )
