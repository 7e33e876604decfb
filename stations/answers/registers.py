"""Set-up, coverage of a day, places, and the registers of stations, centres and services."""

from __future__ import annotations

from geo.counties import locate
from stations.answers.answer import Answer, Question, headings_of, sample_note
from stations.catalogue.service import list_groups
from stations.coverage.county_coverage import RULE, coverage_on
from stations.database import reading
from stations.language import N_, label
from stations.places.coordinates import read_place
from stations.registry.centre import list_centres
from stations.registry.dated_stage import latest
from stations.registry.nearest_stations import nearest_stations
from stations.registry.station import list_stations


def setup(question: Question) -> Answer:
    """Make the database ready; what had to be loaded."""
    from stations.loading.setup import set_up  # loads the whole schema and the samples, for this command alone

    done = set_up(question.engine, samples=question.samples, now=question.now)
    say = question.language.translate
    data = {"reference_loaded": done.reference_loaded, "samples_loaded": done.samples_loaded}
    what = {
        "reference_loaded": say(N_("reference data loaded")),
        "samples_loaded": say(N_("sample network loaded")),
    }
    yes_no = {True: say(N_("yes")), False: say(N_("nothing to do"))}
    return Answer(data, [], [[what[name], yes_no[value]] for name, value in data.items()])


def coverage(question: Question) -> Answer:
    """Every county and whether it is covered."""
    language = question.language
    with reading(question.engine) as session:
        result = coverage_on(session, question.as_of, samples=question.samples)
    note = sample_note(language, result.sample_stations)
    data = {
        "as_of": result.as_of.isoformat(),
        "rule": language.translate(RULE),
        "total": result.total,
        "covered": result.covered,
        "fully_served": result.fully_served,
        "covered_by_samples_only": result.covered_by_samples_only,
        "active_stations_without_county": result.without_county,
        "counties": [
            {
                "adcode": row.county.adcode,
                "name": row.county.name,
                "city": row.county.city.name,
                "status": row.status.value,
                "stations": row.stations,
                "sample_stations": row.sample_stations,
            }
            for row in result.counties
        ],
    }
    rows = [
        [
            row.county.adcode,
            language.pick(row.county.name, row.county.name_en),
            language.pick(row.county.city.name, row.county.city.name_en),
            label(language, row.status),
            row.stations,
            row.sample_stations,
        ]
        for row in result.counties
    ]
    headings = headings_of(language, "adcode", "name", "city", "status", "stations", "sample_stations")
    return Answer(data, headings, rows, note)


def locate_place(question: Question) -> Answer:
    """The county a place is in; nulls outside the province."""
    options, language = question.options, question.language
    county = locate(*read_place(options.lon, options.lat, options.crs))
    data = {
        "adcode": county.adcode if county else None,
        "name": county.name if county else None,
        "city": county.city if county else None,
    }
    row = (
        [county.adcode, language.pick(county.name, county.name_en), language.pick(county.city, county.city_en)]
        if county
        else [None, language.translate(N_("outside the province")), None]
    )
    return Answer(data, headings_of(language, "adcode", "name", "city"), [row])


def nearest(question: Question) -> Answer:
    """The nearest active stations, WGS-84 degrees and metres."""
    options, language = question.options, question.language
    lon, lat = read_place(options.lon, options.lat, options.crs)
    with reading(question.engine) as session:
        found = nearest_stations(
            session, lon, lat, as_of=question.as_of, samples=question.samples, services=options.service, k=options.k
        )
    data = [
        {
            "code": one.station.code,
            "name": one.station.name,
            "adcode": one.station.county_adcode or one.station.located_adcode,
            "lon": one.lon,
            "lat": one.lat,
            "distance_m": round(one.distance_m, 1),
            "placed_by": one.placed_by.value,
            "unsure_services": [service.code for service in one.unsure],
        }
        for one in found
    ]
    rows = [
        [
            one.station.code,
            language.pick(one.station.name, one.station.name_en),
            one.station.county_adcode,
            language.format_distance(one.distance_m),
            label(language, one.placed_by),
        ]
        for one in found
    ]
    note = sample_note(language, sum(one.station.sample for one in found))
    return Answer(data, headings_of(language, "code", "name", "adcode", "distance", "placed_by"), rows, note)


