"""Where the next stations would serve best."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.measures import gaps_in_words
from stations.answers.presentation import Presentation, sample_note
from stations.language import N_, Bilingual, Language
from stations.planning.reach import BY_POINT
from stations.planning.siting_candidates import Candidate
from stations.planning.station_siting import SitingAnswer, added_sites, answer_data, outcome_text
from stations.planning.travel import STRAIGHT

SITES: Columns[Candidate] = Columns(
    Column("name", lambda one: Bilingual(one.name, one.name_en), N_("Place")),
    Column("id", lambda one: one.id, N_("Reference code")),
    Column("weight", lambda one: round(one.weight), N_("Demand there")),
    Column("lon", lambda one: one.lon, N_("Longitude"), show=lambda degrees, _language: round(degrees, 5)),
    Column("lat", lambda one: one.lat, N_("Latitude"), show=lambda degrees, _language: round(degrees, 5)),
    Column("cost", lambda one: one.cost, N_("Cost (10,000 yuan)")),
)

SITE_FILE_COLUMNS = SITES.take("id", "name", "lon", "lat", "cost", "weight")
"""The table of sites in the files of a scenario."""


def site_columns(answer: SitingAnswer) -> tuple[Column[Candidate], ...]:
    """Return the columns of the added sites; with their cost if there is a budget."""
    return SITES.take("name", "id", "weight", "lon", "lat", *(["cost"] if answer.question.budget is not None else []))


def _notes(answer: SitingAnswer, language: Language) -> list[str]:
    told = language.translate(outcome_text(answer), count=len(answer.uncovered))
    if answer.gap is not None:
        told += " " + language.translate(
            N_("At most {gap} better is possible."), gap=language.format_percent(answer.gap, 2)
        )
    how = answer.about_travel
    return [
        told,
        language.translate(how.message, **how.params) if how else "",
        *gaps_in_words(answer.gaps, answer.pairs_without_way, language),
        language.translate(BY_POINT) if answer.question.travel == STRAIGHT else "",
        sample_note(language, sum(one.sample for one in answer.candidates)),
    ]


SITING: Presentation[SitingAnswer, Candidate] = Presentation(
    data=lambda answer, _language: answer_data(answer), rows=added_sites, columns=site_columns, notes=_notes
)
"""The added sites; the JSON contains all that another solver needs to check them."""
