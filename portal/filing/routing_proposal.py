"""Proposing which station answers and who performs each service, before the firm files the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, sample_tag, table, tag
from portal.language import _, current, ngettext, pick
from portal.markdown_text import plain
from portal.option_labels import distinct
from portal.registry.station_name import station_name, station_url
from portal.requests.kept_draft import PREFIX
from portal.requests.station_contact import office_in_words
from portal.storage import engine
from stations.answers.columns import distance_or_county
from stations.answers.places import distance_in_words
from stations.catalogue.service import Service
from stations.database import reading
from stations.language import Bilingual
from stations.registry.who_offers import Offer
from stations.requests.proposed_stations import Option, Proposal, proposed_stations
from stations.requests.routing import Plan, PlannedItem
from stations.requests.routing_rules import Factor

SHARED_OUT = "+"
"""The option of several stations, among the codes of single ones."""
_MEMORY = "draft_proposal"


def proposal_for(
    services: Sequence[str],
    lon: float,
    lat: float,
    *,
    chain_code: str,
    own: str,
    today: date,
    samples: bool,
) -> Proposal:
    """Return the stations to choose from, the one ranked best by the rules first.

    ``lon``, ``lat``: the firm's place in degrees, WGS-84. ``own``: code of the station named in the link. The result is
    stored in the session for the same arguments, so that typing in other fields does not compute it again.
    """
    question = (tuple(services), lon, lat, chain_code, own, today, samples)
    if st.session_state.get(_MEMORY, (None, None))[0] != question:
        st.session_state[_MEMORY] = (question, _propose(*question))
    kept: Proposal = st.session_state[_MEMORY][1]
    return kept


def _propose(
    codes: Sequence[str], lon: float, lat: float, chain_code: str, own: str, today: date, samples: bool
) -> Proposal:
    with reading(engine()) as session:
        return proposed_stations(
            session, codes, lon, lat, chain_code=chain_code, own=own, today=today, samples=samples
        )


@dataclass(frozen=True)
class Chosen:
    """The firm's choice.

    ``code``: of the station, "" if none; ``split_agreed``: whether the firm agrees that parts are done through other
    stations; ``sample``: whether the station is a sample; ``parts``: as ``RequestForm.parts``, as lists.
    """

    code: str = ""
    split_agreed: bool = False
    sample: bool = False
    parts: tuple[list[Any], ...] = ()


def draw_proposal(proposal: Proposal, own: str, *, share: bool) -> Chosen:
    """Draw the options and return the choice. ``share``: the link asks for several stations, each for its part."""
    if proposal.problem:
        notice(_(proposal.problem.message, **proposal.problem.params), "bad")
        return Chosen()
    if proposal.own_problem:
        notice(_(proposal.own_problem.message, **proposal.own_problem.params), "warn")
    by_code = {option.ranked.station.code: option for option in proposal.options}
    names = distinct({code: plain(_name(option)) for code, option in by_code.items()})
    captions = [plain(_why(option)) for option in by_code.values()]
    if proposal.shares:
        names[SHARED_OUT] = _("Several stations, each for its part")
        told = _("{count} requests at once with one code; you follow each by itself.", count=len(proposal.shares))
        captions.append(told)
    key = f"{PREFIX}station_code"
    if st.session_state.get(key) not in names:
        first = SHARED_OUT if share and proposal.shares else own if own in by_code else next(iter(names))
        st.session_state[key] = first
    chosen = st.radio(
        _("Station"),
        list(names),
        key=key,
        format_func=names.__getitem__,
        captions=captions,
        label_visibility="collapsed",
    )
    if chosen == SHARED_OUT:
        return _draw_shares(proposal.shares)
    option = by_code[chosen]
    return Chosen(chosen, _draw_plan(option.plan), option.ranked.station.sample)


def _draw_shares(shares: Sequence[Offer]) -> Chosen:
    table(
        [_("Station"), _("Services")],
        [
            [
                Markup("{} {}").format(station_name(one.found.station), distance_in_words(one.found, current())),
                current().join(pick(service.name_zh, service.name_en) for service in one.services),
            ]
            for one in shares
        ],
        caption=_("Your request, part by part"),
    )
    parts = tuple([one.found.station.code, [service.code for service in one.services]] for one in shares)
    return Chosen(sample=shares[0].found.station.sample, parts=parts)


def draw_other_stations(services: Sequence[str], place: dict[str, str]) -> None:
    """Draw a link for choosing a station that is not among those proposed."""
    href = page_url("find", service=list(services), **place)
    st.html(Markup('<p class="source">{}</p>').format(link(href, _("Choose another station from the list and map"))))


def _plain_name(option: Option) -> str:
    station = option.ranked.station
    return pick(station.name, station.name_en)


def _name(option: Option) -> str:
    county = option.ranked.station.county
    named = Bilingual(county.name, county.name_en) if county else None
    told = [_plain_name(option), distance_or_county(option.ranked.distance_m, named, current())]
    return " · ".join(filter(None, [*told, _("proposed")] if option.proposed else told))


def _why(option: Option) -> str:
    """Return what speaks for a station, in the words of those who ask it."""
    planned = option.plan
    unsure = sum(item.unsure for item in planned.items)
    load = planned.steward_load
    told = [
        office_in_words(planned.station, planned.office)
        or ngettext("{count} request in hand there", "{count} requests in hand there", load),
        ngettext("asks back about {count} service first", "asks back about {count} services first", unsure)
        if unsure
        else "",
        _("serves your industrial chain") if option.ranked.value(Factor.CHAIN) else "",
    ]
    return " · ".join(filter(None, told))


def _draw_plan(planned: Plan) -> bool:
    station = planned.station
    who = (
        Markup("{}: <strong>{}</strong>").format(_("Quality steward who answers for all of it"), planned.steward.name)
        if planned.steward
        else Markup("{}").format(office_in_words(station, planned.office))
    )
    st.html(
        Markup('<p class="understood">{} {}<br>{}</p>').format(
            link(station_url(station.code), pick(station.name, station.name_en)),
            sample_tag() if station.sample else "",
            who,
        )
    )
    table(
        [_("Service"), _("Who does it")],
        [[_service(item.service, item.unsure), _performer(item)] for item in planned.items],
        caption=_("Your request, part by part"),
    )
    if not planned.split:
        return False
    notice(
        _(
            "No station offers everything. {station} answers for all of it and has the other parts done "
            "through the stations named above; you keep one tracking number and one steward.",
            station=pick(station.name, station.name_en),
        ),
        "warn",
    )
    return st.checkbox(_("I agree that these parts are done through other stations"), key=f"{PREFIX}split_agreed")


def _service(service: Service, unsure: bool) -> Markup:
    name = Markup("{}").format(pick(service.name_zh, service.name_en))
    return Markup("{} {}").format(name, tag(_("to be confirmed"), "warn")) if unsure else name


def _performer(item: PlannedItem) -> Markup:
    institution = (
        pick(item.institution.name, item.institution.name_en) if item.institution else _("arranged by the steward")
    )
    if item.partner is None:
        return Markup("{}").format(institution)
    through = _("through {station}", station=pick(item.partner.name, item.partner.name_en))
    return Markup("{} {}").format(institution, tag(through, "warn"))
