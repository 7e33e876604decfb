"""Load the reference data that ships with the product: ``stations/data``, the same in every province, and the tables
in the folder of the province in use (see the SOURCES.md of both).

Counties and the service catalogue are updated from their files at every load; so are chains, centres and stations
that nobody has changed. Targets and routing rules are only added if missing. Changes by administrators stay. A table
that the province lacks, such as targets, is skipped. A load whose files have not changed does nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from geo.counties import county_layer
from geo.province import PROVINCE_FILE, province_in_use
from stations.catalogue.chain import ChainTier, IndustrialChain
from stations.catalogue.service import Service
from stations.data_load import DataLoad
from stations.errors import InvalidInput
from stations.language import N_
from stations.partial_date import PartialDate
from stations.places.counties import City, County
from stations.province import census_source, policy, province_rows, table_rows
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.registry.record_history import RecordChange
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES, Record, put_state, state_of
from stations.registry.record_state import CentreState, HistoryEntry, Offer, RecordState, StationState
from stations.registry.record_terms import Terms
from stations.registry.station import Status
from stations.requests.routing_rules import Factor, RoutingRule
from stations.targets.counting_rule import CountingRule
from stations.targets.target import Target, TargetRule

DATA = Path(__file__).resolve().parents[1] / "data"
RECORDED_BY = N_("reference data")
_CLAUSES = re.compile(r"\([一二三四五六七八九十]+\)(?:; |$)")  # of a policy, which not every province has


Row = dict[str, str]


def fingerprint_of(*paths: Path) -> str:
    """Return the SHA-256 over the contents of the files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def loaded_before(session: Session, name: str, fingerprint: str, now: datetime) -> bool:
    """Return whether content with this fingerprint was loaded under ``name`` before; if not, record it as loaded."""
    before = session.get(DataLoad, name)
    if before is not None and before.fingerprint == fingerprint:
        return True
    if before is None:
        session.add(DataLoad(name=name, fingerprint=fingerprint, loaded_at=now))
    else:
        before.fingerprint, before.loaded_at = fingerprint, now
    return False


def load_reference_data(session: Session, now: datetime) -> bool:
    """Load every file. Return False if nothing has changed since the last load.

    Raises:
        InvalidInput: a row can't be read. The error names file, row and field, and nothing is written.
    """
    folder = province_in_use().folder
    files = [*sorted(DATA.glob("*.csv")), *sorted(folder.glob("*.csv")), folder / PROVINCE_FILE, Path(__file__)]
    if loaded_before(session, "reference", fingerprint_of(*files), now):
        return False
    _load_counties(session)
    for name, load in _LOADERS.items():
        for number, row in _rows(name):
            try:
                load(session, number, row, now)
            except (KeyError, ValueError, InvalidInput) as problem:
                raise InvalidInput(
                    name, N_("{file}, row {row}: {problem}"), file=name, row=number, problem=str(problem)
                ) from problem
        session.flush()
    return True


