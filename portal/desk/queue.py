"""The queue of the work desk: the requests, most urgent first, in pages."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import Figure, figures, link, notice, page_url, sample_tag, table, tag
from portal.desk.bulk_actions import draw_bulk
from portal.desk.figure_behind import counted_cells, draw_figure_asked_for
from portal.desk.filters import draw_filters, figure_in_address, filters_in_address, read_filters
from portal.desk.lateness import lateness_tags
from portal.language import _, current, pick
from portal.paged_list import draw_turns
from portal.requests.deadlines import day_in_words, due_tag
from portal.visit import visit
from stations.duty.roles import Action, Actor, AreaKind
from stations.language import label
from stations.requests.deadlines import day_of, is_reminded
from stations.requests.escalation import Level, standing_levels
from stations.requests.queue import QueueFilter, count_requests, list_requests, place_of, read_place
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import shown_steward
from stations.requests.states import STATIONS_TURN, State

PAGE = 30


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
    found = list_requests(
        session,
        actor,
        wanted,
        samples=present.samples,
        after=read_place(text_in_address("after")),
        limit=PAGE + 1,
    )
    if not found:
        none = _("There are no requests here.")
        every = link(page_url("desk"), _("Show all requests")) if filters_in_address() else ""
        notice(Markup("{} {}").format(none, every))
        return
    shown = found[:PAGE]
    _draw_table(session, actor, shown, wide)
    last = place_of(shown[-1]) if len(found) > PAGE else None
    draw_turns("desk", filters_in_address(), last, _("More requests"))
    if actor.may_somewhere(Action.ANSWER_REQUESTS):
        draw_bulk(session, shown)


def _draw_figures(session: Session, actor: Actor, wide: bool) -> None:
    present = visit()

    def count(wanted: QueueFilter) -> str:
        return str(sum(count_requests(session, actor, wanted, samples=present.samples).values()))

    cards = [
        Figure(
            count(QueueFilter(states=STATIONS_TURN)),
            _("wait for the station"),
            href=page_url("desk", state=[state.value for state in State if state in STATIONS_TURN]),
        ),
        Figure(count(QueueFilter(overdue_on=present.today)), _("overdue"), href=page_url("desk", overdue="1")),
    ]
    if wide:
        escalated = count(QueueFilter(escalated=True))
        cards.append(Figure(escalated, _("escalated to you"), href=page_url("desk", escalated="1")))
    mine = count(QueueFilter(steward=actor.username, states=STATIONS_TURN))
    if mine != "0" or not wide:
        cards.append(
            Figure(
                mine,
                _("yours to act on"),
                href=page_url("desk", mine="1", state=[state.value for state in State if state in STATIONS_TURN]),
            )
        )
    figures(cards)


def _draw_table(session: Session, actor: Actor, shown: Sequence[ServiceRequest], wide: bool) -> None:
    levels = standing_levels(session, [request.id for request in shown])
    counted = counted_cells(session, shown)
    comma = "、" if current().code == "zh_CN" else ", "
    table(
        [
            _("Tracking number"),
            _("State"),
            *([] if counted else [_("Due")]),
            _("Firm"),
            _("What is counted") if counted else _("Services"),
            _("Station and steward") if wide else _("Quality steward"),
        ],
        [
            [
                Markup('<span class="nowrap queue-row">{}</span><br><small>{}</small>').format(
                    link(page_url("desk", number=request.number, **filters_in_address()), request.number),
                    _("filed {day}", day=current().format_date(day_of(request.created_at))),
                ),
                _state(request, levels.get(request.id)),
                *([] if counted else [_due(request)]),
                Markup('<div class="firm">{}</div>').format(request.firm_name),
                counted[place]
                if counted
                else comma.join(pick(item.service.name_zh, item.service.name_en) for item in request.items),
                Markup("{}<br>{}").format(
                    pick(request.station.name, request.station.name_en), shown_steward(actor, request)
                )
                if wide
                else shown_steward(actor, request),
            ]
            for place, request in enumerate(shown)
        ],
        caption=_("Requests, the most urgent first"),
        stacks=True,
        file="requests",
    )


def _state(request: ServiceRequest, level: Level | None) -> Markup:
    return Markup("{} {} {} {} {}").format(
        tag(label(current(), request.state), request.state.facts.tone),
        tag(_("Reminded"), "bad") if is_reminded(request) else "",
        tag(_("Escalated to {level}", level=label(current(), level)), "bad") if level else "",
        lateness_tags(request, visit().today, brief=True),
        sample_tag() if request.sample else "",
    )


def _due(request: ServiceRequest) -> Markup | str:
    if request.due_on is None:
        return ""
    return Markup('<span class="nowrap">{}</span> {}').format(
        day_in_words(request.due_on), due_tag(request.due_on, visit().today)
    )
