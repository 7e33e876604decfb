"""``/ogc`` whole: the routes of the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from portal.api.application import EXPOSED, HeadAsGet
from portal.api.ogc import documents, items, openapi, pages, prepared
from portal.api.ogc.answer import Answer, respond
from portal.api.ogc.asking import Asking, asking
from portal.api.ogc.fresh_revision import fresh_revision
from portal.api.ogc.items_question import read_days, read_question
from portal.api.ogc.links import JSON, OPENAPI, ROOT, SCHEMA, header_of
from portal.api.ogc.parameters import CRS, DATETIME, ITEMS, SAMPLE
from portal.api.ogc.selection import selected
from portal.api.problem import HANDLERS, of_failure
from portal.api.rate_limit import RateLimit
from portal.failure import Failures
from stations.errors import NotFound
from stations.features.collection import Collection, Question
from stations.features.collections import COLLECTIONS
from stations.features.reference_systems import CRS84, read_reference_system
from stations.language import N_

_OF_FEATURE = (SAMPLE, CRS, DATETIME)
_OF_ITEMS = (*_OF_FEATURE, *ITEMS)


def _collection_of(request: Request) -> Collection[Any]:
    name = request.path_params["collection"]
    if name not in COLLECTIONS:
        raise NotFound(N_("There is no collection “{name}”"), name=name)
    return COLLECTIONS[name]


def _json(asked: Asking, content: Any, media_type: str = JSON) -> Answer:
    links = content.get("links", ())
    headers = {"Content-Language": asked.language.tag, **(header_of(links) if links else {})}
    return Answer(orjson.dumps(content), media_type, headers)


def _document(asked: Asking, title: str, content: Any, name: str, media_type: str = JSON) -> Answer:
    if asked.form == "html":
        return pages.document_page(asked, title, content, name)
    return _json(asked, content, media_type)


def _landing(request: Request) -> Response:
    asked = asking(request)
    content = documents.landing(asked)
    return respond(request, _document(asked, content["title"], content, "landing"))


def _conformance(request: Request) -> Response:
    asked = asking(request)
    title = asked.language.translate(N_("What of the standard is met"))
    return respond(request, _document(asked, title, documents.conformance(asked), "conformance"))


def _api(request: Request) -> Response:
    asked = asking(request)
    if asked.form == "html":
        return respond(request, pages.api_page(asked))
    return respond(request, Answer(orjson.dumps(openapi.document(asked.base)), OPENAPI))


def _described(asked: Asking, *collections: Collection[Any]) -> list[dict[str, Any]]:
    question = Question(asked.inquiry.today, asked.inquiry.samples)
    with asked.inquiry.reading() as session:
        taken = [prepared.snapshot(session, one, question) for one in collections]
    return [documents.collection(asked, one.collection, one.bounds, one.first_day) for one in taken]


def _collections(request: Request) -> Response:
    asked = asking(request, (SAMPLE,))
    content = documents.collections(asked, _described(asked, *COLLECTIONS.values()))
    return respond(request, _document(asked, content["title"], content, "collections"))


def _collection(request: Request) -> Response:
    one = _collection_of(request)
    asked = asking(request, (SAMPLE,))
    (content,) = _described(asked, one)
    return respond(request, _document(asked, content["title"], content, "collection"))


def _schema_of(name: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        one = _collection_of(request)
        asked = asking(request)
        content = documents.described(asked, one, name)
        return respond(request, _document(asked, content["title"], content, "schema", SCHEMA))

    return answer


async def _items(request: Request) -> Response:
    one = _collection_of(request)
    asked = asking(request, _OF_ITEMS, (each.name for each in one.properties))
    about = one.id, asked.inquiry.today, asked.inquiry.samples, str(request.query_params)
    key = await fresh_revision.get(), about, asked.form, asked.base, asked.language.code
    if (kept := prepared.kept_answer(key)) is None:
        kept = await run_in_threadpool(prepared.make_answer, key, lambda: _make_items(asked, one))
    return respond(request, kept)


def _make_items(asked: Asking, one: Collection[Any]) -> Answer:
    question = read_question(asked.inquiry, one, asked.written)
    with asked.inquiry.reading() as session:
        snapshot = prepared.snapshot(session, one, question.question)
        found = selected(session, snapshot, question)
    if asked.form == "json":
        return items.feature_collection(asked, snapshot, question, found)
    links = items.page_links(asked, one, found)
    return pages.features_page(asked, snapshot, question, found, links, items.headers_of(asked, links, question.crs))


def _item(request: Request) -> Response:
    one = _collection_of(request)
    asked = asking(request, _OF_FEATURE)
    identifier = request.path_params["feature"]
    days = read_days(asked.inquiry, asked.written.get("datetime"))
    crs = read_reference_system("crs", asked.written["crs"]) if "crs" in asked.written else CRS84
    with asked.inquiry.reading() as session:
        snapshot = prepared.snapshot(session, one, Question(days.as_of, asked.inquiry.samples))
    row = snapshot.position.get(identifier)
    since = None if row is None else snapshot.since[row]
    if row is None or (days.only_known and since is not None and since > days.as_of):
        raise NotFound(N_("There is no feature “{name}” in this collection"), name=identifier)
    if asked.form == "json":
        return respond(request, items.feature(asked, snapshot, row, crs))
    links = items.feature_links(asked, one, identifier)
    return respond(request, pages.feature_page(asked, snapshot, row, links, items.headers_of(asked, links, crs)))


api = Starlette(
    routes=[
        Route("/collections/{collection}/items", _items),
        Route("/collections/{collection}/items/{feature}", _item),
        Route("/", _landing),
        Route("/conformance", _conformance),
        Route("/api", _api),
        Route("/collections", _collections),
        Route("/collections/{collection}", _collection),
        Route("/collections/{collection}/queryables", _schema_of("queryables")),
        Route("/collections/{collection}/schema", _schema_of("schema")),
    ],
    middleware=[
        Middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"], expose_headers=[*EXPOSED, "Content-Crs"]),
        Middleware(HeadAsGet),
        Middleware(Failures, answer=of_failure),
        Middleware(RateLimit),
    ],
    exception_handlers=HANDLERS,
)
"""Without FastAPI: the document is written from our own tables, and answers are compressed once and kept."""


class _Landing:
    """Answers the address of the interface without its slash: QGIS follows no redirection there."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await api({**scope, "path": f"{ROOT}/", "root_path": scope.get("root_path", "") + ROOT}, receive, send)


def _to_interface(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{ROOT}{request.url.path}{query}", 301)


routes: list[BaseRoute] = [
    *(Route(path, _to_interface) for path in ("/conformance", "/collections", "/collections/{rest:path}")),
    Route(ROOT, _Landing()),
    Mount(ROOT, api),
]
"""Who guesses an address at the top finds the interface."""
