"""Saved siting scenarios: a question with its answer, owner and date, for comparing and sharing.

Anyone with a scenario's link can see it: the link contains a random token. Only the owner can change it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Unpack

from sqlalchemy import Boolean, Integer, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from geo.province import province_in_use
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.database import Base, Versioned
from stations.duty.roles import Action, Actor, Area, require, whole_province
from stations.entered_text import read_text
from stations.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.planning.siting_answer_data import answer_data, answer_of
from stations.planning.station_siting import PosedQuestion, SitingAnswer, pose
from stations.revision import current_revision
from stations.secret_codes import new_link_token

MOST_COMPARED = 4


class Scenario(Base, Versioned):
    """A saved scenario.

    ``answer``: question and answer as ``answer_data`` writes them. ``fingerprint``: of the data behind the answer.
    ``revision``: of the database when it was computed. ``as_of``, ``samples``: the date, and whether sample records
    were included. ``sample``: saved by a sample user. ``planned_at``: when its sites became planned stations.
    """

    __tablename__ = "scenario"
    __table_args__ = (UniqueConstraint("owner", "name"),)
    in_caches = False
    personal_data = PersonalData(
        columns=("owner", "owner_name"),
        kept="until its owner deletes it",
        deleted_by=("stations.planning.scenario:delete_scenario",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    token: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    owner: Mapped[str] = mapped_column(String(40), index=True)
    owner_name: Mapped[str] = mapped_column(String(80))
    answer: Mapped[dict[str, Any]]
    fingerprint: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(Integer)
    as_of: Mapped[date]
    samples: Mapped[bool] = mapped_column(Boolean)
    sample: Mapped[bool] = mapped_column(Boolean)
    planned_at: Mapped[datetime | None]

    def read_answer(self) -> SitingAnswer:
        """Return the saved answer."""
        return answer_of(self.answer)


def save_scenario(
    session: Session,
    actor: Actor | None,
    posed: PosedQuestion,
    answer: SitingAnswer,
    *,
    name: str,
    as_of: date,
    samples: bool,
    now: datetime,
) -> Scenario:
    """Save an answer under a name.

    Raises:
        NotAllowed: the actor may not save scenarios.
        InvalidInput: the name is empty or too long, or the answer has no sites.
        Conflict: the owner already has a scenario with that name.
    """
    actor = require(actor, Action.SAVE_SCENARIOS, _own_area(actor))
    name = read_text("name", name, limit=80)
    if answer.after is None:
        raise InvalidInput("name", N_("There is nothing to save: the question has no answer"))
    scenario = Scenario(
        code=f"{'SAMPLE-' if actor.sample else ''}SC-{secrets.token_hex(4).upper()}",
        token=new_link_token(),
        name=name,
        owner=actor.username,
        owner_name=actor.name,
        answer=answer_data(answer),
        fingerprint=posed.fingerprint,
        revision=current_revision(session),
        as_of=as_of,
        samples=samples,
        sample=actor.sample,
        created_at=now,
        updated_at=now,
    )
    with _name_of_its_own(session, actor.username, name):
        session.add(scenario)
    _record(session, scenario, actor, AuditAction.SAVE_SCENARIO, now, name=name, sites=len(answer.added))
    return scenario


def rename_scenario(
    session: Session, actor: Actor | None, token: str, name: str, *, version: int, now: datetime
) -> Scenario:
    """Rename a scenario. Only its owner may.

    Raises:
        NotFound, NotAllowed, InvalidInput: there is no such scenario, it is somebody else's, or the name is empty
            or too long.
        Conflict: it was changed in the meantime, or the name is taken.
    """
    actor, scenario = _own(session, actor, token)
    if scenario.version != version:
        raise Conflict(N_("The scenario was changed meanwhile; look at it again"))
    name, before = read_text("name", name, limit=80), scenario.name
    with _name_of_its_own(session, scenario.owner, name):
        scenario.name, scenario.version, scenario.updated_at = name, version + 1, now
    _record(session, scenario, actor, AuditAction.RENAME_SCENARIO, now, before=before, after=name)
    return scenario


def delete_scenario(session: Session, actor: Actor | None, token: str, *, now: datetime) -> None:
    """Delete a scenario, so that its link no longer works. Stations planned from it stay.

    Raises:
        NotFound, NotAllowed: there is none with that token, or it is somebody else's.
    """
    actor, scenario = _own(session, actor, token)
    _record(session, scenario, actor, AuditAction.DELETE_SCENARIO, now, name=scenario.name)
    session.delete(scenario)


def get_scenario(session: Session, token: str, *, samples: bool) -> Scenario:
    """Return the scenario of a link's token.

    Raises:
        NotFound: there is none, or it is a sample and samples are excluded.
    """
    scenario = session.scalar(select(Scenario).where(Scenario.token == token))
    if scenario is None or (scenario.sample and not samples):
        raise NotFound(N_("There is no scenario at this link; perhaps it was removed"))
    return scenario


def get_scenarios(session: Session, tokens: Sequence[str], *, samples: bool) -> list[Scenario]:
    """Return the scenarios to compare, in the order of their tokens.

    Raises:
        NotFound: one of them does not exist.
        InvalidInput: there are more than ``MOST_COMPARED``.
    """
    wanted = list(dict.fromkeys(tokens))
    if len(wanted) > MOST_COMPARED:
        raise InvalidInput("scenario", N_("At most {most} scenarios stand side by side"), most=MOST_COMPARED)
    return [get_scenario(session, token, samples=samples) for token in wanted]


def list_scenarios(session: Session, actor: Actor, *, samples: bool) -> list[Scenario]:
    """Return the actor's own scenarios, the latest first."""
    statement = select(Scenario).where(Scenario.owner == actor.username).order_by(Scenario.created_at.desc())
    return list(session.scalars(statement if samples else statement.where(Scenario.sample.is_(False))))


