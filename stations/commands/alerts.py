"""Coverage alerts: the list, the check, the rules, and the offices' addresses."""

from __future__ import annotations

from datetime import date

from stations.accounts.accounts import actor_named
from stations.accounts.operator_actions import OPERATOR
from stations.alerts.alert_contacts import every_office, set_contact
from stations.alerts.alert_list import list_alerts
from stations.alerts.alert_rules import change_rule, list_rules
from stations.answers.alert_offices import CONTACT, OFFICE_LIST, Contact
from stations.answers.alerts import ALERT_LIST, ALERT_RULES, CHECK, AlertCheck
from stations.commands.call import Call, Output
from stations.commands.declaring import BY, argument, command, option
from stations.commands.parameter_types import DAY, POSITIVE, OneOf
from stations.jobs.coverage_check import JOB
from stations.jobs.running import run_noted
from stations.language import N_
from stations.notices.channel_table import CHANNELS
from stations.places.area_words import areas_on_file


@command(
    BY,
    option("--all", "everything", is_flag=True, help=N_("Also those settled, dealt with, or for others to act on.")),
    option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many.")),
)
def alerts_command(call: Call, by: str, everything: bool, limit: int) -> Output:
    """Return the alerts that a person is to act on, or all in the person's area, newest first.

    Raises:
        NotAllowed: the person's duty does not include alerts.
    """
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        found = list_alerts(session, actor, samples=call.samples, everything=everything, limit=limit)
    return Output(ALERT_LIST, found)


@command(option("--on", type=DAY, metavar="DATE", help=N_("The day checked; today where it is left out.")))
def check_coverage_command(call: Call, on: date | None) -> Output:
    """Raise and end the alerts about coverage as of a day; a second run does nothing."""
    found, notices = run_noted(JOB, call.turn(on or call.today))
    return Output(CHECK, AlertCheck(found, len(notices)))


@command(
    argument("area", required=False, default="", metavar="[AREA]", help=N_("The name or the adcode of the area.")),
    argument(
        "channel",
        type=OneOf(channel.code for channel in CHANNELS),
        required=False,
        metavar="[CHANNEL]",
        help=N_("How it is sent."),
    ),
    argument("address", required=False, default="", metavar="[ADDRESS]", help=N_("Where to; none takes it away.")),
)
def alert_contact_command(call: Call, area: str, channel: str | None, address: str) -> Output:
    """Set the address to which the office of an area gets alerts; without an area, list the addresses of all."""
    with call.transaction() as session:
        if not area:
            return Output(OFFICE_LIST, [office for office in every_office(session) if office.addresses])
        code = areas_on_file(session).find_area("area", area) or area
        kept = set_contact(session, code, channel or "", address, by=OPERATOR, now=call.now)
        return Output(CONTACT, Contact(code, channel or "", kept.address if kept else None))


@command(
    argument("code", required=False, metavar="[CODE]", help=N_("The rule to change.")),
    option("--days", type=POSITIVE, metavar="N", help=N_("How many days.")),
    option("--on/--off", "active", default=None, help=N_("Whether it raises alerts.")),
)
def alert_rules_command(call: Call, code: str | None, days: int | None, active: bool | None) -> Output:
    """List the rules that raise alerts; with a code, change one."""
    with call.transaction() as session:
        if code is not None:
            change_rule(session, code, days=days, active=active, by=OPERATOR, now=call.now)
        return Output(ALERT_RULES, list_rules(session))
