"""One target: its figures and the records behind them, by month and by city, forecast and rules.

``?code=qi_centres&as_of=…&by=in_being&bucket=counted&city=…&level=…&kind=…&approvals=5``
"""

from datetime import date
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import draw_choice_of_one, draw_setting, text_in_address
from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.components import Figure, figures, link, page_url, source
from portal.done_notice import draw_done
from portal.keeping.register_downloads import draw_register_downloads
from portal.language import _, pick
from portal.markdown_text import plain
from portal.missing_record import end_without_record
from portal.storage import engine
from portal.targets.charts import draw_forecast, draw_progress
from portal.targets.forms import approvals_in_address, draw_approvals_choice, draw_rule_form, may_keep_targets
from portal.targets.records import draw_records
from portal.targets.standing import (
    bucket_name,
    count_link,
    draw_completeness,
    required_in_words,
)
from portal.visit import visit
from stations.accounts.accounts import names_of_people
from stations.answers.columns import Column
from stations.answers.target_parts import APART, DIMENSIONS, PartRow, part_columns, part_rows
from stations.answers.target_records import COMPARED_BUCKETS, COMPARED_COLUMNS, Compared, compared_on
from stations.database import reading
from stations.errors import NotFound
from stations.language import label
from stations.lists.pilots import PILOTS
from stations.loading.reference_data import RECORDED_BY
from stations.places.counties import list_cities
from stations.registry.centre import Centre
from stations.revision import current_revision
from stations.targets.counting_rule import Bucket, CountingRule, Measure, Subject
from stations.targets.forecast import Forecast, forecast
from stations.targets.pilot import Pilot
from stations.targets.progress import BurnUpPoint, Dimension, burn_up, dimensions_of, in_part, take_apart
from stations.targets.rule_text import rule_text
from stations.targets.target import TargetStanding, get_target, records_in_scope, standing_on

IN_FORCE = "in_force"
TITLES = {by: _(name) for by, name in DIMENSIONS.items()}

present = visit()
language = present.language


@st.cache_data(max_entries=128, show_spinner=False)
def course(
    code: str,
    rule: dict[str, Any],
    part: dict[Dimension, str],
    as_of: date,
    samples: bool,
    approvals: int,
    revision: int,
    _session: Session,
    _scope: list[Centre | Pilot],
) -> tuple[list[BurnUpPoint], Forecast]:
    """Return the burn-up by month and the forecast, cached per data ``revision``.

    ``_scope``: the records that the page has already read.
    """
    chosen = CountingRule.of_data(rule)
    target = get_target(_session, code)
    return (
        burn_up(_session, target, as_of, samples=samples, rule=chosen, part=part, scope=_scope),
        forecast(
            _session,
            target,
            as_of,
            samples=samples,
            rule=chosen,
            part=part,
            scope=_scope,
            approvals_a_year=approvals,
        ),
    )


def draw_bucket(standing: TargetStanding) -> None:
    """Draw the records of the bucket in the address."""
    held = [bucket for bucket in (Bucket.COUNTED, Bucket.PIPELINE, *APART) if standing.count(bucket)]
    names = {bucket.value: f"{bucket_name(standing, bucket)} {standing.count(bucket)}" for bucket in held}
    asked = text_in_address("bucket")
    st.session_state["bucket"] = asked if asked in names else None

    def choose() -> None:
        if st.session_state["bucket"]:
            st.query_params["bucket"] = st.session_state["bucket"]
        else:
            st.query_params.pop("bucket", None)

    shown = {bucket: plain(name) for bucket, name in names.items()}
    st.pills(_("Records"), list(names), key="bucket", format_func=shown.__getitem__, on_change=choose, wrap=True)
    if asked in names:
        draw_records(standing, Bucket(asked))


def draw_part_choice(rule: CountingRule) -> dict[Dimension, str]:
    """Draw the choice of one city, level or kind; return what is chosen, {} for all."""
    options = {
        Dimension.CITY: {one.adcode: pick(one.name, one.name_en) for one in list_cities(session)},
        Dimension.LEVEL: {one.value: label(language, one) for one in rule.levels},
        Dimension.KIND: {one.value: label(language, one) for one in rule.kinds},
    }
    chosen = {}
    dimensions = dimensions_of(rule)
    for column, by in zip(st.columns(len(dimensions)), dimensions, strict=True):
        with column:
            if value := draw_choice_of_one(by.value, TITLES[by], options[by]):
                chosen[by] = value
    return chosen


def draw_comparison(days: list[date]) -> None:
    """Draw what each counting rule counts, on the last day of the period and on the date shown."""
    counted = compared_on(
        [standing_on(session, target, day, samples=present.samples, rule=rule, scope=inner) for day in days]
    )
    draw_answer(
        COMPARED_COLUMNS,
        counted,
        caption=_("The same records by each rule"),
        drawn={
            "on": lambda one: language.format_date(one.standing.as_of),
            **{bucket.value: partial(_compared_link, bucket) for bucket in COMPARED_BUCKETS},
        },
        numbers=COMPARED_BUCKETS,
    )


def _compared_link(bucket: Bucket, one: Compared) -> Markup | str:
    return count_link(one.standing, bucket, one.standing.count(bucket), **part)


