"""All that a request holds, for the firm that filed it: the file that it may take with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stations.requests.attachments import Attachment
from stations.requests.consent import get_consent
from stations.requests.shown_request import ShownRating, ShownRequest


def own_request(request: ShownRequest, files: Sequence[Attachment], rating: ShownRating | None) -> dict[str, Any]:
    """Return a request as plain JSON: codes, ISO 8601 dates, and texts as they were written. ``request`` is whole.

    Files are listed with name, bytes and SHA-256; they are downloaded one by one.
    """
    consent = get_consent(request.consent_version)
    return {
        "number": request.number,
        "state": request.state.value,
        "filed_at": request.created_at.isoformat(),
        "station": {"code": request.station.code, "name": request.station.name, "steward": request.steward},
        "firm": {
            "name": request.firm_name,
            "credit_code": request.credit_code,
            "county": request.county.adcode,
            "contact": request.contact_name,
            "phone": request.phone,
            "email": request.email,
        },
        "product": request.product,
        "description": request.description,
        "wanted_on": request.wanted_on.isoformat() if request.wanted_on else None,
        "on_site": request.on_site,
        "consent": {"version": consent.version, "text_zh": consent.text_zh, "text_en": consent.text_en},
        "services": [
            {
                "service": item.service.code,
                "quantity": item.quantity,
                "remarks": item.remarks,
                "performer": item.performer,
                "due_on": item.due_on.isoformat() if item.due_on else None,
                "delivered_at": item.delivered_at.isoformat() if item.delivered_at else None,
                "result": item.result,
            }
            for item in request.items
        ],
        "steps": [
            {
                "at": event.at.isoformat(),
                "by": event.party.value,
                "move": event.move.value if event.move else None,
                "service": event.item.service.code if event.item else None,
                "note": event.note,
            }
            for event in request.events
        ],
        "messages": [
            {"at": one.at.isoformat(), "by": one.party.value, "author": one.author, "text": one.text}
            for one in request.messages
        ],
        "files": [
            {"name": file.name, "bytes": file.size, "sha256": file.digest, "by": file.party.value} for file in files
        ],
        "rating": {
            "grades": [
                {"question": one.question.value if one.question else None, "grade": one.grade} for one in rating.grades
            ],
            "comment": rating.comment,
        }
        if rating
        else None,
    }
