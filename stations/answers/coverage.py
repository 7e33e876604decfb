"""What the commands about coverage through time answer: curve, changes, dangers, reach, alerts, bulletin."""

from __future__ import annotations

from pathlib import Path

from stations.alerts.alert_contacts import set_contact
from stations.alerts.alert_rules import change_rule, list_rules
from stations.alerts.alerts import CoverageAlert
from stations.answers.answer import Answer, Question, sample_note
from stations.bulletin.document import bulletin_docx
from stations.bulletin.figures import gather_bulletin, read_month
from stations.coverage.county_coverage import coverage_on
from stations.coverage.picture import coverage_png
from stations.coverage.through_time import FIRST_DAY, CountyState, Step, coverage_history
from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.jobs.coverage_check import JOB
from stations.jobs.job import Turn
from stations.language import N_, Language, label
from stations.notices.delivery import system_clock
from stations.planning.share_reached import METHOD, reach_on


def coverage_curve(question: Question) -> Answer:
    """Covered and fully served counties from one day to another, by month or day."""
    options, language = question.options, question.language
    if options.step not in list(Step):
        raise InvalidInput(
            "step", N_("“{value}” is not a step; use one of: {known}"), value=options.step, known=", ".join(Step)
        )
    with reading(question.engine) as session:
        history = coverage_history(session, samples=question.samples)
    points = history.curve(options.start or FIRST_DAY, options.end or question.today, Step(options.step))
    cities = {timeline.county.city_adcode: timeline.county.city.name for timeline in history.counties}
    data = [
        {
            "day": point.day.isoformat(),
            "total": history.total,
            "covered": point.covered,
            "fully_served": point.fully_served,
            "covered_by_samples_only": point.samples_only,
            "cities": [
                {"adcode": adcode, "name": cities[adcode], "covered": covered, "fully_served": full}
                for adcode, (covered, full) in point.cities.items()
            ],
        }
        for point in points
    ]
    columns = ("day", "total", "covered", "fully_served", "covered_by_samples_only")
    rows = [[point[column] for column in columns] for point in data]
    note = sample_note(language, max((point.samples_only for point in points), default=0))
    return Answer(data, _headings(language, *columns), rows, note)


def _state(state: CountyState) -> dict[str, object]:
    return {"status": state.status.value, "stations": state.stations, "sample_stations": state.sample_stations}


def coverage_changes(question: Question) -> Answer:
    """The counties whose status differs between two days, and the stations through which."""
    options, language = question.options, question.language
    with reading(question.engine) as session:
        changes = coverage_history(session, samples=question.samples).changes(options.start, options.end)
    data = [
        {
            "adcode": change.county.adcode,
            "name": change.county.name,
            "city": change.county.city.name,
            "before": _state(change.before),
            "before_known": change.before_known,
            "after": _state(change.after),
            "through": [
                {
                    "code": one.station.code,
                    "name": one.station.name,
                    "sample": one.station.sample,
                    "before": one.before.value if one.before else None,
                    "after": one.after.value if one.after else None,
                }
                for one in change.stations
            ],
        }
        for change in changes
    ]
    rows = [
        [
            change.county.adcode,
            language.pick(change.county.name, change.county.name_en),
            language.pick(change.county.city.name, change.county.city.name_en),
            label(language, change.before.status)
            if change.before_known
            else language.translate(N_("earlier state not known")),
            label(language, change.after.status),
            ", ".join(one.station.code for one in change.stations),
        ]
        for change in changes
    ]
    invented = sum(one.station.sample for change in changes for one in change.stations)
    headings = _headings(language, "adcode", "name", "city", "before_change", "after_change", "through")
    return Answer(data, headings, rows, sample_note(language, invented))


def coverage_risk(question: Question) -> Answer:
    """The covered counties that may soon stand uncovered: known to, or resting on one station."""
    language = question.language
    with reading(question.engine) as session:
        endangered = coverage_history(session, samples=question.samples).endangered(question.as_of)
    data = [
        {
            "adcode": one.county.adcode,
            "name": one.county.name,
            "city": one.county.city.name,
            "danger": one.danger.value,
            "ends_on": one.ends_on.isoformat() if one.ends_on else None,
            "stations": [station.code for station in one.stations],
            "sample_stations": sum(station.sample for station in one.stations),
        }
        for one in endangered
    ]
    rows = [
        [
            one.county.adcode,
            language.pick(one.county.name, one.county.name_en),
            language.pick(one.county.city.name, one.county.city.name_en),
            label(language, one.danger),
            one.ends_on.isoformat() if one.ends_on else None,
            ", ".join(station.code for station in one.stations),
        ]
        for one in endangered
    ]
    note = sample_note(language, sum(row["sample_stations"] for row in data))
    headings = _headings(language, "adcode", "name", "city", "danger", "ends_on", "stations")
    return Answer(data, headings, rows, note)


def coverage_reach(question: Question) -> Answer:
    """The share of area and people within 10, 20 and 30 km of an active station."""
    language = question.language
    with reading(question.engine) as session:
        reach = reach_on(session, question.as_of, samples=question.samples)
    data = {
        "as_of": reach.as_of.isoformat(),
        "method": language.translate(METHOD),
        "stations": reach.stations,
        "sample_stations": reach.sample_stations,
        "stations_placed_by_county": reach.by_county,
        "estimated_people_share": round(reach.estimated_people, 4),
        "people_left_out": reach.people_left_out,
        "within": [
            {
                "km": share.km,
                "area_share": round(share.area, 4),
                "people_share": round(share.people, 4),
                "people": round(share.residents),
            }
            for share in reach.shares
        ],
    }
    rows = [list(share.values()) for share in data["within"]]
    headings = _headings(language, "km", "area_share", "people_share", "people")
    return Answer(data, headings, rows, sample_note(language, reach.sample_stations))


