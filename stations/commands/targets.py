"""The policy's targets: their progress, changing a rule, and adding a target."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from stations.accounts.accounts import actor_named
from stations.answers.targets import CHANGED_TARGET, STANDINGS, TARGET, ChangedTarget, target_report, targets_on
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, BY, argument, command, option
from stations.commands.parameter_types import DAY, POSITIVE, OneOf, Reader
from stations.duty.roles import Actor
from stations.language import N_
from stations.readers.numbers import read_whole_number
from stations.registry.centre import CentreLevel
from stations.targets.counting_rule import KINDS_OF, CountingRule, Measure, Subject, Within
from stations.targets.keeping import TargetDraft, add_target, change_rule
from stations.targets.new_approvals import MOST_A_YEAR
from stations.targets.target import get_target

CODE = argument("code", help=N_("The target's code, as “targets” lists it."))


@command(AS_OF)
def targets_command(call: Call, as_of: date | None) -> Output:
    """Return the progress of every target."""
    with call.reading() as session:
        return Output(STANDINGS, targets_on(session, as_of or call.today, samples=call.samples))


@command(
    CODE,
    option(
        "--approvals",
        type=Reader("number", lambda field, text: read_whole_number(field, text, 1, MOST_A_YEAR)),
        metavar="N",
        help=N_("What if N more were approved every year; none by default."),
    ),
    AS_OF,
)
def target_command(call: Call, code: str, approvals: int | None, as_of: date | None) -> Output:
    """Return one target in full."""
    with call.reading() as session:
        day = as_of or call.today
        told = target_report(session, code, day, samples=call.samples, approvals_a_year=approvals or 0)
        return Output(TARGET, told)


@command(
    CODE,
    argument("measure", type=OneOf(Measure), metavar="RULE", help=N_("The rule to count by.")),
    option("--reason", required=True, metavar="TEXT", help=N_("Why; kept with the rule.")),
    BY,
)
def change_rule_command(call: Call, code: str, measure: Measure, reason: str, by: str) -> Output:
    """Count a target by another rule from today on."""
    with call.transaction() as session:
        actor = _actor(session, call, by)
        asked = get_target(session, code)
        rule = asked.rule_on(call.today).measured_by(measure)
        changed = change_rule(session, actor, code, rule, reason=reason, version=asked.version, now=call.now)
    return Output(CHANGED_TARGET, ChangedTarget(changed, call.today))


@command(
    argument("name_zh", metavar="NAME", help=N_("What it is called in Chinese.")),
    option("--name-en", default="", metavar="NAME", help=N_("What it is called in English.")),
    option("--required", "needed", type=POSITIVE, required=True, metavar="N", help=N_("How many are promised.")),
    option("--at-least", is_flag=True, help=N_("More is welcome.")),
    option("--from", "period_start", type=DAY, required=True, metavar="DATE", help=N_("The first day of its period.")),
    option("--until", "period_end", type=DAY, required=True, metavar="DATE", help=N_("The last day of its period.")),
    option("--source", required=True, metavar="TEXT", help=N_("The policy that promises it.")),
    option("--clause", required=True, metavar="TEXT", help=N_("The clause of the policy.")),
    option("--quote", required=True, metavar="TEXT", help=N_("The words of the clause.")),
    option("--subject", type=OneOf(Subject), required=True, metavar="WHAT", help=N_("What is counted.")),
    option("--level", multiple=True, metavar="LEVEL", help=N_("A level of centres that counts; all by default.")),
    option("--kind", multiple=True, metavar="KIND", help=N_("A kind that counts; all by default.")),
    option(
        "--measure",
        type=OneOf(Measure),
        default=Measure.ACCEPTED_IN_PERIOD,
        told_default=Measure.ACCEPTED_IN_PERIOD.value,
        metavar="RULE",
        help=N_("The rule to count by."),
    ),
    BY,
)
def add_target_command(
    call: Call,
    *,
    name_zh: str,
    name_en: str,
    needed: int,
    at_least: bool,
    period_start: date,
    period_end: date,
    source: str,
    clause: str,
    quote: str,
    subject: Subject,
    level: tuple[str, ...],
    kind: tuple[str, ...],
    measure: Measure,
    by: str,
) -> Output:
    """Add a target for a period."""
    draft = TargetDraft(
        name_zh=name_zh,
        name_en=name_en,
        required=needed,
        at_least=at_least,
        period_start=period_start,
        period_end=period_end,
        clause=clause,
        quote=quote,
        source=source,
        rule=_rule(subject, level, kind, measure),
    )
    with call.transaction() as session:
        added = add_target(session, _actor(session, call, by), draft, now=call.now)
    return Output(CHANGED_TARGET, ChangedTarget(added, call.today))


def _rule(subject: Subject, levels: tuple[str, ...], kinds: tuple[str, ...], measure: Measure) -> CountingRule:
    if subject is Subject.COUNTY:
        return CountingRule(Subject.COUNTY)
    rule = {
        "subject": subject.value,
        "levels": list(levels or CentreLevel),
        "kinds": list(kinds or KINDS_OF[subject]),
        "stage": "accepted",
        "within": Within.PERIOD.value,
    }
    return CountingRule.of_data(rule).measured_by(measure)


def _actor(session: Session, call: Call, username: str) -> Actor:
    return actor_named(session, username, samples=call.samples)
