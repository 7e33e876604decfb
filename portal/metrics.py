"""The figures of this process for Prometheus, each with a bounded set of labels and none about a person.

Several servers are several targets: each counts for itself, and a sum over them is the whole. What stands in the
database, which all share, is read when figures are asked for (``portal/shared_figures.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began is of no use, and doubles the figures

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("portal_http_requests", "HTTP requests answered.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram("portal_http_request_seconds", "Time to answer HTTP requests.", ["route"], buckets=SECONDS)
WEBSOCKETS = Gauge("portal_websockets_open", "Open websockets: one for each visit of a page.")
PAGE_RUNS = Counter("portal_page_runs", "Runs of pages.", ["page", "outcome"])
PAGE_SECONDS = Histogram("portal_page_run_seconds", "Time that runs of pages take.", ["page"], buckets=SECONDS)
SIGN_INS = Counter("portal_sign_ins", "Tries to sign in with a password.", ["outcome"])
UPLOADS_REFUSED = Counter("portal_uploads_refused", "Files and bodies that were not taken.", ["status"])
HOSTS_REFUSED = Counter("portal_hosts_refused", "Requests for a host that is not ours.")

_SIGN_IN_OUTCOMES = {303: "admitted", 401: "refused", 503: "busy"}
"""By the status of the answer. ``busy``: too many at a time, nobody looked at the password."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

_ROUTES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("watch", r"/(health|ready|metrics)"),
        ("asset", r"/(assets|geo|static|media|component)/.*"),
        ("upload", r"/_stcore/upload_file/.*"),
        ("stream", r"/_stcore/.*"),
        ("sign-in", r"/(sign-(in|out)|single-sign-on|second-factor|passkey|(first-)?password|end-sign-ins)(/.*)?"),
        ("attachment", r"/attachment/.*"),
        ("api", r"/(api|ogc|hsds|open311)(/.*)?|/(collections|conformance)(/.*)?"),
        ("download", r"/downloads(/.*)?"),
        ("embedded", r"/(embed(/.*)?|oembed)"),
        ("choice", r"/(language|samples)/.*"),
        ("page", r"/[A-Za-z0-9_-]*"),
    )
)


def route_class(path: str) -> str:
    """Return the class of a path: one of a few words, whatever was asked for."""
    return next((name for name, pattern in _ROUTES if pattern.fullmatch(path)), "other")


def refuses_upload(route: str, status: int) -> bool:
    """Whether an answer to a path of this class says that a file or body was not taken."""
    return status == 413 or (status >= 400 and route == "upload")


def count_answer(path: str, method: str, status: int, seconds: float) -> None:
    """Count an answer over HTTP."""
    route = route_class(path)
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    if method == "POST" and path == "/sign-in":
        SIGN_INS.labels(_SIGN_IN_OUTCOMES.get(status, "failed")).inc()
    if refuses_upload(route, status):
        UPLOADS_REFUSED.labels(str(status)).inc()


@contextmanager
def counted_page(page: str) -> Iterator[None]:
    """Count and time a run of a page. A run that Streamlit ends to begin another (no ``Exception``) has not failed."""
    began, outcome = perf_counter(), "drawn"
    try:
        yield
    except Exception:
        outcome = "failed"
        raise
    finally:
        PAGE_RUNS.labels(page, outcome).inc()
        PAGE_SECONDS.labels(page).observe(perf_counter() - began)