def _rows(name: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a data file with their numbers as in a spreadsheet; none if the province lacks the table."""
    rows = province_rows(name)
    if name in _EVERYWHERE:
        own = {row["code"]: row for row in rows}  # replaces what all provinces have in common
        rows = [own.get(row.get("code", ""), row) for row in table_rows(DATA / name)]
    yield from enumerate(rows, start=2)


def _load_counties(session: Session) -> None:
    layer = county_layer()
    for city in layer.cities:
        inner = [county for county in layer.counties if county.city_adcode == city.adcode]
        mean_lon = sum(county.lon for county in inner) / len(inner)
        mean_lat = sum(county.lat for county in inner) / len(inner)
        middle = min(inner, key=lambda county: (county.lon - mean_lon) ** 2 + (county.lat - mean_lat) ** 2)
        session.merge(City(adcode=city.adcode, name=city.name, name_en=city.name_en, lon=middle.lon, lat=middle.lat))
    session.flush()
    for county in layer.counties:
        session.merge(
            County(
                adcode=county.adcode,
                name=county.name,
                name_en=county.name_en,
                kind=county.kind,
                city_adcode=county.city_adcode,
                area_km2=county.area_km2,
                lon=county.lon,
                lat=county.lat,
            )
        )
    session.flush()


def _load_city_population(session: Session, number: int, row: Row, now: datetime) -> None:
    city = session.get_one(City, row["city_adcode"])
    city.population, city.population_source = int(row["population"]), census_source()


def _load_county_population(session: Session, number: int, row: Row, now: datetime) -> None:
    county = session.get_one(County, row["adcode"])
    county.population, county.population_source = int(row["population"]), census_source()
    county.population_note = row["note"] or None


def _load_census_zone(session: Session, number: int, row: Row, now: datetime) -> None:
    """Add the residents of a zone that the census counts apart to its county, unless it spans several."""
    adcode, *others = row["counties"].split(";")
    county = session.get_one(County, adcode)
    if not others:
        county.population = (county.population or 0) + int(row["population"])


def _load_service(session: Session, number: int, row: Row, now: datetime) -> None:
    session.merge(
        Service(
            code=row["code"],
            parent_code=row["parent"] or None,
            position=number,
            element=row["element"] == "1",
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            bring_zh=row["bring_zh"],
            bring_en=row["bring_en"],
            performer_zh=row["performer_zh"],
            performer_en=row["performer_en"],
            working_days=int(row["working_days"]) if row["working_days"] else None,
            fee_zh=row["fee_zh"],
            fee_en=row["fee_en"],
            basis=row["basis"] if policy() else _CLAUSES.sub("", row["basis"]),
            keywords=[word for word in row["keywords"].split(";") if word],
        )
    )


def _load_chain(session: Session, number: int, row: Row, now: datetime) -> None:
    chain = session.get(IndustrialChain, row["code"])
    if chain is None:
        chain = IndustrialChain(code=row["code"], created_at=now)
        session.add(chain)
    elif chain.version > 1:  # the province has changed it
        return
    chain.tier = ChainTier(row["tier"]) if row["tier"] else None
    chain.name_zh, chain.name_en, chain.source, chain.updated_at = row["name_zh"], row["name_en"], row["source"], now


def _load_target(session: Session, number: int, row: Row, now: datetime) -> None:
    if session.get(Target, row["code"]):
        return
    rests_on = policy()
    if rests_on is None:
        raise ValueError("targets without the policy that sets them")
    session.add(
        Target(
            code=row["code"],
            position=number,
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            required=int(row["required"]),
            at_least=row["at_least"] == "true",
            period_start=date.fromisoformat(row["period_start"]),
            period_end=date.fromisoformat(row["period_end"]),
            clause=row["clause"],
            quote=row["quote"],
            source=rests_on.source,
            created_at=now,
            updated_at=now,
            rules=[
                TargetRule(
                    position=0,
                    rule=CountingRule.of_data(json.loads(row["rule"])).as_data(),
                    recorded_by=RECORDED_BY,
                    recorded_at=now,
                )
            ],
        )
    )


def _load_routing_rule(session: Session, number: int, row: Row, now: datetime) -> None:
    factor = Factor(row["factor"])
    if session.get(RoutingRule, factor):
        return
    session.add(
        RoutingRule(
            factor=factor,
            position=number,
            weight=float(row["weight"]),
            half_at=float(row["half_at"]) if row["half_at"] else None,
            reason=row["reason"],
        )
    )


def _load_centre(session: Session, number: int, row: Row, now: datetime) -> None:
    city, county = _place(session, row)
    as_of = _date(row["as_of"])
    dated = {Stage.APPROVED: _date(row["approved_for_construction"]), Stage.ACCEPTED: _date(row["accepted"])}
    reported = Stage(row["status"]) if row["status"] else None
    state = CentreState(
        name=row["name"],
        level=CentreLevel(row["level"]),
        kind=CentreKind(row["kind"]),
        host=row["host"] or None,
        city_adcode=city.adcode,
        county_adcode=county.adcode if county else None,
        source=row["source"],
        history=tuple(
            HistoryEntry(stage, dated.get(stage), as_of, source=row["source"])
            for stage in Stage
            if dated.get(stage) or stage is reported
        ),
    )
    _put_record(session, RecordKind.CENTRE, row["code"], state, now)


def _load_station(session: Session, number: int, row: Row, now: datetime) -> None:
    city, county = _place(session, row)
    opening = HistoryEntry(Status.ACTIVE, _date(row["opened"]), _date(row["as_of"]), source=row["source"])
    state = StationState(
        name=row["name"],
        brand=row["brand"] or None,
        address=row["place"],
        city_adcode=city.adcode,
        county_adcode=county.adcode if county else None,
        source=row["source"],
        services=tuple(Offer(code) for code in sorted(filter(None, row["services"].split(";")))),
        history=(opening,),
    )
    _put_record(session, RecordKind.STATION, row["code"], state, now)


def _put_record(session: Session, kind: RecordKind, code: str, state: RecordState, now: datetime) -> None:
    """Add a record, or bring the one with this code up to date, unless people have changed or merged it."""
    if session.scalar(select(RecordChange.id).where(RecordChange.kind == kind, RecordChange.code == code).limit(1)):
        return
    model = SHAPES[kind].model
    every: Select[Record] = select(model)
    record, terms = session.scalar(every.where(model.code == code)), Terms.load(session)
    if record is None:
        record = model(code=code, sample=False, created_at=now)
        session.add(record)
    elif state_of(record) == state:
        return
    put_state(record, state, terms, by=RECORDED_BY, now=now)
    record.updated_at = now


def _date(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _place(session: Session, row: Row) -> tuple[City, County | None]:
    city = session.scalar(select(City).where(City.name == row["city"]))
    if city is None:
        raise ValueError(f"city: no city {row['city']}")
    if not row["county"]:
        return city, None
    county = session.scalar(select(County).where(County.name == row["county"], County.city_adcode == city.adcode))
    if county is None:
        raise ValueError(f"county: no county {row['county']} in {row['city']}")
    return city, county


_LOADERS: dict[str, Callable[[Session, int, Row, datetime], None]] = {
    "city_population.csv": _load_city_population,
    "county_population.csv": _load_county_population,
    "census_zones.csv": _load_census_zone,
    "service_catalogue.csv": _load_service,
    "industrial_chains.csv": _load_chain,
    "targets.csv": _load_target,
    "routing_rules.csv": _load_routing_rule,
    "centres.csv": _load_centre,
    "stations.csv": _load_station,
}
_EVERYWHERE = {"service_catalogue.csv", "routing_rules.csv"}
"""Tables that are the same in every province."""
