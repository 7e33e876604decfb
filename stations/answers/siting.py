"""What the commands ``siting`` and ``reach`` answer."""

from __future__ import annotations

from stations.answers.answer import Answer, Question, headings_of, sample_note
from stations.database import reading
from stations.errors import InvalidInput
from stations.language import N_
from stations.planning.demand import Weighting, estimate_told
from stations.planning.reach import BY_POINT, TOWNS_TOLD, reach_on, reach_report_data
from stations.planning.share_reached import TWO_COUNTS
from stations.planning.siting_question import read_points, read_question
from stations.planning.station_siting import added_sites, answer_data, outcome_text, site_stations
from stations.registry.centre import CentreKind


def siting(question: Question) -> Answer:
    """Where the next stations would serve best."""
    options, language = question.options, question.language
    asked = read_question(
        options.model,
        options.weights,
        p=options.p,
        within_km=options.within,
        keep_existing=options.keep_existing,
        must=tuple(options.must),
        forbid=tuple(options.forbid),
        counties=not options.no_counties,
        places=options.places,
        points=read_points(options.point),
        budget=options.budget,
        site_cost=options.site_cost,
        cost_figure=options.cost_figure,
    )
    with reading(question.engine) as session:
        answer = site_stations(
            session, asked, as_of=question.as_of, samples=question.samples, time_limit=options.time_limit
        )
    rows = [
        [one.id, language.pick(one.name, one.name_en), f"{one.lon:.5f}", f"{one.lat:.5f}"]
        for one in added_sites(answer)
    ]
    told = language.translate(outcome_text(answer), count=len(answer.uncovered))
    if answer.gap is not None:
        told += " " + language.translate(
            N_("At most {gap} better is possible."), gap=language.format_percent(answer.gap, 2)
        )
    samples = sample_note(language, sum(one.sample for one in answer.candidates))
    note = "\n".join(filter(None, (told, language.translate(BY_POINT), samples)))
    return Answer(answer_data(answer), headings_of(language, "id", "name", "lon", "lat"), rows, note)


def reach(question: Question) -> Answer:
    """How far every county has to the nearest station and centre, and how evenly service is shared."""
    options, language = question.options, question.language
    with reading(question.engine) as session:
        report = reach_on(
            session,
            question.as_of,
            samples=question.samples,
            weighting=options.weights,
            service=options.service,
            centre_kind=_centre_kind(options.centre_kind),
            catchment_km=options.catchment,
        )
    rows = [
        [
            one.county.adcode,
            language.pick(one.county.name, one.county.name_en),
            language.pick(one.county.city.name, one.county.city.name_en),
            one.station and language.pick(one.station.name, one.station.name_en),
            one.station and language.format_distance(one.station.metres),
            one.centre and language.format_distance(one.centre.metres),
            language.format_number(one.score, 2),
        ]
        for one in report.counties
    ]
    columns = ("adcode", "name", "city", "nearest_station", "distance", "to_centre", "catchment_score")
    headings = headings_of(language, *columns)
    notes = [
        language.translate(TOWNS_TOLD),
        language.translate(TWO_COUNTS),
        estimate_told(language) if report.weighting == Weighting.POPULATION else "",
        sample_note(language, report.samples),
    ]
    return Answer(reach_report_data(report), headings, rows, "\n".join(filter(None, notes)))


def _centre_kind(text: str | None) -> CentreKind | None:
    if text is None:
        return None
    if text not in list(CentreKind):
        raise InvalidInput(
            "centre-kind", N_("“{value}” is not known; use one of: {known}"), value=text, known=", ".join(CentreKind)
        )
    return CentreKind(text)
