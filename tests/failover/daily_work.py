"""The recurring jobs on both servers at once: what each does is done once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.failover.machines import Machines
from tests.failover.network import PORTALS

COMMANDS = ("check-coverage", "send-reminders", "escalate", "erase-expired", "daily-backup")
_ENTRIES = """
import json
from sqlalchemy import select
from portal.storage import engine
from stations.audit.log import AuditEntry
from stations.database import reading
with reading(engine()) as session:
    entries = session.scalars(select(AuditEntry).where(AuditEntry.actor != "firm")).all()
what = ("actor", "action", "subject_kind", "subject")
told = [[*(getattr(one, name) for name in what), json.dumps(one.detail, sort_keys=True)] for one in entries]
print(json.dumps(told))
"""


def daily_work(machines: Machines) -> dict[str, Any]:
    """Let both servers, which have done the jobs of the day already, do all of them again at the same time.

    Return how many entries of the audit log the jobs have made, those that are there ``twice``, and the backups.
    """
    with ThreadPoolExecutor() as both:
        list(
            both.map(
                lambda portal: [machines.answer_at_portal(portal, "-m", "stations", one) for one in COMMANDS], PORTALS
            )
        )
    entries = [tuple(one) for one in json.loads(machines.answer_at_portal(PORTALS[0], "-c", _ENTRIES))]
    backups = sorted(path.name for path in (machines.folder / "backups").iterdir())
    twice = sorted({one for one in entries if entries.count(one) > 1})
    return {"entries_of_jobs": len(entries), "twice": twice, "backups": backups}
