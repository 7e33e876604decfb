"""The records behind a target's figures: one bucket at a time, optionally of one part."""

from __future__ import annotations

from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import link, page_url, sample_tag
from portal.language import pick
from portal.registry.centre_record import centre_name, place_name, stage_in_words
from portal.registry.unread import unread_facts
from portal.targets.standing import bucket_name
from stations.answers.county_lists import CITY_COUNTIES_COLUMNS, by_city
from stations.answers.target_records import HELD_COLUMNS, held_records
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
    unread = (
        Markup('<br><span class="source">{} {}</span>').format(title, told)
        for title, told in unread_facts(record.unread)
    )
    return Markup("{} {}{}").format(name, sample_tag() if record.sample else "", Markup("").join(unread))


def draw_records(standing: TargetStanding, bucket: Bucket) -> None:
    """Draw the records of a bucket: counties as one row per city, others as a table of records."""
    counties = [one for one in standing.records[bucket] if isinstance(one, County)]
    if counties:
        draw_answer(
            CITY_COUNTIES_COLUMNS,
            by_city(counties),
            caption=bucket_name(standing, bucket),
            drawn={
                "counties": lambda one: Markup(" · ").join(record_name(county, standing) for county in one.counties)
            },
        )
        return
    draw_answer(
        HELD_COLUMNS,
        held_records(standing, [bucket]),
        caption=bucket_name(standing, bucket),
        drawn={
            "name": lambda one: record_name(one.record, standing),
            "city": lambda one: place_name(one.record),
            "stage": lambda one: stage_in_words(one.record, standing.as_of),
            **dict.fromkeys(("county", "dated", "as_of", "sample"), lambda _one: ""),
        },
        beneath={"code": "name", "sample": "name", "county": "city", "dated": "stage", "as_of": "stage"},
        small={"code"},
        stacks=True,
    )
