"""One record of a register, what others publish, and saved siting scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from portal.api.answer_forms import Form, Sort, as_json, cached, form_of, kept, respond
from portal.api.inquiry import Asked, Inquiry
from portal.api.strict_route import StrictRoute
from portal.api.v1.described import NO_RECORD, described_answer, examples_of_path
from portal.api.v1.questions import PLANNING, REGISTERS
from stations.answers.completeness import PUBLISHED, published_totals
from stations.answers.presentation import Presentation, listing, one_row
from stations.answers.published_facts import CLUSTERS
from stations.answers.registers import CENTRES, INSTITUTIONS, STATIONS, CentreToday, InstitutionToday
from stations.answers.scenarios import COMPARED_SCENARIOS, compare_scenarios, usual_ground
from stations.completeness import completeness
from stations.language import N_
from stations.planning.scenario import get_scenarios
from stations.published_facts import manufacturing_clusters
from stations.readers.dates import read_day_in_sight
from stations.registry.centre import get_centre
from stations.registry.dated_stage import latest
from stations.registry.institutions import get_institution
from stations.registry.station import StationToday, get_station, get_status

PUBLISHED_FACTS = N_("What others publish")

router = APIRouter(route_class=StrictRoute)

STATION: Presentation[StationToday, StationToday] = one_row(STATIONS, "code", "name", "status", "city", "county")
CENTRE: Presentation[CentreToday, CentreToday] = one_row(CENTRES, "code", "name", "level", "kind", "stage", "city")
INSTITUTION: Presentation[InstitutionToday, InstitutionToday] = one_row(INSTITUTIONS, "code", "name", "kind", "city")
TOTALS = listing(PUBLISHED, "register", "area", "what", "value", "as_of", "quote", "source")
CLUSTER_LIST = listing(CLUSTERS, "name", "national", "list", "source")

AsOf = Annotated[
    str | None,
    Query(
        description=N_("The day asked about; today where it is left out."),
        max_length=40,
        json_schema_extra={"format": "date"},
    ),
]
Found = Callable[[Session, Inquiry, str, str | None], Any]


def _station(session: Session, asked: Inquiry, code: str, as_of: str | None) -> StationToday:
    station = get_station(session, code, samples=asked.samples)
    return StationToday(station, get_status(session, station, _day(asked, as_of)))


def _centre(session: Session, asked: Inquiry, code: str, as_of: str | None) -> CentreToday:
    centre = get_centre(session, code, samples=asked.samples)
    return CentreToday(centre, latest(centre.history, _day(asked, as_of)))


def _institution(session: Session, asked: Inquiry, code: str, as_of: str | None) -> InstitutionToday:
    return InstitutionToday(get_institution(session, code, samples=asked.samples), _day(asked, as_of))


def _day(asked: Inquiry, written: str | None) -> Any:
    return asked.today if written is None else read_day_in_sight("as_of", written, asked.today)


def _add_record(path: str, operation: str, summary: str, presentation: Presentation[Any, Any], find: Found) -> None:
    """Give a record of a register its route."""
    told = {"description": N_("The record's code."), "max_length": 80}
    examples = examples_of_path(operation, path, "code")

    def endpoint(
        request: Request,
        asked: Asked,
        code: str,
        as_of: AsOf = None,
        form: Form = None,
        sort: Sort = None,
    ) -> Response:
        chosen = form_of(request, form)
        with asked.reading() as session:
            found = find(session, asked, code, as_of)
            have = kept(request, asked, chosen)
            if have.same:
                return cached(Response(status_code=304), have.tag)
            return cached(respond(presentation, found, asked, chosen, sort), have.tag)

    endpoint.__annotations__["code"] = Annotated[str, Path(openapi_examples=examples, **told)]  # type: ignore[arg-type]
    router.add_api_route(
        path,
        endpoint,
        operation_id=operation,
        summary=summary,
        description=summary,
        tags=[REGISTERS],
        responses=described_answer(operation),
        response_model=None,
    )


_add_record("/stations/{code}", "getStation", N_("One station"), STATION, _station)
_add_record("/centres/{code}", "getCentre", N_("One centre"), CENTRE, _centre)
_add_record("/institutions/{code}", "getInstitution", N_("One institution with its scope"), INSTITUTION, _institution)


@router.get(
    "/published/totals",
    operation_id="getPublishedTotals",
    tags=[PUBLISHED_FACTS],
    summary=N_("Numbers that authorities and newspapers publish"),
    description=N_("They stand beside the portal's own counts and are never added to them."),
    responses=described_answer("getPublishedTotals"),
    response_model=None,
)
def get_published_totals(request: Request, asked: Asked, form: Form = None, sort: Sort = None) -> Response:
    """Return the published numbers of every register."""
    with asked.reading() as session:
        totals = published_totals(completeness(session, asked.today, samples=asked.samples))
    return _listed(request, asked, TOTALS, totals, form, sort)


@router.get(
    "/published/clusters",
    operation_id="getPublishedClusters",
    tags=[PUBLISHED_FACTS],
    summary=N_("Manufacturing clusters that a published list names"),
    responses=described_answer("getPublishedClusters"),
    response_model=None,
)
def get_published_clusters(request: Request, asked: Asked, form: Form = None, sort: Sort = None) -> Response:
    """Return the clusters."""
    return _listed(request, asked, CLUSTER_LIST, manufacturing_clusters(), form, sort)


def _listed(
    request: Request,
    asked: Inquiry,
    presentation: Presentation[Any, Any],
    rows: Sequence[Any],
    form: str | None,
    sort: str | None,
) -> Response:
    chosen = form_of(request, form)
    have = kept(request, asked, chosen)
    if have.same:
        return cached(Response(status_code=304), have.tag)
    return cached(respond(presentation, list(rows), asked, chosen, sort), have.tag)


@router.get(
    "/scenarios",
    operation_id="compareScenarios",
    tags=[PLANNING],
    summary=N_("Saved siting scenarios side by side"),
    description=N_("Whoever has the link of a scenario sees it; here by the part after “s=”."),
    responses={**described_answer("compareScenarios"), **NO_RECORD},
    response_model=None,
)
def scenarios_side_by_side(
    request: Request,
    asked: Asked,
    token: Annotated[
        list[str],
        Query(description=N_("The part of a scenario's link after “s=”."), min_length=1, max_length=20),
    ],
    as_of: AsOf = None,
    form: Form = None,
    sort: Sort = None,
) -> Response:
    """Return scenarios side by side, measured on the ground of the first and the day asked about. Who saved them is not
    told.
    """
    chosen = form_of(request, form)
    with asked.reading() as session:
        found = get_scenarios(session, token, samples=asked.samples)
        ground = usual_ground(session, found[0], _day(asked, as_of))
        comparison = compare_scenarios(session, found, ground, samples=asked.samples)
        if chosen != "json":
            return respond(COMPARED_SCENARIOS, comparison, asked, chosen, sort)
        data = COMPARED_SCENARIOS.data(comparison, asked.language)
    for one in data["scenarios"]:
        del one["owner_name"]
    return Response(as_json(data), media_type="application/json", headers={"Cache-Control": "no-store"})
