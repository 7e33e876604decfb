"""The result of looking at one part of an installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stations.language import N_, LabelledEnum, Worded


class State(LabelledEnum):
    """How a part does."""

    FINE = "ok", N_("Fine")
    NOTICE = "notice", N_("Look at it")
    FAILING = "failing", N_("Failing")


class Part(LabelledEnum):
    """A part of an installation. ``JOB``: one recurring job, named by the check's ``name``."""

    DATABASE = "database", N_("Database")
    SCHEMA = "schema", N_("Schema of the database")
    DISK = "disk", N_("Disk of the database")
    BACKUP = "backup", N_("Newest backup")
    BACKUP_DISK = "backup_disk", N_("Disk of the backups")
    ERASURE_LIST = "erasure_list", N_("List of erasures")
    NOTICES = "notices", N_("Notices")
    JOB = "job", N_("Recurring job")
    SERVERS = "servers", N_("Server processes")
    CLOCK = "clock", N_("Clock")


@dataclass(frozen=True)
class Check:
    """What was seen of a part. ``advice``: what to do, where the part is not fine. ``figures``: the same in numbers, by
    names that stay (bytes, seconds, counts). ``name``: of the job, for ``Part.JOB``.
    """

    part: Part
    state: State
    seen: Worded
    advice: Worded | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    name: str = ""

    @property
    def code(self) -> str:
        """Its name for programs: the part, or ``job:backup``."""
        return f"{self.part}:{self.name}" if self.name else str(self.part)


def worst(checks: list[Check]) -> State:
    """Return the worst state of all; fine if there is no check."""
    order = list(State)
    return max((check.state for check in checks), key=order.index, default=State.FINE)
