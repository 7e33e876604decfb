"""The cities, counties, services and chains that a record can name, loaded once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service
from stations.places.counties import City, County


@dataclass(frozen=True)
class Terms:
    """Cities and counties by adcode, services and chains by code. One instance serves one form or a whole import."""

    cities: dict[str, City]
    counties: dict[str, County]
    services: dict[str, Service]
    chains: dict[str, IndustrialChain]

    @classmethod
    def load(cls, session: Session) -> Terms:
        """Load everything from the database."""
        return cls(
            {one.adcode: one for one in session.scalars(select(City).order_by(City.adcode))},
            {one.adcode: one for one in session.scalars(select(County).order_by(County.adcode))},
            {one.code: one for one in session.scalars(select(Service).order_by(Service.position))},
            {one.code: one for one in session.scalars(select(IndustrialChain).order_by(IndustrialChain.code))},
        )
