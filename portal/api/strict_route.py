"""Routes that take the parameters that they name, each once, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, get_args, get_origin

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response


class StrictRoute(APIRoute):
    """A route that refuses parameters it does not know, or gets twice, so that a misspelt filter never answers for
    everything; and NUL, which not every database can be asked about.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the check before it."""
        handle = self.answering()
        several = {each.alias: takes_several(each.field_info.annotation) for each in _query_parameters(self)}

        async def strict(request: Request) -> Response:
            faults = [
                {"type": "unprintable", "loc": (place, name), "input": ""}
                for place, values in (("path", request.path_params), ("query", request.query_params))
                for name, value in values.items()
                if "\0" in str(value)
            ]
            for name, value in request.query_params.items():
                if name not in several and not self.takes_any:
                    faults.append({"type": "extra_forbidden", "loc": ("query", name), "input": value})
                elif not several.get(name, True) and len(request.query_params.getlist(name)) > 1:
                    faults.append({"type": "given_twice", "loc": ("query", name), "input": value})
            if faults:
                raise RequestValidationError(faults)
            return await handle(request)

        return strict

    def answering(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request whose parameters are known."""
        return super().get_route_handler()

    @property
    def takes_any(self) -> bool:
        """Whether further parameters are read by the route itself."""
        return bool((self.openapi_extra or {}).get("x-further-parameters"))


def takes_several(annotation: Any) -> bool:
    """Whether a parameter of this type may be repeated."""
    return get_origin(annotation) is list or any(get_origin(one) is list for one in get_args(annotation))


def _query_parameters(route: APIRoute) -> list[Any]:
    found, waiting = [], [route.dependant]
    while waiting:
        one = waiting.pop()
        found.extend(one.query_params)
        waiting.extend(one.dependencies)
    return found
