"""What a command is asked with and what it answers: data for JSON, headings and rows for tables and CSV."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from stations.clock import Clock
from stations.language import N_, Language


@dataclass(frozen=True)
class Question:
    """What a command has to go on: the options typed, the database, the time and the language.

    ``clock``: the clock to ask again, for what goes on; ``now``: when the command was given.
    """

    engine: Engine
    options: Namespace
    samples: bool
    clock: Clock
    now: datetime
    today: date
    language: Language
    map_review_number: str = ""

    @property
    def as_of(self) -> date:
        """The day asked about, today where none is named."""
        return self.options.as_of or self.today


@dataclass(frozen=True)
class Answer:
    """``data`` for JSON; ``headings`` and ``rows`` for table and CSV; ``note`` goes to stderr;
    ``exit_code`` is 1 where a check found a fault."""

    data: Any
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    exit_code: int = 0


def sample_note(language: Language, count: int) -> str:
    """That so many records are samples; empty where none is."""
    if not count:
        return ""
    return language.translate(
        N_("Includes {count} sample (invented) records; leave them out with --no-sample"), count=count
    )


_HEADINGS: dict[str, str] = {
    "row": N_("Row"),
    "outcome": N_("Outcome"),
    "field": N_("Field"),
    "message": N_("What to do"),
    "adcode": N_("adcode"),
    "id": N_("place"),
    "nearest_station": N_("nearest station"),
    "to_centre": N_("to the nearest centre"),
    "catchment_score": N_("stations in reach per 100,000"),
    "name": N_("name"),
    "city": N_("city"),
    "county": N_("county"),
    "town": N_("town"),
    "status": N_("status"),
    "stations": N_("active stations"),
    "sample_stations": N_("of them sample"),
    "code": N_("code"),
    "required": N_("required"),
    "counted": N_("counted"),
    "sample_counted": N_("of them sample"),
    "pipeline": N_("pipeline"),
    "undated": N_("undated"),
    "before": N_("before the period"),
    "after": N_("after the period"),
    "planned": N_("only planned"),
    "withdrawn": N_("withdrawn"),
    "distance": N_("distance"),
    "placed_by": N_("place"),
    "lon": N_("longitude"),
    "lat": N_("latitude"),
    "level": N_("level"),
    "kind": N_("kind"),
    "stage": N_("stage"),
    "dated": N_("date"),
    "as_of": N_("as of"),
    "rule": N_("rule"),
    "tier": N_("list"),
    "centres": N_("centres"),
    "building": N_("centres being built"),
    "gaps": N_("cities without"),
    "score": N_("how well it answers"),
    "working_days": N_("usual working days"),
    "username": N_("user name"),
    "role": N_("role"),
    "area": N_("area of duty"),
    "setup_code": N_("one-time code"),
    "until": N_("good until"),
    "verdict": N_("verdict"),
    "checked": N_("entries checked"),
    "head": N_("head of the log"),
    "entry": N_("entry"),
    "at": N_("when"),
    "actor": N_("who"),
    "action": N_("what was done"),
    "subject": N_("to what"),
    "detail": N_("particulars"),
}


def headings_of(language: Language, *columns: str) -> list[str]:
    """What the columns are called."""
    return [language.translate(_HEADINGS[column]) for column in columns]
