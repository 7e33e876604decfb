"""Routes whose parameters are all texts, of which each asks little."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError, create_model
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.api.strict_route import StrictRoute, takes_several


class TextRoute(StrictRoute):
    """A route that takes texts from its path and its query and returns responses.

    Its parameters, and those of what it depends on, are read in one go. FastAPI reads them one by one, which takes
    longer than a short answer does. What it depends on is called at once and must not wait.
    """

    def answering(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request whose parameters are known."""
        texts = _Texts(self.dependant)
        endpoint = self.endpoint
        waits = inspect.iscoroutinefunction(endpoint)

        async def answer(request: Request) -> Response:
            given = await texts.read(request)
            response: Response = await (endpoint(**given) if waits else run_in_threadpool(endpoint, **given))
            return response

        return answer


@dataclass(frozen=True)
class _Read:
    """The texts of a function by its names of them, and those of the functions that it depends on."""

    texts: dict[str, Any]
    others: list[_Read]


class _Texts:
    """Reads what a function takes: texts of the request, and what other functions make of such."""

    def __init__(self, taker: Dependant) -> None:
        self._taker = taker
        self._in_path = {one.alias for one in taker.path_params}
        fields = [*taker.path_params, *taker.query_params]
        self._several = {one.alias: takes_several(one.field_info.annotation) for one in fields}
        shape: dict[str, Any] = {one.name: (one.field_info.annotation, one.field_info) for one in fields}
        self._shape: type[BaseModel] = create_model("Texts", **shape)
        self._others = [(one, _Texts(one)) for one in taker.dependencies]

    async def read(self, request: Request) -> dict[str, Any]:
        """Return the arguments of the function.

        Raises:
            RequestValidationError: texts are missing, too long or too short; it tells all of them.
        """
        faults: list[dict[str, Any]] = []
        read = self._read(request, faults)
        if faults:
            raise RequestValidationError(faults)
        return await self._arguments(request, read)

    def _read(self, request: Request, faults: list[dict[str, Any]]) -> _Read:
        others = [texts._read(request, faults) for _, texts in self._others]
        written: dict[str, Any] = {}
        for name, several in self._several.items():
            if name in self._in_path:
                written[name] = request.path_params[name]
            elif name in request.query_params:
                written[name] = request.query_params.getlist(name) if several else request.query_params[name]
        try:
            return _Read(dict(self._shape.model_validate(written)), others)
        except ValidationError as wrong:
            faults += [self._placed(one) for one in wrong.errors()]
            return _Read({}, others)

    def _placed(self, error: Any) -> dict[str, Any]:
        place = "path" if error["loc"][0] in self._in_path else "query"
        return {**error, "loc": (place, *error["loc"])}

    async def _arguments(self, request: Request, read: _Read) -> dict[str, Any]:
        given = read.texts
        if self._taker.request_param_name:
            given[self._taker.request_param_name] = request
        for (other, texts), its_own in zip(self._others, read.others, strict=True):
            made = other.call(**await texts._arguments(request, its_own)) if other.call else None
            if inspect.isawaitable(made):
                made = await made
            if other.name:
                given[other.name] = made
        return given
