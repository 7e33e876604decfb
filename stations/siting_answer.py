"""What the command ``siting`` answers."""

from __future__ import annotations

from stations.answers import Answer, Question, headings_of, sample_note
from stations.database import reading
from stations.station_siting import OUTCOME_TEXT, added_sites, answer_data, read_question, site_stations


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
    )
    with reading(question.engine) as session:
        answer = site_stations(
            session, asked, as_of=question.as_of, samples=question.samples, time_limit=options.time_limit
        )
    rows = [
        [one.id, language.pick(one.name, one.name_en), f"{one.lon:.5f}", f"{one.lat:.5f}"]
        for one in added_sites(answer)
    ]
    told = language.translate(OUTCOME_TEXT[answer.outcome], count=len(answer.uncovered))
    note = "\n".join(filter(None, (told, sample_note(language, sum(one.sample for one in answer.candidates)))))
    return Answer(answer_data(answer), headings_of(language, "adcode", "name", "lon", "lat"), rows, note)
