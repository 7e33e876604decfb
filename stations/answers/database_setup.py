"""The steps that a set-up of the database took."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, one_row
from stations.language import N_, Worded
from stations.loading.setup import SetupDone

Step = tuple[str, bool]

STEPS: Columns[Step] = Columns(
    Column("step", lambda step: Worded(step[0])),
    Column("done", lambda step: Worded(N_("yes") if step[1] else N_("nothing to do"))),
)


def _steps(done: SetupDone) -> list[Step]:
    return [
        (N_("reference data loaded"), done.reference_loaded),
        (N_("sample network loaded"), done.samples_loaded),
        (N_("secrets of second factors encrypted"), done.secrets_sealed),
    ]


SETUP: Presentation[SetupDone, Step] = Presentation(
    data=lambda done, _language: asdict(done),
    rows=_steps,
    columns=lambda _done: STEPS.take("step", "done"),
)
"""The steps of the set-up, each with whether anything had to be loaded."""

RENEWED = one_row(Columns[date](Column("dated_from", lambda day: day, N_("Sample network dated from"))), "dated_from")
"""The day from which the records of the sample network are dated."""
