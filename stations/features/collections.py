"""The collections of features."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from stations.features.centre_features import CENTRES
from stations.features.collection import Collection
from stations.features.county_features import COUNTIES
from stations.features.station_features import STATIONS
from stations.features.town_features import TOWNS

COLLECTIONS: Mapping[str, Collection[Any]] = MappingProxyType(
    {one.id: one for one in (COUNTIES, STATIONS, CENTRES, TOWNS)}
)
"""By their identifiers, in the order in which they are listed."""
