"""Writing what the plan of a register's list says, in one transaction; and listing a register for export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from stations.audit import log
from stations.duty.roles import Actor
from stations.errors import Conflict
from stations.imports.corrected_cells import corrections_for_log
from stations.imports.importing import Imported, RegistryMoved
from stations.imports.plan import Outcome
from stations.language import N_, day_in_china
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
    if not plan.to_apply(doubtful=doubtful):
        raise Conflict(N_("No row of this list would change anything, so nothing was imported"))
    move_revision(session)  # from here on every other writer waits
    plan = _of_now(session, actor, register, plan, now)
    chosen = plan.to_apply(doubtful=doubtful)
    codes = dict(register.write(session, actor, chosen, reason=plan.file, now=now))
    changed = [row.code for row in chosen if not row.new]
    left = len(plan.rows) - len(chosen) - plan.counts[Outcome.JOINED]
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=f"import_{register.name}",
        subject_kind="import",
        subject=plan.file[:80] or "import",
        added=len(codes),
        changed=len(changed),
        doubtful=sum(row.outcome is Outcome.DOUBTFUL for row in chosen),
        left=left,
        **({"corrected": corrections_for_log(plan.sheet, register.personal)} if plan.sheet.corrected else {}),
        digest=sha256("\n".join(sorted([*codes.values(), *changed])).encode()).hexdigest(),
    )
    return Imported(len(codes), len(changed), left, codes, register.one_time_codes())


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
    fresh = plan_list(session, actor, register, plan.sheet, file=plan.file, source=plan.source, now=now)
    if not fresh.says_the_same_as(plan):
        raise RegistryMoved(
            N_("The registry has been changed meanwhile; nothing was imported. Look at the preview again")
        )
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
