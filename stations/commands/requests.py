"""Requests: the queue of the acting person, and escalating overdue requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from stations.accounts.accounts import actor_named
from stations.answers.jobs import ERASED, ESCALATED
from stations.answers.queue import QUEUE, queue_of
from stations.answers.reissued_code import REISSUED, Reissued
from stations.answers.wishes import WISH_LIST
from stations.catalogue.words import service_code
from stations.commands.call import Call, Output
from stations.commands.declaring import BY, argument, command, option
from stations.commands.parameter_types import INSTANT, POSITIVE, OneOf
from stations.duty.roles import Action, outside_duty
from stations.evaluation.basis import LISTED, requests_behind
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import read_period
from stations.firms.wishes import list_wishes
from stations.jobs import erasure, escalation
from stations.jobs.running import run_noted
from stations.language import N_, day_in_china
from stations.places.area_words import areas_on_file
from stations.requests.access import IdentityCheck, reissue_code
from stations.requests.desk_figures import desk_figures
from stations.requests.partner_parts import list_parts
from stations.requests.queue import QueueFilter
from stations.requests.queue_order import QueueOrder, SortedBy, read_place
from stations.requests.states import STATIONS_TURN, State
from stations.secret_codes import NewCode


@command(
    BY,
    option("--state", type=OneOf(State), multiple=True, metavar="STATE", help=N_("Only requests in this state.")),
    option("--overdue", is_flag=True, help=N_("Only requests whose day has passed.")),
    option("--escalated", is_flag=True, help=N_("Only requests escalated to a level of theirs.")),
    option("--urged", is_flag=True, help=N_("Only requests about which an urging awaits its answer.")),
    option("--mine", is_flag=True, help=N_("Only requests that are theirs to act on; with --state, theirs in it.")),
    option("--station", default="", metavar="CODE", help=N_("Only requests of the station.")),
    option("--county", default="", metavar="COUNTY", help=N_("Only requests of the county's stations.")),
    option("--city", default="", metavar="CITY", help=N_("Only requests of the city's stations.")),
    option("--service", default="", metavar="CODE", help=N_("Only requests for the service or group.")),
    option("--text", default="", metavar="TEXT", help=N_("Found in number, firm or product.")),
    option(
        "--figure", type=OneOf(LISTED), metavar="FIGURE", help=N_("Only requests behind this figure of the evaluation.")
    ),
    option("--period", default="", metavar="PERIOD", help=N_("The figure's period: a month, quarter or year.")),
    option("--order", type=OneOf(SortedBy), metavar="ORDER", help=N_("In this order, else the most urgent first.")),
    option("--down", is_flag=True, help=N_("In that order the other way round.")),
    option("--after", default="", metavar="PLACE", help=N_("Where the page begins, as “after” of the page before.")),
    option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many.")),
)
def queue_command(
    call: Call,
    *,
    by: str,
    state: tuple[State, ...],
    overdue: bool,
    escalated: bool,
    urged: bool,
    mine: bool,
    station: str,
    county: str,
    city: str,
    service: str,
    text: str,
    figure: Indicator | None,
    period: str,
    order: SortedBy | None,
    down: bool,
    after: str,
    limit: int,
) -> Output:
    """Return the requests in a person's duty, as that person may see them.

    Raises:
        InvalidInput: the city or county is not known.
        NotAllowed: the person's duty does not include requests.
    """
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        if not actor.may_somewhere(Action.SEE_REQUESTS):
            raise outside_duty(Action.SEE_REQUESTS)
        city_adcode, county_adcode = areas_on_file(session).read(city, county)
        asked = (figure, read_period(period)) if figure else None
        wanted = QueueFilter(
            states=frozenset(state) or (STATIONS_TURN if mine else frozenset()),
            overdue_on=call.today if overdue else None,
            station=station,
            county=county_adcode,
            city=city_adcode,
            service=service_code(session, service) if service else "",
            mine=mine,
            text=text,
            escalated=escalated,
            urged=urged,
            behind=requests_behind(*asked, call.today) if asked else None,
        )
        queue = queue_of(
            session,
            actor,
            wanted,
            samples=call.samples,
            today=call.today,
            figure=asked,
            order=QueueOrder(order or SortedBy.URGENCY, down),
            after=read_place(after),
            limit=limit,
        )
        parts = tuple(list_parts(session, actor, samples=call.samples))
        figures = desk_figures(session, actor, samples=call.samples, today=call.today)
    return Output(QUEUE, replace(queue, parts=parts, figures=figures))


@command(
    option(
        "--now",
        "moment",
        type=INSTANT,
        metavar="INSTANT",
        help=N_("As if it were then, such as 2026-11-24T09:00; now where it is left out."),
    )
)
def escalate_command(call: Call, moment: datetime | None) -> Output:
    """Escalate overdue requests, once; return which, with the deadline and the level notified."""
    now = moment or call.now
    turn = call.turn(day_in_china(now), now)
    # What is tried as if it were another time says nothing about the job.
    return Output(ESCALATED, escalation.JOB.run(turn) if moment else run_noted(escalation.JOB, turn))


@command(
    argument("number", help=N_("The tracking number.")),
    BY,
    option(
        "--check",
        type=OneOf(IdentityCheck),
        required=True,
        metavar="HOW",
        help=N_("How it was made sure who asks."),
    ),
)
def reissue_code_command(call: Call, number: str, by: str, check: IdentityCheck) -> Output:
    """Give a request a new code, for a firm that lost it and whose identity was checked."""
    code = NewCode()
    with call.transaction() as session:
        actor = actor_named(session, by, samples=call.samples)
        request = reissue_code(session, actor, number, check, code, now=call.now)
        return Output(REISSUED, Reissued(request.number, code.code))


@command(BY)
def wishes_command(call: Call, by: str) -> Output:
    """Return what firms wait for in an account's area of duty."""
    with call.reading() as session:
        return Output(WISH_LIST, list_wishes(session, actor_named(session, by, samples=call.samples)))


@command()
def erase_expired_command(call: Call) -> Output:
    """Erase what requests say of people and firms whose time is over; return how many."""
    return Output(ERASED, run_noted(erasure.JOB, call.turn(call.today)))
