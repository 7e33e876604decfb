"""Filing a request by a form as the standard has it, through the same function as the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from geo.address import read_address
from geo.counties import locate
from portal.api.client import address_of, filing_network
from portal.api.inquiry import Asked, Inquiry
from portal.api.open311.attributes import YES, attributes_of
from portal.api.open311.parameters import Form, Ignored, answers, listing
from portal.api.open311.rendering import render
from portal.api.open311.services import find_service
from portal.api.problem import Refusal
from portal.api.strict_route import StrictRoute
from portal.api.v1.filing import PRIVATE, Key, read_language
from portal.api.v1.request_proof import CODE
from portal.notices.notice_settings import notice_settings
from portal.settings import settings
from portal.storage import engine
from stations.catalogue.chain import list_chains
from stations.errors import InvalidInput, Problems
from stations.language import N_
from stations.partners.key_check import KeyRefused, TooManyGuesses, check_key
from stations.partners.scopes import Scope
from stations.places.area_words import areas_on_file
from stations.places.coordinates import read_degrees
from stations.readers.dates import read_day
from stations.requests.idempotency import read_key
from stations.requests.repeated_filing import file_once
from stations.requests.request_form import RequestForm

router = APIRouter(route_class=StrictRoute, tags=["open311"])

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
LONGEST_ADDRESS = 400
FIELDS: Mapping[str, str] = {
    "api_key": "A key of this portal; needed where the operator says so. 接口密钥（视部署要求）。",
    "jurisdiction_id": "Not needed. 无需填写。",
    "service_code": "Code of the service. 服务编码。",
    "lat": "Latitude of the firm's place, WGS-84. 纬度。",
    "long": "Longitude of the firm's place, WGS-84. 经度。",
    "address_string": "Address of the firm, down to the county at least. 地址，至少到县（市、区）。",
    "address_id": "Adcode of the county. 县（市、区）行政区划代码。",
    "email": "E-mail address of the contact. 电子邮箱。",
    "device_id": "Not kept. 不保存。",
    "account_id": "Not kept. 不保存。",
    "first_name": "Given name of the contact. 联系人名。",
    "last_name": "Family name of the contact. 联系人姓。",
    "phone": "Telephone of the contact. 联系电话。",
    "description": "What it is about. 情况说明。",
    "media_url": "Address of a picture; it is noted in the description and not fetched. 图片地址，只记录，不下载。",
}
"""The standard's own fields. Attributes of the service stand beside them as ``attribute[CODE]``."""
_REQUIRED = ("service_code", "last_name", "phone")


async def read_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, without the empty ones.

    Raises:
        HTTPException: it is no form (415).
        RequestValidationError: a field is unknown or stands there twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, headers={"Accept": FORM})
    found: dict[str, str] = {}
    wrong: list[dict[str, Any]] = []
    async with request.form(max_fields=MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile) or not (name in FIELDS or name.startswith("attribute[")):
                wrong.append({"type": "extra_forbidden", "loc": ("body", name), "input": ""})
            elif name in found:
                wrong.append({"type": "too_long", "loc": ("body", name), "ctx": {"max_length": 1}})
            else:
                found[name] = value
    if wrong:
        raise RequestValidationError(wrong)
    return {name: value for name, value in found.items() if value.strip()}


Fields = Annotated[dict[str, str], Depends(read_fields)]


@router.post(
    "/requests.{form}",
    operation_id="postOpen311Request",
    status_code=201,
    response_class=Response,
    responses=answers(listing("service_request_id"), 201),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": list(_REQUIRED),
                        "properties": {name: {"type": "string", "description": told} for name, told in FIELDS.items()},
                        "additionalProperties": {"type": "string"},
                    }
                }
            },
        }
    },
)
def post_request(
    asked: Asked, request: Request, form: Form, fields: Fields, _ignored: Ignored, key: Key = None
) -> Response:
    """File a request. Its secret code stands in the notice and in the header `X-Request-Code`, here only.

    提交申请。查询码只在此次返回（`service_notice` 和响应头 `X-Request-Code`）。
    """
    _check_key(asked, request, fields.get("api_key", ""))
    with asked.reading() as session:
        filled = _form(session, asked, fields)
    filed = file_once(
        engine(),
        filled,
        read_key(key) if key is not None else str(uuid4()),
        now=asked.now,
        samples=asked.samples,
        network=filing_network(request),
    )
    told_once = N_("The secret code of this request: {code}. Keep it: it is told only now.")
    notice = asked.language.translate(told_once, code=filed.code) if filed.code else None
    told = [{"service_request_id": filed.number, "service_notice": notice, "account_id": None}]
    headers = {
        **PRIVATE,
        "Location": f"/open311/v2/requests/{filed.number}.{form}",
        "Content-Language": asked.language.tag,
        **({CODE: filed.code} if filed.code else {}),
    }
    return render("service_requests", told, form, 201, headers)