def stations(question: Question) -> Answer:
    """The registry of stations."""
    language = question.language
    with reading(question.engine) as session:
        listed = list_stations(session, question.as_of, samples=question.samples)
    data = [
        {
            "code": one.station.code,
            "name": one.station.name,
            "brand": one.station.brand,
            "status": one.status.value if one.status else None,
            "city": one.station.city.name,
            "county": one.station.county.name if one.station.county else None,
            "adcode": one.station.county_adcode,
            "address": one.station.address,
            "lon": one.station.lon,
            "lat": one.station.lat,
            "misplaced": one.station.misplaced,
            "services": [offer.service_code for offer in one.station.offers],
            "source": one.station.source,
            "sample": one.station.sample,
        }
        for one in listed
    ]
    rows = [
        [
            one.station.code,
            language.pick(one.station.name, one.station.name_en),
            label(language, one.status) if one.status else None,
            language.pick(one.station.city.name, one.station.city.name_en),
            one.station.county and language.pick(one.station.county.name, one.station.county.name_en),
            one.station.lon,
            one.station.lat,
        ]
        for one in listed
    ]
    note = sample_note(language, sum(one.station.sample for one in listed))
    return Answer(data, headings_of(language, "code", "name", "status", "city", "county", "lon", "lat"), rows, note)


def centres(question: Question) -> Answer:
    """The register of centres, each with the last stage known."""
    language = question.language
    with reading(question.engine) as session:
        every = list_centres(session, samples=question.samples)
    listed = [(centre, latest(centre.history, question.as_of)) for centre in every]
    data = [
        {
            "code": centre.code,
            "name": centre.name,
            "level": centre.level.value,
            "kind": centre.kind.value,
            "stage": stage.stage.value if stage else None,
            "dated": str(stage.dated) if stage and stage.dated else None,
            "as_of": str(stage.as_of) if stage and stage.as_of else None,
            "host": centre.host,
            "city": centre.city.name,
            "county": centre.county.name if centre.county else None,
            "source": centre.source,
            "sample": centre.sample,
        }
        for centre, stage in listed
    ]
    rows = [
        [
            centre.code,
            language.pick(centre.name, centre.name_en),
            label(language, centre.level),
            label(language, centre.kind),
            label(language, stage.stage) if stage else None,
            str(stage.dated) if stage and stage.dated else None,
            str(stage.as_of) if stage and stage.as_of else None,
            language.pick(centre.city.name, centre.city.name_en),
        ]
        for centre, stage in listed
    ]
    headings = headings_of(language, "code", "name", "level", "kind", "stage", "dated", "as_of", "city")
    return Answer(data, headings, rows, sample_note(language, sum(centre.sample for centre, _ in listed)))


def services(question: Question) -> Answer:
    """The services that answer a query, best first; without one the whole catalogue."""
    from stations.catalogue.service_search import ServiceIndex  # its dictionaries are read when it is imported

    language, query = question.language, " ".join(question.options.query)
    with reading(question.engine) as session:
        groups = list_groups(session)
    if query:
        found = ServiceIndex(groups).search(query)
        data = [
            {
                "code": one.service.code,
                "name": language.pick(one.service.name_zh, one.service.name_en),
                "score": one.score,
            }
            for one in found
        ]
        rows = [[one["code"], one["name"], one["score"]] for one in data]
        return Answer(data, headings_of(language, "code", "name", "score"), rows)
    listed = [entry for group in groups for entry in (group, *group.services)]
    data = [
        {
            "code": entry.code,
            "parent": entry.parent_code,
            "name_zh": entry.name_zh,
            "name_en": entry.name_en,
            "element": entry.element,
            "working_days": entry.working_days,
            "basis": entry.basis,
        }
        for entry in listed
    ]
    rows = [[entry.code, language.pick(entry.name_zh, entry.name_en), entry.working_days] for entry in listed]
    return Answer(data, headings_of(language, "code", "name", "working_days"), rows)
