"""The queue of the work desk: the requests, most urgent first, in pages."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.components import Figure, Tone, figures, link, notice, page_url, tag
from portal.desk.bulk_actions import draw_bulk
from portal.desk.figure_behind import draw_figure_asked_for
from portal.desk.filters import draw_filters, figure_in_address, filters_in_address, read_filters
from portal.language import _, current, pick
from portal.paged_list import draw_turns
from portal.requests.deadlines import day_in_words, due_tag
from portal.visit import visit
from stations.answers.queue import Queue, QueuedRequest, Remark, queue_columns, queue_of, remark_in_words, remarks_on
from stations.answers.queue_counted import counted_in_words
from stations.duty.roles import Action, Actor, AreaKind
from stations.language import day_in_china, label
from stations.requests.desk_figures import desk_figures
from stations.requests.queue import count_requests
from stations.requests.queue_order import read_place
from stations.requests.states import STATIONS_TURN, State

PAGE = 30
TONES: dict[Remark, Tone] = {Remark.WISH_PASSED: "warn", Remark.SAMPLE: "sample"}


def draw_queue(session: Session, actor: Actor) -> None:
    """Draw the queue with its figures, filters and bulk actions."""
    present = visit()
    wide = any(duty.area_kind is not AreaKind.STATION for duty in actor.duties)
    if figure := figure_in_address():
        draw_figure_asked_for(session, actor, *figure)
    else:
        # Both cover the user's whole area, not only the requests behind a figure.
        _draw_figures(session, actor, wide)
    wanted = read_filters(actor)
    draw_filters(session, actor, count_requests(session, actor, samples=present.samples), wide=wide)
    queue = queue_of(
        session,
        actor,
        wanted,
        samples=present.samples,
        today=present.today,
        figure=figure,
        after=read_place(text_in_address("after")),
        limit=PAGE,
    )
    if not queue.requests:
        none = _("There are no requests here.")
        every = link(page_url("desk"), _("Show all requests")) if filters_in_address() else ""
        notice(Markup("{} {}").format(none, every))
        return
    _draw_table(queue)
    draw_turns("desk", filters_in_address(), queue.after, _("More requests"))
    if actor.may_somewhere(Action.ANSWER_REQUESTS):
        draw_bulk(session, [one.request for one in queue.requests])


def _draw_figures(session: Session, actor: Actor, wide: bool) -> None:
    present = visit()
    known = desk_figures(session, actor, samples=present.samples, today=present.today)
    turn = [state.value for state in State if state in STATIONS_TURN]
    cards = [
        Figure(str(known.waiting), _("wait for the station"), href=page_url("desk", state=turn)),
        Figure(str(known.overdue), _("overdue"), href=page_url("desk", overdue="1")),
    ]
    if wide:
        cards.append(Figure(str(known.escalated), _("escalated to you"), href=page_url("desk", escalated="1")))
    if known.mine or not wide:
        cards.append(Figure(str(known.mine), _("yours to act on"), href=page_url("desk", mine="1", state=turn)))
    figures(cards)


def _draw_table(queue: Queue) -> None:
    comma = current().comma
    draw_answer(
        queue_columns(queue),
        queue.requests,
        caption=_("Requests, the most urgent first"),
        drawn={
            "number": lambda one: Markup('<span class="nowrap queue-row">{}</span>').format(
                link(page_url("desk", number=one.request.number, **filters_in_address()), one.request.number)
            ),
            "filed_on": lambda one: current().format_date(day_in_china(one.request.created_at)),
            "state": lambda one: tag(label(current(), one.request.state), one.request.state.facts.tone),
            "escalated_to": lambda one: (
                tag(_("Escalated to {level}", level=label(current(), one.level)), "bad") if one.level else ""
            ),
            "remarks": _remarks,
            "due_on": lambda one: Markup('<span class="nowrap">{}</span>').format(
                day_in_words(one.request.due_on) if one.request.due_on else ""
            ),
            "working_days_left": lambda one: due_tag(one.request.due_on, visit().today) if one.request.due_on else "",
            "firm": lambda one: Markup('<div class="firm">{}</div>').format(
                _("erased") if one.request.erased_at else one.request.firm_name
            ),
            "service_names": lambda one: comma.join(
                pick(item.service.name_zh, item.service.name_en) for item in one.request.items
            ),
            "counted": _counted,
            "station_name": lambda one: Markup('<span class="breaks">{}</span>').format(
                pick(one.request.station.name, one.request.station.name_en)
            ),
        },
        beneath={
            "filed_on": "number",
            "escalated_to": "state",
            "remarks": "state",
            "working_days_left": "due_on",
            "steward": "station_name",
        },
        small={"filed_on"},
        headed={"station_name": _("Station and steward")},
        stacks=True,
        file="requests",
    )


def _remarks(one: QueuedRequest) -> Markup:
    return Markup(" ").join(
        tag(remark_in_words(one, remark, current()), TONES.get(remark, "bad")) for remark in remarks_on(one)
    )


def _counted(one: QueuedRequest) -> Markup:
    told = [(*counted_in_words(part, current()), part.in_time) for part in one.counted or ()]
    return Markup("<br>").join(
        Markup("{} {}").format(words, tag(judged, "good" if in_time else "bad")) for words, judged, in_time in told
    )
