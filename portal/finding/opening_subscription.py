"""A link for being notified when a service opens that no station of the firm's county offers yet."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import link, notice, page_url
from portal.language import _, pick
from portal.notices.notice_settings import notice_settings
from portal.visit import Visit
from stations.catalogue.service import Service
from stations.firms.subscriptions import first_station
from stations.places.counties import County


def draw_way_to_be_told(session: Session, county: County, services: Sequence[Service], present: Visit) -> None:
    """Draw a link to the subscription for each concrete service that no station of the county offers."""
    missing = [
        service
        for service in services
        if service.parent_code
        and first_station(session, county.adcode, service, present.today, samples=present.samples) is None
    ]
    for service in missing:
        told = _(
            "No station in {county} offers “{service}” yet.",
            county=pick(county.name, county.name_en),
            service=pick(service.name_zh, service.name_en),
        )
        href = page_url("subscribe", service=service.code, adcode=county.adcode)
        offer = _("Tell me when it opens") if notice_settings().offered() else _("Register what you need")
        notice(Markup("{} {}").format(told, link(href, offer)))
