"""The addresses below ``/hsds``."""

from __future__ import annotations

from hashlib import sha256
from threading import Condition
from typing import Annotated, Any

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from portal.api.application import create_api
from portal.api.downloads.files import terms_of
from portal.api.hsds.pages import (
    Full,
    ModifiedAfter,
    OfOrganization,
    OfTerm,
    Page,
    PageNumber,
    PerPage,
    Search,
    page_of,
    read_instant,
    read_truth,
    searched,
)
from portal.api.inquiry import Asked, Inquiry
from portal.api.kept_file import KeptFile, keep, kept_file, send
from portal.api.strict_route import StrictRoute
from portal.own_address import own_address
from portal.publisher import publisher
from stations.errors import NotFound
from stations.language import N_
from stations.open_data.hsds.directory import directory_on
from stations.open_data.hsds.nested import Nested
from stations.open_data.hsds.package import as_package
from stations.open_data.hsds.tables import PROFILE, VERSION, Record
from stations.revision import current_revision

ADDRESS = "/hsds"
DIRECTORIES_KEPT = 4
"""Two languages do not differ; with and without samples, today and the day before."""
router = APIRouter(route_class=StrictRoute, tags=["hsds"])
Identifier = Annotated[str, Path(description="Identifier (UUID). 标识。")]
_RECORD: dict[int | str, dict[str, Any]] = {200: {"description": "The record. 记录。"}}


@cached(
    LRUCache(DIRECTORIES_KEPT),
    key=lambda _session, asked, address, revision: hashkey(asked.today, asked.samples, address, revision),
    condition=Condition(),
)
def _directory(session: Session, asked: Inquiry, address: str, _revision: int) -> Nested:
    return Nested(directory_on(session, asked.today, samples=asked.samples, address=address))


def directory_of(request: Request, asked: Inquiry) -> Nested:
    """Return the directory of today, put together once for a revision of the data."""
    with asked.reading() as session:
        return _directory(session, asked, own_address(request), current_revision(session))


def _record(found: Nested, table: str, identifier: str) -> Record:
    record = found.tables[table].get(identifier)
    if record is None:
        raise NotFound(N_("There is no record {code}"), code=identifier[:80])
    return record


@router.get("/", operation_id="getAPIMetaInformation")
def about(request: Request, asked: Asked) -> dict[str, Any]:
    """Return what this API is, by HSDS. 接口说明。"""
    who, address = publisher(), own_address(request)
    told = {"name": asked.language.pick(*terms_of(request).publisher), "website": f"{address}/"}
    return {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": f"{address}{ADDRESS}/openapi.json",
        "description": "Quality infrastructure service stations and what each offers. 质量基础设施服务站点及其服务。",
        "publisher": {**told, **({"email": who.email} if who.email else {})},
    }


@router.get("/services", operation_id="getPaginatedListOfServices", response_model=Page)
def services(
    request: Request,
    asked: Asked,
    search: Search = None,
    page: PageNumber = None,
    per_page: PerPage = None,
    taxonomy_term_id: OfTerm = None,
    organization_id: OfOrganization = None,
    modified_after: ModifiedAfter = None,
    minimal: Full = None,
    full: Full = None,
) -> Any:
    """Return the services. 服务列表。"""
    found = directory_of(request, asked)
    rows = searched(list(found.tables["service"].values()), search)
    if taxonomy_term_id is not None:
        rows = [row for row in rows if taxonomy_term_id in found.terms_of(row["id"])]
    if organization_id is not None:
        rows = [row for row in rows if row["organization_id"] == organization_id]
    if modified_after is not None:
        since = read_instant("modified_after", modified_after)
        rows = [row for row in rows if row["last_modified"] >= since]
    if read_truth("minimal", minimal):
        return page_of(rows, page, per_page, lambda row: {"id": row["id"], "last_modified": row["last_modified"]})
    return page_of(rows, page, per_page, found.service if read_truth("full", full) else found.service_in_list)


@router.get("/services/{identifier}", operation_id="getFullyNestedServiceById", responses=_RECORD)
def service(request: Request, asked: Asked, identifier: Identifier) -> dict[str, Any]:
    """Return a service with all that belongs to it. 单项服务。"""
    found = directory_of(request, asked)
    return found.service(_record(found, "service", identifier))


@router.get("/organizations", operation_id="getPaginatedListOfOrganizations", response_model=Page)
def organizations(
    request: Request,
    asked: Asked,
    search: Search = None,
    page: PageNumber = None,
    per_page: PerPage = None,
    full: Full = None,
    full_service: Full = None,
) -> Any:
    """Return who runs the stations. 机构列表。"""
    found = directory_of(request, asked)
    rows = searched(list(found.tables["organization"].values()), search)
    nested = found.organization if read_truth("full", full) else dict
    if read_truth("full_service", full_service):
        nested = found.organization_with_services
    return page_of(rows, page, per_page, nested)


@router.get("/organizations/{identifier}", operation_id="getFullyNestedOrganizationById", responses=_RECORD)
def organization(
    request: Request, asked: Asked, identifier: Identifier, full_service: Full = None
) -> dict[str, Any]:
    """Return an organization with its locations. 单个机构。"""
    found = directory_of(request, asked)
    row = _record(found, "organization", identifier)
    nested = found.organization_with_services if read_truth("full_service", full_service) else found.organization
    return nested(row)


