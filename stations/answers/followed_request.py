"""A request as the firm that follows it reads it by program: all that it holds, and what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.own_request import own_request
from stations.language import Language, day_in_china, label
from stations.requests.attachments import Attachment, list_attachments
from stations.requests.deadlines import Due, deadlines
from stations.requests.erasure import may_erase
from stations.requests.escalation import Escalation, list_escalations
from stations.requests.moves import moves_open_to
from stations.requests.notice_standing import NoticeStanding, newest_notice
from stations.requests.rating import Rating, get_rating, may_rate
from stations.requests.reopening import items_to_reopen, may_remind
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import ShownEvent, ShownRequest, open_question, rating_whole, shown_whole
from stations.requests.states import FINAL, DueKind, Party
from stations.requests.urging import list_urgings
from stations.requests.words import step_in_words


@dataclass(frozen=True)
class FollowedRequest:
    """A request with all that its firm is shown of it at ``now``. ``hastened``: when an office asked for haste."""

    request: ServiceRequest
    files: Sequence[Attachment]
    rating: Rating | None
    escalations: Sequence[Escalation]
    hastened: Sequence[datetime]
    sending: NoticeStanding | None
    now: datetime

    @property
    def today(self) -> date:
        """The date in China."""
        return day_in_china(self.now)


def follow(session: Session, request: ServiceRequest, now: datetime) -> FollowedRequest:
    """Return what the firm of a request is shown of it; the caller has checked the right to it."""
    return FollowedRequest(
        request,
        list_attachments(session, request),
        get_rating(session, request),
        list_escalations(session, request),
        [one.created_at for one in list_urgings(session, request) if one.withdrawn_at is None],
        newest_notice(session, request),
        now,
    )


def own_data(followed: FollowedRequest) -> dict[str, Any]:
    """Return the file of its own data that a firm may take with it."""
    rating = rating_whole(followed.rating) if followed.rating else None
    return own_request(shown_whole(followed.request), followed.files, rating)


def followed_request(followed: FollowedRequest, language: Language) -> dict[str, Any]:
    """Return a request as plain JSON: codes, ISO 8601 dates; ``…_label``, ``next_step`` and ``told`` in a language."""
    request, whole, own = followed.request, shown_whole(followed.request), own_data(followed)
    question = open_question(whole)
    return {
        **{key: own[key] for key in ("number", "state")},
        "state_label": label(language, request.state),
        "version": request.version,
        "sample": request.sample,
        "turn": request.state.turn.value if request.state.turn else None,
        "next_step": language.translate(request.state.next_step(Party.FIRM)),
        "can": can_do(followed),
        "filed_at": own["filed_at"],
        "updated_at": request.updated_at.isoformat(),
        "station": {
            "code": request.station.code,
            "name": language.pick(request.station.name, request.station.name_en),
            "steward": whole.steward or None,
            "phone": request.station.phone,
            "address": request.station.address,
        },
        **{key: own[key] for key in ("firm", "product", "description", "wanted_on", "on_site")},
        "consent": own["consent"]["version"],
        "services": [
            {**told, "name": language.pick(item.service.name_zh, item.service.name_en)}
            for told, item in zip(own["services"], whole.items, strict=True)
        ],
        "deadlines": [_due(due) for due in deadlines(request) if due.kind is not DueKind.TAKE_UP],
        "question": {"at": question.at.isoformat(), "text": question.note} if question else None,
        "steps": _steps(own["steps"], whole, followed.files, language),
        "messages": [
            {**told, "files": [file.code for file in followed.files if file.message_id == message.id]}
            for told, message in zip(own["messages"], whole.messages, strict=True)
        ],
        "files": [
            {"code": file.code, "media_type": file.media_type, "at": file.at.isoformat(), **told}
            for told, file in zip(own["files"], followed.files, strict=True)
        ],
        "escalated": [
            {"at": one.raised_at.isoformat(), "level": one.level.value, "due_on": one.due_on.isoformat()}
            for one in followed.escalations
        ],
        "hastened": [at.isoformat() for at in followed.hastened],
        "rating": _rating(followed),
        "notices": _notices(request, followed.sending),
        "split_from": whole.split_from,
        "parts": list(whole.split_off),
    }


def can_do(followed: FollowedRequest) -> list[str]:
    """Return the names of what the firm can do with its request now: its moves, and what changes no state."""
    request, today = followed.request, followed.today
    if request.erased_at is not None:
        return []
    alone = [move.name.value for move in moves_open_to(Party.FIRM, request.state) if move.alone]
    further = {
        "reopen": bool(items_to_reopen(request, today)),
        "remind": may_remind(request, today),
        "message": request.state not in FINAL,
        "rate": may_rate(request, followed.rating, followed.now),
        "erase": may_erase(request.state) and not request.sample,
    }
    return [*alone, *(name for name, possible in further.items() if possible)]


def _due(due: Due) -> dict[str, Any]:
    return {
        "kind": due.kind.value,
        "of": due.party.value,
        "service": due.item.service_code if due.item else None,
        "by": due.by.day.isoformat() if due.by else None,
        "provisional": due.by.provisional if due.by else False,
    }


def _steps(
    own: Sequence[dict[str, Any]], whole: ShownRequest, files: Sequence[Attachment], language: Language
) -> list[dict[str, Any]]:
    def step(told: dict[str, Any], event: ShownEvent) -> dict[str, Any]:
        codes = [file.code for file in files if file.event_id == event.id]
        return {**told, "told": step_in_words(language, event), "files": codes}

    return [step(told, event) for told, event in zip(own, whole.events, strict=True)]


def _rating(followed: FollowedRequest) -> dict[str, Any] | None:
    if followed.rating is None:
        return None
    shown = rating_whole(followed.rating)
    services = {item.id: item.service_code for item in followed.request.items}
    return {
        "questions": {one.question.value: one.grade for one in shown.grades if one.question},
        "services": {services[one.item_id]: one.grade for one in shown.grades if one.item_id is not None},
        "comment": shown.comment,
    }


def _notices(request: ServiceRequest, sending: NoticeStanding | None) -> dict[str, Any]:
    return {
        "channel": request.notice_channel.code if request.notice_channel else None,
        "address": request.notice_address,
        "language": request.language,
        "confirmed": request.notice_confirmed_at is not None,
        "newest": {"state": sending.state.value, "failed": sending.failed, "at": sending.at.isoformat()}
        if sending
        else None,
    }
