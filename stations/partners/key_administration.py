"""Making and withdrawing keys, by administrators within their area of duty.

Nobody gives by a key what they may not do themselves in its area.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import area_kind_of, area_of
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, Area, AreaKind, outside_duty, require, signed_in
from stations.entered_text import narrow, read_text
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problems
from stations.language import N_, day_in_china
from stations.partners.interface_key import KEY_AREAS, InterfaceKey, new_key
from stations.partners.scopes import Scope, read_scopes
from stations.places.area_words import areas_on_file
from stations.secret_hash import hash_token

PER_MINUTE, PER_DAY = 120, 20_000
"""The quota of a key where none is asked for."""
MOST_PER_MINUTE, MOST_PER_DAY = 6000, 2_000_000
LONGEST = timedelta(days=2 * 366)
USUAL = timedelta(days=365)
_SYSTEM = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class KeyForm:
    """A key as asked for.

    ``system``: the code of the system. ``area``: an adcode, or the name of the province, a city or a county.
    ``sample``: for trying, on sample records.
    """

    system: str
    name: str
    holder: str
    area: str
    scopes: Collection[str]
    expires_on: date | None
    per_minute: int = PER_MINUTE
    per_day: int = PER_DAY
    sample: bool = False


def make_key(session: Session, actor: Actor | None, form: KeyForm, *, now: datetime) -> tuple[InterfaceKey, str]:
    """Make a key. Return it, and what its holder presents, which is stored nowhere and never shown again.

    Raises:
        InvalidForm: fields are wrong; nothing is written.
        NotAllowed: the area, or something that a scope allows there, is outside the actor's duty.
    """
    actor = _administrator(actor)
    problems = Problems()
    system = problems.attempt(_read_system, form.system)
    name = problems.attempt(read_text, "name", form.name, limit=80)
    holder = problems.attempt(read_text, "holder", form.holder, limit=200)
    found = problems.attempt(_read_area, session, form.area)
    scopes = problems.attempt(read_scopes, "scopes", form.scopes)
    expires_on = problems.attempt(_read_end, form.expires_on, day_in_china(now))
    per_minute = problems.attempt(_read_quota, "per_minute", form.per_minute, MOST_PER_MINUTE)
    per_day = problems.attempt(_read_quota, "per_day", form.per_day, MOST_PER_DAY)
    problems.stop()
    kind, code, area = found
    _check_may_give(actor, scopes, area)
    shown, prefix = new_key()
    key = InterfaceKey(
        prefix=prefix,
        secret_hash=hash_token(shown),
        system=system,
        name=name,
        holder=holder,
        scopes=[scope.value for scope in scopes],
        area_kind=kind,
        area_code=code,
        city_adcode=area.city or "",
        per_minute=per_minute,
        per_day=per_day,
        expires_on=expires_on,
        sample=form.sample,
        made_by=actor.username,
        created_at=now,
        updated_at=now,
    )
    session.add(key)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.MAKE_KEY,
        subject_kind=AuditSubject.INTERFACE_KEY,
        subject=prefix,
        name=name,
        area=code,
        scopes=", ".join(key.scopes),
        ends_on=expires_on.isoformat(),
    )
    session.flush()
    return key, shown


def withdraw_key(session: Session, actor: Actor | None, prefix: str, *, version: int, now: datetime) -> InterfaceKey:
    """Withdraw a key: from now on it opens nothing.

    Raises:
        NotFound: there is no such key in the actor's area.
        Conflict: somebody has changed it meanwhile, or it is withdrawn already.
        NotAllowed: the actor may not.
    """
    key = hold_key(session, actor, prefix)
    if key.withdrawn_at is not None:
        raise Conflict(N_("This key is withdrawn already"))
    if key.version != version:
        raise Conflict(N_("Somebody has changed this key meanwhile; look at it again before you act"))
    actor = signed_in(actor)
    key.withdrawn_at, key.withdrawn_by = now, actor.username
    key.version += 1
    key.updated_at = now
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.WITHDRAW_KEY,
        subject_kind=AuditSubject.INTERFACE_KEY,
        subject=prefix,
        name=key.name,
    )
    return key


def list_keys(
    session: Session, actor: Actor | None, *, samples: bool, after: int | None = None, limit: int = 50
) -> list[InterfaceKey]:
    """Return a page of the keys in the actor's area, the newest first. ``after``: the last id of the page before.

    Raises:
        NotAllowed: the actor may not administer keys.
    """
    statement = select(InterfaceKey).where(_seen(_administrator(actor, to_look=True)))
    if not samples:
        statement = statement.where(InterfaceKey.sample.is_(False))
    if after is not None:
        statement = statement.where(InterfaceKey.id < after)
    return list(session.scalars(statement.order_by(InterfaceKey.id.desc()).limit(limit)))


def open_key(session: Session, actor: Actor | None, prefix: str) -> InterfaceKey:
    """Return a key in the actor's area.

    Raises:
        NotFound: there is none.
        NotAllowed: the actor may not administer keys.
    """
    seen = _seen(_administrator(actor, to_look=True))
    key = session.scalar(select(InterfaceKey).where(InterfaceKey.prefix == prefix, seen))
    if key is None:
        raise NotFound(N_("There is no key {prefix} in your area"), prefix=prefix)
    return key


def hold_key(session: Session, actor: Actor | None, prefix: str) -> InterfaceKey:
    """Return a key in the actor's area to be changed, locked until the transaction ends. Raises as ``open_key``."""
    _administrator(actor)
    key = open_key(session, actor, prefix)
    session.refresh(key, with_for_update=True)
    return key


