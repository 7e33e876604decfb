"""Which data sets were loaded into the database, each with the fingerprint of its files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from stations.database import Base


class DataLoad(Base):
    """What was loaded last under a name: the fingerprint of its files."""

    __tablename__ = "data_load"
    in_caches = True
    personal_data = None

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
