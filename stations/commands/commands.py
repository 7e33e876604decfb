"""The commands of ``python -m stations``: what each is for, what it takes, and who answers it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from stations.answers.answer import Answer, Question
from stations.commands.argument_readers import day, degrees, instant, number, positive
from stations.duty.roles import Role
from stations.evaluation.indicators import UnitLevel
from stations.language import N_, Language
from stations.notices.channel_table import CHANNELS
from stations.planning.demand import Weighting
from stations.planning.reach import DEFAULT_CATCHMENT_KM
from stations.planning.siting_question import DEFAULT_WITHIN_KM, SitingModel
from stations.planning.station_siting import DEFAULT_TIME_LIMIT_S
from stations.registry.centre import CentreKind
from stations.targets.counting_rule import Measure, Subject


@dataclass(frozen=True)
class Command:
    """A command: its one-line help, the arguments it takes and the function that answers, by its name in
    ``stations.answers``: ``reach`` need not load what only ``bulletin`` draws with."""

    help: str
    answered_by: str
    arguments: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = ()
    needs_database: bool = True

    def answer(self, question: Question) -> Answer:
        """What the function answers, loaded now."""
        module, function = self.answered_by.rsplit(".", 1)
        return getattr(import_module(f"stations.answers.{module}"), function)(question)


def commands(language: Language) -> dict[str, Command]:
    """Every command by its name, its arguments read and told of in ``language``."""
    as_of = (
        ("--as-of",),
        {"type": day(language), "metavar": "DATE", "help": "the day asked about (default: today)"},
    )
    crs = (("--crs",), {"default": "wgs84", "metavar": "CRS", "help": "wgs84, gcj02 or bd09 (default: wgs84)"})
    by = (("--by",), {"required": True, "metavar": "USERNAME", "help": "the account that acts"})
    kilometres = number(language, N_("“{text}” is not a number of kilometres; write it as 30"))
    amount = number(language, N_("“{text}” is not an amount; write it as 120 or 120.5"))
    out = (("--out",), {"required": True, "metavar": "FILE", "help": "the file to write"})
    place = tuple(((name,), {"type": degrees(language, name), "metavar": name.upper()}) for name in ("lon", "lat"))
    weights_help = f"{', '.join(Weighting)}, or the code of an imported figure"
    return {
        "setup": Command("create or upgrade the database and load its data", "registers.setup", needs_database=False),
        "coverage": Command("which counties are covered", "registers.coverage", (as_of,)),
        "coverage-curve": Command(
            "covered and fully served counties through time",
            "coverage.coverage_curve",
            (
                (("--from",), {"dest": "start", "type": day(language), "metavar": "DATE"}),
                (("--to",), {"dest": "end", "type": day(language), "metavar": "DATE"}),
                (("--step",), {"default": "month", "metavar": "STEP", "help": "month or day (default: month)"}),
            ),
        ),
        "coverage-changes": Command(
            "which counties gained or lost coverage between two dates, and through which stations",
            "coverage.coverage_changes",
            tuple(((name,), {"type": day(language), "metavar": name.upper()}) for name in ("start", "end")),
        ),
        "coverage-risk": Command(
            "which covered counties are about to fall uncovered or rest on one station",
            "coverage.coverage_risk",
            (as_of,),
        ),
        "coverage-reach": Command(
            "share of area and people within 10, 20 and 30 km of a station", "coverage.coverage_reach", (as_of,)
        ),
        "check-coverage": Command(
            "raise and settle alerts about coverage; run it daily, a second run does nothing",
            "coverage.check",
            ((("--on",), {"type": day(language), "metavar": "DATE", "help": "the day checked (default: today)"}),),
        ),
        "alert-contact": Command(
            "where the office of an area is told of coverage alerts; no address takes it away",
            "coverage.alert_contact",
            (
                (("area",), {"metavar": "ADCODE"}),
                (("channel",), {"metavar": "CHANNEL", "help": ", ".join(channel.code for channel in CHANNELS)}),
                (("address",), {"nargs": "?", "default": "", "metavar": "ADDRESS"}),
            ),
        ),
        "alert-rules": Command(
            "the rules that raise coverage alerts; with a code, change one",
            "coverage.alert_rules",
            (
                (("code",), {"nargs": "?", "metavar": "CODE"}),
                (("--days",), {"type": positive(language), "metavar": "N", "help": "how many days"}),
                (("--on",), {"dest": "active", "action": "store_const", "const": True, "help": "it raises alerts"}),
                (("--off",), {"dest": "active", "action": "store_const", "const": False, "help": "it raises none"}),
            ),
        ),
        "coverage-map": Command("the coverage map as a PNG file", "coverage.coverage_map", (as_of, out)),
        "bulletin": Command(
            "the monthly bulletin as a Word document",
            "coverage.bulletin",
            (
                (("month",), {"metavar": "MONTH", "help": "such as 2026-10"}),
                out,
                (("--issuer",), {"default": "", "metavar": "NAME", "help": "the office that issues it"}),
            ),
        ),
        "targets": Command("where the policy's targets stand", "targets.targets", (as_of,)),
        "target": Command(
            "one target: records, month by month, by city, and what is to be expected",
            "targets.target",
            ((("code",), {"metavar": "CODE"}), as_of),
        ),
        "change-rule": Command(
            "count a target by another rule from today on; for the province",
            "targets.change_target_rule",
            (
                (("code",), {"metavar": "CODE"}),
                (("measure",), {"metavar": "RULE", "help": ", ".join(Measure)}),
                (("--reason",), {"required": True, "help": "why; kept with the rule"}),
                by,
            ),
        ),
        "add-target": Command(
            "add a later period's target; for the province",
            "targets.add_later_target",
            (
                (("name_zh",), {"metavar": "NAME", "help": "in Chinese"}),
                (("--name-en",), {"default": "", "metavar": "NAME", "help": "in English"}),
                (("--required",), {"type": positive(language), "required": True, "metavar": "N"}),
                (("--at-least",), {"action": "store_true", "help": "more is welcome"}),
                (("--from",), {"dest": "period_start", "type": day(language), "required": True, "metavar": "DATE"}),
                (("--until",), {"dest": "period_end", "type": day(language), "required": True, "metavar": "DATE"}),
                (("--source",), {"required": True, "help": "the policy that promises it"}),
                (("--clause",), {"required": True, "help": "where in it"}),
                (("--quote",), {"required": True, "help": "in which words"}),
                (("--subject",), {"required": True, "metavar": "WHAT", "help": ", ".join(Subject)}),
                (("--level",), {"action": "append", "metavar": "LEVEL", "help": "can be repeated (default: all)"}),
                (("--kind",), {"action": "append", "metavar": "KIND", "help": "can be repeated (default: all)"}),
                (
                    ("--measure",),
                    {"default": Measure.ACCEPTED_IN_PERIOD.value, "metavar": "RULE", "help": ", ".join(Measure)},
                ),
                by,
            ),
        ),
        "chains": Command("the industrial chains and who serves each", "chains.chains", (as_of,)),
        "locate": Command(
            "the county that a place is in", "registers.locate_place", (*place, crs), needs_database=False
        ),
        "address": Command(
            "the county and town that an address in Chinese names, read offline",
            "address.address",
            ((("text",), {"nargs": "+", "metavar": "TEXT"}),),
            needs_database=False,
        ),
        "nearest": Command(
            "the nearest active stations",
            "registers.nearest",
            (
                *place,
                crs,
                (
                    ("--k",),
                    {"type": positive(language), "default": 5, "metavar": "N", "help": "how many (default: 5)"},
                ),
                (
                    ("--service",),
                    {"action": "append", "default": [], "metavar": "CODE", "help": "that offer it; can be repeated"},
                ),
                as_of,
            ),
        ),
        "stations": Command("the registry of stations", "registers.stations", (as_of,)),
        "centres": Command("the register of centres", "registers.centres", (as_of,)),
        "siting": Command(
            "where the next stations would serve best; proven optimal",
            "siting.siting",
            (
                (("model",), {"metavar": "MODEL", "help": ", ".join(SitingModel)}),
                (
                    ("--p",),
                    {"type": positive(language), "metavar": "N", "help": "how many sites to add; not for lscp"},
                ),
                (
                    ("--within",),
                    {
                        "type": kilometres,
                        "default": DEFAULT_WITHIN_KM,
                        "metavar": "KM",
                        "help": f"how far counts as reached, for lscp and mclp (default: {DEFAULT_WITHIN_KM:g})",
                    },
                ),
                (
                    ("--weights",),
                    {"default": Weighting.EQUAL.value, "metavar": "WEIGHTS", "help": weights_help},
                ),
                (
                    ("--keep-existing",),
                    {"action": "store_true", "help": "stations active on the day stay, the sites asked for are added"},
                ),
                (
                    ("--must",),
                    {"action": "append", "default": [], "metavar": "ID", "help": "a candidate that has to get one"},
                ),
                (
                    ("--forbid",),
                    {"action": "append", "default": [], "metavar": "ID", "help": "a candidate that can't get one"},
                ),
                (("--places",), {"action": "store_true", "help": "imported places are candidates too"}),
                (("--no-counties",), {"action": "store_true", "help": "points inside the counties are no candidates"}),
                (
                    ("--point",),
                    {"action": "append", "default": [], "metavar": "LON,LAT", "help": "a candidate; WGS-84 degrees"},
                ),
                (
                    ("--budget",),
                    {"type": amount, "metavar": "AMOUNT", "help": "what the added sites may cost together"},
                ),
                (
                    ("--site-cost",),
                    {"type": amount, "default": 1.0, "metavar": "AMOUNT", "help": "of a site (default: 1)"},
                ),
                (("--cost-figure",), {"metavar": "CODE", "help": "the imported figure that tells it by county"}),
                (
                    ("--time-limit",),
                    {
                        "type": positive(language),
                        "default": int(DEFAULT_TIME_LIMIT_S),
                        "metavar": "SECONDS",
                        "help": f"when to give the best found so far (default: {DEFAULT_TIME_LIMIT_S:g})",
                    },
                ),
                as_of,
            ),
        ),
        "reach": Command(
            "how far every county has to stations and centres, and how evenly service is shared",
            "siting.reach",
            (
                (
                    ("--weights",),
                    {"default": Weighting.POPULATION.value, "metavar": "WEIGHTS", "help": weights_help},
                ),
                (("--service",), {"metavar": "CODE", "help": "of the stations that offer it only"}),
                (("--centre-kind",), {"metavar": "KIND", "help": ", ".join(CentreKind)}),
                (
                    ("--catchment",),
                    {
                        "type": kilometres,
                        "default": DEFAULT_CATCHMENT_KM,
                        "metavar": "KM",
                        "help": f"how far the catchment of a station goes (default: {DEFAULT_CATCHMENT_KM:g})",
                    },
                ),
                as_of,
            ),
        ),
        "services": Command(
            "the services that answer a query, or the whole catalogue",
            "registers.services",
            ((("query",), {"nargs": "*", "metavar": "QUERY", "help": "in your own words"}),),
        ),
        "import": Command(
            "import a list of stations, figures of the counties or places for stations; every row is told of",
            "imports.import_list",
            (
                (("kind",), {"metavar": "WHAT", "help": "stations, figures, places"}),
                (("file",), {"metavar": "FILE"}),
                (("--dry-run",), {"action": "store_true", "help": "only say what would become of each row"}),
                (("--crs",), {"metavar": "CRS", "help": "wgs84, gcj02 or bd09, where the list does not say"}),
                (("--doubtful",), {"action": "store_true", "help": "import the doubtful rows too"}),
                (("--source",), {"default": "", "help": "where new records are from (default: the file's name)"}),
                (("--code",), {"default": "", "metavar": "CODE", "help": "of a figure, such as FIRMS-2025"}),
                (("--name",), {"default": "", "help": "what a figure counts"}),
                (("--unit",), {"default": "", "help": "of a figure"}),
                (("--year",), {"type": positive(language), "metavar": "YEAR", "help": "of a figure"}),
                (("--report",), {"metavar": "FILE", "help": "write the report as an Excel workbook"}),
                (("--by",), {"default": "", "metavar": "USERNAME", "help": "the account that acts (default: none)"}),
            ),
        ),
        "deliver-notices": Command(
            "send the notices that are due, until stopped",
            "notices.deliver_notices",
            ((("--once",), {"action": "store_true", "help": "one round only"}),),
        ),
        "send-reminders": Command(
            "tell firms of instruments that are due and services that have opened; run it daily",
            "reminders.reminders",
            ((("--on",), {"type": day(language), "metavar": "DATE", "help": "the day it is for (default: today)"}),),
        ),
        "escalate": Command(
            "tell the next level up of requests that are overdue, each once; a second run does nothing",
            "escalation.escalate",
            (
                (
                    ("--now",),
                    {
                        "dest": "at",
                        "type": instant(language),
                        "metavar": "INSTANT",
                        "help": "as if it were then, such as 2026-11-24T09:00 (default: now)",
                    },
                ),
            ),
        ),
        "evaluation": Command(
            "how well stations, counties or cities served in a period, ranked by a score",
            "evaluation.evaluation",
            (
                (
                    ("--period",),
                    {"required": True, "metavar": "PERIOD", "help": "such as 2026-10, 2026-Q4 or 2026"},
                ),
                (
                    ("--level",),
                    {
                        "default": UnitLevel.STATION.value,
                        "metavar": "LEVEL",
                        "help": f"{', '.join(UnitLevel)} (default: {UnitLevel.STATION})",
                    },
                ),
            ),
        ),
        "add-user": Command(
            "make an account; the password is asked for, or read from standard input",
            "accounts.add_account",
            (
                (("username",), {"metavar": "USERNAME"}),
                (("--name",), {"required": True, "help": "the person's name"}),
                (("--role",), {"required": True, "metavar": "ROLE", "help": ", ".join(Role)}),
                (("--area",), {"required": True, "metavar": "CODE", "help": "an adcode or a station's code"}),
            ),
        ),
        "issue-code": Command(
            "a one-time code with which somebody sets a new password",
            "accounts.issue_code",
            ((("username",), {"metavar": "USERNAME"}),),
        ),
        "audit": Command(
            "the audit log: prove it whole, note its head down, search it",
            "audit.audit",
            (
                (("step",), {"metavar": "STEP", "help": "verify, head, list"}),
                (("--head",), {"metavar": "HEAD", "help": "verify against a head noted down earlier, elsewhere"}),
                (("--after",), {"metavar": "HEAD", "help": "verify only what was added since a head that was proven"}),
                (("--by",), {"default": "", "metavar": "USERNAME", "help": "list what this user did"}),
                (("--action",), {"default": "", "metavar": "ACTION", "help": "list this action"}),
                (("--subject",), {"default": "", "metavar": "CODE", "help": "list what was done to this record"}),
                (("--since",), {"type": day(language), "metavar": "DATE", "help": "list from this day on"}),
                (("--until",), {"type": day(language), "metavar": "DATE", "help": "list up to this day"}),
                (("--before",), {"type": positive(language), "metavar": "ENTRY", "help": "list what came before it"}),
                (
                    ("--limit",),
                    {"type": positive(language), "default": 50, "metavar": "N", "help": "how many (default: 50)"},
                ),
            ),
        ),
    }
