"""Checks of all rows of a list together: coordinates and their system, and possible doubles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stations.errors import InvalidInput
from stations.imports.plan import PlannedRow, Remark, Weight
from stations.imports.possible_doubles import mark_possible_doubles
from stations.imports.row_areas import both_names
from stations.imports.row_places import (
    CRS_NAMES,
    SAME_PLACE_M,
    PlaceAsked,
    PlaceFound,
    find_places,
    metres_between,
)
from stations.imports.row_reading import RowReading
from stations.keeping.doubles import Lookalike
from stations.language import N_, Bilingual
from stations.places.area_words import SeveralCounties
from stations.places.coordinates import check_degrees, in_order
from stations.places.counties import County
from stations.province import province_name
from stations.registry.record_state import Place, StationState
from stations.registry.record_terms import Terms
from stations.registry.standing import Standing


def mark_places(readings: Iterable[RowReading], crs: str, terms: Terms) -> str:
    """Set each row's place in WGS-84 degrees, and add remarks on what is doubtful about it.

    ``crs``: the coordinate system of rows that do not state one, "" to guess it. Return the system that was guessed or
    assumed for such rows, "" if there were none.
    """
    placed: list[RowReading] = []
    asked: list[PlaceAsked] = []
    for reading in readings:
        point = None if "place" in reading.unread else _degrees(reading)
        if point is None:
            continue
        state = reading.match.state if reading.match else None
        area = reading.area or (state and (state.county_adcode or state.city_adcode)) or ""
        placed.append(reading)
        asked.append(PlaceAsked(*point, reading.values.get("crs") or crs, area, state.place if state else None))
    taken = ""
    for reading, one, place in zip(placed, asked, find_places(asked), strict=True):
        _put_place(reading, one, place, terms)
        if not one.crs:
            taken = place.crs
    return taken


def _degrees(reading: RowReading) -> tuple[float, float] | None:
    values = reading.values
    lon, lat = values.get("lon"), values.get("lat")
    if lon is None and lat is None:
        if values.get("place") is None:
            return None
        lon, lat = values["place"]
    try:
        if lon is None or lat is None:
            missing = "lon" if lon is None else "lat"
            raise InvalidInput(missing, N_("Longitude and latitude belong together; give both or neither"))
        for name, value in zip(("lon", "lat"), in_order(lon, lat), strict=True):
            check_degrees(name, value)
    except InvalidInput as problem:
        reading.problem("place" if _column(reading) == "place" else problem.field, problem)
        return None
    return lon, lat


def _put_place(reading: RowReading, asked: PlaceAsked, place: PlaceFound, terms: Terms) -> None:
    column = _column(reading)
    if place.located is None and not place.fitting:
        message = N_("The coordinates lie outside {province}; check them, their order and the coordinate system")
        reading.problem(column, InvalidInput(column, message, province=province_name()))
        return
    if place.swapped:
        reading.remark(column, Weight.NOTE, N_("Latitude stood before longitude; they were put in order"))
    if place.guessed:
        reading.guessed = Remark(
            column,
            Weight.DOUBT,
            N_("No coordinate system is stated; {crs} was guessed, for the places of this list fit it best; state it"),
            {"crs": CRS_NAMES[place.crs]},
        )
    if not place.fits:
        _remark_misfit(reading, asked, place, terms, column)
    elif place.located is not None and not reading.county and (not asked.area or reading.match is None):
        _take_county(reading, asked, terms.counties[place.located])
    reading.place = Place(*place.point)


def confirm_by_registry(reading: RowReading) -> None:
    """Add what was assumed of a row to its remarks: a doubt, or only a note if the registry says the same."""
    state = reading.match.state if reading.match else None
    known = state.place if state else None
    # A difference within the rounding of a list does not move the station.
    same = known is not None and reading.place is not None and metres_between(known, reading.place) <= SAME_PLACE_M
    if same:
        reading.place = known
    for remark, confirmed in (
        (reading.guessed, same),
        (reading.taken, state is not None),
    ):
        if remark is not None:
            reading.remarks += (replace(remark, weight=Weight.NOTE) if confirmed else remark,)


def _take_county(reading: RowReading, asked: PlaceAsked, county: County) -> None:
    """Take the county that contains the coordinates; a doubt if the entered words do not name it, which are kept."""
    if isinstance(reading.unclear, SeveralCounties) and county.adcode in reading.unclear.adcodes:
        reading.city, reading.county, reading.unclear = county.city_adcode, county.adcode, None
    elif reading.unclear is not None:
        reading.settle_area(county.city_adcode, county.adcode)
        reading.remark(
            "county",
            Weight.DOUBT,
            N_("“{value}” does not name one county; {county} was taken from the coordinates; check it"),
            value=reading.unread["county"],
            county=both_names(county),
        )
    else:
        reading.city, reading.county = county.city_adcode, county.adcode
        reading.taken = Remark(
            "county",
            Weight.NOTE if asked.crs or reading.area_by_place else Weight.DOUBT,
            N_("No county is stated; {county} was taken from the coordinates"),
            {"county": both_names(county)},
        )


def _remark_misfit(reading: RowReading, asked: PlaceAsked, place: PlaceFound, terms: Terms, column: str) -> None:
    stated = terms.counties.get(asked.area) or terms.cities.get(asked.area)
    located = terms.counties.get(place.located or "")
    where = both_names(located) if located else Bilingual("省外", f"outside {province_name().en}")
    if place.fitting:
        reading.remark(
            column,
            Weight.DOUBT,
            N_(
                "The coordinates lie in {found}, not in {stated}, if they are {crs}; if they are {fitting}, they fit. "
                "State the coordinate system"
            ),
            found=where,
            stated=both_names(stated) if stated else province_name(),
            crs=CRS_NAMES[place.crs],
            fitting=CRS_NAMES[place.fitting],
        )
    else:
        reading.remark(
            column,
            Weight.DOUBT,
            N_("The coordinates lie in {found}, not in {stated}; correct one of the two"),
            found=where,
            stated=both_names(stated) if stated else province_name(),
        )


def _column(reading: RowReading) -> str:
    return "lon" if reading.values.get("lon") is not None else "place"


def mark_double_stations(
    rows: Sequence[PlannedRow], standing: Mapping[str, Standing], terms: Terms, *, sample: bool
) -> list[PlannedRow]:
    """Return the rows, with those new ones marked doubtful that may be a registered or an earlier station."""

    def look(code: str, row: PlannedRow) -> Lookalike:
        if row.after is None:
            raise ValueError(f"row {row.number} plans no station")
        return _lookalike(code, row.after, terms, sample)

    looks = (_lookalike(one.code, one.state, terms, sample) for one in standing.values())
    return mark_possible_doubles(rows, {one.code: one.state.name for one in standing.values()}, looks, look)


def _lookalike(code: str, state: StationState, terms: Terms, sample: bool) -> Lookalike:
    lon, lat = state.place or (None, None)
    county = terms.counties.get(state.county_adcode or "")
    city = terms.cities[state.city_adcode]
    return Lookalike(
        code,
        state.name,
        state.phone,
        lon,
        lat,
        city.adcode,
        county.adcode if county else None,
        city.name,
        county.name if county else None,
        sample,
    )
