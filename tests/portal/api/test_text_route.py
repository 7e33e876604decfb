"""Routes that read all their texts in one go answer as FastAPI's own reading would."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.api.application import create_api
from portal.api.strict_route import StrictRoute
from portal.api.text_route import TextRoute
from tests.portal.api.asgi import Answer, ask


def words_of(request: Request, lang: Annotated[str | None, Query(max_length=5)] = None) -> list[str | None]:
    return [lang, request.headers.get("accept")]


async def later(spoken: Annotated[list[str | None], Depends(words_of)]) -> list[str | None]:
    return [*spoken, "later"]


def same(
    code: Annotated[str, Path(max_length=4)],
    near: Annotated[str, Query(alias="at", min_length=1, max_length=9)],
    spoken: Annotated[list[str | None], Depends(words_of)],
    more: Annotated[list[str | None], Depends(later)],
    service: Annotated[list[str] | None, Query(max_length=2)] = None,
    k: Annotated[str | None, Query(max_length=3)] = None,
) -> Response:
    return JSONResponse([code, near, spoken, more, service, k])


async def waiting(**given: Any) -> Response:
    return same(**given)


def answered(route_class: type[StrictRoute], path: str, endpoint: Any) -> Answer:
    router = APIRouter(route_class=route_class)
    router.add_api_route("/of/{code}", endpoint)
    api = create_api("Small", "1", "For a test.", root_path="")
    api.include_router(router)
    return ask(api, path, accept="application/json")


@pytest.mark.parametrize(
    "query",
    [
        "at=118,32", "at=118,32&k=5&lang=zh-CN", "at=a&service=x", "at=a&service=x&service=y", "at=%E5%8D%97",
        "", "at=", "at=0123456789", "at=a&k=1234", "at=a&lang=abcdef", "at=a&service=x&service=y&service=z",
        "at=a&at=b", "at=a&unknown=1", "k=12345&lang=abcdef", "at=a%00", "at=a&k=",
    ],
)  # fmt: skip
@pytest.mark.parametrize("code", ["A", "ABCDE"])
def test_texts_are_read_as_fastapi_reads_them(code: str, query: str) -> None:
    told, expected = (answered(one, f"/of/{code}?{query}", same) for one in (TextRoute, StrictRoute))
    assert (told.status_code, told.content) == (expected.status_code, expected.content)


def test_what_waits_is_awaited() -> None:
    waiting.__signature__ = inspect.signature(same, eval_str=True)  # type: ignore[attr-defined]
    assert answered(TextRoute, "/of/A?at=b", waiting).json() == answered(TextRoute, "/of/A?at=b", same).json()
