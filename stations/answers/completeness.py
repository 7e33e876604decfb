"""How complete the registers are, and what others publish of the same kinds of record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing, sample_note
from stations.completeness import AreaScore, Holding, Register
from stations.language import N_, Bilingual, Language
from stations.places.census import left_out_note
from stations.published_facts import OfficialTotal


@dataclass(frozen=True)
class PublishedTotal:
    """A published number, beside the register that holds such records."""

    register: Register
    total: OfficialTotal


def missing_in_words(holding: Holding, language: Language) -> str:
    """Return what a register lacks."""
    told = [language.translate(holding.missing)]
    if holding.register is Register.RESIDENTS:
        told.append(left_out_note(language))
    return ("" if language.code == "zh_CN" else " ").join(filter(None, told))


def published_totals(holdings: Sequence[Holding]) -> list[PublishedTotal]:
    """Return the published numbers in the order of the registers."""
    return [PublishedTotal(holding.register, total) for holding in holdings for total in holding.published]


HOLDINGS: Columns[Holding] = Columns(
    Column("register", lambda one: one.register, N_("Record")),
    Column("documented", lambda one: one.documented, N_("Documented")),
    Column("samples", lambda one: one.samples, N_("Sample")),
    Column("known", lambda one: one.known, N_("Known to exist")),
    Column("missing", lambda one: one, N_("What is missing"), show=missing_in_words, in_data=False),
)
HOLDING_COLUMNS = HOLDINGS.take("register", "documented", "samples", "known", "missing")

PUBLISHED: Columns[PublishedTotal] = Columns(
    Column("register", lambda one: one.register, N_("Record")),
    Column("area", lambda one: one.total.area, N_("Region")),
    Column("what", lambda one: one.total.what, N_("What is published")),
    Column("value", lambda one: one.total.value, N_("Published figure")),
    Column("as_of", lambda one: str(one.total.as_of), N_("Date")),
    Column("quote", lambda one: one.total.quote, N_("Words of the source")),
    Column("source", lambda one: one.total.source, N_("Source")),
)
PUBLISHED_COLUMNS = PUBLISHED.take("register", "area", "what", "value", "as_of", "quote", "source")

COMPLETENESS: Presentation[Sequence[Holding], Holding] = Presentation(
    data=lambda holdings, language: [
        {
            **HOLDINGS.as_data(one),
            "missing": missing_in_words(one, language),
            "published": [PUBLISHED.as_data(total) for total in published_totals([one])],
        }
        for one in holdings
    ],
    rows=lambda holdings: holdings,
    columns=lambda _holdings: HOLDING_COLUMNS,
    notes=lambda holdings, language: [sample_note(language, sum(one.samples for one in holdings))],
)
"""What each register holds, of what is known to exist."""


def _lacking(one: AreaScore, language: Language) -> str:
    return language.comma.join(
        language.translate(N_("{part}: {count}"), part=language.translate(part.label), count=count)
        for part, count in one.missing[:4]
    )


CITY_SCORES: Columns[AreaScore] = Columns(
    Column("city", lambda one: Bilingual(one.city.name, one.city.name_en), N_("City")),
    Column("adcode", lambda one: one.city.adcode),
    Column("stations", lambda one: one.stations, N_("Stations")),
    Column("samples", lambda one: one.samples, N_("Sample")),
    Column("score", lambda one: round(one.mean, 1), N_("Completeness score")),
    Column(
        "missing",
        lambda one: one,
        N_("What most often lacks"),
        show=_lacking,
        data=lambda one: {part.name: count for part, count in one.missing},
    ),
)
CITY_SCORE_COLUMNS = CITY_SCORES.take("city", "stations", "samples", "score", "missing")
"""How complete the records of each city's stations are."""

CITY_SCORE_LIST = listing(
    CITY_SCORES, "city", "stations", "samples", "score", "missing", samples=lambda one: one.samples > 0
)
