"""Coverage alerts: those raised and ended by a check, the rules, and the offices' addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stations.alerts.alert_rules import CoverageAlertRule
from stations.alerts.alerts import CoverageAlert, CoverageCheck
from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing, sample_note
from stations.language import N_, Worded


@dataclass(frozen=True)
class AlertCheck:
    """The result of a check of coverage, with the number of notices put into the outbox."""

    found: CoverageCheck
    notices: int


@dataclass(frozen=True)
class Contact:
    """The address to which the office of an area gets alerts; None: it gets none."""

    area: str
    channel: str
    address: str | None


Outcome = tuple[Worded, CoverageAlert]

ALERTS: Columns[Outcome] = Columns(
    Column("outcome", lambda one: one[0], N_("Outcome"), in_data=False),
    Column("code", lambda one: one[1].code, N_("Record code")),
    Column("rule", lambda one: one[1].rule_code, N_("Rule")),
    Column("adcode", lambda one: one[1].county_adcode),
    Column("county", lambda one: one[1].county.name, N_("County")),
    Column("since", lambda one: one[1].since, N_("Since")),
    Column("sample", lambda one: one[1].sample),
)
"""Alerts, each with what the check did."""


def _outcomes(check: AlertCheck) -> Sequence[Outcome]:
    raised, settled = Worded(N_("raised")), Worded(N_("settled"))
    return [*((raised, one) for one in check.found.raised), *((settled, one) for one in check.found.settled)]


def _check_data(check: AlertCheck, _language: object) -> dict[str, Any]:
    return {
        "on": check.found.on.isoformat(),
        "raised": [ALERTS.as_data((Worded(""), one)) for one in check.found.raised],
        "settled": [ALERTS.as_data((Worded(""), one)) for one in check.found.settled],
        "notices": check.notices,
    }


CHECK: Presentation[AlertCheck, Outcome] = Presentation(
    data=_check_data,
    rows=_outcomes,
    columns=lambda _check: ALERTS.take("outcome", "code", "county", "rule", "since"),
    notes=lambda check, language: [sample_note(language, sum(alert.sample for _, alert in _outcomes(check)))],
)
"""The alerts raised and ended by a check of coverage."""

CONTACTS: Columns[Contact] = Columns(
    Column("area", lambda one: one.area, N_("Area of duty")),
    Column("channel", lambda one: one.channel, N_("Channel")),
    Column("address", lambda one: one.address, N_("Address")),
)

CONTACT: Presentation[Contact, Contact] = Presentation(
    data=lambda one, _language: CONTACTS.as_data(one),
    rows=lambda one: [one],
    columns=lambda _one: CONTACTS.take("area", "channel", "address"),
)

RULES: Columns[CoverageAlertRule] = Columns(
    Column("code", lambda rule: rule.code, N_("Record code")),
    Column("kind", lambda rule: rule.kind, N_("Kind")),
    Column("days", lambda rule: rule.days, N_("Days")),
    Column("role", lambda rule: rule.role, N_("Role")),
    Column("active", lambda rule: rule.active, N_("In force")),
)

ALERT_RULES = listing(RULES, "code", "kind", "days", "role", "active")
"""The rules that raise alerts."""
