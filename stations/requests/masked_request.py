"""A service request as somebody may see it whose duty includes reading it, but not personal data."""

from __future__ import annotations

from typing import Any, cast

from stations.duty.masking import mask_field, sees_personal_data
from stations.duty.roles import Actor
from stations.requests.attachments import Attachment
from stations.requests.moves import MoveName
from stations.requests.rating import Rating
from stations.requests.service_request import ServiceRequest

_PERSONAL = ("contact_name", "phone", "email", "credit_code")
_WRITTEN = ("product", "description")  # by hand, so a number or an address may stand in it


class _Masked:
    """A record of which some fields read otherwise. It can't be written to."""

    def __init__(self, record: object, **shown: Any) -> None:
        vars(self).update(_record=record, **shown)

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_record"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name}: a masked record is only read")


def shown_files(actor: Actor | None, request: ServiceRequest, files: list[Attachment]) -> list[Attachment]:
    """The files of a request for who is shown personal data there; a file can't be masked, so nobody
    else is shown any."""
    return files if sees_personal_data(actor, request.station.area) else []


def shown_rating(actor: Actor | None, request: ServiceRequest, rating: Rating | None) -> Rating | None:
    """The request's rating, numbers and addresses in its comment masked for whom need not see them."""
    if rating is None or sees_personal_data(actor, request.station.area):
        return rating
    return cast(Rating, _Masked(rating, comment=mask_field("comment", rating.comment)))


def shown_steward(actor: Actor | None, request: ServiceRequest) -> str:
    """Whose turn the request is, by name, or masked for whom need not see it; "" where it is nobody's."""
    clear = sees_personal_data(actor, request.station.area)
    return (request.steward or "") if clear else mask_field("contact_name", request.steward)


def shown_to(actor: Actor | None, request: ServiceRequest) -> ServiceRequest:
    """The request itself for who is shown personal data there; else one that reads the same, with the
    contact and the steward masked, and numbers and addresses masked in what was written by hand."""
    if sees_personal_data(actor, request.station.area):
        return request
    shown: dict[str, Any] = {name: mask_field(name, getattr(request, name)) or None for name in _PERSONAL + _WRITTEN}
    shown["description"] = shown["description"] or ""
    shown["steward"] = shown_steward(actor, request) or None
    shown["events"] = [
        _Masked(event, note=mask_field("contact_name" if event.move is MoveName.ASSIGN else "note", event.note))
        for event in request.events
    ]
    shown["messages"] = [
        _Masked(
            message,
            text=mask_field("text", message.text),
            author=mask_field("contact_name", message.author)
            if message.author == request.contact_name
            else message.author,
        )
        for message in request.messages
    ]
    return cast(ServiceRequest, _Masked(request, **shown))
