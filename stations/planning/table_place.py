"""The places of a table of distances: counties, towns, stations, imported places, and coordinates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from geo.gazetteer import towns
from stations.entered_text import comparable, narrow
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.area_words import AreaWords, SeveralCounties
from stations.places.coordinates import read_degrees_pair, read_place
from stations.places.counties import list_counties
from stations.planning.candidate_place import list_candidate_places
from stations.registry.registry_snapshot import registry_snapshot


@dataclass(frozen=True)
class TablePlace:
    """A place of a table, in WGS-84 degrees. ``station``: the code of the station that it is, which may move."""

    written: str
    lon: float
    lat: float
    station: str | None = None


class PlaceReader:
    """Reads what a table writes for its places, and numbers them: one place has one number, however it is written."""

    def __init__(self, session: Session, crs: str, *, samples: bool) -> None:
        """Read the names in use. ``crs``: the system of coordinates; ``samples``: whether sample places count."""
        self.places: list[TablePlace] = []
        self._crs = crs
        self._known: dict[str, int] = {}
        self._numbers: dict[tuple[float, float], int] = {}
        counties = list_counties(session)
        self._counties = {one.adcode: one for one in counties}
        self._areas = AreaWords({one.city_adcode: one.city for one in counties}, self._counties)
        self._named: dict[str, set[TablePlace]] = defaultdict(set)
        self._coded: dict[str, TablePlace] = {}
        for place in list_candidate_places(session, samples=samples):
            self._coded[comparable(place.code)] = TablePlace("", place.lon, place.lat)
            self._named[comparable(place.name)].add(TablePlace("", place.lon, place.lat))
        for code, point in _stations(session, samples=samples).items():
            self._coded[comparable(code)] = TablePlace("", *point, station=code)
        for town in towns():
            if town.point is not None:
                county = self._counties.get(town.adcode)
                self._coded[town.code] = TablePlace("", *town.point)
                for word in (town.name, *([county.name + town.name] if county else [])):
                    self._named[comparable(word)].add(TablePlace("", *town.point))

    def read(self, field: str, written: str, label: str) -> int:
        """Return the number of the place that a cell names. ``label``: of its column, for the message.

        Raises:
            InvalidInput: it is empty, names nothing that is known, or several places.
        """
        if not narrow(written):
            raise InvalidInput(field, N_("{column} is empty; name a place"), column=label)
        if written not in self._known:
            place = replace(self._find(field, written), written=written)
            self._known[written] = self._numbers.setdefault((place.lon, place.lat), len(self.places))
            if self._known[written] == len(self.places):
                self.places.append(place)
        return self._known[written]

    def _find(self, field: str, written: str) -> TablePlace:
        # A code before a county: the code of a town begins with that of its county.
        if coded := self._coded.get(comparable(written)):
            return coded
        try:
            county = self._counties[self._areas.read_county(field, written)]
            return TablePlace("", county.lon, county.lat)
        except SeveralCounties:
            raise
        except InvalidInput:
            pass  # no county; it may be another kind of place
        named = self._named.get(comparable(written), set())
        if len(named) > 1:
            message = N_("“{text}” is the name of several places; write its code or coordinates")
            raise InvalidInput(field, message, text=written)
        if named:
            return next(iter(named))
        try:
            return TablePlace("", *read_place(*read_degrees_pair(field, written), self._crs))
        except InvalidInput as problem:
            if problem.field != field:  # numbers, but no place on Earth
                raise
        raise InvalidInput(
            field,
            N_(
                "“{text}” is not known; write a county, a town, the code of a station, an imported place, or longitude "
                "and latitude"
            ),
            text=written,
        )


def places_now(session: Session, places: Sequence[TablePlace]) -> list[TablePlace]:
    """Return the places with stations where they are now."""
    if not any(one.station for one in places):
        return list(places)
    points = _stations(session, samples=True)
    found = []
    for one in places:
        lon, lat = points.get(one.station or "", (one.lon, one.lat))
        found.append(replace(one, lon=lon, lat=lat))
    return found


def _stations(session: Session, *, samples: bool) -> dict[str, tuple[float, float]]:
    """Return the point of each station that has one, by code."""
    snapshot = registry_snapshot(session)
    lons, lats = snapshot.points
    stations = snapshot.columns.stations
    return {
        str(code): (lon, lat)
        for code, lon, lat, sample in zip(
            stations.code.tolist(), lons.tolist(), lats.tolist(), stations.sample.tolist(), strict=True
        )
        if lon == lon and (samples or not sample)  # NaN where no more than the city is known
    }
