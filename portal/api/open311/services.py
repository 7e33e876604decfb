"""The list of services, and what a request for one of them needs."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.api.inquiry import Asked
from portal.api.open311.attributes import attributes_of
from portal.api.open311.parameters import Form, Ignored, answers, listing
from portal.api.open311.rendering import render
from portal.api.strict_route import StrictRoute
from portal.notices.notice_settings import notice_settings
from stations.answers.georeport import service_as_data
from stations.catalogue.chain import list_chains
from stations.catalogue.service import Service, get_services, list_groups
from stations.errors import InvalidInput, NotFound
from stations.language import N_

router = APIRouter(route_class=StrictRoute, tags=["open311"])


@router.get(
    "/services.{form}",
    operation_id="listOpen311Services",
    response_class=Response,
    responses=answers(listing("service_code", "service_name", "metadata", "type")),
)
def get_services_list(asked: Asked, form: Form, _ignored: Ignored) -> Response:
    """Return the services that can be asked for. 服务目录。"""
    with asked.reading() as session:
        found = [service for group in list_groups(session) for service in group.services]
        told = [service_as_data(service, asked.language) for service in found]
    return render("services", told, form, headers={"Content-Language": asked.language.tag})


@router.get(
    "/services/{service_code}.{form}",
    operation_id="getOpen311Service",
    response_class=Response,
    responses=answers({"type": "object", "required": ["service_code", "attributes"]}),
)
def get_service_definition(asked: Asked, service_code: str, form: Form, _ignored: Ignored) -> Response:
    """Return what a request for a service needs beyond the standard's own fields. 申请某项服务所需的字段。"""
    with asked.reading() as session:
        service = find_service(session, service_code)
        found = attributes_of(service, list_chains(session), notice_settings().offered(), asked.language)
    told = [one.as_data(place, asked.language) for place, one in enumerate(found, start=1)]
    definition = {"service_code": service.code, "attributes": told}
    return render("service_definition", definition, form, headers={"Content-Language": asked.language.tag})


def find_service(session: Session, code: str) -> Service:
    """Return a service that can be asked for.

    Raises:
        NotFound: there is none with this code, or it is a group.
    """
    try:
        return get_services(session, [code], concrete=True)[0]
    except InvalidInput:
        raise NotFound(N_("There is no service {code}"), code=code) from None
