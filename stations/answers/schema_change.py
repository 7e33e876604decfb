"""A change of the schema: its steps, and what it takes away."""

from __future__ import annotations

from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.language import N_, Language
from stations.loading.schema_change import Loss, SchemaChange

LOSSES: Columns[Loss] = Columns(
    Column("table", lambda loss: loss.table, N_("Table")),
    Column("column", lambda loss: loss.column, N_("Column")),
    Column("kind", lambda loss: loss.kind, N_("What is lost")),
    Column("count", lambda loss: loss.count, N_("How many")),
)


def _data(change: SchemaChange, _language: Language) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "steps": [{"revision": step.revision, "title": step.title} for step in change.steps],
        "losses": [LOSSES.as_data(loss) for loss in change.losses],
        "done": change.done,
    }


def _notes(change: SchemaChange, language: Language) -> list[str]:
    say = language.translate
    if not change.steps:
        return [say(N_("The schema is {revision}, that of this version; nothing to do"), revision=change.after)]
    told = N_("Done: {before} → {after}") if change.done else N_("Tried, and nothing changed: {before} → {after}")
    return [
        *(f"{step.revision}  {step.title}" for step in change.steps),
        say(told, before=change.before or "–", after=change.after),
        "" if change.losses else say(N_("Nothing is lost")),
        "" if change.done else say(N_("Make a backup first: python -m stations backup FILE")),
    ]


SCHEMA_CHANGE: Presentation[SchemaChange, Loss] = Presentation(
    data=_data,
    rows=lambda change: change.losses,
    columns=lambda _change: LOSSES.take("table", "column", "kind", "count"),
    notes=_notes,
)
"""What is lost, as a table; the steps as notes."""
