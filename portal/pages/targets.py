"""看目标: every target of the policy, at the end of its period and on the date shown. ``?as_of=…``."""

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.components import link, notice, page_url, source
from portal.done_notice import draw_done
from portal.language import _, pick
from portal.storage import engine
from portal.targets.forms import draw_add_form, may_keep_targets
from portal.targets.standing import bar, draw_completeness, figure_link, required_in_words
from portal.visit import visit
from stations.answers.targets import STANDING_COLUMNS, TargetStandings
from stations.database import reading
from stations.province import province_name
from stations.targets.counting_rule import Bucket, Subject
from stations.targets.rule_text import counted_by
from stations.targets.target import TargetStanding, compare, list_targets, standings_on

present = visit()
language = present.language
st.title(_("Targets"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("What the policy promised, where each promise ended with its period, and where it stands on the date shown.")
    )
)
draw_done()
as_of = date_from_address(present.today)
draw_date_input(as_of, present.today)
source(
    _(
        "Records whose dates are not known stand under “In the pipeline” and “Undated” whatever the date shown; "
        "those with dates only from their date on."
    )
)


def _day(standing: TargetStanding, last: TargetStanding) -> str:
    day = language.format_date(standing.as_of)
    return day if standing is last else _("{date}, the end of the period", date=day)


def draw_target(shown: list[TargetStanding]) -> None:
    """Draw one target: the policy's wording, its figures, the counting rule, and what is unknown."""
    stands = shown[-1]
    target = stands.target
    detail = page_url("target", code=target.code, as_of=as_of.isoformat())
    st.html(Markup("<h3>{}</h3>").format(link(detail, pick(target.name_zh, target.name_en))))
    st.html(
        Markup('<blockquote lang="zh-CN" class="policy">{}<cite lang="zh-CN">{} {}</cite></blockquote>').format(
            target.quote, target.source, target.clause
        )
    )
    draw_answer(
        STANDING_COLUMNS,
        [TargetStandings(one, compare(one)) for one in shown],
        drawn={
            "on": lambda one: _day(one.standing, stands),
            "counted": lambda one: bar(one.standing),
            "pipeline": lambda one: figure_link(one.standing, Bucket.PIPELINE),
            "undated": lambda one: figure_link(one.standing, Bucket.UNDATED),
        },
        caption=_("Required: {required}", required=required_in_words(target)),
        notes=[
            pick(target.name_zh, target.name_en),
            counted_by(language, shown),
            f"{target.source} {target.clause}",
        ],
        file=pick(target.name_zh, target.name_en),
        numbers=("sample_counted", "missing", "pipeline", "undated"),
        stacks=True,
    )
    source(counted_by(language, shown))
    if stands.rule.subject is not Subject.COUNTY:
        draw_completeness(stands)
    st.html(Markup("<p>{}</p>").format(link(detail, _("Month by month, by city, forecast and rules"))))


with reading(engine()) as session:
    period = None
    targets = list_targets(session)
    if not targets:
        notice(
            _(
                "No policy with targets is on file for {province}, so there is nothing to measure here.",
                province=province_name(),
            )
        )
    for target in targets:
        if period != target.period:
            period = target.period
            st.header(
                _(
                    "Period {start} to {end}",
                    start=language.format_date(period[0]),
                    end=language.format_date(period[1]),
                )
            )
            if as_of < target.period_start:
                notice(_("The date shown lies before this period: nothing can be counted yet."), "warn")
        ended = target.period_end < present.today
        days = [target.period_end, as_of] if ended else [as_of]
        draw_target(standings_on(session, target, days, samples=present.samples))
    if may_keep_targets(present):
        with st.expander(_("Add a later period's target"), key="add_target_expander"):
            draw_add_form(present)
