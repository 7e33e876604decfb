"""``/api/v1`` whole: its routes, and its OpenAPI document at ``/api/v1/openapi.json``."""

from __future__ import annotations

from portal.api.application import create_api
from portal.api.v1 import call_backs, changes, coverage, desk, key, partner_stations

api = create_api(
    "Quality infrastructure service stations",
    "1.0.0",
    "Coverage of the counties, the registers, and the life of a request.",
    root_path="/api/v1",
)
for module in (call_backs, changes, coverage, desk, key, partner_stations):
    api.include_router(module.router)
