"""Filing a request: the text that a firm agrees to, where the request would go, and filing it."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from geo.counties import locate
from portal.api.client import filing_network
from portal.api.inquiry import Asked, Inquiry, unknown_word
from portal.api.problem import Refusal
from portal.api.strict_route import StrictRoute
from portal.api.v1.filing_shapes import MOST_SERVICES, Consent, NewRequest, Receipt, Routing
from portal.api.v1.problems import failures
from portal.api.v1.request_proof import MaybeSession
from portal.api.v1.tags import REQUESTS
from portal.notices.notice_settings import notice_settings
from portal.storage import engine
from stations.answers.proposed_stations import proposal_as_data
from stations.catalogue.service import get_services
from stations.errors import InvalidInput
from stations.language import LANGUAGES, N_, Bilingual, LanguageCode
from stations.places.area_words import areas_on_file
from stations.places.coordinates import read_degrees
from stations.places.counties import County, get_county
from stations.requests.consent import current_consent
from stations.requests.idempotency import FIELD, LONGEST, read_key
from stations.requests.proposed_stations import proposed_stations
from stations.requests.repeated_filing import file_once
from stations.requests.request_form import RequestForm

router = APIRouter(route_class=StrictRoute, tags=[REQUESTS])

PRIVATE = {"Cache-Control": "no-store"}
_BETWEEN_CODES = re.compile(r"[,，、\s]+")

ServiceCodes = Annotated[
    str,
    Query(
        description="Codes of services, with commas between. 服务编码，以逗号分隔。",
        min_length=1,
        max_length=2000,
        examples=["metrology.calibration,testing.product_testing"],
    ),
]
InCounty = Annotated[
    str,
    Query(
        description="County the firm is in: adcode or name. 企业所在县（市、区）：行政区划代码或名称。",
        min_length=1,
        max_length=80,
    ),
]
Degrees = Annotated[str | None, Query(description="Of the firm's place, WGS-84 degrees. 企业位置（WGS-84）。")]
Own = Annotated[str, Query(description="Code of a station to be considered too. 另行考虑的站点编码。", max_length=80)]
InChain = Annotated[str, Query(description="Code of the industrial chain. 产业链编码。", max_length=80)]


@router.get("/requests/consent", operation_id="getConsent", responses=failures(400))
def get_consent(asked: Asked) -> Consent:
    """Return the text that a firm must agree to, and its version. 返回个人信息处理告知及其版本。"""
    text = current_consent()
    return Consent(
        version=text.version,
        text=asked.language.pick(text.text_zh, text.text_en),
        text_zh=text.text_zh,
        text_en=text.text_en,
    )


@router.get("/requests/routing", operation_id="previewRouting", responses=failures(400, 404))
def preview_routing(
    asked: Asked,
    services: ServiceCodes,
    county: InCounty,
    lon: Degrees = None,
    lat: Degrees = None,
    chain: InChain = "",
    station: Own = "",
) -> Routing:
    """Return where a request would go. 预览分派结果。

    The stations to choose from, why, and who would do each part; nothing is filed.
    可选站点、理由和各项服务的承担者；不会提交申请。
    """
    codes = [code for code in _BETWEEN_CODES.split(services) if code]
    if not 1 <= len(codes) <= MOST_SERVICES:
        raise InvalidInput("services", N_("Name 1 to {most} services"), most=MOST_SERVICES)
    if (lon is None) != (lat is None):
        raise InvalidInput("lat" if lat is None else "lon", N_("Give both coordinates, or none"))
    with asked.reading() as session:
        _check_services(session, codes)
        where = _county(session, county)
        place = None if lon is None or lat is None else (read_degrees("lon", lon), read_degrees("lat", lat))
        if place is not None:
            _check_place(place, where)
        found = proposed_stations(
            session,
            codes,
            *(place or (where.lon, where.lat)),
            chain_code=chain,
            own=station,
            today=asked.today,
            samples=asked.samples,
        )
        return Routing.model_validate(proposal_as_data(found, asked.language))


Key = Annotated[
    str | None,
    Header(
        alias=FIELD,
        description=(
            "A new UUID for each request. The same key with the same body within 24 hours gives the first answer again "
            "and files nothing. 每份申请用一个新的 UUID；24 小时内以同一键重发同样内容，得到第一次的回执。"
        ),
        max_length=LONGEST + 60,
        examples=['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    ),
]


@router.post(
    "/requests",
    status_code=201,
    operation_id="fileRequest",
    responses={
        201: {
            "headers": {
                "Location": {"description": "Where the request is followed. 查询地址。", "schema": {"type": "string"}},
                "Idempotent-Replayed": {
                    "description": "`true` where an earlier answer is given again. 重发时为 `true`。",
                    "schema": {"type": "string", "enum": ["true"]},
                },
            }
        },
        **failures(400, 409, 422, 429, 503),
    },
    openapi_extra={"security": [{}]},  # a session is optional
)
def file_request(
    asked: Asked,
    request: Request,
    response: Response,
    written: NewRequest,
    session: MaybeSession = None,
    key: Key = None,
) -> Receipt:
    """File a request. 提交申请。

    The secret code in the answer is stored nowhere; keep it. 查询码只在回执中给出，请妥善保存。
    """
    if key is None:
        raise Refusal(400, N_("Send a new UUID for each request in the header {header}"), header=FIELD)
    known_key = read_key(key)
    form = _form(asked, written)
    filed = file_once(
        engine(),
        form,
        known_key,
        now=asked.now,
        samples=asked.samples,
        browser=session,
        network=filing_network(request),
    )
    response.headers.update(PRIVATE)
    response.headers["Location"] = f"/api/v1/requests/{filed.number}"
    if filed.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    told = asdict(filed)
    del told["repeated"]
    return Receipt.model_validate({**told, "parts": list(filed.parts)})


def _form(asked: Inquiry, written: NewRequest) -> RequestForm:
    """Return what was written as the form that the page would send.

    Raises:
        InvalidInput: a field can't be read, or says what the page does not offer.
    """
    if written.consent_version != current_consent().version:
        raise InvalidInput(
            "consent_version",
            N_("The text to agree to has version {version}; read it at {address}"),
            version=current_consent().version,
            address="/api/v1/requests/consent",
        )
    codes = [one.service for one in written.services]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        told = N_("“{code}” is asked for twice; ask for it once, with its quantity")
        raise InvalidInput("services", told, code=twice)
    check_channel(written.notice_channel)
    with asked.reading() as session:
        county = _county(session, written.county)
    if written.place is not None:
        _check_place((written.place.lon, written.place.lat), county)
    return written.form(county.adcode, read_language(asked, written.language))


def check_channel(channel: str) -> None:
    """Check that notices can be sent by a channel from this installation.

    Raises:
        InvalidInput: they can't (field ``notice_channel``).
    """
    offered = notice_settings().offered()
    if not channel or channel in offered:
        return
    if not offered:
        raise InvalidInput("notice_channel", N_("No notices are sent from here; leave it empty"))
    raise unknown_word("notice_channel", channel, offered)


def read_language(asked: Inquiry, written: str | None) -> LanguageCode:
    """Return the language of notices: as written, else that of the inquiry.

    Raises:
        InvalidInput: it is none that the portal speaks.
    """
    if written is not None and written not in LANGUAGES:
        raise unknown_word("language", written, LANGUAGES)
    return written or asked.language.code


def _check_services(session: Session, codes: list[str]) -> None:
    try:
        get_services(session, codes, concrete=True)
    except InvalidInput as problem:
        raise InvalidInput("services", problem.message, **problem.params) from None


def _county(session: Session, written: str) -> County:
    return get_county(session, areas_on_file(session).read_county("county", written))


def _check_place(place: tuple[float, float], county: County) -> None:
    """Check that a place lies in the county, as on the page."""
    found = locate(*place)
    if found is None or found.adcode != county.adcode:
        raise InvalidInput(
            "place",
            N_("The place does not lie in {county}; correct one of them, or leave the place out"),
            county=Bilingual(county.name, county.name_en),
        )
