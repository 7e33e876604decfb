"""A target taken apart by city, level or kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.target_records import bucket_name
from stations.language import N_, Bilingual, LabelledEnum, Worded
from stations.places.counties import City
from stations.targets.counting_rule import Bucket, Subject
from stations.targets.progress import Dimension, Part
from stations.targets.target import TargetStanding

APART = (Bucket.PLANNED, Bucket.UNDATED, Bucket.BEFORE, Bucket.AFTER, Bucket.WITHDRAWN, Bucket.UNKNOWN)
"""What is in a target's scope but neither counted nor in the pipeline, in the order it is told."""

BUCKETS = (Bucket.COUNTED, Bucket.PIPELINE, *APART)

DIMENSIONS: dict[Dimension, str] = {
    Dimension.CITY: N_("City"),
    Dimension.LEVEL: N_("Level"),
    Dimension.KIND: N_("Kind"),
}


@dataclass(frozen=True)
class PartRow:
    """A part of a target, or all of it. ``code``: the city's adcode, the level or the kind; None for all of it."""

    code: str | None
    name: Bilingual | LabelledEnum | Worded
    counts: Mapping[Bucket, int]
    samples: int


def part_rows(parts: Iterable[Part], standing: TargetStanding) -> list[PartRow]:
    """Return the parts and, last, all of them together."""
    whole = PartRow(
        None, Worded(N_("All")), {one: standing.count(one) for one in Bucket}, standing.sample_count(Bucket.COUNTED)
    )
    return [*(_row(one) for one in parts), whole]


def _row(part: Part) -> PartRow:
    key = part.key
    return PartRow(
        code=key.adcode if isinstance(key, City) else key.value,
        name=Bilingual(key.name, key.name_en) if isinstance(key, City) else key,
        counts=part.counts,
        samples=part.samples[Bucket.COUNTED],
    )


def part_columns(
    by: Dimension, subject: Subject, buckets: Sequence[Bucket] = BUCKETS
) -> tuple[Column[PartRow], ...]:
    """Return the columns of the parts: the name, the number in each bucket, and the counted samples."""
    return Columns[PartRow](
        Column("part", lambda row: row.name, DIMENSIONS[by]),
        *(Column(one.value, partial(_count, one), bucket_name(subject, one)) for one in buckets),
        Column("sample_counted", lambda row: row.samples, N_("Counted samples")),
    ).take("part", *(one.value for one in buckets), "sample_counted")


def _count(bucket: Bucket, row: PartRow) -> int:
    return row.counts.get(bucket, 0)


def part_data(by: Dimension, part: Part) -> dict[str, Any]:
    """Return a part for JSON, without empty buckets."""
    row = _row(part)
    return {
        by.value: row.code,
        **{bucket.value: count for bucket, count in row.counts.items() if count},
        "sample_counted": row.samples,
    }
