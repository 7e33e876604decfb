"""Which counties are covered."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from portal.api.application import StrictRoute
from portal.api.inquiry import Asked
from stations.answers.counties import COVERAGE, coverage_report
from stations.readers.dates import read_day

router = APIRouter(route_class=StrictRoute, tags=["coverage"])

AsOf = Annotated[str | None, Query(description="The day asked about, such as 2025-12-31; today where it is left out.")]


@router.get("/coverage")
def get_coverage(asked: Asked, as_of: AsOf = None) -> Any:
    """Return which counties are covered on a day."""
    day = read_day("as_of", as_of) if as_of is not None else asked.today
    with asked.reading() as session:
        return COVERAGE.data(coverage_report(session, day, samples=asked.samples), asked.language)
