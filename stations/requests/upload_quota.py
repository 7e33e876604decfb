"""How much firms may send in files within a day: from one network, and all together.

Firms need no account, and a browser without cookies is a new visitor each time. So what a draft or a request may hold
(``attachments``) is not enough to keep the disk from filling.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.client_network import hash_network
from stations.database import Base
from stations.errors import LimitReached
from stations.language import N_
from stations.personal_data import PersonalData
from stations.requests.attached_file import FIELD, MEGABYTE, CheckedFile

COUNTED_FOR = timedelta(days=1)
OF_NETWORK = 150 * MEGABYTE
OF_ALL = 2_000 * MEGABYTE


class ReceivedUpload(Base):
    """A file that a firm sent: from which network (as a hash), and how large. It is counted even if it was removed."""

    __tablename__ = "received_upload"
    in_caches = False
    personal_data = PersonalData(
        columns=("client_hash",),
        kept="until a firm sends a file after COUNTED_FOR",
        deleted_by=("stations.requests.upload_quota:count_upload",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(Integer)


def count_upload(session: Session, client: str, file: CheckedFile, now: datetime) -> None:
    """Count a file that a firm sends, and delete what is counted no longer.

    ``client``: the network address, or whatever else distinguishes those who send.

    Raises:
        LimitReached: with this file, too much would have been sent within ``COUNTED_FOR``.
    """
    session.execute(delete(ReceivedUpload).where(ReceivedUpload.at <= now - COUNTED_FOR))
    client_hash, size = hash_network(client), len(file.content)
    total = select(func.coalesce(func.sum(ReceivedUpload.size), 0))
    near = session.scalar(total.where(ReceivedUpload.client_hash == client_hash)) or 0
    if near + size > OF_NETWORK:
        raise LimitReached(
            FIELD,
            N_("“{name}” can't be taken: {limit} MB of files came from your network within a day; try again tomorrow"),
            name=file.name,
            limit=OF_NETWORK // MEGABYTE,
        )
    if (session.scalar(total) or 0) + size > OF_ALL:
        raise LimitReached(
            FIELD,
            N_("“{name}” can't be taken: more files than usual came today; send the request without it, or tomorrow"),
            name=file.name,
        )
    session.add(ReceivedUpload(client_hash=client_hash, at=now, size=size))
    session.flush()
