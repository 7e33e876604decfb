"""看目标: every promise of the policy, where it ended with its period and where it stands. ``?as_of=…``."""

from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.as_of_date import date_from_address, draw_date_input
from portal.centre_record import centre_name, place_name, stage_in_words
from portal.components import link, notice, page_url, sample_tag, source, table
from portal.language import _, ngettext, pick
from portal.storage import engine
from portal.target_standing import APART, bar, bucket_name, required_in_words
from portal.visit import visit
from stations.centres import Centre
from stations.counties import County
from stations.database import reading
from stations.pilots import Pilot
from stations.rule_text import rule_text
from stations.targets import Bucket, TargetStanding, list_targets, standing_on

present = visit()
language = present.language
st.title(_("Targets"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("What the policy promised, where each promise ended with its period, and where it stands on the date shown.")
    )
)
as_of = date_from_address(present.today)
draw_date_input(as_of, present.today)


def name_of(record: Centre | Pilot | County, standing: TargetStanding) -> Markup:
    """The record's name, leading to its page where it has one."""
    if isinstance(record, Centre):
        return centre_name(record)
    name = pick(record.name, record.name_en)
    if isinstance(record, County):
        linked = link(page_url("county", adcode=record.adcode), name)
        return Markup("{} {}").format(linked, sample_tag() if record.adcode in standing.sample_codes else "")
    return Markup("{} {}").format(name, sample_tag() if record.sample else "")


def draw_records(standing: TargetStanding, bucket: Bucket, day: date) -> None:
    """The records of a bucket: counties as a line for each city, others as a table."""
    records = standing.records[bucket]
    if isinstance(records[0], County):
        by_city: dict[str, list[Markup]] = {}
        for county in records:
            by_city.setdefault(pick(county.city.name, county.city.name_en), []).append(name_of(county, standing))
        table(
            [_("City"), _("Counties")],
            [[city, Markup(" · ").join(names)] for city, names in by_city.items()],
            caption=bucket_name(standing, bucket),
        )
        return
    table(
        [_("Name"), _("Place"), _("Stage known last"), _("Source")],
        [
            [name_of(record, standing), place_name(record), stage_in_words(record, day), record.source]
            for record in records
        ],
        caption=bucket_name(standing, bucket),
    )


def draw_target(ended: TargetStanding, stands: TargetStanding) -> None:
    """One target: the words of the policy, the two standings, the rule, and every record."""
    target = stands.target
    st.header(pick(target.name_zh, target.name_en))
    st.html(
        Markup('<blockquote lang="zh-CN" class="policy">{}<cite lang="zh-CN">{} {}</cite></blockquote>').format(
            target.quote, target.source, target.clause
        )
    )
    invented = [standing.sample_count(Bucket.COUNTED) for standing in (ended, stands)]
    table(
        [_("On"), _("Counted"), _("Of them samples"), _("Still missing"), _("In the pipeline")],
        [
            [
                _("{date}, the end of the period", date=language.format_date(standing.as_of))
                if standing is ended
                else language.format_date(standing.as_of),
                bar(standing),
                samples,
                standing.missing,
                standing.pipeline,
            ]
            for standing, samples in zip((ended, stands), invented, strict=True)
        ],
        caption=_("Required: {required}", required=required_in_words(target)),
        numbers=(2, 3, 4),
        notes=[pick(target.name_zh, target.name_en), rule_text(language, target), f"{target.source} {target.clause}"],
        file=f"target-{target.code}",
    )
    source(rule_text(language, target))
    if not stands.in_scope:
        notice(
            _("No record is held, because no public list is at hand. Nothing can be said about this target."), "warn"
        )
    for bucket in (Bucket.COUNTED, Bucket.PIPELINE, *APART):
        if count := stands.count(bucket):
            samples = stands.sample_count(bucket)
            told = _("{bucket}: {count}", bucket=bucket_name(stands, bucket), count=count)
            if samples:
                told = _(
                    "{bucket}: {count}, of them samples {samples}",
                    bucket=bucket_name(stands, bucket),
                    count=count,
                    samples=samples,
                )
            with st.expander(told, key=f"{target.code}_{bucket}"):
                draw_records(stands, bucket, stands.as_of)
    documented = stands.in_scope - len(stands.sample_codes)
    if target.rule["subject"] != "county" and stands.in_scope and not documented:
        notice(_("Every record here is a sample: no public list is at hand, so nothing real is held."), "warn")
    elif target.rule["subject"] != "county" and stands.in_scope:
        source(
            ngettext(
                "{count} documented record is held. No full public list is at hand, so the figure is a lower bound.",
                "{count} documented records are held. No full public list is at hand, so the figure is a lower bound.",
                documented,
            )
        )


with reading(engine()) as session:
    for target in list_targets(session):
        draw_target(
            standing_on(session, target, target.period_end, samples=present.samples),
            standing_on(session, target, as_of, samples=present.samples),
        )
