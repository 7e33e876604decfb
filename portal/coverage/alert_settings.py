"""The rules that raise coverage alerts and the notification addresses of offices, with forms for those in charge."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import notice, source
from portal.duty.duties import area_in_words
from portal.form_action import do_or_tell, finish, seen_version
from portal.form_problems import FormProblems
from portal.language import _, current, pick
from portal.notices.notice_settings import notice_settings
from portal.option_labels import distinct
from portal.storage import engine
from portal.visit import visit
from stations.accounts.duty_choices import AreaChoice
from stations.alerts.alert_contacts import Office, list_offices, save_office
from stations.alerts.alert_rules import ACTING_ROLES, MOST_DAYS, AlertKind, add_rule, list_rules, set_days
from stations.answers.alert_offices import OFFICE_COLUMNS
from stations.answers.alerts import RULE_COLUMNS, RULE_PAGE_COLUMNS
from stations.database import reading
from stations.duty.roles import Action, Actor, whole_province
from stations.language import label
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.readers.email_address import ADDRESS_LIMIT


def draw_rules(actor: Actor) -> None:
    """Draw the rules in force; for those who may edit them, forms to change their days and to add a rule."""
    st.header(_("When an alert is raised"))
    with reading(engine()) as session:
        rules = list_rules(session)
    may = actor.may(Action.EDIT_ALERT_RULES, whole_province())
    if not may:
        draw_answer(
            RULE_PAGE_COLUMNS,
            rules,
            caption=_("Rules in force"),
            drawn={"days": lambda rule: str(rule.days) if rule.active else _("never")},
            headed={"kind": _("What"), "role": _("Who is to act")},
            numbers={"days"},
            saved=RULE_COLUMNS,
            stacks=True,
            file="alert-rules",
        )
        return
    with st.form("alert_rules", border=True):
        problems = FormProblems({"days": _("Days")})
        st.html(Markup("<p>{}</p>").format(_("Left empty, a rule raises no alert. What it has raised stays.")))
        given: dict[str, int | None] = {}
        for kind in AlertKind:
            st.html(Markup("<p><strong>{}</strong> {}</p>").format(label(current(), kind), _days_of(kind)))
            of_kind = [rule for rule in rules if rule.kind is kind]
            for column, rule in zip(st.columns(max(len(of_kind), 3)), of_kind, strict=False):
                given[rule.code] = column.number_input(
                    label(current(), rule.role),
                    min_value=1,
                    max_value=MOST_DAYS,
                    step=1,
                    value=rule.days if rule.active else None,
                    key=f"alert_days_{rule.code}",
                )
        if st.form_submit_button(_("Keep the rules"), type="primary") and do_or_tell(
            lambda session: set_days(session, visit().actor, given, now=visit().now), problems
        ):
            finish(_("The rules are kept."))
    with st.expander(_("Add a rule")), st.form("alert_rule_new", border=False, clear_on_submit=False):
        problems = FormProblems({"days": _("Days"), "role": _("Who is to act")})
        first, second, third = st.columns(3)
        kind = first.selectbox(_("What"), [*AlertKind], format_func=lambda one: label(current(), one))
        days = second.number_input(_("Days"), min_value=1, max_value=MOST_DAYS, step=1, value=None)
        role = third.selectbox(_("Who is to act"), list(ACTING_ROLES), format_func=lambda one: label(current(), one))
        if st.form_submit_button(_("Add the rule")) and do_or_tell(
            lambda session: add_rule(session, visit().actor, kind, days, role, now=visit().now), problems
        ):
            finish(_("The rule is added."))


def _days_of(kind: AlertKind) -> str:
    return {
        AlertKind.UNCOVERED: _("After how many days without a station is who told?"),
        AlertKind.ENDING: _("How many days before its last station goes is who told?"),
    }[kind]


def draw_contacts(actor: Actor) -> None:
    """Draw the notification addresses of the actor's offices, and a form to change them."""
    if not actor.may_somewhere(Action.EDIT_ALERT_CONTACTS):
        return
    st.header(_("Where the offices are told"))
    if actor.sample:
        notice(_("These are real people’s addresses, so an invented person is shown none."), "sample")
        return
    with reading(engine()) as session:
        offices = {office.area.code: office for office in list_offices(session, actor)}
    left = [office for office in offices.values() if office.addresses]
    if not left:
        notice(
            _("Your office has left no address: alerts go to the next level up.")
            if len(offices) == 1
            else _("No office has left an address yet: alerts are found on this page only."),
            "warn",
        )
    elif len(offices) > 1:
        told = _(
            "{left} of {all} offices have left an address. What concerns the others goes to the next level up.",
            left=len(left),
            all=len(offices),
        )
        st.html(Markup("<p>{}</p>").format(told))
    if left:
        draw_answer(
            OFFICE_COLUMNS,
            left,
            caption=_("Addresses that offices have left"),
            drawn={
                "office": lambda office: _name(office.area),
                **{channel.code: partial(_address, channel) for channel in CHANNELS},
            },
            saving=False,  # these are people's addresses
            stacks=True,
        )
    code = next(iter(offices))
    if len(offices) > 1:
        names = distinct({one: _name(office.area) for one, office in offices.items()})
        code = st.selectbox(
            _("Office to change"),
            list(names),
            format_func=names.__getitem__,
            filter_mode="contains",
            key="alert_office",
        )
    _draw_office(offices[code])
    source(
        _(
            "Coverage alerts and overdue requests of the area are told to these addresses. Each channel has at "
            "most one; left empty, it is not used."
        )
    )


def _draw_office(office: Office) -> None:
    key = f"alert_office_{office.area.code}"
    with st.form(key, border=True):
        problems = FormProblems({channel.code: label(current(), channel) for channel in CHANNELS})
        seen = seen_version(key, dict(office.addresses))
        given: dict[Channel, str] = {}
        for channel in CHANNELS:
            given[channel] = st.text_input(
                _(channel.address_label),
                value=office.addresses.get(channel, ""),
                max_chars=ADDRESS_LIMIT,
                key=f"{key}_{channel.code}",
                autocomplete="off",
            )
            problems.place(channel.code)
        missing = [label(current(), one) for one in CHANNELS if one not in notice_settings().channels]
        if missing:
            source(
                _(
                    "This installation does not send by these ways yet: {ways}. Notices wait until it does.",
                    ways=current().comma.join(missing),
                )
            )
        if st.form_submit_button(_("Keep the addresses"), type="primary") and do_or_tell(
            lambda session: save_office(session, visit().actor, office.area.code, given, seen=seen, now=visit().now),
            problems,
            key,
        ):
            finish(_("The addresses are kept."))


def _name(area: AreaChoice) -> str:
    return pick(area.name, area.name_en) if area.name else area_in_words(area.kind, area.code)


def _address(channel: Channel, office: Office) -> str:
    return office.addresses.get(channel, "")
