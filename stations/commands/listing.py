"""Every command by section: its name, its module and its help.

The module ``stations.commands.<module>`` contains ``<name>_command``; it is loaded when the command is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stations.language import N_


@dataclass(frozen=True)
class Listed:
    """A command: its module in this package, and its help, a msgid."""

    module: str
    help: str


@dataclass(frozen=True)
class Section:
    """A group of commands about one subject."""

    title: str
    commands: Mapping[str, Listed]


SECTIONS: tuple[Section, ...] = (
    Section(
        N_("Find a place or a station"),
        {
            "nearest": Listed("finding", N_("The nearest active stations.")),
            "locate": Listed("finding", N_("The county that a place is in.")),
            "address": Listed("finding", N_("The county and town that an address in Chinese names, read offline.")),
            "services": Listed("finding", N_("The services that answer a query, or the whole catalogue.")),
        },
    ),
    Section(
        N_("Registers"),
        {
            "stations": Listed("registers", N_("The register of stations.")),
            "centres": Listed("registers", N_("The register of centres.")),
            "institutions": Listed("registers", N_("The institutions behind the stations, with their scope.")),
            "pilots": Listed("registers", N_("The register of standardization pilots.")),
            "chains": Listed("registers", N_("The industrial chains and who serves each.")),
            "chain": Listed("registers", N_("One industrial chain: who serves it, and the history of its entry.")),
            "chain-counties": Listed("registers", N_("Who serves one industrial chain in each county.")),
            "centre-reach": Listed("registers", N_("Which counties and chains have a centre within reach.")),
            "record-scores": Listed("registers", N_("How complete the records of each city's stations are.")),
            "to-confirm": Listed("registers", N_("The stations whose records are to be confirmed, first due first.")),
            "confirm": Listed("registers", N_("Confirm that the record of a station is right.")),
            "completeness": Listed(
                "registers", N_("How complete each register is: what is held, of what is known to exist.")
            ),
            "proposals": Listed("keeping", N_("Proposals to change the registry, for somebody to decide or follow.")),
            "doubles": Listed("keeping", N_("Pairs of records that may describe the same place.")),
            "import": Listed(
                "imports",
                N_("Import stations, another register, figures, places, distances or roads; each row is reported."),
            ),
            "export": Listed("exports", N_("A register with every field, as a list that can be imported again.")),
        },
    ),
    Section(
        N_("Coverage of counties"),
        {
            "coverage": Listed("coverage", N_("Which counties are covered.")),
            "county": Listed("coverage", N_("One county: its coverage, its stations and centres.")),
            "coverage-curve": Listed("coverage", N_("Covered and fully served counties through time.")),
            "coverage-changes": Listed(
                "coverage",
                N_("Which counties gained or lost coverage between two dates, and through which stations."),
            ),
            "coverage-risk": Listed(
                "coverage", N_("Which covered counties are about to fall uncovered or rest on one station.")
            ),
            "coverage-reach": Listed("coverage", N_("Share of area and people within 10, 20 and 30 km of a station.")),
            "coverage-map": Listed("documents", N_("The coverage map as a PNG file.")),
            "bulletin": Listed("documents", N_("The monthly bulletin as a Word document.")),
            "alerts": Listed("alerts", N_("The alerts about coverage for somebody to act on, newest first.")),
            "check-coverage": Listed(
                "alerts", N_("Raise and settle alerts about coverage; run it daily, a second run does nothing.")
            ),
            "alert-contact": Listed(
                "alerts", N_("Where offices get coverage alerts; for an area, set it, no address takes it away.")
            ),
            "alert-rules": Listed("alerts", N_("The rules that raise coverage alerts; with a code, change one.")),
        },
    ),
    Section(
        N_("Targets and planning"),
        {
            "targets": Listed("targets", N_("How far the policy's targets have come.")),
            "target": Listed(
                "targets", N_("One target: records, month by month, by city, and what is to be expected.")
            ),
            "change-rule": Listed("targets", N_("Count a target by another rule from today on; for the province.")),
            "add-target": Listed("targets", N_("Add a later period's target; for the province.")),
            "siting": Listed("planning", N_("Where the next stations would serve best; proven optimal.")),
            "measures": Listed("planning", N_("How the way can be measured: straight line, roads, tables.")),
            "figures": Listed("planning", N_("The imported figures of the counties.")),
            "population": Listed("planning", N_("The population raster beside the census, by county.")),
            "remove-place": Listed("removals", N_("Take an imported place off its list.")),
            "remove-data": Listed(
                "removals", N_("Remove a table of distances, the population raster or the road network.")
            ),
            "scenarios": Listed("planning", N_("Saved siting scenarios: several side by side, or an account's own.")),
            "reach": Listed(
                "planning",
                N_("How far every county has to stations and centres, and how evenly service is shared."),
            ),
        },
    ),
    Section(
        N_("Requests and service"),
        {
            "queue": Listed("requests", N_("The requests in somebody's duty, the most urgent first.")),
            "escalate": Listed(
                "requests",
                N_("Tell the next level up of requests that are overdue, each once; a second run does nothing."),
            ),
            "erase-expired": Listed(
                "requests", N_("Erase the data of requests that ended long enough ago; a second run does nothing.")
            ),
            "reissue-code": Listed(
                "requests", N_("Give a request a new code, for a firm that lost it; shown once and logged.")
            ),
            "wishes": Listed("requests", N_("What firms wait for in their counties, the most wanted first.")),
            "evaluation": Listed(
                "evaluation", N_("How well stations, counties or cities served in a period, ranked by a score.")
            ),
            "overview": Listed("overview", N_("The figures of the area that somebody answers for, on one screen.")),
            "visits": Listed("evaluation", N_("The visits on site in somebody's duty, the last recorded first.")),
            "deliver-notices": Listed("notices", N_("Send the notices that are due, until stopped.")),
            "send-reminders": Listed(
                "notices", N_("Tell firms of instruments that are due and services that have opened; run it daily.")
            ),
        },
    ),
    Section(
        N_("Set-up, accounts and audit"),
        {
            "setup": Listed("setup", N_("Create or upgrade the database and load its data.")),
            "renew-samples": Listed("setup", N_("Date the sample network anew: its requests become ones of today.")),
            "upgrade": Listed("schema", N_("Bring the schema of the database to this version, or try it.")),
            "downgrade": Listed("schema", N_("Take the schema back for an earlier version; say what is lost.")),
            "backup": Listed("backup", N_("Write everything into one file, while the portal serves.")),
            "restore": Listed("backup", N_("Restore a backup into an empty database, proven row by row.")),
            "daily-backup": Listed(
                "backup", N_("Write the backup of today into BACKUP_FOLDER; a second run does nothing.")
            ),
            "backup-key": Listed("backup", N_("Make a pair of keys that backups are encrypted and opened with.")),
            "migrate-to": Listed("backup", N_("Move everything to another database, proven row by row.")),
            "operations": Listed(
                "operations", N_("How every part of the installation does, and what to do where one does not.")
            ),
            "settings": Listed("operations", N_("Every setting with its value and where it comes from.")),
            "test-notice": Listed("operations", N_("Send a test notice at once, to see whether a channel works.")),
            "accounts": Listed("accounts", N_("The accounts in an administrator's area.")),
            "add-user": Listed(
                "accounts", N_("Make an account; the password is asked for, or read from standard input.")
            ),
            "issue-code": Listed("accounts", N_("A one-time code with which somebody sets a new password.")),
            "reset-second-factor": Listed(
                "accounts", N_("Take the second factor from somebody who lost it; they set up a new one.")
            ),
            "unlock": Listed("accounts", N_("Let somebody sign in again at once who failed too often.")),
            "end-sign-ins": Listed("accounts", N_("Sign one person out everywhere, or everybody.")),
            "interface-keys": Listed("interface_keys", N_("The keys of other offices' systems.")),
            "make-interface-key": Listed(
                "interface_keys", N_("Make a key for the system of another office; it is shown once.")
            ),
            "withdraw-interface-key": Listed("interface_keys", N_("Withdraw a key: it opens nothing any more.")),
            "audit": Listed("audit", N_("The audit log: prove it whole, note its head down, search it.")),
            "completion": Listed("completion", N_("The script that lets a shell complete commands and options.")),
        },
    ),
)

COMMANDS: Mapping[str, Listed] = {name: one for section in SECTIONS for name, one in section.commands.items()}
