"""The figures of the overview, each opening its records."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.components import page_url
from portal.indicator_words import period_in_words, value_in_words
from portal.language import _, current, ngettext
from stations.coverage.through_time import Danger
from stations.duty.roles import AreaKind
from stations.evaluation.indicators import Indicator
from stations.language import label
from stations.overview.overview import CoveragePoint, Overview
from stations.targets.rule_text import rule_text, short_rule_text


def draw_cards(found: Overview) -> None:
    """Draw them."""
    where = area_in_address(found)
    period = found.period.text
    cards = [
        *_coverage(found),
        _card(
            current().format_number(found.filed),
            _("requests"),
            page_url("desk", figure="requests", period=period, **where),
            note=period_in_words(found.period),
        ),
        _share(found, Indicator.ANSWERED_IN_TIME, _("answers in time")),
        _share(found, Indicator.DELIVERED_IN_TIME, _("delivered in time")),
        _share(found, Indicator.SATISFACTION, _("satisfaction, of 5")),
    ]
    if found.desk is not None:
        cards += [
            _card(
                str(found.desk.overdue),
                _("overdue now"),
                page_url("desk", overdue="1"),
                note=_("of {count} that wait for a station", count=found.desk.waiting),
                tone="bad" if found.desk.overdue else "good",
            ),
            _card(
                str(found.desk.urged),
                _("being urged"),
                page_url("desk", urged="1"),
                note=_("{count} for you to answer", count=found.desk.to_answer),
            ),
        ]
    if found.alerts is not None:
        cards.append(_card(str(found.alerts), _("coverage alerts open"), page_url("alerts")))
    if found.proposals is not None:
        cards.append(_card(str(found.proposals), _("proposals waiting"), page_url("proposals", state="waiting")))
    st.html(Markup('<div class="overview-cards">{}</div>').format(Markup("").join(cards)))


def _coverage(found: Overview) -> list[Markup]:
    """Return the cards of coverage and of the first target; none where the county of a station is not known."""
    if not found.counties:
        return []
    return [
        _card(
            f"{found.covered}",
            _("counties with a station"),
            page_url("coverage"),
            of=str(found.counties),
            note=_("{count} fully served", count=found.fully_served),
            drawn=_curve(found.curve, found.counties),
        ),
        *(
            _card(
                str(one.counted),
                short_rule_text(current(), one.rule),
                page_url("target", code=one.target.code),
                of=str(one.target.required),
                note=Markup('<span title="{}">{}{}{}</span>').format(
                    rule_text(current(), one.target, one.rule),
                    label(current(), one.rule.subject),
                    _(", "),
                    _("{count} missing", count=one.missing) if one.missing else _("reached"),
                ),
                tone="" if one.missing else "good",
            )
            for one in found.targets[:1]
        ),
        _card(
            str(len(found.endangered)),
            _("may fall out"),
            page_url("coverage_history"),
            note=ngettext(
                "{count} with a known last day",
                "{count} with a known last day",
                sum(one.danger is Danger.ENDING for one in found.endangered),
            ),
            tone="warn" if found.endangered else "",
        ),
    ]


def area_in_address(found: Overview) -> dict[str, str]:
    """Return the filter of the desk for the whole area."""
    kind = found.duty.area_kind
    return {} if kind is AreaKind.PROVINCE else {kind.value: found.duty.area_code}


def _share(found: Overview, indicator: Indicator, name: str) -> Markup:
    href = page_url("desk", figure=indicator.value, period=found.period.text, **area_in_address(found))
    return _card(value_in_words(indicator, found.means[indicator]), name, href, note=period_in_words(found.period))


def _card(
    number: str,
    name: str,
    href: str,
    *,
    of: str = "",
    note: str | Markup = "",
    tone: str = "",
    drawn: Markup | str = "",
) -> Markup:
    whole = Markup(" <small>/ {}</small>").format(of) if of else ""
    return Markup(
        '<a class="overview-card {}" href="{}" target="_self"><span class="number">{}{}</span>'
        "<strong>{}</strong><span class=\"note\">{}</span>{}</a>"
    ).format(tone, href, number, whole, name, note, drawn)


def _curve(points: Sequence[CoveragePoint], whole: int) -> Markup:
    """Return the curve of covered counties, a bar for each month, with its ends in words."""
    told = _(
        "{first} covered on {start}, {last} on {end}",
        first=points[0].covered,
        start=current().format_date(points[0].day),
        last=points[-1].covered,
        end=current().format_date(points[-1].day),
    )
    bars = Markup("").join(
        Markup('<span style="height: {}%" title="{}: {}"></span>').format(
            round(100 * point.covered / max(whole, 1)), point.day.isoformat(), point.covered
        )
        for point in points
    )
    return Markup('<span class="curve" role="img" aria-label="{}">{}</span>').format(told, bars)
