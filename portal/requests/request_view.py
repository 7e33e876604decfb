"""Drawing of a service request: its state, its content, its history, and its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st
from markupsafe import Markup

from portal.components import facts, link, notice, page_url, sample_tag, tag
from portal.language import _, current, pick
from portal.places.county_name import county_name
from portal.registry.station_name import station_url
from portal.requests.attachment_download import attachment_url
from portal.requests.deadlines import day_in_words, draw_deadlines, due_tag
from portal.requests.routing_view import draw_routing, performer_in_words
from stations.language import day_in_china, label
from stations.registry.station import Station
from stations.requests.attachments import Attachment
from stations.requests.consent import get_consent
from stations.requests.deadlines import is_reminded
from stations.requests.escalation import Escalation
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import ShownEvent, ShownItem, ShownRequest
from stations.requests.states import COURSE, FINAL, Party, State
from stations.requests.urging import Urging
from stations.requests.words import step_in_words


def draw_standing(request: ServiceRequest, party: Party, today: date) -> None:
    """Draw the state of the request, whose turn it is, and the deadlines."""
    st.html(
        Markup('<h2 class="request-title">{} {} {} {}</h2>{}<p class="next-step">{}</p>').format(
            request.number,
            tag(label(current(), request.state), request.state.facts.tone),
            tag(_("Reminded"), "bad") if is_reminded(request) else "",
            sample_tag() if request.sample else "",
            _way(request.state),
            _(request.state.next_step(party)),
        )
    )
    draw_deadlines(request, party, today)


def question_in_words(event: ShownEvent, station: Station) -> Markup:
    """Return what the station asks, as it stands above the field for the answer."""
    return Markup('<section class="question"><h3>{}</h3><p>{}</p><p class="source">{}</p></section>').format(
        _("{station} asks you", station=pick(station.name, station.name_en)),
        event.note,
        current().format_datetime(event.at),
    )


def draw_services(request: ShownRequest, files: Sequence[Attachment], today: date) -> None:
    """Draw the requested services, each with its delivery and the delivered files."""
    drawn = Markup("").join(
        Markup("<li><div><strong>{}</strong> <span>{}</span>{}{}{}</div><div>{}</div></li>").format(
            pick(item.service.name_zh, item.service.name_en),
            performer_in_words(item),
            Markup("<p>{}</p>").format(notes)
            if (notes := " · ".join(filter(None, (item.quantity, item.remarks))))
            else "",
            Markup("<p>{}</p>").format(item.result) if item.result else "",
            _files([file for file in files if item.delivery and file.event_id == item.delivery]),
            _delivery(item, today),
        )
        for item in request.items
    )
    st.subheader(_("Services asked for"))
    st.html(Markup('<ul class="services">{}</ul>').format(drawn))


def draw_facts(request: ShownRequest, files: Sequence[Attachment], party: Party) -> None:
    """Draw what the firm entered, as far as that side may see it.

    A request that was split off is linked at the desk by its number; the firm needs its code too.
    """
    page = "desk" if party is Party.STATION else ""
    station = request.station
    if request.erased_at is not None:
        day = current().format_date(day_in_china(request.erased_at))
        notice(_("What this request says of people and of the firm was erased on {day}.", day=day))
        facts([(_("Station"), link(station_url(station.code), pick(station.name, station.name_en)))])
        return
    own = [file for file in files if file.message_id is None and file.event_id is None]
    facts(
        [
            (_("Station"), link(station_url(station.code), pick(station.name, station.name_en))),
            (_("Quality steward"), request.steward),
            (_("Split off from"), _requests([request.split_from] if request.split_from else [], page)),
            (
                _("Services handed to another station") if page else _("Other parts, at other stations"),
                _requests(request.split_off, page),
            ),
            (_("Product or instrument concerned"), request.product),
            (
                _("What is it about?"),
                Markup('<span class="written">{}</span>').format(request.description) if request.description else "",
            ),
            (_("Files"), _links(own)),
            (_("Wanted by"), current().format_date(request.wanted_on) if request.wanted_on else ""),
            (_("Name of the firm"), request.firm_name),
            (_("Unified social credit code"), _credit_code(request)),
            (_("County the firm is in"), county_name(request.county)),
            (_("Contact person"), f"{request.contact_name} · {request.phone}"),
            (_("E-mail address"), request.email),
            (_("Filed"), current().format_datetime(request.created_at)),
            (_("Consent"), _consent(request.consent_version)),
        ]
    )
    if party is Party.STATION:
        draw_routing(request)


def _credit_code(request: ShownRequest) -> Markup:
    if request.credit_code_certain:
        return Markup("{}").format(request.credit_code)
    return Markup("{} {}").format(request.credit_code, tag(_("doubtful: its last character does not fit"), "warn"))


@dataclass(frozen=True)
class Entry:
    """Something else that happened to a request, as its reader reads it. ``kind``: its class in the style sheet."""

    at: datetime
    kind: str
    what: str
    who: str
    text: str = ""


def hastened(urgings: Sequence[Urging]) -> list[Entry]:
    """Return what a firm reads of urgings: that an office asked for haste, and nothing of what was written."""
    told = _("An office asked the station to make haste with your request")
    return [Entry(one.created_at, "", told, "") for one in urgings if one.withdrawn_at is None]


def draw_timeline(
    request: ShownRequest,
    files: Sequence[Attachment],
    escalations: Sequence[Escalation],
    others: Sequence[Entry] = (),
) -> None:
    """Draw every step, message (with files), escalation and whatever else happened, oldest first."""
    told = [
        (
            event.at,
            0,
            event.position,
            "",
            told_step := step_in_words(current(), event),
            _by(event.party, told_step),
            event.note,
            _files([file for file in files if file.event_id == event.id]),
        )
        for event in request.events
    ]
    told += [
        (
            message.at,
            1,
            message.id,
            f"message {message.party.value}",
            _("Message"),
            f"{label(current(), message.party)} · {message.author}",
            message.text,
            _files([file for file in files if file.message_id == message.id]),
        )
        for message in request.messages
    ]
    told += [
        (
            one.raised_at,
            2,
            one.id,
            "escalation",
            _("Escalated to {level}", level=label(current(), one.level)),
            _("by the portal"),
            _("It was due on {day}.", day=current().format_date(one.due_on)),
            Markup(""),
        )
        for one in escalations
    ]
    told += [
        (one.at, 3, place, one.kind, one.what, one.who, one.text, Markup("")) for place, one in enumerate(others)
    ]
    rows = [
        Markup('<li class="{}"><time>{}</time><div><strong>{}</strong> <span>{}</span>{}{}</div></li>').format(
            kind,
            current().format_datetime(at),
            what,
            who,
            Markup("<p>{}</p>").format(text) if text else "",
            handed,
        )
        for at, _order, _position, kind, what, who, text, handed in sorted(told, key=lambda entry: entry[:3])
    ]
    st.html(Markup('<ol class="timeline">{}</ol>').format(Markup("").join(rows)))


def _by(party: Party, told: str) -> str:
    """Return who took a step, unless what is told of it says so."""
    name = label(current(), party)
    return "" if name.lower() in told.lower() else name


def _way(state: State) -> Markup:
    if not state.facts.step:
        return Markup("")
    reached = [one.value for one in COURSE].index(state.facts.step)
    steps = Markup("").join(
        Markup('<li class="{}"{}>{}</li>').format(
            "done" if place < reached or state in FINAL else "here" if place == reached else "",
            Markup(' aria-current="step"') if place == reached else "",
            label(current(), step),
        )
        for place, step in enumerate(COURSE)
    )
    return Markup('<ol class="way">{}</ol>').format(steps)


def _consent(version: str) -> Markup:
    text = get_consent(version)
    return Markup("<details><summary>{}</summary>{}</details>").format(
        _("text {version}, agreed to on filing", version=version), pick(text.text_zh, text.text_en)
    )


def _delivery(item: ShownItem, today: date) -> str | Markup:
    if item.delivered_at is not None:
        told = _("on {day}", day=current().format_date(day_in_china(item.delivered_at)))
        return Markup("{} {}").format(tag(_("Delivered"), "good"), told)
    if item.due_on is None:
        return tag(_("open"))
    return Markup("{} {}").format(_("by {day}", day=day_in_words(item.due_on)), due_tag(item.due_on, today))


def _requests(numbers: Sequence[str], page: str) -> Markup:
    if not page:
        told = _("{numbers}; the same code opens it", numbers=" ".join(numbers))
        return Markup("{}").format(told if numbers else "")
    return Markup(" ").join(link(page_url(page, number=number), number) for number in numbers)


def _files(files: Sequence[Attachment]) -> Markup:
    return Markup('<p class="files">{}</p>').format(_links(files)) if files else Markup("")


def _links(files: Sequence[Attachment]) -> Markup:
    return Markup(current().comma).join(
        Markup('<a href="{}" target="_self" download>{}</a>').format(attachment_url(file), file.name) for file in files
    )
