"""How long building took or has taken so far, as the register tells: from approval to acceptance, for counties from a
station's plan to its opening. A date stands for the middle of the days that it can mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.partial_date import PartialDate
from stations.registry.centre import Centre, CentreStage, Stage
from stations.registry.dated_stage import holding, known_from
from stations.registry.station import Station, StationStatus, Status
from stations.targets.counting_rule import CountingRule, Subject
from stations.targets.pilot import Pilot, PilotStage

SILENT_FOR = timedelta(days=5 * 365)
"""After so long without news a record is not taken to be waiting any more."""


@dataclass(frozen=True)
class Spell:
    """The duration of one building in days; so far, if it has not ``ended``."""

    days: float
    ended: bool


def observations(
    session: Session, rule: CountingRule, as_of: date, samples: bool, scope: Sequence[Centre | Pilot]
) -> tuple[list[tuple[Spell, bool]], dict[str, date]]:
    """Return every spell with whether it is a sample, and the start of each unfinished record by its code.

    Centres and pilots from approval, those withdrawn since left out (``stations.targets.new_approvals`` has them);
    stations, for counties, from plan to opening.
    """
    if rule.subject is Subject.COUNTY:
        return _station_observations(session, as_of, samples)
    observed: list[tuple[Spell, bool]] = []
    starts: dict[str, date] = {}
    for record in scope:
        history: Sequence[CentreStage | PilotStage] = record.history
        known = holding(history, as_of)
        dates = {entry.stage: middle_of(entry.dated) for entry in reversed(known) if entry.dated}
        start, end = dates.get(Stage.APPROVED), dates.get(Stage.ACCEPTED)
        if start is None:
            continue
        if end is not None and end >= start:
            observed.append((Spell((end - start).days, True), record.sample))
        elif not {entry.stage for entry in known} & {Stage.ACCEPTED, Stage.WITHDRAWN}:
            told = max(day for entry in known if (day := known_from(entry.dated, entry.as_of)))
            silent = as_of - told > SILENT_FOR
            observed.append((Spell(((told if silent else as_of) - start).days, False), record.sample))
            if not silent:
                starts[record.code] = start
    return observed, starts


def _station_observations(
    session: Session, as_of: date, samples: bool
) -> tuple[list[tuple[Spell, bool]], dict[str, date]]:
    """Return the same for stations, from plan to opening. The starts are by county, the earliest plan of each."""
    statement = (
        select(Station.id, Station.county_adcode, Station.sample, StationStatus.status, StationStatus.dated)
        .join(StationStatus, StationStatus.station_id == Station.id)
        .where(StationStatus.known_from <= as_of, Station.county_adcode.is_not(None))
        .order_by(Station.id, StationStatus.position)
    )
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    stations: dict[int, tuple[str, bool, dict[Status, PartialDate | None]]] = {}
    for station, adcode, invented, status, dated in session.execute(statement):
        stations.setdefault(station, (adcode or "", invented, {}))[2].setdefault(status, dated)
    observed: list[tuple[Spell, bool]] = []
    starts: dict[str, date] = {}
    for adcode, invented, dates in stations.values():
        planned, opened = dates.get(Status.PLANNED), dates.get(Status.ACTIVE)
        if planned is None:
            continue
        start = middle_of(planned)
        if opened is not None and middle_of(opened) >= start:
            observed.append((Spell((middle_of(opened) - start).days, True), invented))
        elif set(dates) == {Status.PLANNED}:
            observed.append((Spell(max(0, (as_of - start).days), False), invented))
            starts[adcode] = min(start, starts.get(adcode, start))
    return observed, starts


def middle_of(moment: PartialDate) -> date:
    """Return the middle of the days that a date can mean."""
    return moment.earliest + (moment.latest - moment.earliest) / 2
