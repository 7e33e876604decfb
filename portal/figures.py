"""``/metrics``: figures for Prometheus, for who shows the ``METRICS_TOKEN``; without it there is no such page.

Counters are of this process; scrape each server by its own address. What stands in the database is the same on every
server: take ``max`` over them, not ``sum``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.runtime import exists, get_instance

from portal.health import looks, shows_token
from portal.settings import settings
from portal.storage import engine
from stations.operations.check import Check, Part, State
from stations.operations.standing import Operations

_DAY = timedelta(days=1)
_OF_JOBS: tuple[tuple[str, str, type[CounterMetricFamily] | type[GaugeMetricFamily], str], ...] = (
    ("runs", "portal_job_runs", CounterMetricFamily, "Runs of a job, on all servers."),
    ("failures", "portal_job_failures", CounterMetricFamily, "Runs of a job that failed, on all servers."),
    ("run_at_seconds", "portal_job_last_run_timestamp_seconds", GaugeMetricFamily, "When a job last ran."),
    ("success_at_seconds", "portal_job_last_success_timestamp_seconds", GaugeMetricFamily, "When it last succeeded."),
    ("seconds", "portal_job_last_run_seconds", GaugeMetricFamily, "How long its last run took."),
)
_OF_PARTS: tuple[tuple[Part, str, str, str], ...] = (
    (Part.DATABASE, "seconds", "portal_database_answer_seconds", "Time of the smallest question to the database."),
    (Part.DISK, "database_bytes", "portal_database_bytes", "Size of the database."),
    (Part.DISK, "free_bytes", "portal_database_disk_free_bytes", "Room on the disk of a SQLite file."),
    (Part.BACKUP_DISK, "free_bytes", "portal_backup_disk_free_bytes", "Room on the disk of the backups."),
    (Part.BACKUP, "age_days", "portal_backup_age_days", "Days since that of the newest daily backup."),
    (Part.BACKUP, "bytes", "portal_backup_bytes", "Size of the newest daily backup."),
    (Part.SERVERS, "processes", "portal_server_processes", "Server processes that run on this database."),
)


class _Shared(Collector):
    """What stands in the database and on the disks, and the state of this process that nobody counts."""

    def describe(self) -> list[Metric]:
        return []  # otherwise registering it would look at the database

    def collect(self) -> Iterator[Metric]:
        yield from _of_process()
        standing = looks.recent()
        yield from _of_checks(standing)
        yield from _of_jobs([check for check in standing.checks if check.part is Part.JOB])
        events = GaugeMetricFamily(
            "portal_security_events_last_day", "Security events of the last 24 hours.", labels=["kind"]
        )
        counts: Counter[str] = Counter()
        for event in standing.events:
            if event.last_at > standing.at - _DAY:
                counts[event.kind.value] += event.count
        for kind, count in counts.items():
            events.add_metric([kind], count)
        yield events


def _of_process() -> Iterator[Metric]:
    pool = engine().pool
    if isinstance(pool, QueuePool):
        connections = GaugeMetricFamily(
            "portal_database_connections", "Connections of this process to the database.", labels=["state"]
        )
        connections.add_metric(["in_use"], pool.checkedout())
        connections.add_metric(["idle"], pool.checkedin())
        yield connections
    if exists():
        manager = get_instance()._session_mgr
        yield GaugeMetricFamily("portal_visits", "Visits that this process holds.", manager.num_active_sessions())


def _of_checks(standing: Operations) -> Iterator[Metric]:
    states = GaugeMetricFamily(
        "portal_check_state", "How each part does: 0 fine, 1 to be looked at, 2 failing.", labels=["part"]
    )
    order = list(State)
    for check in standing.checks:
        states.add_metric([check.code], order.index(check.state))
        if check.part is Part.NOTICES:
            notices = GaugeMetricFamily("portal_notices", "Notices in the outbox.", labels=["state"])
            for state, count in check.figures.items():
                notices.add_metric([state], count)
            yield notices
    yield states
    by_part = {check.part: check for check in standing.checks}
    for part, figure, name, told in _OF_PARTS:
        if part in by_part and figure in by_part[part].figures:
            yield GaugeMetricFamily(name, told, by_part[part].figures[figure])
    build = GaugeMetricFamily("portal_build_info", "The build that this process runs.", labels=["build"])
    build.add_metric([standing.build], 1)
    yield build


def _of_jobs(jobs: list[Check]) -> Iterator[Metric]:
    for figure, name, family, told in _OF_JOBS:
        metric = family(name, told, labels=["job"])
        for check in jobs:
            if figure in check.figures:
                metric.add_metric([check.name], check.figures[figure])
        yield metric


REGISTRY.register(_Shared())


async def metrics(request: Request) -> Response:
    """Answer with all figures in the text format of Prometheus."""
    if not settings().metrics_token:
        return PlainTextResponse("Not Found", 404)
    if not shows_token(request):
        return PlainTextResponse("Unauthorized", 401, headers={"WWW-Authenticate": "Bearer"})
    content = await run_in_threadpool(generate_latest, REGISTRY)
    return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


routes: list[BaseRoute] = [Route("/metrics", metrics)]
