"""``/api/v1`` whole: its routes, and its OpenAPI document at ``/api/v1/openapi.json``."""

from __future__ import annotations

from portal.api.application import create_api
from portal.api.v1 import (
    call_backs,
    changes,
    desk,
    filing,
    key,
    partner_stations,
    questions,
    records,
    request_files,
    request_recovery,
    requests,
    siting,
)
from portal.api.v1.described import answer_examples
from stations.language import N_

api = create_api(
    N_("Interface of the quality infrastructure service stations"),
    "1.0.0",
    N_("Coverage of the counties, the registers, targets and plans, and the life of a request."),
    root_path="/api/v1",
    examples=answer_examples(),
)
for module in (
    *(questions, records, siting, filing, request_recovery, requests, request_files),
    *(key, changes, partner_stations, desk, call_backs),
):
    api.include_router(module.router)
