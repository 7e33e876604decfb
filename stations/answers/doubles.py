"""Pairs of records that may describe the same place, with what speaks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stations.answers.columns import Column, Columns, rounded
from stations.answers.presentation import listing
from stations.keeping.doubles import Double
from stations.language import N_, Bilingual
from stations.registry.record_rows import Record


@dataclass(frozen=True)
class DoublePair:
    """A possible double with its two records."""

    double: Double
    first: Record
    second: Record


def pairs_of(doubles: Iterable[Double], records: Mapping[str, Record]) -> list[DoublePair]:
    """Return the possible doubles with their records. ``records``: code → record, of both codes of each pair."""
    return [DoublePair(one, records[one.code], records[one.other]) for one in doubles]


DOUBLES: Columns[DoublePair] = Columns(
    Column("code", lambda pair: pair.first.code, N_("Record code")),
    Column("name", lambda pair: Bilingual(pair.first.name, pair.first.name_en), N_("First record")),
    Column("address", lambda pair: pair.first.address, N_("Address")),
    Column("other", lambda pair: pair.second.code, N_("Code of the second record")),
    Column("other_name", lambda pair: Bilingual(pair.second.name, pair.second.name_en), N_("Second record")),
    Column("other_address", lambda pair: pair.second.address, N_("Address of the second record")),
    Column("reasons", lambda pair: pair.double.reasons, N_("What speaks for it")),
    Column(
        "metres",
        lambda pair: pair.double.metres,
        N_("Metres apart"),
        show=lambda metres, _language: metres and round(metres),
        data=rounded(1),
    ),
    Column(
        "score",
        lambda pair: pair.double.score,
        N_("Likelihood"),
        show=lambda score, language: language.format_percent(score),
        data=rounded(4),
    ),
    Column("sample", lambda pair: pair.first.sample, N_("Sample")),
)

DOUBLE_PAGE_COLUMNS = DOUBLES.take("name", "other_name", "reasons", "metres", "score")
"""The table of pairs on the page, the likeliest first."""

DOUBLE_KEYS = (
    "code",
    "name",
    "address",
    "other",
    "other_name",
    "other_address",
    "reasons",
    "metres",
    "score",
    "sample",
)
DOUBLE_COLUMNS = DOUBLES.take(*DOUBLE_KEYS)
"""The same table for a file."""

DOUBLE_LIST = listing(DOUBLES, *DOUBLE_KEYS, samples=lambda pair: pair.first.sample)
"""The pairs in a person's area, the likeliest first."""
