"""Open alerts are settled by the change that ends their cause, in its own transaction.

Whatever changes the registry, by a form, a list, a proposal or a merger, moves the revision; before it is saved, the
alerts that are open are looked at, as of the day of the change. The daily check does the same for what time alone ends.
"""

from __future__ import annotations

from sqlalchemy import event, exists, select
from sqlalchemy.orm import Session

from stations.alerts.alerts import CoverageAlert, record_check, settle_alerts
from stations.audit import log
from stations.language import day_in_china
from stations.revision import is_moved


@event.listens_for(Session, "before_commit", insert=True)  # before the log chains what is recorded here
def _settle(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    now = log.last_recorded(session)
    if now is None or not is_moved(session):
        return
    if not session.scalar(select(exists().where(CoverageAlert.settled_on.is_(None)))):
        return
    on = day_in_china(now)
    settled = [alert for samples in (False, True) for alert in settle_alerts(session, on, samples=samples, now=now)]
    if settled:
        record_check(session, on, raised=0, settled=len(settled), now=now)
