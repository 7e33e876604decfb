"""The fields of a registry record and their values as text in the visitor's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from markupsafe import Markup

from portal.components import Tone
from portal.language import _, current, ngettext, pick, source_told
from portal.registry.dated_history import date_in_words
from portal.registry.opening_hours import hours_in_words
from stations.language import label
from stations.registry.confirmation import Confirmed
from stations.registry.record_state import FIELD_NAMES, FieldChange, FieldValue, HistoryEntry, Offer
from stations.registry.record_terms import Terms
from stations.registry.unread_names import UNREAD_NAMES

Member = TypeVar("Member", Offer, str)

CONFIRMED_TONES: dict[Confirmed, Tone] = {Confirmed.SOON: "warn", Confirmed.OVERDUE: "bad"}

NAMED = 8
"""So many services are named where many end or begin at once."""


def field_name(field: str) -> str:
    """Return the label of a field."""
    return _(FIELD_NAMES[field])


def area_name(terms: Terms, adcode: str) -> str:
    """Return “昆山市（苏州市）” for a county; for a city, that the county is not known."""
    county = terms.counties.get(adcode)
    if county is None:
        city = terms.cities[adcode]
        return _("{city}, county not known", city=pick(city.name, city.name_en))
    city = terms.cities[county.city_adcode]
    return _("{county} ({city})", county=pick(county.name, county.name_en), city=pick(city.name, city.name_en))


def service_name(terms: Terms, code: str) -> str:
    """Return the name of a service, or of a whole group."""
    service = terms.services.get(code)
    if service is None:
        return code
    name = pick(service.name_zh, service.name_en)
    return name if service.parent_code else _("{group} (the whole group)", group=name)


def value_in_words(terms: Terms, field: str, value: FieldValue) -> str | Markup:
    """Return the value of a field as text; a dash if empty."""
    if value in (None, "", ()):
        return "—"
    told: str | Markup = _TELLERS.get(field, lambda _terms, text: text)(terms, value)
    return told


def before_and_after(terms: Terms, field: str, change: FieldChange) -> tuple[str | Markup, str | Markup]:
    """Return the old and new value of a field as text; of services and chains only those that differ."""
    before, after = change.before, change.after
    if field == "services":
        before, after = _apart(offers_in(before), offers_in(after))
    elif field == "chains":
        before, after = _apart(_codes_in(before), _codes_in(after))
    return value_in_words(terms, field, before), value_in_words(terms, field, after)


def offers_in(value: FieldValue) -> tuple[Offer, ...]:
    """Return the services in the value of a field."""
    return tuple(one for one in value if isinstance(one, Offer)) if isinstance(value, tuple) else ()


def _codes_in(value: FieldValue) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def _apart(one: tuple[Member, ...], other: tuple[Member, ...]) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
    return (
        tuple(member for member in one if member not in other),
        tuple(member for member in other if member not in one),
    )


def service_changes(terms: Terms, offered: Sequence[Offer], wanted: Sequence[Offer]) -> Markup:
    """Return in short which services end and begin between two states of a station."""
    before, after = ({offer.service_code: offer for offer in side} for side in (offered, wanted))
    moved = {code for code in before if code in after and after[code] != before[code]}
    ended = [code for code in before if code not in after or (code in moved and after[code].until)]
    begun = [code for code in after if code not in before or (code in moved and not after[code].until)]
    told = []
    for mark, words, codes in (("del", _("ending: {names}"), ended), ("ins", _("beginning: {names}"), begun)):
        if codes:
            names = Markup(" · ").join(service_name(terms, code) for code in codes[:NAMED])
            rest = len(codes) - NAMED
            more = ngettext(" and {count} more", " and {count} more", rest) if rest > 0 else ""
            marked = Markup("<{0}>{1}{2}</{0}>").format(Markup(mark), names, more)
            told.append(Markup(words).format(names=marked))
    return Markup("<br>").join(told)


def entry_in_words(entry: HistoryEntry) -> Markup:
    """Return one entry of a dated history: status, date, reason."""
    if entry.dated:
        when = date_in_words(entry.dated)
    elif entry.as_of:
        when = _("not dated; so by {date}", date=date_in_words(entry.as_of))
    else:
        when = _("not dated")
    why = Markup(' <span class="quiet">{}</span>').format(entry.reason) if entry.reason else ""
    return Markup("{} · {}{}").format(label(current(), entry.stage), when, why)


def _services(terms: Terms, services: Sequence[Offer]) -> Markup:
    return Markup(" · ").join(_offer(terms, offer) for offer in services)


def _offer(terms: Terms, offer: Offer) -> str:
    name = service_name(terms, offer.service_code)
    since, until = (current().format_date(day) if day else None for day in (offer.since, offer.until))
    if since and until:
        return _("{service}, from {since} until {until}", service=name, since=since, until=until)
    if since:
        return _("{service}, from {since}", service=name, since=since)
    return _("{service}, until {until}", service=name, until=until) if until else name


def _chains(terms: Terms, codes: Sequence[str]) -> Markup:
    chains = (terms.chains.get(code) for code in codes)
    return Markup(" · ").join(pick(chain.name_zh, chain.name_en) for chain in chains if chain)


def _lines(texts: Any) -> Markup:
    return Markup("<br>").join(texts)


_TELLERS: dict[str, Any] = {
    "level": lambda _terms, value: label(current(), value),
    "kind": lambda _terms, value: label(current(), value),
    "city_adcode": lambda terms, value: pick(terms.cities[value].name, terms.cities[value].name_en),
    "county_adcode": lambda terms, value: area_name(terms, value),
    "place": lambda _terms, value: f"{value[0]:.5f}, {value[1]:.5f}",
    "hours": lambda _terms, value: hours_in_words(value),
    "source": lambda _terms, value: source_told(value),
    "services": _services,
    "chains": _chains,
    "unread": lambda _terms, value: _lines(
        _("{field}: “{words}”", field=_(UNREAD_NAMES[one.field]), words=one.words) for one in value
    ),
    "history": lambda _terms, value: _lines(entry_in_words(entry) for entry in value),
}
