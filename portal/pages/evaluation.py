"""服务效能评估: stations, counties or cities by their service in a period. ``?level=…&period=…&unit=…``."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice_of_one, draw_setting, text_in_address
from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, sample_tag, source, tag
from portal.done_notice import draw_done
from portal.duty.duty_page import end_signed_out
from portal.evaluation.figure import figure
from portal.evaluation.unit import MOST_COMPARED, draw_comparison, draw_unit
from portal.evaluation.weights_form import draw_weights
from portal.indicator_words import period_in_words, score_in_words
from portal.language import _, ngettext, pick
from portal.option_labels import distinct
from portal.page_end import end_page
from portal.storage import engine
from portal.visit import visit
from stations.accounts.accounts import names_of_people
from stations.answers.evaluation import indicators_of, unit_columns
from stations.answers.evaluation_scheme import MEANING_COLUMNS
from stations.database import reading
from stations.duty.roles import AreaKind
from stations.errors import DomainError
from stations.evaluation.indicators import INDICATORS, Indicator, UnitLevel
from stations.evaluation.period import latest_periods, month_of, read_period
from stations.evaluation.ranking import WHY_UNRANKED
from stations.evaluation.results import EvaluatedUnit, evaluate_for
from stations.evaluation.weights import list_schemes
from stations.language import label
from stations.places.counties import list_cities

MONTHS = 18
SHOWN = 60
# Two indicators of one kind share a column, one beneath the other, so that the table fits a screen.
PAIRS = {
    Indicator.REQUESTS: Indicator.FIRMS,
    Indicator.ANSWERED_IN_TIME: Indicator.DELIVERED_IN_TIME,
    Indicator.MEDIAN_DAYS: Indicator.P90_DAYS,
    Indicator.REOPENED: Indicator.REFUSED,
    Indicator.BREADTH: Indicator.VISITS,
}

present = visit()
language, actor = present.language, present.actor
st.title(_("Evaluation of the service"))
st.html(Markup('<p class="back">{}</p>').format(link(page_url("desk"), _("Work desk"))))
if actor is None:
    end_signed_out(_("For stewards, administrators and planners."), "/evaluation")
draw_done()

narrow = all(duty.area_kind is AreaKind.STATION for duty in actor.duties)
whole = any(duty.area_kind is AreaKind.PROVINCE for duty in actor.duties)
levels = {one.value: label(language, one) for one in UnitLevel}
offered = {one.text: period_in_words(one) for one in latest_periods(present.today, MONTHS)}
with reading(engine()) as session:
    cities = {city.adcode: pick(city.name, city.name_en) for city in list_cities(session)}
columns = st.columns(3)
with columns[0]:
    usual = UnitLevel.STATION if narrow else UnitLevel.CITY if whole else UnitLevel.COUNTY
    level = UnitLevel(draw_setting("level", _("What to evaluate"), levels, usual.value))
with columns[1]:
    text = draw_setting("period", _("Period"), offered, month_of(present.today).before().text)
with columns[2]:
    city = None if narrow or level is UnitLevel.CITY else draw_choice_of_one("city", _("City"), cities)
period = read_period(text)
with reading(engine()) as session:
    try:
        evaluated = evaluate_for(session, actor, period, level, today=present.today, samples=present.samples)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        end_page()
    schemes = list_schemes(session)
    people = names_of_people(session, [scheme.recorded_by for scheme in schemes])
units = [unit for unit in evaluated.units if not city or unit.area.city == city]
busy = [unit for unit in units if unit.weighed]
few = evaluated.scheme.few
caption = _(
    "{level}, {period}: the best first, below them by code those not ranked",
    level=label(language, level),
    period=offered[period.text],
)


def standing(unit: EvaluatedUnit) -> str | Markup:
    """Return the rank, or the reason why there is none."""
    if unit.rank is not None:
        return _("{rank} of {ranked}", rank=unit.rank, ranked=evaluated.ranked)
    return tag(_(WHY_UNRANKED[unit.unranked]), "warn") if unit.unranked else "—"


def name(unit: EvaluatedUnit) -> Markup:
    """Return the unit's name, linked to its score."""
    query = {key: st.query_params.get_all(key) for key in ("level", "period", "city") if key in st.query_params}
    told = link(page_url("evaluation", unit=unit.code, **query), pick(unit.name, unit.name_en))
    return Markup("{} {}").format(told, sample_tag() if unit.samples else "")


