"""The proof after each fault: what was acknowledged is there once, nothing is half written, the log is whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select, text

from stations.audit.log import AuditEntry
from stations.audit.proof import verify_audit
from stations.database import open_engine, reading
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from tests.torture.load import Heard


@dataclass(frozen=True)
class Proof:
    """``found``: of the acknowledged, those that are there under their number. The other figures are of all requests
    in the database; ``log_whole``: the audit log is, and SQLite finds its file sound."""

    acknowledged: int
    found: int
    doubled: int
    half_written: int
    log_whole: bool

    @property
    def holds(self) -> bool:
        return self.found == self.acknowledged and not self.doubled and not self.half_written and self.log_whole


def prove(url: str, heard: Heard) -> Proof:
    """Compare what clients heard with what is in the database."""
    engine = open_engine(url)
    with reading(engine) as session:
        rows = session.execute(select(ServiceRequest.id, ServiceRequest.product, ServiceRequest.number)).all()
        items = dict(
            session.execute(select(RequestItem.request_id, func.count()).group_by(RequestItem.request_id)).all()
        )
        events = dict(
            session.execute(select(RequestEvent.request_id, func.count()).group_by(RequestEvent.request_id)).all()
        )
        logged = Counter(session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "file_request")))
        verdict = verify_audit(session)
        sound = True
        if engine.dialect.name == "sqlite":
            sound = session.scalar(text("PRAGMA integrity_check")) == "ok"
            sound = sound and session.execute(text("PRAGMA foreign_key_check")).first() is None
    engine.dispose()
    by_product = {product: number for _id, product, number in rows}
    whole = sum(items.get(id) == 1 and events.get(id, 0) >= 1 and logged[number] == 1 for id, _product, number in rows)
    found = sum(by_product.get(product) == number for product, number in heard.acknowledged.items())
    return Proof(
        acknowledged=len(heard.acknowledged),
        found=found,
        doubled=len(rows) - len(by_product) + len(heard.changed),
        half_written=len(rows) - whole + sum(logged.values()) - len(rows),
        log_whole=verdict.fault is None and sound,
    )
