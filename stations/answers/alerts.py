"""Coverage alerts: those of an area, those raised and ended by a check, and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stations.alerts.alert_notices import alert_in_words
from stations.alerts.alert_rules import CoverageAlertRule
from stations.alerts.alerts import CoverageAlert, CoverageCheck
from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing, sample_note
from stations.language import N_, Bilingual, Language, Worded


@dataclass(frozen=True)
class AlertCheck:
    """The result of a check of coverage, with the number of notices put into the outbox."""

    found: CoverageCheck
    notices: int


def state_in_words(alert: CoverageAlert, language: Language) -> str:
    """Return in words whether somebody has dealt with an alert."""
    if alert.settled_on:
        return language.translate(N_("Settled on {date}"), date=language.format_date(alert.settled_on))
    if alert.acknowledged_at:
        return language.translate(
            N_("Acknowledged by {who}: {note}"), who=alert.acknowledged_by, note=alert.note or "—"
        )
    return language.translate(N_("Not dealt with yet"))


ALERTS: Columns[CoverageAlert] = Columns(
    Column("code", lambda alert: alert.code, N_("Record code")),
    Column("rule", lambda alert: alert.rule_code, N_("Rule")),
    Column("adcode", lambda alert: alert.county_adcode, N_("Adcode")),
    Column(
        "county",
        lambda alert: Bilingual(alert.county.name, alert.county.name_en),
        N_("County, city or district"),
    ),
    Column("kind", lambda alert: alert.rule.kind, N_("What")),
    Column("message", lambda alert: alert, N_("In words"), show=alert_in_words, in_data=False),
    Column("role", lambda alert: alert.rule.role, N_("Told to")),
    Column("since", lambda alert: alert.since, N_("Since")),
    Column("raised_on", lambda alert: alert.raised_on, N_("Raised")),
    Column("settled_on", lambda alert: alert.settled_on),
    Column("acknowledged_by", lambda alert: alert.acknowledged_by),
    Column("note", lambda alert: alert.note),
    Column("state", lambda alert: alert, N_("State"), show=state_in_words, in_data=False),
    Column("sample", lambda alert: alert.sample, N_("Sample")),
)
"""Alerts of coverage."""

ALERT_PAGE_COLUMNS = ALERTS.take("county", "kind", "message", "role", "raised_on", "state")
"""The table of alerts on the page."""

ALERT_KEYS = ("code", "adcode", "county", "kind", "message", "role", "since", "raised_on", "state", "sample")
ALERT_COLUMNS = ALERTS.take(*ALERT_KEYS)
"""The same table on the command line and in a file."""

ALERT_LIST: Presentation[Sequence[CoverageAlert], CoverageAlert] = Presentation(
    data=lambda alerts, language: [
        ALERTS.as_data(alert) | {"message": alert_in_words(alert, language)} for alert in alerts
    ],
    rows=lambda alerts: alerts,
    columns=lambda _alerts: ALERT_COLUMNS,
    notes=lambda alerts, language: [sample_note(language, sum(alert.sample for alert in alerts))],
)
"""The alerts in a person's area, newest first."""


@dataclass(frozen=True)
class CheckedAlert:
    """An alert with what a check did with it: a message."""

    outcome: Worded
    alert: CoverageAlert


def _of_alert(key: str) -> Column[CheckedAlert]:
    """Return a column of alerts for the alerts of a check."""
    column = ALERTS[key]
    return Column(column.key, lambda one: column.value(one.alert), column.label, column.show, column.data)


CHECKED: Columns[CheckedAlert] = Columns(
    Column("outcome", lambda one: one.outcome, N_("Outcome"), in_data=False),
    *(_of_alert(key) for key in ("code", "county", "rule", "since")),
)
"""The alerts of a check, each with its outcome."""


def _checked(check: AlertCheck) -> Sequence[CheckedAlert]:
    raised, settled = Worded(N_("raised")), Worded(N_("settled"))
    return [
        *(CheckedAlert(raised, one) for one in check.found.raised),
        *(CheckedAlert(settled, one) for one in check.found.settled),
    ]


def _check_data(check: AlertCheck, _language: object) -> dict[str, Any]:
    return {
        "on": check.found.on.isoformat(),
        "raised": [ALERTS.as_data(one) for one in check.found.raised],
        "settled": [ALERTS.as_data(one) for one in check.found.settled],
        "notices": check.notices,
    }


CHECK: Presentation[AlertCheck, CheckedAlert] = Presentation(
    data=_check_data,
    rows=_checked,
    columns=lambda _check: CHECKED.take("outcome", "code", "county", "rule", "since"),
    notes=lambda check, language: [sample_note(language, sum(one.alert.sample for one in _checked(check)))],
)
"""The alerts raised and ended by a check of coverage."""

RULES: Columns[CoverageAlertRule] = Columns(
    Column("code", lambda rule: rule.code, N_("Record code")),
    Column("kind", lambda rule: rule.kind, N_("Kind")),
    Column("days", lambda rule: rule.days, N_("Days")),
    Column("role", lambda rule: rule.role, N_("Role")),
    Column("active", lambda rule: rule.active, N_("In force")),
)

RULE_KEYS = ("code", "kind", "days", "role", "active")
RULE_COLUMNS = RULES.take(*RULE_KEYS)
RULE_PAGE_COLUMNS = RULES.take("kind", "days", "role")
"""The table of the rules on the page, where a rule that is not in force has no days."""

ALERT_RULES = listing(RULES, *RULE_KEYS)
"""The rules that raise alerts."""