def headings(first: str) -> Markup:
    """Return the headings of an indicator and of the one drawn beneath it, one below the other."""
    both = (Indicator(first), PAIRS[Indicator(first)])
    return Markup("<br>").join(label(language, one) for one in both)


def _figure(indicator: Indicator, unit: EvaluatedUnit) -> str | Markup:
    return figure(unit, indicator, level, period, few)


if period.last >= present.today:
    notice(_("This period still runs; what is due later is not judged yet."), "warn")
if not units:
    notice(_("There is nothing of your duty at this level."))
    end_page()
shown_indicators = indicators_of(evaluated)
if not busy:
    notice(_("Nothing happened in this period at this level."))
every_column = unit_columns(evaluated)
beneath = {below.value: first.value for first, below in PAIRS.items()}
with st.container(key="wide"):
    draw_answer(
        [column for column in every_column if column.key in {"rank", "name", "score", *shown_indicators}],
        busy[:SHOWN],
        caption=caption,
        drawn={
            "rank": standing,
            "name": name,
            "score": lambda unit: Markup("<strong>{}</strong>").format(score_in_words(unit.score)) if unit.rank else "",
            **{one.value: partial(_figure, one) for one in shown_indicators},
        },
        beneath=beneath,
        headed={first: headings(first) for first in beneath.values()},
        numbers=("score", *(one.value for one in shown_indicators)),
        saved=every_column,
        saved_rows=units,
        stacks=True,
        notes=[_(INDICATORS[one]) for one in shown_indicators],
        file=f"evaluation-{level}-{period.text}",
    )
if len(busy) > SHOWN:
    more = ngettext(
        "{count} more; choose a city to see it.", "{count} more; choose a city to see them.", len(busy) - SHOWN
    )
    source(more)
idle = [pick(unit.name, unit.name_en) for unit in units if not unit.weighed]
if idle:
    source(
        _(
            "Nothing filed, due or delivered in the period ({count}): {names}",
            count=len(idle),
            names=language.join(idle),
        )
    )
source(
    _(
        "Not ranked: units without a request in the period, of which nothing was due yet, or with fewer than {few} "
        "requests and deliveries; they stand below, by code. Figures resting on fewer than {few} say on how many (n). "
        "Each figure opens the requests behind it.",
        few=few,
    )
)
if evaluated.firms_figure is None:
    source(_("Firms reached per 1,000 are not told: nobody has imported how many firms each county has."))
elif level is not UnitLevel.STATION:
    known = evaluated.firms_figure
    source(_("Number of firms: {name}, {year}; {source}", name=known.name, year=known.year, source=known.source))
with st.expander(_("What each figure counts")):
    draw_answer(MEANING_COLUMNS, Indicator, caption=_("Indicators"), file="evaluation-indicators")
draw_weights(evaluated.scheme, schemes, people)
by_code = {unit.code: unit for unit in evaluated.units}
with reading(engine()) as session:
    chosen = by_code.get(text_in_address("unit"))
    if chosen:
        draw_unit(session, evaluated, chosen)
    if len(busy) > 1:
        st.header(_("Compare"))
        names = distinct({unit.code: pick(unit.name, unit.name_en) for unit in busy})
        compared = st.multiselect(
            _("Up to {most}", most=MOST_COMPARED),
            list(names),
            format_func=names.__getitem__,
            max_selections=MOST_COMPARED,
            placeholder=_("Choose two or more"),
            key=f"compared_{level}",
        )
        if len(compared) > 1:
            draw_comparison(session, evaluated, [by_code[code] for code in compared])
