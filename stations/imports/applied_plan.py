"""What writing a plan of any kind has in common: which rows, when not, and the entry in the audit log."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.duty.roles import Actor
from stations.errors import Conflict
from stations.imports.corrected_cells import corrections_for_log
from stations.imports.plan import Outcome, Plan, Row
from stations.language import N_


@dataclass(frozen=True)
class Imported:
    """The result of an import: the numbers of records added and changed, and of rows left out.

    ``codes``: the code of the new record by row number. ``one_time``: the one-time code of each new account by row
    number, shown once and stored nowhere.
    """

    added: int
    changed: int
    left: int
    codes: dict[int, str]
    one_time: Mapping[int, str] = field(default_factory=dict, repr=False)


class RegistryMoved(Conflict):
    """The registry was changed since the plan was made, and the plan would be different now."""

    def __init__(self) -> None:
        super().__init__(N_("The registry has been changed meanwhile; nothing was imported. Look at the preview again"))


def chosen_rows(plan: Plan[Row], *, doubtful: bool) -> list[Row]:
    """Return the rows of a plan that are to be written, with ``doubtful`` including the doubtful ones.

    Raises:
        Conflict: there are none.
    """
    chosen = plan.to_apply(doubtful=doubtful)
    if not chosen:
        raise Conflict(N_("No row of this list would change anything, so nothing was imported"))
    return chosen


def record_import(
    session: Session,
    actor: Actor,
    action: AuditAction,
    plan: Plan[Row],
    chosen: Sequence[Row],
    codes: dict[int, str],
    *,
    file: str,
    personal: Container[str],
    now: datetime,
) -> Imported:
    """Write an import of a list of any kind to the audit log, and return its result.

    ``chosen``: the rows that were written; ``codes``: of the new records by row number. ``personal``: the columns whose
    corrected cells are logged without their values.
    """
    changed = [row.code for row in chosen if not row.new]
    left = len(plan.rows) - len(chosen) - plan.counts[Outcome.JOINED]
    detail: Detail = {
        "added": len(codes),
        "changed": len(changed),
        "doubtful": sum(row.outcome is Outcome.DOUBTFUL for row in chosen),
        "left": left,
        "digest": sha256("\n".join(sorted([*codes.values(), *changed])).encode()).hexdigest(),
    }
    if plan.sheet.corrected:
        detail["corrected"] = corrections_for_log(plan.sheet, personal)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.IMPORT,
        subject=file[:80] or "import",
        **detail,
    )
    return Imported(len(codes), len(changed), left, codes)
