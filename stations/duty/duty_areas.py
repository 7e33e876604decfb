"""The rule of duty as a query condition: the rows in the areas where an actor has a duty.

The same rule as ``Actor.may``, in SQL, so that the database can page lists. It is written once for all tables; a
test compares both for each table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, false, or_, true

from stations.duty.area_columns import AreaColumns
from stations.duty.roles import Action, Actor, AreaKind, Responsibility


def in_duty(
    actor: Actor,
    where: AreaColumns,
    actions: Collection[Action] | None = None,
    *,
    also: Callable[[Responsibility], ColumnElement[bool]] = lambda duty: true(),
) -> ColumnElement[bool]:
    """Return the condition that a row lies in one of the actor's areas of duty.

    Only duties that allow one of ``actions`` count; without ``actions`` all do. A sample actor sees only sample
    rows. ``also``: a further condition that depends on the duty.
    """
    duties = [duty for duty in actor.duties if actions is None or not duty.actions.isdisjoint(actions)]
    seen = or_(false(), *(lies_in(duty, where) & also(duty) for duty in duties))
    return seen & where.sample.is_(True) if actor.sample else seen


def lies_in(duty: Responsibility, where: AreaColumns) -> ColumnElement[bool]:
    """Return the condition that a row lies in the area of a duty; the same rule as ``Responsibility.holds``."""
    if duty.area_kind is AreaKind.PROVINCE:
        province = where.city if where.province is None else where.province
        return province.startswith(duty.area_code[:2], autoescape=True)
    column = {AreaKind.CITY: where.city, AreaKind.COUNTY: where.county, AreaKind.STATION: where.station}[duty.area_kind]
    return false() if column is None else column == duty.area_code
