"""Dating the sample network anew: its requests with their urgings, visits, proposals, confirmations and alerts
are replaced by ones of today.

The sample stations, centres, institutions, accounts and what visitors wrote into those records stay. Documented
records are never touched.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, or_, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty, User
from stations.alerts.alerts import CoverageAlert
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.data_load import DataLoad
from stations.database import Base
from stations.duty.roles import Role
from stations.evaluation.site_visits import SiteVisit
from stations.keeping.proposal import Proposal
from stations.language import day_in_china
from stations.registry.confirmation import StationConfirmation
from stations.registry.station import Station
from stations.requests.service_request import ServiceRequest
from stations.samples.network import NAME, add_sample_work, load_sample_network
from stations.samples.stations import announce_endings

DATED = (ServiceRequest, SiteVisit, Proposal, CoverageAlert)
"""What is replaced, with all rows that refer to it."""


def renew_sample_network(session: Session, now: datetime) -> bool:
    """Replace what is dated in the sample network by records of today; load the network where it is missing. Return
    whether there was one.
    """
    if load_sample_network(session, now):
        return False
    for kind in DATED:
        _delete_samples(session, kind)
    samples = select(Station.id).where(Station.sample)
    session.execute(delete(StationConfirmation).where(StationConfirmation.station_id.in_(samples)))
    session.expire_all()
    stations = list(
        session.scalars(select(Station).where(Station.sample, Station.code.like("SAMPLE-S-%")).order_by(Station.code))
    )
    announce_endings(session, stations, now)
    session.flush()
    stewards = session.execute(
        select(Duty.area_code, User).join(User, User.id == Duty.user_id).where(User.sample, Duty.role == Role.STATION)
    )
    add_sample_work(session, stations, {code: user for code, user in stewards}, now)
    session.get_one(DataLoad, NAME).loaded_at = now
    log.record(
        session,
        at=now,
        actor=SystemActor.COMMAND_LINE,
        action=AuditAction.RENEW_SAMPLES,
        subject_kind=AuditSubject.SAMPLES,
        subject=day_in_china(now).isoformat(),
    )
    return True


def _delete_samples(session: Session, kind: type[ServiceRequest | SiteVisit | Proposal | CoverageAlert]) -> None:
    """Delete the sample records of a kind, first the rows of every table that refers to them, however deep."""
    table = Base.metadata.tables[kind.__tablename__]
    conditions: dict[Table, ColumnElement[bool]] = {table: table.c.sample}
    for other in Base.metadata.sorted_tables:  # referred ones come first
        if other is table:
            continue
        referring = [
            key.parent.in_(select(key.column).where(conditions[key.column.table]))
            for key in other.foreign_keys
            if key.column.table in conditions and key.column.table is not other
        ]
        if referring:
            conditions[other] = or_(*referring)
    for other in reversed(list(conditions)):
        session.execute(delete(other).where(conditions[other]))
