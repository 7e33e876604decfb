"""``/open311/v2`` whole, and ``/open311/discovery``, which says where it is."""

from __future__ import annotations

from portal.api.application import create_api
from portal.api.open311 import discovery, filing, requests, services
from portal.api.open311.rendering import ErrorsOfOpen311

api = create_api(
    "Open311 GeoReport v2",
    "2.0.0",
    "The catalogue of services and requests in the shapes of Open311 GeoReport v2 (https://wiki.open311.org/). "
    "按 Open311 GeoReport v2 标准提供的服务目录和申请。",
    root_path="/open311/v2",
    errors=ErrorsOfOpen311,
)
for module in (services, filing, requests):
    api.include_router(module.router)

directory = create_api(
    "Open311 discovery",
    "2.0.0",
    "Where the interface of Open311 is. Open311 接口地址。",
    root_path="/open311",
    errors=ErrorsOfOpen311,
)
directory.include_router(discovery.router)
