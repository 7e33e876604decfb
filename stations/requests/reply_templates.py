"""Templates for the stewards' answers: texts with placeholders, maintained by the province.

A placeholder is a name in braces: ``{number}``. Only the names below may occur in a template. Values are inserted once
and not interpreted, so that braces in a firm's name have no effect. Pages escape the result like any other text.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Boolean, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned, choice
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import narrow, read_text
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound
from stations.language import DEFAULT_LANGUAGE, LANGUAGES, N_, Language
from stations.requests.moves import NOTE_LIMIT, TemplateUse
from stations.requests.service_request import ServiceRequest

TITLE_LIMIT = 60
_PLACE = re.compile(r"\{([^{}]*)\}")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

PLACES: dict[str, str] = {
    "number": N_("tracking number"),
    "firm": N_("name of the firm"),
    "contact": N_("contact person"),
    "services": N_("services asked for"),
    "station": N_("name of the station"),
    "address": N_("address of the station"),
    "phone": N_("telephone of the station"),
    "steward": N_("quality steward"),
    "due": N_("day the station has to act by"),
}
"""The placeholders of a template, with what each is replaced by."""


class ReplyTemplate(Base, Versioned):
    """A template.

    ``text_en``: the text for firms whose language is English; if empty, they get the Chinese text. Not ``active``: no
    longer offered.
    """

    __tablename__ = "reply_template"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    use: Mapped[TemplateUse] = mapped_column(choice(TemplateUse, "use"))
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)


def list_templates(session: Session, use: TemplateUse | None = None) -> list[ReplyTemplate]:
    """Return the active templates for a use, sorted by title; without a use all templates, also inactive ones."""
    statement = select(ReplyTemplate).order_by(ReplyTemplate.use, ReplyTemplate.title, ReplyTemplate.id)
    if use is not None:
        statement = statement.where(ReplyTemplate.use == use, ReplyTemplate.active)
    return list(session.scalars(statement))


def fill_for_firm(template: ReplyTemplate, request: ServiceRequest) -> str:
    """Return the template filled from a request, in the firm's language if it has a text in it."""
    language = Language(request.language)
    if LANGUAGES[language.code].names == "en" and template.text_en:
        return fill(template.text_en, request, language)
    return fill(template.text, request, Language(DEFAULT_LANGUAGE))


def fill(text: str, request: ServiceRequest, language: Language) -> str:
    """Return the text with its placeholders filled from a request; unknown values are left empty."""
    station = request.station
    names = [language.pick(item.service.name_zh, item.service.name_en) for item in request.items]
    values = {
        "number": request.number,
        "firm": request.firm_name,
        "contact": request.contact_name,
        "services": language.translate(N_(", ")).join(names),
        "station": language.pick(station.name, station.name_en),
        "address": station.address,
        "phone": station.phone or "",
        "steward": request.steward or "",
        "due": language.format_date(request.due_on) if request.due_on else "",
    }
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def save_template(
    session: Session,
    actor: Actor | None,
    code: str,
    *,
    use: str,
    title: str,
    text: str,
    text_en: str = "",
    active: bool = True,
    version: int = 0,
    now: datetime,
) -> ReplyTemplate:
    """Save a template, new or changed. ``version``: the version that the actor saw, 0 for a new template.

    Raises:
        NotAllowed: the actor may not edit the province's templates.
        NotFound: there is none with this code, though a version is given.
        Conflict: the code is taken, or somebody has changed the template meanwhile.
        InvalidForm: a field is empty, too long, or contains an unknown placeholder.
    """
    actor = require(actor, Action.EDIT_TEMPLATES, whole_province())
    code = narrow(code).lower()
    kept = session.scalar(select(ReplyTemplate).where(ReplyTemplate.code == code).with_for_update())
    if version and kept is None:
        raise NotFound(N_("There is no template {code}"), code=code)
    if kept is not None and kept.version != version:
        raise Conflict(
            N_("Somebody has changed this template meanwhile; look at it again")
            if version
            else N_("This code is taken; choose another")
        )
    title, text, text_en = _check(code, use, title, text, text_en)
    created = kept is None
    if kept is None:
        kept = ReplyTemplate(code=code, created_at=now, version=0)
        session.add(kept)
    kept.use, kept.title, kept.text, kept.text_en, kept.active = TemplateUse(use), title, text, text_en, active
    kept.updated_at, kept.version = now, kept.version + 1
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.ADD_TEMPLATE if created else AuditAction.EDIT_TEMPLATE,
        subject_kind=AuditSubject.REPLY_TEMPLATE,
        subject=code,
        after={"use": use, "title": title, "text": text, "text_en": text_en, "active": active},
    )
    return kept


def _check(code: str, use: str, title: str, text: str, text_en: str) -> tuple[str, str, str]:
    problems: list[InvalidInput] = []
    if not _CODE.fullmatch(code):
        problems.append(InvalidInput("code", N_("Write small letters, digits and hyphens: send-sample")))
    if use not in list(TemplateUse):
        problems.append(InvalidInput("use", N_("Choose what it is for")))
    kept = {}
    typed = {"title": (title, TITLE_LIMIT), "text": (text, NOTE_LIMIT), "text_en": (text_en, NOTE_LIMIT)}
    for field, (value, limit) in typed.items():
        try:
            kept[field] = read_text(field, value, limit=limit, required=field != "text_en")
        except InvalidInput as problem:
            problems.append(problem)
    for field in ("text", "text_en"):
        unknown = [name for name in _PLACE.findall(typed[field][0]) if name not in PLACES]
        if unknown:
            problems.append(
                InvalidInput(
                    field,
                    N_("“{place}” is no place that can be filled; use one of: {known}"),
                    place=f"{{{unknown[0]}}}",
                    known=" ".join(f"{{{name}}}" for name in PLACES),
                )
            )
    if problems:
        raise InvalidForm(problems)
    return kept["title"], kept["text"], kept["text_en"]
