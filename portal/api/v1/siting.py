"""``/siting``: where the next stations would serve best, computed in the background.

A question is sent, and answered at once with the address of its computation (202). That address tells how far it is;
once it is done the result is below it. Computations are those of the pages' (``portal.planning.siting_progress``): a
few at a time in this server process, more wait, and further ones are refused (503). The last ones are remembered.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from geo.siting import SitingModel
from portal.api.answer_forms import Sort, as_json, form_of, respond
from portal.api.inquiry import Asked, Inquiry, unknown_word
from portal.api.rate_limit import COSTS_MUCH
from portal.api.strict_route import StrictRoute
from portal.api.v1.described import NO_RECORD, described_answer
from portal.planning.siting_progress import jobs
from stations.answers.scenario_layers import sites_geojson
from stations.answers.siting import SITING
from stations.errors import NotFound
from stations.language import N_
from stations.planning.demand import DemandLayer, Weighting
from stations.planning.siting_jobs import JobState, SitingJob
from stations.planning.siting_question import (
    DEFAULT_REQUESTS,
    DEFAULT_WITHIN_KM,
    DEFAULT_WITHIN_MINUTES,
    MOST_POINTS,
    MOST_SITES,
    read_points,
    read_question,
)
from stations.planning.station_siting import PosedQuestion, answer, pose
from stations.planning.travel import STRAIGHT
from stations.readers.dates import read_day_in_sight

REMEMBERED = 200
LONGEST_S = 120
GEOJSON = "application/geo+json"
PLANNING = N_("Targets and planning")

router = APIRouter(route_class=StrictRoute, tags=[PLANNING])

Number = StrictInt | StrictFloat
_Code = Annotated[StrictStr, Field(max_length=80)]


class Question(BaseModel):
    """A siting question; ``siting --help`` of the command line has the same."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    model: SitingModel = Field(description=N_("What is sought."))
    p: StrictInt | None = Field(None, ge=1, le=MOST_SITES, description=N_("How many sites to add; not for lscp."))
    within_km: Number = Field(
        DEFAULT_WITHIN_KM, gt=0, le=1000, description=N_("How far counts as reached, for lscp and mclp.")
    )
    travel: StrictStr = Field(
        STRAIGHT,
        max_length=40,
        description=N_("How the way is measured: straight, roads, or the code of a table of distances."),
    )
    within_minutes: Number = Field(
        DEFAULT_WITHIN_MINUTES,
        gt=0,
        le=1000,
        description=N_("How long counts as reached, for lscp and mclp, where the measure is minutes."),
    )
    weights: StrictStr = Field(
        Weighting.EQUAL.value,
        max_length=40,
        description=N_("Whose way counts: equal, population, or the code of an imported figure."),
    )
    demand: DemandLayer = Field(
        DemandLayer.COUNTIES,
        description=N_(
            "Where demand is counted: at counties, towns, in the hexagon grid, by the population raster, or at places."
        ),
    )
    keep_existing: StrictBool = Field(
        False, description=N_("Stations active on the day stay; the sites asked for are added.")
    )
    must: list[_Code] = Field([], max_length=MOST_SITES, description=N_("A candidate that has to get a station."))
    forbid: list[_Code] = Field([], max_length=MOST_SITES, description=N_("A candidate that can't get a station."))
    counties: StrictBool = Field(True, description=N_("Whether points inside the counties are candidates."))
    seats: StrictBool = Field(
        False, description=N_("Seats of counties are candidates too, as far as a source places them.")
    )
    towns: StrictBool = Field(False, description=N_("Towns are candidates too, as far as a source places them."))
    places: StrictBool = Field(False, description=N_("Imported places are candidates too."))
    points: list[tuple[Number, Number]] = Field(
        [], max_length=MOST_POINTS, description=N_("Candidates: longitude and latitude, WGS-84 degrees.")
    )
    budget: Number | None = Field(
        None, gt=0, lt=1e12, description=N_("What the added sites may cost together.")
    )
    site_cost: Number = Field(1.0, ge=0, lt=1e12, description=N_("What a site costs."))
    cost_figure: _Code | None = Field(
        None, description=N_("The imported figure that says what a site costs by county.")
    )
    capacity: Number | None = Field(
        None, gt=0, lt=1e12, description=N_("How many requests a year a new station can handle.")
    )
    existing_capacity: Number | None = Field(
        None, gt=0, lt=1e12, description=N_("How many requests a year a station that stands can handle.")
    )
    capacity_figure: _Code | None = Field(
        None, description=N_("The imported figure that says what a station can handle by county.")
    )
    requests_per_10000: Number = Field(
        DEFAULT_REQUESTS,
        gt=0,
        lt=1e9,
        description=N_("Requests a year from 10,000 of demand, such as residents; for capacities."),
    )
    time_limit: StrictInt = Field(60, ge=1, le=LONGEST_S, description=N_("When to give the best found so far."))
    as_of: StrictStr | None = Field(
        None,
        max_length=40,
        description=N_("The day asked about; today where it is left out."),
        json_schema_extra={"format": "date"},
    )


@dataclass(frozen=True)
class Computation:
    """A computation that was asked for over HTTP, on the data of ``as_of``."""

    id: str
    posed: PosedQuestion
    job: SitingJob
    asked_at: datetime
    as_of: date


