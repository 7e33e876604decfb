"""The addresses below ``/downloads``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.api.application import create_api
from portal.api.downloads import catalogue
from portal.api.downloads.files import PAGE, file_of, terms_of
from portal.api.inquiry import Asked, unknown_word
from portal.api.kept_file import send
from portal.api.strict_route import StrictRoute
from stations.errors import InvalidInput, NotFound
from stations.language import N_
from stations.open_data.datasets import DATASETS
from stations.open_data.formats import FORMATS, SYSTEMS, WGS84, Format, offered
from stations.readers.dates import read_day

api = create_api(
    "Open data",
    "1.0.0",
    "The registers and the coverage as files for everybody. 供公众下载的名录与覆盖数据。",
    root_path=PAGE,
)
router = APIRouter(route_class=StrictRoute, tags=["downloads"])
FILES = [f"{name}.{one.suffix}" for name, dataset in DATASETS.items() for one in FORMATS.values() if one.fits(dataset)]
_FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. 数据文件。",
        "content": {
            one.media_type.partition(";")[0]: {
                "schema": {"type": "object"} if "json" in one.media_type else {"type": "string", "format": "binary"}
            }
            for one in FORMATS.values()
        },
    },
    304: {"description": "The client has this file already. 客户端已有同一文件。"},
}


@router.get("/{file}", operation_id="downloadDataSet", responses=_FILE_RESPONSES, response_class=Response)
def download(
    request: Request,
    asked: Asked,
    file: Annotated[str, Path(description="Data set and format. 数据集与格式。", json_schema_extra={"enum": FILES})],
    as_of: Annotated[str | None, Query(description="The day that the data tells of; today without it.")] = None,
    crs: Annotated[
        str | None,
        Query(
            description="The coordinate reference system of a GeoPackage or GeoParquet: WGS-84 without it.",
            json_schema_extra={"enum": list(SYSTEMS)},
        ),
    ] = None,
) -> Response:
    """Return a data set as a file. 下载一个数据集。"""
    if file not in FILES:
        raise NotFound(N_("There is no file {name}; {page} lists all"), name=file[:80], page=PAGE)
    name, _, suffix = file.partition(".")
    dataset, form = DATASETS[name], FORMATS[suffix]
    system = _system(crs, form)
    day = read_day("as_of", as_of) if as_of is not None else asked.today
    terms = terms_of(request)
    links = [f'<{PAGE}>; rel="describedby"; type="text/html"']
    if suffix == "csv":
        links.append(f'<{PAGE}/{name}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"')
    if terms.licence:
        links.append(f'<{terms.licence.url}>; rel="license"')
    headers = {"Link": ", ".join(links)}
    if form in offered(dataset):
        headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.{suffix}"'
    return send(request, file_of(asked, terms, dataset, form, day, system), form.media_type, headers)


def _system(written: str | None, form: Format) -> str:
    if written is None:
        return WGS84
    system = written.strip().lower()
    if system not in SYSTEMS:
        raise unknown_word("crs", written, SYSTEMS)
    if system != WGS84 and not form.says_system:
        told = N_("A file of this format can't say that it is in {crs}: leave crs out, or take gpkg or parquet")
        raise InvalidInput("crs", told, crs=system)
    return system


@router.get("/", include_in_schema=False)
def page_with_slash() -> RedirectResponse:
    """Send on to the page."""
    return RedirectResponse(PAGE, 308)


for module in (catalogue,):
    api.include_router(module.router)
api.include_router(router)
