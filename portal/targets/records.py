"""The records behind a target's figures: one bucket at a time, optionally of one part."""

from __future__ import annotations

from markupsafe import Markup

from portal.components import link, page_url, sample_tag, table
from portal.language import _, pick, source_told
from portal.registry.centre_record import centre_name, place_name, stage_in_words
from portal.targets.standing import bucket_name
from stations.places.counties import County
from stations.registry.centre import Centre
from stations.targets.counting_rule import Bucket
from stations.targets.target import TargetRecord, TargetStanding


def record_name(record: TargetRecord, standing: TargetStanding) -> Markup:
    """Return the record's name, linked to its page if it has one."""
    if isinstance(record, Centre):
        return centre_name(record)
    name: str | Markup = pick(record.name, record.name_en)
    if isinstance(record, County):
        name = link(page_url("county", adcode=record.adcode), name)
        return Markup("{} {}").format(name, sample_tag() if record.adcode in standing.sample_codes else "")
    return Markup("{} {}").format(name, sample_tag() if record.sample else "")


def draw_records(standing: TargetStanding, bucket: Bucket) -> None:
    """Draw the records of a bucket: counties as one row per city, others as a table of records."""
    records = standing.records[bucket]
    if isinstance(records[0], County):
        by_city: dict[str, list[Markup]] = {}
        for county in records:
            by_city.setdefault(pick(county.city.name, county.city.name_en), []).append(record_name(county, standing))
        table(
            [_("City"), _("Counties")],
            [[city, Markup(" · ").join(names)] for city, names in by_city.items()],
            caption=bucket_name(standing, bucket),
        )
        return
    table(
        [_("Name"), _("Place"), _("Stage known last"), _("Source")],
        [
            [
                record_name(record, standing),
                place_name(record),
                stage_in_words(record, standing.as_of),
                source_told(record.source),
            ]
            for record in records
        ],
        caption=bucket_name(standing, bucket),
        stacks=True,
    )
