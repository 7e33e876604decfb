"""The records behind a figure of a target, and what each of the compared rules counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from stations.answers.columns import Column, Columns
from stations.language import N_, Bilingual
from stations.places.counties import County
from stations.registry.centre import Centre, CentreStage
from stations.registry.dated_stage import latest
from stations.source_wording import source_wording
from stations.targets.counting_rule import Bucket, Measure, Subject
from stations.targets.pilot import Pilot, PilotStage
from stations.targets.target import TargetStanding, compare

COUNTY_BUCKETS: dict[Bucket, str] = {
    Bucket.COUNTED: N_("Covered"),
    Bucket.PIPELINE: N_("Not covered, a station is planned"),
    Bucket.UNKNOWN: N_("Not covered, no plan known"),
}
"""The names of buckets where counties are counted: there the pipeline means a planned station."""


def bucket_name(subject: Subject, bucket: Bucket) -> str:
    """Return the name of a bucket, a msgid, for what a target counts."""
    return COUNTY_BUCKETS.get(bucket, bucket.label) if subject is Subject.COUNTY else bucket.label


@dataclass(frozen=True)
class HeldRecord:
    """A centre or pilot in a bucket of a target on ``as_of``."""

    record: Centre | Pilot
    bucket: Bucket
    as_of: date

    @property
    def last(self) -> CentreStage | PilotStage | None:
        """Its last known stage; None if none is known yet."""
        if isinstance(self.record, Centre):
            return latest(self.record.history, self.as_of)
        return latest(self.record.history, self.as_of)


def held_records(standing: TargetStanding, buckets: Iterable[Bucket] = tuple(Bucket)) -> list[HeldRecord]:
    """Return the centres or pilots in these buckets; counties are left out."""
    return [
        HeldRecord(one, bucket, standing.as_of)
        for bucket in buckets
        for one in standing.records.get(bucket, ())
        if not isinstance(one, County)
    ]


HELD: Columns[HeldRecord] = Columns(
    Column("bucket", lambda one: one.bucket),
    Column("code", lambda one: one.record.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.record.name, one.record.name_en), N_("Name")),
    Column("city", lambda one: Bilingual(one.record.city.name, one.record.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.record.county and Bilingual(one.record.county.name, one.record.county.name_en),
        N_("County, city or district"),
    ),
    Column("stage", lambda one: one.last and one.last.stage, N_("Stage known last")),
    Column("dated", lambda one: one.last and one.last.dated and str(one.last.dated), N_("Date")),
    Column("as_of", lambda one: one.last and one.last.as_of and str(one.last.as_of), N_("As of")),
    Column(
        "source",
        lambda one: one.record.source,
        N_("Source"),
        show=lambda text, language: source_wording(language, text),
    ),
    Column("sample", lambda one: one.record.sample, N_("Sample")),
)
HELD_COLUMNS = HELD.take("code", "name", "city", "county", "stage", "dated", "as_of", "source", "sample")
"""The table of the records behind a figure."""


@dataclass(frozen=True)
class Compared:
    """A target on a day, counted by one of the compared rules."""

    measure: Measure
    standing: TargetStanding


def _count(bucket: Bucket, one: Compared) -> int:
    return one.standing.count(bucket)


COMPARED_BUCKETS = (Bucket.COUNTED, Bucket.PIPELINE, Bucket.UNDATED)

COMPARED: Columns[Compared] = Columns(
    Column("measure", lambda one: one.measure, N_("Counted by")),
    Column("on", lambda one: one.standing.as_of, N_("On")),
    *(
        Column(bucket.value, partial(_count, bucket), words)
        for bucket, words in zip(
            COMPARED_BUCKETS, (N_("Counted"), N_("In the pipeline"), N_("Undated")), strict=True
        )
    ),
)
COMPARED_COLUMNS = COMPARED.take("measure", "on", *COMPARED_BUCKETS)
"""The table of what each rule counts."""


def compared_on(days: Sequence[TargetStanding]) -> list[Compared]:
    """Return what each of the compared rules counts on each day; empty where counties are counted."""
    by_day = [compare(one) for one in days]
    return [Compared(measure, found[measure]) for measure in Measure for found in by_day if found]
