"""A file that was written."""

from __future__ import annotations

from dataclasses import dataclass

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, sample_note
from stations.language import N_


@dataclass(frozen=True)
class WrittenFile:
    """A written file. ``samples``: the number of sample records included in its figures."""

    path: str
    size: int
    samples: int


FILES: Columns[WrittenFile] = Columns(
    Column("file", lambda one: one.path, N_("File")),
    Column("bytes", lambda one: one.size, N_("Bytes")),
)

WRITTEN: Presentation[WrittenFile, WrittenFile] = Presentation(
    data=lambda one, _language: FILES.as_data(one),
    rows=lambda one: [one],
    columns=lambda _one: FILES.take("file", "bytes"),
    notes=lambda one, language: [sample_note(language, one.samples)],
)
