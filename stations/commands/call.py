"""What a command works with, and what it gives back to be put out."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.presentation import Presentation
from stations.clock import Clock
from stations.database import reading, transaction
from stations.jobs.job import Turn
from stations.language import CHINA_TIME, Language


@dataclass(frozen=True)
class Call:
    """One call of a command: the database, the time, the language, and whether samples are taken in.

    ``clock``: the clock to ask again, for what goes on; ``now``: when the command was given.
    """

    engine: Engine
    samples: bool
    clock: Clock
    now: datetime
    language: Language
    map_review_number: str = ""

    @property
    def today(self) -> date:
        """The day in China."""
        return self.now.astimezone(CHINA_TIME).date()

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session that only reads."""
        return reading(self.engine)

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a session whose changes are kept where nothing goes wrong."""
        return transaction(self.engine)

    def turn(self, on: date, now: datetime | None = None) -> Turn:
        """Return a turn of a recurring job for the day ``on``."""
        return Turn(self.engine, now or self.now, on, self.clock, self.samples)


@dataclass(frozen=True)
class Output:
    """An answer and how it is put out. ``exit_code``: 1 where a check found a fault."""

    presentation: Presentation[Any, Any]
    answer: Any
    exit_code: int = 0