def changed_since(session: Session, scenario: Scenario) -> bool:
    """Whether data behind the answer has changed since: stations, figures, places or costs."""
    if current_revision(session) == scenario.revision:
        return False
    question = scenario.read_answer().question
    try:
        posed = pose(session, question, as_of=scenario.as_of, samples=scenario.samples)
    except DomainError:  # a record of the question no longer exists
        return True
    return posed.fingerprint != scenario.fingerprint


def _own_area(actor: Actor | None) -> Area:
    """Return the area for the rule of who may save scenarios: the actor's own area of duty."""
    sample = actor.sample if actor else False
    duty = next(iter(actor.duties_for(Action.SAVE_SCENARIOS)), None) if actor else None
    if duty is None:
        return whole_province(sample=sample)
    return Area(**{"province": province_in_use().adcode, duty.area_kind.value: duty.area_code}, sample=sample)


def _own(session: Session, actor: Actor | None, token: str) -> tuple[Actor, Scenario]:
    actor = require(actor, Action.SAVE_SCENARIOS, _own_area(actor))
    scenario = session.scalar(select(Scenario).where(Scenario.token == token).with_for_update())
    if scenario is None:
        raise NotFound(N_("There is no scenario at this link; perhaps it was removed"))
    if scenario.owner != actor.username:
        raise NotAllowed(N_("Only its owner can change a scenario"))
    return actor, scenario


@contextmanager
def _name_of_its_own(session: Session, owner: str, name: str) -> Iterator[None]:
    """Write an owner's scenario with this name. The database decides, since another page may save the same name.

    Raises:
        Conflict: the owner already has a scenario with that name; nothing is written.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        if session.scalar(select(Scenario.id).where(Scenario.owner == owner, Scenario.name == name)) is None:
            raise
        raise Conflict(N_("You have a scenario “{name}” already; choose another name"), name=name) from None


def _record(
    session: Session, scenario: Scenario, actor: Actor, action: AuditAction, now: datetime, /, **detail: Unpack[Detail]
) -> None:
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.SCENARIO,
        subject=scenario.code,
        **detail,
    )
