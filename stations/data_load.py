"""The data sets loaded into the database, each with a fingerprint of its files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from stations.database import Base


class DataLoad(Base):
    """The last load of a data set: its name, the fingerprint of its files and the time."""

    __tablename__ = "data_load"
    in_caches = True
    personal_data = None

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
