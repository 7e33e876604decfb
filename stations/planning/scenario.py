"""Saved siting scenarios: a question with the answer it had, by whom and when, to be compared and shared.

Whoever has a scenario's link sees it: the link holds a random token. Only its owner changes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from geo.province import province_in_use
from stations.audit import log
from stations.database import Base, Versioned
from stations.duty.roles import Action, Actor, Area, require
from stations.entered_text import read_text
from stations.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.planning.station_siting import PosedQuestion, SitingAnswer, answer_data, answer_of, pose
from stations.revision import current_revision

MOST_COMPARED = 4


class Scenario(Base, Versioned):
    """``question`` and ``answer`` as ``answer_data`` writes them; ``fingerprint`` of the numbers the answer
    rests on and the data ``revision`` it was computed at; ``as_of`` and ``samples``: what was taken in.
    ``sample``: saved by an invented user. ``planned_at``: when its sites became planned stations."""

    __tablename__ = "scenario"
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
        """The answer as it was saved."""
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
    """Keep an answer under a name of the owner's.

    Raises:
        NotAllowed: the actor may not save scenarios.
        InvalidInput: the name is empty or too long, or the answer has no sites to keep.
        Conflict: the owner has a scenario of that name.
    """
    actor = require(actor, Action.SAVE_SCENARIOS, _whole_province(actor))
    name = read_text("name", name, limit=80)
    if answer.after is None:
        raise InvalidInput("name", N_("There is nothing to save: the question has no answer"))
    if session.scalar(select(Scenario.id).where(Scenario.owner == actor.username, Scenario.name == name)):
        raise Conflict(N_("You have a scenario “{name}” already; choose another name"), name=name)
    scenario = Scenario(
        code=f"{'SAMPLE-' if actor.sample else ''}SC-{secrets.token_hex(4).upper()}",
        token=secrets.token_urlsafe(24),
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
    session.add(scenario)
    _record(session, scenario, actor, "save_scenario", now, name=name, sites=len(answer.added))
    session.flush()
    return scenario


def rename_scenario(
    session: Session, actor: Actor | None, token: str, name: str, *, version: int, now: datetime
) -> Scenario:
    """Give a scenario another name.

    Raises:
        NotFound, NotAllowed, InvalidInput: as in ``save_scenario``; only its owner may.
        Conflict: it was changed meanwhile, or the name is taken.
    """
    actor, scenario = _own(session, actor, token)
    if scenario.version != version:
        raise Conflict(N_("The scenario was changed meanwhile; look at it again"))
    name, before = read_text("name", name, limit=80), scenario.name
    same_name = select(Scenario.id).where(
        Scenario.owner == scenario.owner, Scenario.name == name, Scenario.id != scenario.id
    )
    if session.scalar(same_name):
        raise Conflict(N_("You have a scenario “{name}” already; choose another name"), name=name)
    scenario.name, scenario.version, scenario.updated_at = name, version + 1, now
    _record(session, scenario, actor, "rename_scenario", now, before=before, after=name)
    return scenario


def delete_scenario(session: Session, actor: Actor | None, token: str, *, now: datetime) -> None:
    """Remove a scenario; its link leads nowhere then. Stations planned from it stay.

    Raises:
        NotFound, NotAllowed: there is none of that token, or it is somebody else's.
    """
    actor, scenario = _own(session, actor, token)
    _record(session, scenario, actor, "delete_scenario", now, name=scenario.name)
    session.delete(scenario)


def get_scenario(session: Session, token: str, *, samples: bool) -> Scenario:
    """The scenario that a link's token opens.

    Raises:
        NotFound: there is none, or it is a sample and samples are left out.
    """
    scenario = session.scalar(select(Scenario).where(Scenario.token == token))
    if scenario is None or (scenario.sample and not samples):
        raise NotFound(N_("There is no scenario at this link; perhaps it was removed"))
    return scenario


def get_scenarios(session: Session, tokens: Sequence[str], *, samples: bool) -> list[Scenario]:
    """The scenarios to set side by side, in the order of their tokens.

    Raises:
        NotFound: there is none of one of them.
        InvalidInput: they are more than can be compared.
    """
    wanted = list(dict.fromkeys(tokens))
    if len(wanted) > MOST_COMPARED:
        raise InvalidInput("scenario", N_("At most {most} scenarios stand side by side"), most=MOST_COMPARED)
    return [get_scenario(session, token, samples=samples) for token in wanted]


def list_scenarios(session: Session, actor: Actor, *, samples: bool) -> list[Scenario]:
    """The actor's own scenarios, the latest first."""
    statement = select(Scenario).where(Scenario.owner == actor.username).order_by(Scenario.created_at.desc())
    return list(session.scalars(statement if samples else statement.where(Scenario.sample.is_(False))))


def changed_since(session: Session, scenario: Scenario) -> bool:
    """Whether anything that the answer rests on is different now: stations, figures, places, costs."""
    if current_revision(session) == scenario.revision:
        return False
    question = scenario.read_answer().question
    try:
        posed = pose(session, question, as_of=scenario.as_of, samples=scenario.samples)
    except DomainError:  # what it asks about is no longer there
        return True
    return posed.fingerprint != scenario.fingerprint


def _whole_province(actor: Actor | None) -> Area:
    """Where scenarios lie for the rule of who may save them: in the actor's own area of duty."""
    sample = actor.sample if actor else False
    duty = next(iter(actor.duties_for(Action.SAVE_SCENARIOS)), None) if actor else None
    if duty is None:
        return Area(province_in_use().adcode, sample=sample)
    return Area(**{"province": province_in_use().adcode, duty.area_kind.value: duty.area_code}, sample=sample)


def _own(session: Session, actor: Actor | None, token: str) -> tuple[Actor, Scenario]:
    actor = require(actor, Action.SAVE_SCENARIOS, _whole_province(actor))
    scenario = session.scalar(select(Scenario).where(Scenario.token == token).with_for_update())
    if scenario is None:
        raise NotFound(N_("There is no scenario at this link; perhaps it was removed"))
    if scenario.owner != actor.username:
        raise NotAllowed(N_("Only its owner can change a scenario"))
    return actor, scenario


def _record(session: Session, scenario: Scenario, actor: Actor, action: str, now: datetime, **detail: Any) -> None:
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind="scenario",
        subject=scenario.code,
        **detail,
    )
