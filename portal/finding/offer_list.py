"""How much of the found stations is shown, in which order, and some of them side by side.

All of it is in the address: ``?order=rating&show=12&compare=S-3205-001&compare=S-3205-004``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_setting, text_in_address
from portal.components import page_url, phone_link, table_markup
from portal.finding.found_stations import FoundCard, by_car_in_words
from portal.language import _, current, pick
from portal.option_labels import distinct
from portal.registry.opening_hours import hours_in_words, opening_in_words
from portal.registry.station_name import station_name
from stations.answers.offer_order import OfferOrder, services_met
from stations.evaluation.service_record import ServiceRecord
from stations.language import label
from stations.registry.who_offers import Offer

STEP = 6
"""So many stations are shown at first, and with each “show more”."""
POOL = 30
"""Among so many, the nearest, they are ordered."""
MOST_COMPARED = 4
_WIDTH = 352  # pixels
_ORDER, _SHOW, _COMPARE = "order", "show", "compare"


def order_in_address(*, by_road: bool) -> OfferOrder:
    """Return the order that the address asks for; by distance if it asks for none that there is. ``by_road``: whether
    times by car are known.
    """
    asked = text_in_address(_ORDER)
    return OfferOrder(asked) if asked in _orders(by_road) else OfferOrder.DISTANCE


def _orders(by_road: bool) -> list[OfferOrder]:
    return [order for order in OfferOrder if by_road or order is not OfferOrder.ROAD]


def number_shown() -> int:
    """Return how many stations the address asks to be shown, at least a first step of them."""
    asked = text_in_address(_SHOW)
    return max(STEP, min(int(asked), POOL)) if asked.isdecimal() and len(asked) < 4 else STEP


def draw_order(*, by_road: bool) -> None:
    """Draw the choice of the order. ``by_road``: as in ``order_in_address``."""
    options = {order.value: label(current(), order) for order in _orders(by_road)}
    with st.container(width=_WIDTH):
        draw_setting(_ORDER, _("Order"), options, OfferOrder.DISTANCE.value)


def draw_more(shown: int, found: int) -> None:
    """Draw how many are shown, with a link to more of them; nothing if all fit into the first step."""
    if found <= STEP:
        return
    told = _("{shown} of the {found} nearest are shown.", shown=shown, found=found)
    more = Markup("")
    if shown < found:
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        query[_SHOW] = [str(min(shown + STEP, POOL))]
        more = Markup('<a class="button quiet" href="{}" target="_self">{}</a>').format(
            page_url("find", **query), _("Show {count} more", count=min(STEP, found - shown))
        )
    st.html(Markup('<p class="more">{} {}</p>').format(told, more))


def draw_comparison(cards: Sequence[FoundCard], now: datetime) -> None:
    """Draw the choice of stations to compare, and two to four of them side by side."""
    if len(cards) < 2:
        return
    by_code = {card.found.station.code: card for card in cards}
    key = "find_compare"
    st.session_state[key] = [code for code in st.query_params.get_all(_COMPARE) if code in by_code][:MOST_COMPARED]

    def change() -> None:
        st.query_params[_COMPARE] = st.session_state[key]

    with st.expander(_("Compare stations side by side"), expanded=bool(st.session_state[key])):
        names = distinct({code: _plain_name(card) for code, card in by_code.items()})
        chosen = st.multiselect(
            _("Two to four stations"),
            list(names),
            key=key,
            format_func=names.__getitem__,
            max_selections=MOST_COMPARED,
            placeholder=_("Choose two or more"),
            filter_mode="contains",
            select_all=False,
            on_change=change,
        )
        if len(chosen) > 1:
            st.html(_comparison([by_code[code] for code in chosen], now))


def _plain_name(card: FoundCard) -> str:
    station = card.found.station
    return f"{pick(station.name, station.name_en)} · {current().format_distance(card.found.distance_m)}"


def _comparison(cards: Sequence[FoundCard], now: datetime) -> Markup:
    rows: Mapping[str, list[str | Markup]] = {
        _("Distance"): [current().format_distance(card.found.distance_m) for card in cards],
        **({_("By car"): [_by_car(card) for card in cards]} if any(card.seconds is not None for card in cards) else {}),
        _("Services named"): [_named(card) for card in cards],
        _("Average days to deliver"): [_number(card.record.working_days) for card in cards],
        _("Delivered in time"): [_share(card.record) for card in cards],
        _("Rating"): [_rating(card.record) for card in cards],
        _("Now"): [opening_in_words(card.found.station.hours, now) for card in cards],
        _("Opening hours"): [
            hours_in_words(card.found.station.hours) if card.found.station.hours else _("not known") for card in cards
        ],
        _("Telephone"): [
            phone_link(card.found.station.phone) if card.found.station.phone else _("not known") for card in cards
        ],
        _("Address"): [card.found.station.address or _("not known") for card in cards],
        _("Who does the work"): [
            Markup("<br>").join(pick(one.name, one.name_en) for one in card.institutions) or _("not known")
            for card in cards
        ],
    }
    return table_markup(
        [_("Compared"), *(station_name(card.found.station) for card in cards)],
        [[name, *values] for name, values in rows.items()],
        caption=_("Side by side"),
    )


def _by_car(card: FoundCard) -> str:
    return _("not known") if card.seconds is None else by_car_in_words(card.seconds)


def _named(card: FoundCard) -> str:
    if not card.services:
        return "–"
    met = services_met(Offer(card.found, tuple(card.services)))
    return _("{count} of {total}", count=met, total=len(card.services))


def _number(value: float | None) -> str:
    return "–" if value is None else current().format_number(value, 1)


def _share(record: ServiceRecord) -> str:
    return "–" if record.in_time is None else f"{round(100 * record.in_time)}%"


def _rating(record: ServiceRecord) -> str:
    if record.rating is None:
        return "–"
    return _("{rating} of 5", rating=_number(record.rating))
