"""The key with which a program asks: ``Authorization: Bearer nqi_…``, and what a route needs of it.

A key is never read from an address: addresses are written to logs, and refused as an unknown parameter.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from portal.storage import engine
from stations import clock
from stations.language import N_
from stations.partners.interface_key import KeyInUse
from stations.partners.key_check import KeyRefused, check_key

PRIVATE = {"Cache-Control": "no-store"}
"""The headers of an answer that only the holder of the key may read."""
_KEPT = "interface_key"
_bearer = HTTPBearer(
    scheme_name="key",
    auto_error=False,
    bearerFormat="nqi_PREFIX_SECRET",
    description="A key that an administrator made for a system. 由管理员为对接系统签发的接口密钥。",
)


def key_of(request: Request) -> KeyInUse | None:
    """Return the key that a request presents; None if it presents none. Each request is checked once.

    Raises:
        KeyRefused: what it presents is no valid key.
    """
    kept = request.scope.setdefault("state", {})
    if _KEPT not in kept:
        kept[_KEPT] = _checked(request)
    found: KeyInUse | KeyRefused | None = kept[_KEPT]
    if isinstance(found, KeyRefused):
        raise found
    return found


def presents_key(request: Request) -> bool:
    """Whether a request presents anything as a key."""
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "bearer"


def _checked(request: Request) -> KeyInUse | KeyRefused | None:
    if not presents_key(request):
        return None
    presented = request.headers["authorization"].partition(" ")[2]
    address = request.client.host if request.client else ""
    try:
        return check_key(engine(), presented.strip(), address, clock.now())
    except KeyRefused as refused:
        return refused


def _optional(request: Request, _described: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> (
    KeyInUse | None
):
    return key_of(request)


def _needed(held: Annotated[KeyInUse | None, Depends(_optional)]) -> KeyInUse:
    if held is None:
        raise KeyRefused(N_("This address needs a key: send it as “Authorization: Bearer …”"))
    return held


MaybeKey = Annotated[KeyInUse | None, Depends(_optional)]
"""The type of a parameter by which a route takes the key that is presented, if any."""
Key = Annotated[KeyInUse, Depends(_needed)]
"""The type of a parameter by which a route takes the key that it needs; the route asks ``require`` for a scope."""