def _check_key(asked: Inquiry, request: Request, presented: str) -> None:
    """Check the key of a program, if one is needed or presented.

    Raises:
        Refusal: it is missing or wrong (403, as the standard has it).
        TooManyGuesses, NotAllowed: it was guessed too often, or does not allow this.
    """
    if presented:
        try:
            key = check_key(engine(), presented, address_of(request), asked.now)
        except TooManyGuesses:
            raise
        except KeyRefused as refused:
            raise Refusal(403, refused.message, **refused.params) from None
        key.require(Scope.FILE_REQUESTS)
    elif settings().open311_key_needed:
        raise Refusal(403, N_("This portal takes requests by this interface only with a key: api_key"))


def _form(session: Session, asked: Inquiry, fields: Mapping[str, str]) -> RequestForm:
    """Return the fields as the form of the page.

    Raises:
        InvalidForm: one problem for each that can't be used.
        NotFound: there is no such service.
    """
    problems = Problems()
    for name in _REQUIRED:
        if name not in fields:
            problems.add(name, N_("This is empty; please fill it in"))
    problems.stop()
    service = find_service(session, fields["service_code"])
    known = attributes_of(service, list_chains(session), notice_settings().offered(), asked.language)
    given = {one.code: problems.attempt(one.read, fields.get(f"attribute[{one.code}]", "")) or "" for one in known}
    for name in fields:
        if name.startswith("attribute[") and name not in {f"attribute[{one.code}]" for one in known}:
            problems.add(name, N_("There is no such field; leave it out."))
    where = problems.attempt(_where, session, fields)
    wanted_on = problems.attempt(read_day, "attribute[wanted_on]", given["wanted_on"]) if given["wanted_on"] else None
    problems.stop()
    adcode, lon, lat = where
    names = (fields["last_name"], fields.get("first_name", ""))
    contact = "".join(names) if not "".join(names).isascii() else " ".join(reversed(names)).strip()
    media = fields.get("media_url", "")
    return RequestForm(
        services=(service.code,),
        station_code=given["station_code"],
        firm_name=given["firm_name"],
        credit_code=given["credit_code"],
        credit_code_as_printed=given["credit_code_as_printed"] == YES,
        contact_name=contact,
        phone=fields["phone"],
        email=fields.get("email", ""),
        county_adcode=adcode,
        product=given["product"],
        description="\n".join(filter(None, (fields.get("description", ""), media))),
        wanted_on=wanted_on,
        on_site=given["on_site"] == YES,
        lon=lon,
        lat=lat,
        consent=bool(given["consent"]),
        quantities={service.code: given["quantity"]} if given["quantity"] else {},
        remarks={service.code: given["remarks"]} if given["remarks"] else {},
        chain_code=given["chain_code"],
        despite_duplicate=given["despite_duplicate"] == YES,
        notice_channel=given.get("notice_channel", ""),
        notice_address=given.get("notice_address", ""),
        language=read_language(asked, None),
    )


def _where(session: Session, fields: Mapping[str, str]) -> tuple[str, float | None, float | None]:
    """Return the county's adcode and, if they are given, longitude and latitude of the firm's place.

    Raises:
        InvalidInput: no place is given, or it lies in no county, or in several.
    """
    if "lat" in fields or "long" in fields:
        if not {"lat", "long"} <= fields.keys():
            raise InvalidInput("lat" if "long" in fields else "long", N_("Give both coordinates, or none"))
        lon, lat = read_degrees("long", fields["long"]), read_degrees("lat", fields["lat"])
        county = locate(lon, lat)
        if county is None:
            raise InvalidInput("lat", N_("This place lies outside the province"))
        return county.adcode, lon, lat
    if "address_id" in fields:
        return areas_on_file(session).read_county("address_id", fields["address_id"]), None, None
    if "address_string" in fields:
        place = read_address(fields["address_string"][:LONGEST_ADDRESS]).place
        if place is None:
            raise InvalidInput("address_string", N_("No one county can be read from this address; name the county"))
        return place.county.adcode, None, None
    raise InvalidInput("address_id", N_("Say where the firm is: lat and long, address_string or address_id"))
