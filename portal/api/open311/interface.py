"""``/open311`` whole: where the interface is, and GeoReport v2."""

from __future__ import annotations

from portal.api.application import create_api
from portal.api.open311 import discovery, filing, requests, services
from portal.api.open311.rendering import ErrorsOfOpen311
from stations.language import N_

api = create_api(
    N_("Open311 GeoReport v2"),
    "2.0.0",
    N_("The catalogue of services and requests in the shapes of Open311 GeoReport v2 (https://wiki.open311.org/)."),
    root_path="/open311",
    errors=ErrorsOfOpen311,
)
api.include_router(discovery.router)
for module in (services, filing, requests):
    api.include_router(module.router, prefix="/v2")
