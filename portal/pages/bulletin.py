"""月度通报: the figures of a month, and the bulletin as a Word document. ``?month=2026-10``."""

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from portal.components import Figure, figures, link, notice, page_url, sample_tag, source
from portal.done_notice import draw_done
from portal.duty.duty_page import end_signed_out
from portal.evaluation.bulletin_letter import draw_letter
from portal.language import _
from portal.page_end import end_page
from portal.settings import settings
from portal.storage import engine
from portal.visit import visit
from stations.bulletin.document import bulletin_docx
from stations.bulletin.figures import make_bulletin
from stations.bulletin.letter import letter_of
from stations.bulletin.official_layout import MIME
from stations.bulletin.request_figures import RequestFigures
from stations.coverage.through_time import FIRST_DAY
from stations.database import reading
from stations.duty.roles import Action, outside_duty, whole_province
from stations.errors import DomainError
from stations.evaluation.indicators import UnitLevel
from stations.evaluation.period import months_since
from stations.readers.dates import read_month

present = visit()
language = present.language
st.title(_("Monthly bulletin"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Coverage, targets and requests of a month, as a Word document in the layout of official documents.")
    )
)
if present.actor is None:
    end_signed_out(_("For the province’s administrators."), "/bulletin")
if not present.actor.may(Action.SEND_BULLETIN, whole_province(sample=present.samples)):
    told = _(outside_duty(Action.SEND_BULLETIN).message, **outside_duty(Action.SEND_BULLETIN).params)
    notice(Markup("{} {}").format(told, link(page_url("coverage"), _("The figures of today: Coverage"))), "warn")
    end_page()
months = [one.text for one in months_since(FIRST_DAY, present.today)]
asked = st.query_params.get("month", months[1])
st.session_state["bulletin_month"] = asked if asked in months else months[1]


def choose() -> None:
    """Write the chosen month to the address."""
    st.query_params["month"] = st.session_state["bulletin_month"]


st.selectbox(
    _("Month"),
    months,
    key="bulletin_month",
    format_func=lambda text: language.format_date(read_month("month", text), "month"),
    on_change=choose,
    width=220,
)
draw_done()
try:
    month = read_month("month", asked)
    with reading(engine()) as session:
        gathered = make_bulletin(session, present.actor, month, samples=present.samples, today=present.today)
        letter = letter_of(session, month, samples=present.samples)
except DomainError as error:
    notice(_(error.message, **error.params), "warn")
    end_page()
if gathered.running:
    told = _("This month still runs: the figures are as of {date}.", date=language.format_date(gathered.as_of))
    notice(told, "warn")
if gathered.holds_samples:
    text = _("The figures hold invented sample records; the document says so at its head and beside each of them.")
    notice(Markup("{} {}").format(sample_tag(), text), "sample")


def share_in_time(told: str, count: int, due: int) -> Figure:
    """Return the share done in time of what was due in the month; a dash if nothing was due."""
    share = language.format_percent(count / due, 1) if due else "—"
    return Figure(share, told, note=_("{count} of {due} due in the month", count=count, due=due))


now, requests = gathered.coverage, gathered.requests[whole_province().province]


def compared(count: int, before: int | None, year_before: int | None) -> str:
    """Return how a count differs from the month before and from the same month of last year; None: nothing is on
    record of then.
    """
    told = []
    if before is not None:
        changed = _("{change} on the month before", change=f"{count - before:+d}")
        told.append(changed if count != before else _("as many as the month before"))
    if year_before is not None:
        changed = _("{change} on last year", change=f"{count - year_before:+d}")
        told.append(changed if count != year_before else _("as many as a year ago"))
    return language.join(told)


def compared_requests(count: Callable[[RequestFigures], int]) -> str:
    """Return how a count of requests differs; nothing is on record of a month in which nothing happened."""
    before, last_year = (
        None if told.idle else count(told) for told in (gathered.requests_before, gathered.requests_year_before)
    )
    return compared(count(requests), before, last_year)


figures(
    [
        Figure(
            str(now.covered),
            _("counties covered"),
            of=str(now.total),
            note=compared(now.covered, gathered.before.covered, gathered.year_before.covered),
        ),
        Figure(str(len(now.uncovered)), _("not covered")),
        Figure(
            str(requests.filed),
            _("requests received"),
            note=compared_requests(lambda told: told.filed),
        ),
        Figure(
            str(requests.delivered),
            _("requests delivered"),
            note=compared_requests(lambda told: told.delivered),
        ),
        share_in_time(_("answered in time"), requests.answered_in_time, requests.answers_due),
        share_in_time(_("services delivered in time"), requests.delivered_in_time, requests.deliveries_due),
        Figure(
            str(requests.overdue),
            _("services overdue and not delivered"),
            note=_("as of {date}", date=language.format_date(gathered.as_of)),
        ),
    ]
)
by_city = page_url("evaluation", level=UnitLevel.CITY, period=f"{gathered.month:%Y-%m}")
source(
    Markup("{} {}").format(
        _("In time: of what fell due in the month; what is due and not done counts as late."),
        link(by_city, _("City by city: Evaluation of the service")),
    )
)
draw_letter(letter, month)
moment, review_number = present.now, settings().map_review_number
st.download_button(
    _("Save the bulletin (Word)"),
    lambda: bulletin_docx(gathered, now=moment, letter=letter, review_number=review_number),
    file_name=_("bulletin-{month}", month=f"{gathered.month:%Y-%m}") + ".docx",
    mime=MIME,
    on_click="ignore",
    type="primary",
)
source(_("Layout after GB/T 9704-2012; the document is in Chinese."))
