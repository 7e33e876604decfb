"""Writing what the plan of a register's list says, in one transaction; and listing a register for export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from stations.duty.roles import Actor
from stations.imports.applied_plan import Imported, RegistryMoved, chosen_rows, record_import
from stations.language import day_in_china
from stations.lists.list_plan import ListPlan, plan_list, require_lister
from stations.lists.register import Occasion, Register
from stations.registry.record_terms import Terms
from stations.revision import current_revision, move_revision


def apply_list(
    session: Session, actor: Actor | None, register: Register[Any], plan: ListPlan, *, doubtful: bool, now: datetime
) -> Imported:
    """Apply a plan: the new and changed rows, and with ``doubtful`` the doubtful ones. Wrong rows are left out.

    Raises:
        RegistryMoved: the register was changed since, and the plan would be different now; nothing is written.
        Conflict: there is nothing to write.
        NotAllowed: the actor may not import into the register.
    """
    actor = require_lister(actor, register)
    register = register.opened(session, actor)
    chosen_rows(plan, doubtful=doubtful)
    move_revision(session)  # from here on every other writer waits
    plan = _of_now(session, actor, register, plan, now)
    chosen = plan.to_apply(doubtful=doubtful)
    file, personal = plan.options.file, register.personal
    codes = dict(register.write(session, actor, chosen, reason=file, now=now))
    done = record_import(
        session, actor, register.logged, plan, chosen, codes, file=file, personal=personal, now=now
    )
    return replace(done, one_time=register.one_time_codes())


def _of_now(session: Session, actor: Actor, register: Register[Any], plan: ListPlan, now: datetime) -> ListPlan:
    """Return the plan if it still holds; made again only if something has changed, since everybody waits meanwhile.

    Raises:
        RegistryMoved: the plan would be different now.
    """
    if (
        plan.actor == actor
        and current_revision(session) == plan.revision + 1
        and register.versions(session, sample=actor.sample) == plan.versions
        and day_in_china(now) == day_in_china(plan.made_at)
    ):
        return plan
    fresh = plan_list(session, actor, register, plan.sheet, plan.options, now=now)
    if not fresh.says_the_same_as(plan):
        raise RegistryMoved
    return fresh


def list_register(
    session: Session, actor: Actor | None, register: Register[Any], *, now: datetime
) -> list[Mapping[str, Any]]:
    """Return the rows of the exported list, each with its cells by column: the records in the actor's area of duty.

    Raises:
        NotAllowed: the actor may not import into the register.
    """
    actor = require_lister(actor, register)
    register = register.opened(session, actor)
    occasion = Occasion(Terms.load(session), day_in_china(now))
    return [
        cells
        for one in register.held(session, sample=actor.sample)
        if register.refuses(actor, one.state) is None
        for cells in register.row_cells(one.code, one.state, occasion)
    ]