def check(question: Question) -> Answer:
    """Raise and settle the alerts about coverage as of a day; a second run does nothing."""
    language = question.language
    on = question.options.on or question.today
    found, notices = JOB.run(Turn(question.engine, question.now, on, system_clock, question.samples))
    data = {
        "on": found.on.isoformat(),
        "raised": [_alert(alert) for alert in found.raised],
        "settled": [_alert(alert) for alert in found.settled],
        "notices": len(notices),
    }
    rows = [
        [outcome, alert["code"], alert["county"], alert["rule"], alert["since"]]
        for outcome, alerts in (
            (language.translate(N_("raised")), data["raised"]),
            (language.translate(N_("settled")), data["settled"]),
        )
        for alert in alerts
    ]
    invented = sum(alert.sample for alert in (*found.raised, *found.settled))
    headings = _headings(language, "outcome", "code", "county", "rule", "since")
    return Answer(data, headings, rows, sample_note(language, invented))


def alert_contact(question: Question) -> Answer:
    """Keep where the office of an area is told of alerts; without an address, take it away."""
    options = question.options
    with transaction(question.engine) as session:
        kept = set_contact(session, options.area, options.channel, options.address, by="command line", now=question.now)
    data = {"area": options.area, "channel": options.channel, "address": kept.address if kept else None}
    return Answer(data, _headings(question.language, *data), [list(data.values())])


def alert_rules(question: Question) -> Answer:
    """The rules that raise alerts; with a code, one of them changed."""
    options, language = question.options, question.language
    with transaction(question.engine) as session:
        if options.code is not None:
            change_rule(
                session,
                options.code,
                days=options.days,
                active=options.active,
                by="command line",
                now=question.now,
            )
        rules = list_rules(session)
    data = [
        {
            "code": rule.code,
            "kind": rule.kind.value,
            "days": rule.days,
            "role": rule.role.value,
            "active": rule.active,
        }
        for rule in rules
    ]
    yes_no = {True: language.translate(N_("yes")), False: language.translate(N_("no"))}
    rows = [
        [rule.code, label(language, rule.kind), rule.days, label(language, rule.role), yes_no[rule.active]]
        for rule in rules
    ]
    return Answer(data, _headings(language, "code", "alert_kind", "days", "role", "active"), rows)


def _alert(alert: CoverageAlert) -> dict[str, object]:
    return {
        "code": alert.code,
        "rule": alert.rule_code,
        "adcode": alert.county_adcode,
        "county": alert.county.name,
        "since": alert.since.isoformat(),
        "sample": alert.sample,
    }


def coverage_map(question: Question) -> Answer:
    """Write the coverage map of a day as a PNG file."""
    with reading(question.engine) as session:
        coverage = coverage_on(session, question.as_of, samples=question.samples)
    content = coverage_png(coverage, question.language, review_number=question.map_review_number)
    return _written(question, content, coverage.sample_stations)


def bulletin(question: Question) -> Answer:
    """Write the monthly bulletin as a Word document."""
    with reading(question.engine) as session:
        gathered = gather_bulletin(
            session, read_month(question.options.month), samples=question.samples, today=question.today
        )
    content = bulletin_docx(
        gathered, now=question.now, issuer=question.options.issuer, review_number=question.map_review_number
    )
    return _written(question, content, gathered.coverage.sample_stations)


def _written(question: Question, content: bytes, samples: int) -> Answer:
    path = Path(question.options.out)
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise InvalidInput(
            "out", N_("“{path}” can't be written: {reason}"), path=str(path), reason=problem.strerror or str(problem)
        ) from problem
    data = {"file": str(path), "bytes": len(content)}
    headings = _headings(question.language, "file", "bytes")
    return Answer(data, headings, [list(data.values())], sample_note(question.language, samples))


_HEADINGS: dict[str, str] = {
    "adcode": N_("adcode"),
    "name": N_("name"),
    "city": N_("city"),
    "county": N_("county"),
    "code": N_("code"),
    "stations": N_("active stations"),
    "day": N_("date"),
    "total": N_("counties"),
    "covered": N_("covered"),
    "fully_served": N_("fully served"),
    "covered_by_samples_only": N_("covered by samples only"),
    "before_change": N_("was"),
    "after_change": N_("became"),
    "through": N_("through"),
    "danger": N_("why it may fall uncovered"),
    "ends_on": N_("coverage lost on"),
    "km": N_("within km"),
    "area_share": N_("share of area"),
    "people_share": N_("share of people"),
    "people": N_("people"),
    "outcome": N_("outcome"),
    "rule": N_("rule"),
    "since": N_("since"),
    "file": N_("file"),
    "bytes": N_("bytes"),
    "area": N_("area of duty"),
    "channel": N_("channel"),
    "alert_kind": N_("kind"),
    "days": N_("days"),
    "role": N_("role"),
    "active": N_("in force"),
    "address": N_("address"),
}


def _headings(language: Language, *columns: str) -> list[str]:
    return [language.translate(_HEADINGS[column]) for column in columns]
