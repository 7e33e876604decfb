"""A service request as its reader may see it: whole, or without the personal data of others.

Pages show these values, never the records themselves, so that masked data can't be read by another way. A masked
request has its contact, steward and credit code masked, and also numbers and addresses in all texts entered by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from stations.catalogue.service import Service
from stations.duty.masking import mask_field, sees_personal_data
from stations.duty.roles import Actor
from stations.places.counties import County
from stations.readers.credit_code import is_certain
from stations.registry.institutions import Institution
from stations.registry.station import Station
from stations.requests.attachments import Attachment, delivery_of
from stations.requests.moves import MoveName
from stations.requests.rating import Question, Rating
from stations.requests.routing_record import RoutingRecord, read_routing
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import DueKind, Party, State

Mask = Callable[[str, str | None], str]
"""Takes the name of a field and its value; returns what is shown of it."""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One service of a request. ``delivery``: the id of the event that delivered it, None while it is open."""

    id: int
    service: Service
    quantity: str
    remarks: str
    institution: Institution | None
    partner_station: Station | None
    performer: str
    due_on: date | None
    delivered_at: datetime | None
    delivery: int | None
    result: str


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One move of a request, or the delivery of one ``item``."""

    id: int
    position: int
    at: datetime
    party: Party
    move: MoveName | None
    source: State | None
    item: ShownItem | None
    station: Station | None
    note: str
    taken_over: bool


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message between the firm and the station."""

    id: int
    at: datetime
    party: Party
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request. ``erased_at``: since when texts, names and numbers of the firm are blank. ``credit_code_certain``: the
    code's check character is right. ``split_from``: the number of the request it was a part of; ``split_off``: those of
    its parts.
    """

    number: str
    state: State
    erased_at: datetime | None
    station: Station
    steward: str
    firm_name: str
    credit_code: str
    credit_code_certain: bool
    county: County
    contact_name: str
    phone: str
    email: str
    product: str
    description: str
    wanted_on: date | None
    created_at: datetime
    consent_version: str
    split_from: str | None
    split_off: tuple[str, ...]
    routing: RoutingRecord | None
    items: tuple[ShownItem, ...]
    events: tuple[ShownEvent, ...]
    messages: tuple[ShownMessage, ...]


def open_question(request: ShownRequest) -> ShownEvent | None:
    """Return the step by which the station asked what the firm has not answered yet; None if it owes no answer."""
    if request.state.facts.due is not DueKind.FIRM_ANSWER:
        return None
    return next((event for event in reversed(request.events) if event.move is MoveName.RETURN), None)


@dataclass(frozen=True, slots=True)
class ShownGrade:
    """The grade of one question, or of the result of one item."""

    question: Question | None
    item_id: int | None
    grade: int


@dataclass(frozen=True, slots=True)
class ShownRating:
    """A firm's rating of its request."""

    grades: tuple[ShownGrade, ...]
    comment: str


def shown_to(actor: Actor | None, request: ServiceRequest) -> ShownRequest:
    """Return the request as the actor may read it: masked unless their duty there includes personal data."""
    return shown_whole(request) if _in_clear(actor, request) else _shown(request, mask_field)


def shown_whole(request: ServiceRequest) -> ShownRequest:
    """Return the whole request, as the firm that filed it reads it."""
    return _shown(request, _unmasked)


def shown_files(actor: Actor | None, request: ServiceRequest, files: list[Attachment]) -> list[Attachment]:
    """Return the files of a request if the actor may see personal data there, else none: a file can't be masked."""
    return files if _in_clear(actor, request) else []


def shown_rating(actor: Actor | None, request: ServiceRequest, rating: Rating) -> ShownRating:
    """Return a request's rating as the actor may read it: numbers and addresses in its comment may be masked."""
    return rating_whole(rating) if _in_clear(actor, request) else _rating(rating, mask_field)


def rating_whole(rating: Rating) -> ShownRating:
    """Return a rating as the firm that gave it reads it."""
    return _rating(rating, _unmasked)


def shown_steward(actor: Actor | None, request: ServiceRequest) -> str:
    """Return the name of the request's steward, masked if necessary; "" if there is none."""
    return _mask_for(actor, request)("contact_name", request.steward)


def _in_clear(actor: Actor | None, request: ServiceRequest) -> bool:
    return sees_personal_data(actor, request.station.area)


def _mask_for(actor: Actor | None, request: ServiceRequest) -> Mask:
    return _unmasked if _in_clear(actor, request) else mask_field


def _unmasked(_field: str, value: str | None) -> str:
    return value or ""


def _shown(request: ServiceRequest, mask: Mask) -> ShownRequest:
    items = {item: _item(item, mask) for item in request.items}
    routing = read_routing(request.routing) if request.routing is not None else None
    if routing and routing.steward:
        routing = replace(routing, steward=mask("contact_name", routing.steward))
    return ShownRequest(
        number=request.number,
        state=request.state,
        erased_at=request.erased_at,
        station=request.station,
        steward=mask("contact_name", request.steward),
        firm_name=request.firm_name,
        credit_code=mask("credit_code", request.credit_code),
        credit_code_certain=is_certain(request.credit_code),
        county=request.county,
        contact_name=mask("contact_name", request.contact_name),
        phone=mask("phone", request.phone),
        email=mask("email", request.email),
        product=mask("product", request.product),
        description=mask("description", request.description),
        wanted_on=request.wanted_on,
        created_at=request.created_at,
        consent_version=request.consent_version,
        split_from=request.split_from.number if request.split_from else None,
        split_off=tuple(part.number for part in request.split_off),
        routing=routing,
        items=tuple(items.values()),
        events=tuple(_event(event, items.get(event.item) if event.item else None, mask) for event in request.events),
        messages=tuple(_message(message, request, mask) for message in request.messages),
    )


def _item(item: RequestItem, mask: Mask) -> ShownItem:
    return ShownItem(
        id=item.id,
        service=item.service,
        quantity=mask("quantity", item.quantity),
        remarks=mask("remarks", item.remarks),
        institution=item.institution,
        partner_station=item.partner_station,
        performer=mask("performer", item.performer),
        due_on=item.due_on,
        delivered_at=item.delivered_at,
        delivery=delivery_of(item),
        result=mask("result", item.result),
    )


def _event(event: RequestEvent, item: ShownItem | None, mask: Mask) -> ShownEvent:
    return ShownEvent(
        id=event.id,
        position=event.position,
        at=event.at,
        party=event.party,
        move=event.move,
        source=event.source,
        item=item,
        station=event.station,
        note=mask("contact_name" if event.move is MoveName.ASSIGN else "note", event.note),
        taken_over=event.taken_over,
    )


def _message(message: RequestMessage, request: ServiceRequest, mask: Mask) -> ShownMessage:
    by_contact = message.author == request.contact_name
    return ShownMessage(
        id=message.id,
        at=message.at,
        party=message.party,
        author=mask("contact_name", message.author) if by_contact else message.author,
        text=mask("text", message.text),
    )


def _rating(rating: Rating, mask: Mask) -> ShownRating:
    return ShownRating(
        grades=tuple(ShownGrade(one.question, one.item_id, one.grade) for one in rating.grades),
        comment=mask("comment", rating.comment),
    )