def scopes_to_give(actor: Actor) -> list[Scope]:
    """Return the scopes that the actor may give somewhere."""
    return [scope for scope in Scope if all(actor.may_somewhere(action) for action in scope.actions)]


def _seen(actor: Actor) -> ColumnElement[bool]:
    return in_duty(actor, InterfaceKey.area_columns(), {Action.EDIT_KEYS})


def _administrator(actor: Actor | None, *, to_look: bool = False) -> Actor:
    actor = signed_in(actor)
    if not actor.may_somewhere(Action.EDIT_KEYS):
        raise outside_duty(Action.EDIT_KEYS)
    if actor.sample and not to_look:
        raise NotAllowed(N_("Invented people look at keys and change none"))
    return actor


def _check_may_give(actor: Actor, scopes: Collection[Scope], area: Area) -> None:
    require(actor, Action.EDIT_KEYS, area)
    for scope in scopes:
        if not all(actor.may(action, area) for action in scope.actions):
            raise NotAllowed(
                N_("You may not give “{scope}” there: a key allows no more than who makes it may do"),
                scope=scope.value,
            )


def _read_system(typed: str) -> str:
    system = narrow(typed).lower()
    if not _SYSTEM.fullmatch(system):
        raise InvalidInput(
            "system",
            N_("“{value}” can't be the code of a system; write up to 40 small letters, digits and dashes"),
            value=typed,
        )
    return system


def _read_area(session: Session, typed: str) -> tuple[AreaKind, str, Area]:
    if not typed.strip():
        raise InvalidInput("area", N_("Choose the area"))
    code = areas_on_file(session).find_area("area", typed) or narrow(typed)
    kind = area_kind_of(session, code)
    if kind not in KEY_AREAS:
        raise InvalidInput("area", N_("A key is for the province, a city or a county; “{area}” is none"), area=typed)
    return kind, code, area_of(session, kind, code)


def _read_end(day: date | None, today: date) -> date:
    if day is None:
        raise InvalidInput("expires_on", N_("Say until when the key is good"))
    if not today <= day <= today + LONGEST:
        raise InvalidInput(
            "expires_on",
            N_("{day} can't be the last day: write one from today on, at the latest {latest}"),
            day=day,
            latest=today + LONGEST,
        )
    return day


def _read_quota(field: str, wanted: int, most: int) -> int:
    if not 1 <= wanted <= most:
        raise InvalidInput(field, N_("{value} requests can't be allowed; write 1 to {most}"), value=wanted, most=most)
    return wanted