def draw_part(by: Dimension) -> None:
    """Draw the figures by city, level or kind, each linked to its records."""
    shown = [Bucket.COUNTED, Bucket.PIPELINE, *(bucket for bucket in APART if standing.count(bucket))]
    columns = part_columns(by, rule.subject, shown)

    def draw(column: Column[PartRow], row: PartRow) -> str | Markup:
        if row.code is None:
            return Markup("<strong>{}</strong>").format(column.cell(row, language))
        if column.key in set(Bucket):
            bucket = Bucket(column.key)
            return count_link(standing, bucket, row.counts[bucket], **{**part, by: row.code})
        return str(column.cell(row, language))

    draw_answer(
        columns,
        part_rows(parts[by], standing),
        caption=_("By {part}", part=TITLES[by].lower()),
        drawn={column.key: partial(draw, column) for column in columns},
        numbers=[column.key for column in columns[1:]],
    )


def draw_rules() -> None:
    """Draw the counting rules of the target, current and past, and who set each."""
    people = names_of_people(session, [entry.recorded_by for entry in target.rules])
    entries = Markup("").join(
        Markup("<li><div><strong>{}</strong><br><span>{}</span></div><div><p>{}</p><span>{}</span></div></li>").format(
            language.format_date(entry.in_force_from) if entry.in_force_from else _("the beginning"),
            people.get(entry.recorded_by)
            or (_(entry.recorded_by) if entry.recorded_by == RECORDED_BY else entry.recorded_by),
            rule_text(language, target, CountingRule.of_data(entry.rule)),
            _("Reason: {reason}", reason=entry.reason) if entry.reason else "",
        )
        for entry in reversed(target.rules)
    )
    source(_("A figure as of a day is counted by the rule in force that day. The rules, latest first:"))
    st.html(Markup('<ol class="timeline rules">{}</ol>').format(entries))


with reading(engine()) as session:
    try:
        target = get_target(session, text_in_address("code"))
    except NotFound as error:
        end_without_record(_("Target"), "code", error, link(page_url("targets"), _("See all targets")))
    st.html(Markup("<p>{}</p>").format(link(page_url("targets"), _("All targets"))))
    st.title(plain(pick(target.name_zh, target.name_en)))
    st.html(
        Markup('<blockquote lang="zh-CN" class="policy">{}<cite lang="zh-CN">{} {}</cite></blockquote>').format(
            target.quote, target.source, target.clause
        )
    )
    draw_done()
    as_of = date_from_address(present.today)
    in_force = target.rule_on(as_of)
    counties = in_force.subject is Subject.COUNTY
    left, right = st.columns([1, 2])
    with left:
        draw_date_input(as_of, present.today)
    with right:
        options = {IN_FORCE: _("the rule in force on that day")}
        if not counties:
            options |= {measure.value: label(language, measure) for measure in Measure}
        by = draw_setting("by", _("Counted by"), options, IN_FORCE)
    rule = in_force if by == IN_FORCE else in_force.measured_by(Measure(by))
    part = draw_part_choice(rule)
    scope = records_in_scope(session, rule, samples=present.samples)
    inner = [record for record in scope if in_part(record, part)]
    standing = standing_on(session, target, as_of, samples=present.samples, rule=rule, scope=scope).narrowed(
        lambda record: in_part(record, part)
    )
    parts = {dimension: take_apart(session, standing, dimension) for dimension in dimensions_of(rule)}

    def card(number: int, told: str, bucket: Bucket | None) -> Figure:
        """Return a figure linked to its records."""
        samples = standing.sample_count(bucket) if bucket else 0
        address = (
            page_url("target", code=target.code, as_of=as_of.isoformat(), by=by, bucket=bucket, **part)
            if bucket
            else ""
        )
        return Figure(
            str(number),
            told,
            of=required_in_words(target) if bucket is Bucket.COUNTED and not part else "",
            note=_("of them samples: {count}", count=samples) if samples else language.format_date(as_of),
            href=address if number else "",
        )

    figures(
        [
            card(standing.counted, bucket_name(standing, Bucket.COUNTED), Bucket.COUNTED),
            card(standing.pipeline, bucket_name(standing, Bucket.PIPELINE), Bucket.PIPELINE),
            *([] if part else [card(standing.missing, _("Still missing"), None)]),
            *([] if counties else [card(standing.count(Bucket.UNDATED), _("Undated, set apart"), Bucket.UNDATED)]),
        ]
    )
    source(rule_text(language, target, rule))
    if not counties:
        draw_completeness(standing)
    draw_bucket(standing)
    revision = current_revision(session)
    approvals = 0 if counties else approvals_in_address()
    points, ahead = course(
        target.code, rule.as_data(), part, as_of, present.samples, approvals, revision, session, scope
    )
    st.header(_("Month by month"))
    draw_progress(target, points, ahead)
    st.header(_("What is to be expected"))
    if not counties:
        draw_approvals_choice(approvals)
    draw_forecast(target, ahead, whole=not part)
    st.header(_("Taken apart"))
    for dimension in parts:
        draw_part(dimension)
    st.header(_("Counting rules"))
    if not counties:
        draw_comparison(sorted({min(target.period_end, present.today), as_of}))
    draw_rules()
    if target.rule_on(as_of).subject is Subject.PILOT and may_keep_targets(present):
        st.html(link(page_url("import_list", kind=PILOTS.name), _("Import a list of pilots")))
        draw_register_downloads(present, PILOTS)
    if not counties and may_keep_targets(present):
        with st.expander(_("Change the counting rule"), key="change_rule_expander"):
            draw_rule_form(target, present)
