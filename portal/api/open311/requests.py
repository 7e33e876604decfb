"""Requests in the standard's shape: to the firm with its code, and to others as the operator allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Security
from fastapi.security import APIKeyHeader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.api.client import address_of
from portal.api.inquiry import Asked, Inquiry, unknown_word
from portal.api.open311.parameters import Form, Ignored, answers, comma_list, listing
from portal.api.open311.rendering import render
from portal.api.problem import Refusal
from portal.api.strict_route import StrictRoute
from portal.api.v1.filing import PRIVATE
from portal.api.v1.request_proof import CODE, by_code
from portal.settings import settings
from stations.answers.georeport import STATES, request_as_data
from stations.errors import InvalidInput, NotFound
from stations.language import N_
from stations.readers.dates import read_instant
from stations.readers.numbers import read_whole_number
from stations.requests.lookup import look_up
from stations.requests.published_requests import Wanted, list_requests
from stations.secret_codes import read_number

router = APIRouter(route_class=StrictRoute, tags=["open311"])

PAGE, MOST = 100, 1000
"""Requests of an answer: by default, and at most, by the standard."""
SPAN = timedelta(days=90)
"""The time that is looked at where no other is asked for, and at most, by the standard."""
AT_ONCE = 20
"""Requests that may be asked for by number at once."""

_REQUESTS = answers(listing("service_request_id", "status", "service_code", "requested_datetime"))
_code = APIKeyHeader(
    name=CODE, scheme_name="request_code", auto_error=False, description="The code of the request. 查询码。"
)
Code = Annotated[str | None, Security(_code)]
Id = Annotated[str, Path(description="The tracking number. 受理编号。", max_length=40, examples=["Q261124-0A1B2C"])]


def _filter(description: str, **options: Any) -> Any:
    return Query(description=description, max_length=2000, **options)


@router.get("/requests.{form}", operation_id="listOpen311Requests", response_class=Response, responses=_REQUESTS)
def get_requests(
    asked: Asked,
    form: Form,
    _ignored: Ignored,
    service_request_id: Annotated[str | None, _filter("Numbers, with commas between. 受理编号。")] = None,
    service_code: Annotated[str | None, _filter("Codes of services, with commas between. 服务编码。")] = None,
    start_date: Annotated[str | None, _filter("Filed from this instant on. 提交起始时间。")] = None,
    end_date: Annotated[str | None, _filter("Filed until this instant. 提交截止时间。")] = None,
    status: Annotated[str | None, _filter("`open`, `closed`, or both with a comma. 状态。")] = None,
    page: Annotated[str | None, _filter("Number of the page, from 1. 页码。")] = None,
    page_size: Annotated[str | None, _filter("Requests on a page, at most 1000. 每页条数。")] = None,
) -> Response:
    """Return requests, newest first: which there are and how they stand, not who asks. Only where the operator
    publishes them (`OPEN311_REQUESTS=public`); 403 elsewhere. A request's own firm asks for it by number and code.

    申请列表（不含企业信息），仅在部署方公开时可用；企业凭受理编号和查询码查询自己的申请。
    """
    if not settings().open311_public:
        raise Refusal(
            403,
            N_("Requests are not published here; ask for one by its number, with its code in the header {header}"),
            header=CODE,
        )
    numbers = [read_number(one) or "" for one in comma_list(service_request_id)]
    if len(numbers) > AT_ONCE:
        raise InvalidInput("service_request_id", N_("Name {most} at most"), most=AT_ONCE)
    wanted = Wanted(numbers=numbers) if numbers else _wanted(asked, service_code, start_date, end_date, status)
    size = read_whole_number("page_size", page_size or str(PAGE), 1, MOST)
    place = read_whole_number("page", page or "1", 1, 1_000_000)
    with asked.reading() as session:
        found = list_requests(session, wanted, samples=asked.samples, limit=size, skip=(place - 1) * size)
        told = [request_as_data(request, asked.language, own=False) for request in found]
    return render("service_requests", told, form, headers={"Content-Language": asked.language.tag})


@router.get(
    "/requests/{service_request_id}.{form}",
    operation_id="getOpen311Request",
    response_class=Response,
    responses=_REQUESTS,
)
async def get_request(
    asked: Asked, request: Request, service_request_id: Id, form: Form, _ignored: Ignored, code: Code = None
) -> Response:
    """Return a request: with its code as its firm sees it, else as published. 查询一份申请。"""
    return await _one(asked, request, service_request_id, form, code, token=False)


@router.get(
    "/tokens/{token}.{form}",
    operation_id="getOpen311Token",
    response_class=Response,
    responses=answers(listing("service_request_id", "token")),
)
async def get_token(
    asked: Asked, request: Request, token: Id, form: Form, _ignored: Ignored, code: Code = None
) -> Response:
    """Return the number that a token stands for. Every request gets its number at once, which is its token too.

    令牌即受理编号。
    """
    return await _one(asked, request, token, form, code, token=True)


async def _one(asked: Inquiry, request: Request, number: str, form: str, code: str | None, *, token: bool) -> Response:
    """Return a request, or its number only.

    Raises:
        NotFound: there is none, or the code is wrong.
        Refusal: the code is missing, and nothing is published (403).
    """
    if code is not None:
        mine = await by_code(asked, number, code, address_of(request))

        def of_firm() -> list[dict[str, Any]]:
            with asked.reading() as session:
                found = look_up(session, mine.number, mine.proof, now=asked.now, samples=asked.samples)
                return [request_as_data(found, asked.language, own=True)]

        told = await run_in_threadpool(of_firm)
    elif settings().open311_public:
        told = await run_in_threadpool(_published, asked, number)
    else:
        raise Refusal(403, N_("Send the request's secret code in the header {header}"), header=CODE)
    if token:
        told = [{"service_request_id": one["service_request_id"], "token": one["service_request_id"]} for one in told]
    headers = {**PRIVATE, "Content-Language": asked.language.tag}
    return await run_in_threadpool(render, "service_requests", told, form, headers=headers)


def _published(asked: Inquiry, number: str) -> list[dict[str, Any]]:
    with asked.reading() as session:
        wanted = Wanted(numbers=[read_number(number) or ""])
        found = list_requests(session, wanted, samples=asked.samples, limit=1)
        told = [request_as_data(request, asked.language, own=False) for request in found]
    if not told:
        raise NotFound(N_("There is no request {number}"), number=number)
    return told


def _wanted(
    asked: Inquiry, services: str | None, start: str | None, end: str | None, status: str | None
) -> Wanted:
    """Return which requests are wanted: at most 90 days of them.

    Raises:
        InvalidInput: a filter can't be used.
    """
    states = comma_list(status)
    for one in states:
        if one not in STATES:
            raise unknown_word("status", one, STATES)
    until = _instant("end_date", end)
    since = _instant("start_date", start)
    if since is None:
        since = (until or asked.now) - SPAN
    elif until is None:
        until = since + SPAN
    if until is not None and until - since > SPAN:
        raise InvalidInput("start_date", N_("Ask for {days} days at most"), days=SPAN.days)
    return Wanted(
        services=comma_list(services),
        states=frozenset(state for one in states for state in STATES[one]),
        since=since,
        until=until,
    )


def _instant(field: str, written: str | None) -> datetime | None:
    return read_instant(field, written) if written and written.strip() else None
