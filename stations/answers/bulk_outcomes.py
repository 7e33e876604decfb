"""What came of an action on many requests, request by request."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.errors import DomainError, InvalidForm
from stations.language import N_, Language
from stations.requests.bulk import Outcome


def problem_in_words(problem: DomainError | None, language: Language) -> str | None:
    """Return why a request was left as it was; of a form's problems each."""
    if problem is None:
        return None
    parts = problem.problems if isinstance(problem, InvalidForm) else (problem,)
    return language.semicolon.join(language.translate(one.message, **one.params) for one in parts)


OUTCOMES: Columns[Outcome] = Columns(
    Column("number", lambda one: one.number, N_("Tracking number")),
    Column("done", lambda one: one.problem is None, N_("Done")),
    Column("problem", lambda one: one.problem, N_("What came of it"), show=problem_in_words, in_data=False),
)
OUTCOME_COLUMNS = OUTCOMES.take("number", "done", "problem")
"""The table of outcomes."""