class Computations:
    """The computations that this server process remembers, the oldest first."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._lock = threading.Lock()
        self._remembered = remembered
        self._by_id: OrderedDict[str, Computation] = OrderedDict()

    def add(self, one: Computation) -> None:
        """Remember a computation, and forget the oldest that has ended if there are too many."""
        with self._lock:
            self._by_id[one.id] = one
            ended = (key for key, each in self._by_id.items() if each.job.ended.is_set())
            while len(self._by_id) > self._remembered and (oldest := next(ended, None)):
                del self._by_id[oldest]
                ended = (key for key, each in self._by_id.items() if each.job.ended.is_set())

    def get(self, key: str) -> Computation:
        """Return a computation.

        Raises:
            NotFound: there is none, or none any more.
        """
        with self._lock:
            if one := self._by_id.get(key):
                return one
        raise NotFound(N_("There is no such computation, or none any more; ask anew"))


computations = Computations()

_Id = Annotated[str, Path(max_length=60, description=N_("The computation, as its `Location` names it."))]
_ANSWERED: dict[int | str, dict[str, Any]] = described_answer("getSitingStatus")
_STATUS: dict[int | str, dict[str, Any]] = {200: {**_ANSWERED[200], "content": {
    "application/json": _ANSWERED[200]["content"]["application/json"]}}}  # fmt: skip


def _standing(one: Computation) -> dict[str, Any]:
    job, address = one.job, f"/api/v1/siting/{one.id}"
    told = job.progress
    return {
        "id": one.id,
        "status": job.state.value,
        "asked_at": one.asked_at.isoformat(),
        "as_of": one.as_of.isoformat(),
        "seconds": round(job.seconds, 1),
        "time_limit": round(job.task.time_limit),
        "progress": None if told is None else {"step": told.step, "best": told.best, "bound": told.bound},
        "self": address,
        "result": f"{address}/result" if job.solution is not None else None,
    }


@router.post(
    "/siting",
    status_code=202,
    operation_id="askForSiting",
    summary=N_("Where the next stations would serve best"),
    description=N_("Starts a computation. `Location` tells where to ask how far it is."),
    responses={
        **NO_RECORD,
        202: {
            **_STATUS[200],
            "headers": {"Location": {"description": N_("The computation."), "schema": {"type": "string"}}},
        }
    },
    dependencies=[COSTS_MUCH],
)
def ask_for_siting(asked: Asked, question: Question) -> Response:
    """Start a computation, or join the one of the same question on the same data."""
    day = asked.today
    if question.as_of is not None:
        day = read_day_in_sight("as_of", question.as_of, asked.today)
    read = read_question(
        question.model.value,
        question.weights,
        p=question.p,
        within_km=question.within_km,
        within_minutes=question.within_minutes,
        travel=question.travel,
        demand=question.demand.value,
        keep_existing=question.keep_existing,
        must=tuple(question.must),
        forbid=tuple(question.forbid),
        counties=question.counties,
        places=question.places,
        seats=question.seats,
        towns=question.towns,
        points=read_points([f"{lon},{lat}" for lon, lat in question.points]),
        budget=question.budget,
        site_cost=question.site_cost,
        cost_figure=question.cost_figure,
        capacity=question.capacity,
        existing_capacity=question.existing_capacity,
        capacity_figure=question.capacity_figure,
        requests_per_10000=question.requests_per_10000,
    )
    with asked.reading() as session:
        posed = pose(session, read, as_of=day, samples=asked.samples, time_limit=question.time_limit)
    key = secrets.token_urlsafe(12)
    one = Computation(key, posed, jobs().ask(posed.fingerprint, posed.task, key), asked.now, day)
    computations.add(one)
    headers = {"Location": f"/api/v1/siting/{key}", "Retry-After": "1", "Cache-Control": "no-store"}
    return JSONResponse(_standing(one), 202, headers)


@router.get(
    "/siting/{id}",
    operation_id="getSitingStatus",
    summary=N_("How far a computation is"),
    responses=_STATUS,
)
def get_siting_status(asked: Asked, id: _Id) -> Response:
    """Return the state of a computation and the best found so far."""
    return JSONResponse(_standing(computations.get(id)), headers={"Cache-Control": "no-store"})


@router.delete(
    "/siting/{id}",
    operation_id="cancelSiting",
    summary=N_("Cancel a computation"),
    description=N_("The best found so far stays on record, as its result."),
    responses=_STATUS,
)
def cancel_siting(asked: Asked, id: _Id) -> Response:
    """End a computation unless others wait for it too."""
    one = computations.get(id)
    jobs().cancel(one.job.key, one.id)
    return JSONResponse(_standing(one), headers={"Cache-Control": "no-store"})


@router.get(
    "/siting/{id}/result",
    operation_id="getSitingResult",
    summary=N_("The result of a computation"),
    responses=described_answer("getSitingResult", {GEOJSON: {"schema": {"type": "object"}}}),
)
def get_siting_result(
    request: Request,
    asked: Asked,
    id: _Id,
    form: Annotated[
        str | None,
        Query(
            alias="format",
            description=N_("The form of the answer. Without it `Accept` decides, then JSON."),
            json_schema_extra={"enum": ["json", "geojson", "csv", "xlsx"]},
        ),
    ] = None,
    sort: Sort = None,
) -> Response:
    """Return the sites of a computation that is done; as GeoJSON too."""
    return _result(request, asked, computations.get(id), form, sort)


def _result(request: Request, asked: Inquiry, one: Computation, form: str | None, sort: str | None) -> Response:
    if form not in {None, "json", "geojson", "csv", "xlsx"}:
        raise unknown_word("format", form or "", ("json", "geojson", "csv", "xlsx"))
    if one.job.solution is None:
        ended = one.job.state in {JobState.CANCELLED, JobState.FAILED}
        raise NotFound(
            N_("The computation ended without a result.") if ended else N_("The computation has not ended yet.")
        )
    found = answer(one.posed, one.job.solution)
    if form == "geojson" or (form is None and GEOJSON in request.headers.get("accept", "")):
        return Response(as_json(sites_geojson(found, as_of=one.as_of.isoformat())), media_type=GEOJSON)
    return respond(SITING, found, asked, form_of(request, form), sort)
