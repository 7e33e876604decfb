"""The rule of duty as a condition of a query: which rows lie where an actor has a duty.

The same rule as ``Actor.may``, in SQL, so that a list is paged by the database.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.sql.elements import SQLCoreOperations

from stations.duty.roles import ALLOWED, Action, Actor, AreaKind

Column = SQLCoreOperations


def in_duty(
    actor: Actor,
    *,
    city: Column[str],
    county: Column[str | None],
    station: Column[str] | None = None,
    actions: Collection[Action] | None = None,
) -> ColumnElement[bool]:
    """The condition that a row lies in a duty of the actor's that allows one of ``actions``, or any
    duty where none are named.

    The columns hold the row's city and county adcodes and its station's code; a row without a
    station lies in no station's duty. Says nothing about invented records.
    """
    areas: list[ColumnElement[bool]] = []
    for duty in actor.duties:
        if actions is not None and ALLOWED[duty.role].isdisjoint(actions):
            continue
        if duty.area_kind is AreaKind.PROVINCE:
            areas.append(city.startswith(duty.area_code[:2]))
        elif duty.area_kind is AreaKind.CITY:
            areas.append(city == duty.area_code)
        elif duty.area_kind is AreaKind.COUNTY:
            areas.append(county == duty.area_code)
        elif station is not None:
            areas.append(station == duty.area_code)
    return or_(false(), *areas)
