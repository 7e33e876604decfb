"""What the command ``import`` answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stations.answers.answer import Answer, Question, headings_of
from stations.answers.listed_file import acting, check_crs, content_of
from stations.database import reading, transaction
from stations.imports.importing import LIMITS, apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, Outcome, PlannedRow, Weight
from stations.imports.report import import_report
from stations.language import N_, Language, label
from stations.registry.record_json import changes_to_json
from stations.registry.record_kind import RecordKind

KINDS = (f"{RecordKind.STATION}s",)


def import_list(question: Question) -> Answer:
    """Import a list, or with ``--dry-run`` only say what would become of each row."""
    options = question.options
    check_crs(options.crs)
    path = Path(options.file)
    sheet = read_list(content_of(path, LIMITS))
    given = ImportOptions(path.name, options.crs or "", options.source)
    done = None
    if options.dry_run:
        with reading(question.engine) as session:
            plan = plan_import(session, acting(session, question), sheet, given, now=question.now)
    else:
        with transaction(question.engine) as session:
            actor = acting(session, question)
            plan = plan_import(session, actor, sheet, given, now=question.now)
            if plan.to_apply(doubtful=options.doubtful):
                done = apply_import(session, actor, plan, doubtful=options.doubtful, now=question.now)
    if options.report:
        Path(options.report).write_bytes(import_report(plan, question.language))
    rows = [row_in_words(row, question.language, done.codes if done else {}) for row in plan.rows]
    counts = {outcome.value: count for outcome, count in plan.counts.items()}
    imported = {"added": done.added if done else 0, "changed": done.changed if done else 0}
    data = {**counts, "imported": imported, "crs": plan.crs or None, "rows": rows}
    say = question.language.translate
    table = [
        [row["row"], label(question.language, Outcome(row["outcome"])), row["code"], row["field"], row["message"]]
        for row in rows
        if row["message"] or len(rows) <= 200
    ]
    note = "; ".join(f"{label(question.language, outcome)} {count}" for outcome, count in plan.counts.items())
    note = f"{note}. " + (
        say(N_("Nothing was written"))
        if done is None
        else say(N_("Added {added}, changed {changed}"), added=done.added, changed=done.changed)
    )
    return Answer(data, headings_of(question.language, "row", "outcome", "code", "field", "message"), table, note)


def row_in_words(row: PlannedRow, language: Language, codes: dict[int, str]) -> dict[str, Any]:
    """A row as plain data: ``field`` and ``message`` tell of what matters most, then of the rest."""
    heaviest = sorted(row.remarks, key=lambda remark: list(Weight)[::-1].index(remark.weight))
    return {
        "row": row.number,
        "outcome": row.outcome.value,
        "field": heaviest[0].column if heaviest else ", ".join(row.changes),
        "message": " ".join(remark.told(language) for remark in heaviest),
        "code": row.code or codes.get(row.number, ""),
        "name": row.name,
        "changes": changes_to_json(row.changes),
        "problems": [
            {"field": one.column, "weight": one.weight.value, "message": one.told(language)} for one in heaviest
        ],
    }