@router.get("/locations", operation_id="getPaginatedListOfLocations", response_model=Page)
def locations(
    request: Request, asked: Asked, search: Search = None, page: PageNumber = None, per_page: PerPage = None
) -> Any:
    """Return the stations as locations. 地点列表。"""
    found = directory_of(request, asked)
    return page_of(searched(list(found.tables["location"].values()), search), page, per_page, found.location)


@router.get("/locations/{identifier}", operation_id="getLocationById", responses=_RECORD)
def location(request: Request, asked: Asked, identifier: Identifier) -> dict[str, Any]:
    """Return a station as a location. 单个地点。"""
    found = directory_of(request, asked)
    return found.location(_record(found, "location", identifier))


@router.get("/service_at_locations", operation_id="getPaginatedListOfServiceAtLocation", response_model=Page)
def services_at_locations(
    request: Request,
    asked: Asked,
    page: PageNumber = None,
    per_page: PerPage = None,
    taxonomy_term_id: OfTerm = None,
    organization_id: OfOrganization = None,
    full: Full = None,
) -> Any:
    """Return which service is offered where. 服务地点列表。"""
    found = directory_of(request, asked)
    rows = list(found.tables["service_at_location"].values())
    if taxonomy_term_id is not None:
        rows = [row for row in rows if taxonomy_term_id in found.terms_of(row["service_id"])]
    if organization_id is not None:
        offered = found.tables["service"]
        rows = [row for row in rows if offered[row["service_id"]]["organization_id"] == organization_id]
    return page_of(rows, page, per_page, found.service_at_location if read_truth("full", full) else dict)


@router.get("/service_at_locations/{identifier}", operation_id="getServiceAtLocationById", responses=_RECORD)
def service_at_location(request: Request, asked: Asked, identifier: Identifier) -> dict[str, Any]:
    """Return a service at a location. 单个服务地点。"""
    found = directory_of(request, asked)
    return found.service_at_location(_record(found, "service_at_location", identifier))


@router.get("/taxonomies", operation_id="getPaginatedListOfTaxonomies", response_model=Page)
def taxonomies(
    request: Request, asked: Asked, search: Search = None, page: PageNumber = None, per_page: PerPage = None
) -> Any:
    """Return the taxonomies. 分类体系列表。"""
    found = directory_of(request, asked)
    return page_of(searched(list(found.tables["taxonomy"].values()), search), page, per_page, dict)


@router.get("/taxonomies/{identifier}", operation_id="getTaxonomyById", responses=_RECORD)
def taxonomy(request: Request, asked: Asked, identifier: Identifier) -> dict[str, Any]:
    """Return a taxonomy. 单个分类体系。"""
    return _record(directory_of(request, asked), "taxonomy", identifier)


@router.get("/taxonomy_terms", operation_id="getPaginatedListOfTaxonomyTerms", response_model=Page)
def taxonomy_terms(
    request: Request,
    asked: Asked,
    search: Search = None,
    page: PageNumber = None,
    per_page: PerPage = None,
    taxonomy_id: Annotated[str | None, Query(description="Identifier of a taxonomy. 分类体系标识。")] = None,
    parent_id: OfTerm = None,
    top_only: Full = None,
) -> Any:
    """Return the terms of the taxonomies. 分类项列表。"""
    found = directory_of(request, asked)
    rows = searched(list(found.tables["taxonomy_term"].values()), search)
    if taxonomy_id is not None:
        rows = [row for row in rows if row["taxonomy_id"] == taxonomy_id]
    if parent_id is not None:
        rows = [row for row in rows if row.get("parent_id") == parent_id]
    if read_truth("top_only", top_only):
        rows = [row for row in rows if "parent_id" not in row]
    return page_of(rows, page, per_page, found.taxonomy_term)


@router.get("/taxonomy_terms/{identifier}", operation_id="getTaxonomyTermById", responses=_RECORD)
def taxonomy_term(request: Request, asked: Asked, identifier: Identifier) -> dict[str, Any]:
    """Return a term. 单个分类项。"""
    found = directory_of(request, asked)
    return found.taxonomy_term(_record(found, "taxonomy_term", identifier))


@router.get("/package.zip", operation_id="getDataPackage", response_class=Response)
def package(request: Request, asked: Asked) -> Response:
    """Return the whole directory as a tabular data package. 完整目录（表格数据包）。"""
    terms, address = terms_of(request), own_address(request)
    with asked.reading() as session:

        def make() -> KeptFile:
            content = as_package(directory_on(session, asked.today, samples=asked.samples, address=address), terms)
            return keep(content, sha256(content).hexdigest()[:32], asked.now)

        file = kept_file(make, "hsds", asked.today, asked.samples, current_revision(session), terms)
    disposition = f'attachment; filename="hsds-{asked.today}.zip"'
    return send(request, file, "application/zip", {"Content-Disposition": disposition})


api = create_api(
    "Directory of services (HSDS)",
    VERSION,
    "The stations and what each offers, by the Human Services Data Specification of Open Referral. HSDS 服务目录。",
    root_path=ADDRESS,
)
api.include_router(router)


async def _with_slash(_request: Request) -> Response:
    return RedirectResponse(f"{ADDRESS}/", 308)


routes: list[BaseRoute] = [Route(ADDRESS, _with_slash), Mount(ADDRESS, api)]
