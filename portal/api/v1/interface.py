"""``/api/v1`` whole: its routes, and its OpenAPI document at ``/api/v1/openapi.json``."""

from __future__ import annotations

from portal.api.application import create_api
from portal.api.v1 import coverage, filing, key, request_files, request_recovery, requests

api = create_api(
    "Quality infrastructure service stations",
    "1.0.0",
    "Coverage of the counties, the registers, and the life of a request.",
    root_path="/api/v1",
)
for module in (coverage, filing, key, request_recovery, requests, request_files):
    api.include_router(module.router)
