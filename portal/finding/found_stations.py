"""Drawing of the stations found, nearest first, with links for requesting services."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from portal.components import page_url, phone_link, tag
from portal.language import _, current, ngettext, pick
from portal.maps.county_map import Marker
from portal.places.directions import way_link
from portal.registry.institution_scope import who_does_it
from portal.registry.opening_hours import hours_in_words, opening_in_words
from portal.registry.station_name import station_name, station_url
from portal.registry.station_record import record_in_words
from portal.theme import MARKERS
from stations.answers.places import distance_in_words, shares_in_words
from stations.catalogue.service import Service
from stations.evaluation.service_record import ServiceRecord
from stations.language import day_in_china, label
from stations.registry.institutions import Institution
from stations.registry.nearest_stations import FoundStation, PlacedBy
from stations.registry.station import Station
from stations.registry.who_offers import Offer


def request_url(station_code: str, services: Sequence[Service], place: Mapping[str, str]) -> str:
    """Return the address of the form that asks a station for services. ``place``: query parameters of the firm's
    location.
    """
    concrete = [service.code for service in services if service.parent_code]
    return page_url("request", station=station_code, service=concrete, **place)


def draw_ask_for_all(services: Sequence[Service], place: Mapping[str, str], shares: Sequence[Offer]) -> None:
    """Draw the link for requesting all services at once from any station; nothing if no concrete service is chosen.

    ``shares``: the stations among which they can be shared out, each for its part; with a link that asks them all.
    """
    concrete = [service.code for service in services if service.parent_code]
    if not concrete:
        return
    lines = [
        _line_to_form(
            page_url("request", service=concrete, **place),
            _("Ask for all of this"),
            _("One request, one steward: the station that fits best is proposed, and you may choose another."),
        )
    ]
    if shares and len(concrete) == len(services):
        told = shares_in_words(shares, current())
        lines.append(
            _line_to_form(
                page_url("request", service=concrete, split="1", **place), _("Share it out: one form"), told
            )
        )
    st.html(Markup("").join(lines))


def _line_to_form(href: str, told: str, why: str) -> Markup:
    return Markup(
        '<p class="ask-for-all"><a class="button" href="{}" target="_self">{}</a> <span class="source">{}</span></p>'
    ).format(href, told, why)


@dataclass(frozen=True)
class FoundCard:
    """The content of a station's card: the services searched for, the institutions that perform them, and its record.

    ``seconds``: by car, where roads are imported; infinite where no way is known.
    """

    found: FoundStation
    services: Sequence[Service]
    institutions: Sequence[Institution]
    record: ServiceRecord
    seconds: float | None = None


def by_car_in_words(seconds: float) -> str:
    """Return the time by car to a station, or that the road data knows no way."""
    if not math.isfinite(seconds):
        return _("no way by road known")
    return _("{time} by car", time=current().format_minutes(seconds))


def draw_way_to_results(anchor: str, found: Sequence[FoundStation]) -> None:
    """Draw the number of stations found with a link down to them, for phones, where the map comes first."""
    if not found:
        return
    told = ngettext("{count} station found", "{count} stations found", len(found))
    nearest = min(found, key=lambda one: one.distance_m).told_m
    if nearest is not None:
        told = _("{found}, the nearest {distance} away", found=told, distance=current().format_distance(nearest))
    st.html(Markup('<p class="way-down"><a href="#{}" target="_self">{} ↓</a></p>').format(anchor, told))


def draw_found_stations(cards: Sequence[FoundCard], *, place: Mapping[str, str], now: datetime) -> None:
    """Draw stations as numbered cards. ``place``: query parameters of the firm's location."""
    drawn = [_card(number, card, place, now) for number, card in enumerate(cards, start=1)]
    st.html(Markup('<ol class="results">{}</ol>').format(Markup("").join(drawn)))


def _card(number: int, card: FoundCard, place: Mapping[str, str], now: datetime) -> Markup:
    one, services, station = card.found, card.services, card.found.station
    lines = [
        _offers(one, services),
        _line(record_in_words(card.record)),
        _line(opening_in_words(station.hours, now)),
        _line(hours_in_words(station.hours)) if station.hours else Markup(""),
        _line(station.address),
        _line(_contact(one)),
        _chains(station),
        who_does_it(card.institutions, services, day_in_china(now)),
    ]
    if one.unsure:
        lines.append(
            Markup('<p class="source">{}</p>').format(
                _("The record of this station names the group of services only; ask whether it does this one.")
            )
        )
    if one.placed_by is not PlacedBy.POINT and one.told_m is not None:
        lines.append(
            Markup('<p class="source">{}: {}</p>').format(
                label(current(), one.placed_by), _("the distance is to a point inside it")
            )
        )
    ask = (
        Markup('<a class="button" href="{}" target="_self">{}</a>').format(
            request_url(station.code, services, place), _("Ask this station")
        )
        if any(service.parent_code for service in services)
        else Markup('<a class="button quiet" href="{}" target="_self">{}</a>').format(
            station_url(station.code), _("See what it offers")
        )
    )
    return Markup(
        '<li class="result"><span class="result-number">{}</span><div><h3>{}</h3>{}</div>'
        '<div class="result-side"><span class="result-distance">{}</span>{}{}</div></li>'
    ).format(
        number,
        station_name(station),
        Markup("").join(lines),
        distance_in_words(one, current()),
        Markup('<span class="source">{}</span>').format(by_car_in_words(card.seconds))
        if card.seconds is not None
        else Markup(""),
        ask,
    )


def _offers(one: FoundStation, services: Sequence[Service]) -> Markup:
    if not services:
        return Markup("")
    tags = [
        tag(_("{service}: ask first", service=name), "warn") if service in one.unsure else tag(name, "good")
        for service in sorted(services, key=lambda service: service in one.unsure)
        for name in [pick(service.name_zh, service.name_en)]
    ]
    return Markup('<p class="result-offers">{}</p>').format(Markup(" ").join(tags))


def _contact(one: FoundStation) -> Markup:
    station = one.station
    parts = []
    if station.phone:
        parts.append(phone_link(station.phone))
    if one.placed_by is PlacedBy.POINT:
        parts.append(way_link(one.lon, one.lat, pick(station.name, station.name_en)))
    return Markup(" · ").join(parts)


def _chains(station: Station) -> Markup:
    if not station.chains:
        return Markup("")
    names = Markup(" ").join(tag(pick(chain.name_zh, chain.name_en)) for chain in station.chains)
    return Markup('<p class="result-offers"><span class="source">{}</span> {}</p>').format(_("Chains served:"), names)


def _line(content: str | Markup) -> Markup:
    return Markup("<p>{}</p>").format(content) if content else Markup("")


def found_markers(found: Sequence[FoundStation]) -> list[Marker]:
    """Return a map marker for each station, numbered as its card; stations located only by their county have none."""
    once: dict[str, tuple[int, FoundStation]] = {}
    for number, one in enumerate(found, start=1):
        if one.placed_by is PlacedBy.POINT:
            once.setdefault(one.station.code, (number, one))
    return [
        Marker(
            one.lon,
            one.lat,
            MARKERS["station"],
            pick(one.station.name, one.station.name_en),
            (current().format_distance(one.distance_m), one.station.address),
            sample=one.station.sample,
            href=station_url(one.station.code),
            number=number,
        )
        for number, one in once.values()
    ]
