"""What came of each row of a bulk change, as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from stations.errors import InvalidInput
from stations.language import Language
from stations.partners.area_records import conflict_for_key, for_key
from stations.partners.interface_key import KeyInUse
from stations.partners.row_result import Outcome, RowResult

_SHOWN = 200  # characters of a value as it was written


def bulk_data(results: Sequence[RowResult], key: KeyInUse, language: Language, *, dry_run: bool) -> dict[str, Any]:
    """Return the results of all rows, with the numbers of each outcome."""
    counts = Counter(one.outcome for one in results)
    return {
        "dry_run": dry_run,
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "rows": [row_data(one, key, language) for one in results],
    }


def row_data(result: RowResult, key: KeyInUse, language: Language) -> dict[str, Any]:
    """Return the result of one row: row, field, what was written and what to do, in the language of the request."""
    told: dict[str, Any] = {
        "row": result.row,
        "id": result.external_id,
        "outcome": result.outcome.value,
        "code": result.code or None,
        "version": result.version,
        "proposal": result.proposal or None,
        "problems": [_problem(one, result, language) for one in result.problems],
    }
    if result.told is not None:
        detail = language.translate(result.told.message, **result.told.params)
        told["problems"].append({"field": None, "written": None, "detail": detail})
    if result.record is not None:
        told["record"] = for_key(key, dict(result.record))
    if result.fields:
        told["conflict"] = conflict_for_key(key, [dict(one) for one in result.fields])
    return told


_WRITTEN_AS = {"county_adcode": "county", "city_adcode": "city", "stage": "status", "dated": "status"}


def _problem(problem: InvalidInput, result: RowResult, language: Language) -> dict[str, Any]:
    field = _WRITTEN_AS.get(problem.field, problem.field)
    written = result.written.get(field.partition(".")[0])
    return {
        "field": field,
        "written": None if written is None else str(written)[:_SHOWN],
        "detail": language.translate(problem.message, **problem.params),
    }
