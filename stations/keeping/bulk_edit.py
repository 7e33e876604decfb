"""Changing one field of several records at once: what would change is shown before, and each record is changed by the
same rules, and logged, as if it had been edited alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from stations.duty.roles import Actor, require
from stations.entered_text import read_text
from stations.errors import Conflict, DomainError, InvalidForm, InvalidInput
from stations.keeping.editing import CHECK, EDIT, FORM_OF, REASON_LIMIT, edit_record
from stations.keeping.listing import records_named
from stations.language import N_
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_terms import Terms

BULK_FIELDS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.STATION: ("hours", "phone", "brand", "host", "source", "chains"),
    RecordKind.CENTRE: ("host", "source", "chains"),
}
"""The fields that can have one value in many records."""
MOST = 200
"""Records that can be changed at once."""


@dataclass(frozen=True)
class Foreseen:
    """What would become of one record. ``problem``: why it can't be changed; None: nothing stands against it."""

    code: str
    name: str
    version: int
    before: Any
    after: Any
    problem: DomainError | None = None

    @property
    def changes(self) -> bool:
        """Whether the record will be changed."""
        return self.problem is None and self.before != self.after


def foresee(
    session: Session, actor: Actor | None, kind: RecordKind, codes: Collection[str], field: str, value: Any
) -> list[Foreseen]:
    """Return what would become of each record if ``field`` were given ``value``, as typed, sorted by code.

    Raises:
        InvalidInput: no record or too many are chosen, or the field can't be changed in this way.
    """
    if field not in BULK_FIELDS[kind]:
        raise InvalidInput("field", N_("This field can't be changed in several records at once"))
    if not codes:
        raise InvalidInput("codes", N_("Choose at least one record"))
    if len(codes) > MOST:
        raise InvalidInput("codes", N_("At most {most} records can be changed at once"), most=MOST)
    terms = Terms.load(session)
    found = []
    for code, record in sorted(records_named(session, kind, codes).items()):
        state = state_of(record)
        before = getattr(state, field)
        after = before
        problem: DomainError | None = None
        try:
            require(actor, EDIT[kind], record.area)
            after = getattr(CHECK[kind](replace(FORM_OF[kind](state), **{field: value}), terms), field)
        except InvalidForm as wrong:
            problem = wrong.problems[0]
        except DomainError as refused:
            problem = refused
        found.append(Foreseen(code, record.name, record.version, before, after, problem))
    return found


def change_all(
    session: Session,
    actor: Actor | None,
    kind: RecordKind,
    versions: Mapping[str, int],
    field: str,
    value: Any,
    *,
    reason: str,
    now: datetime,
) -> list[str]:
    """Give ``field`` the value in all records of ``versions``: code → the version that was foreseen. Return the codes.

    All or none are changed.

    Raises:
        InvalidForm, InvalidInput: as in ``foresee``, or no reason is given.
        ChangedMeanwhile, Conflict: somebody has changed one of them meanwhile.
        NotFound, NotAllowed: one is gone or outside the actor's duty.
    """
    read_text("reason", reason, limit=REASON_LIMIT)
    foreseen = foresee(session, actor, kind, versions, field, value)
    changed = []
    for one in foreseen:
        if one.problem is not None:
            raise one.problem
        if one.version != versions[one.code]:
            raise Conflict(N_("{name} was changed meanwhile; look at what would change again"), name=one.name)
        if not one.changes:
            continue
        record = records_named(session, kind, [one.code])[one.code]
        form = replace(FORM_OF[kind](state_of(record)), **{field: value}, place_confirmed=True)
        edit_record(session, actor, kind, one.code, form, version=one.version, reason=reason, now=now)
        changed.append(one.code)
    if not changed:
        raise Conflict(N_("Nothing was changed, so nothing was saved"))
    return changed
