"""The imported figures of the counties."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.language import N_
from stations.planning.imported_figure import ImportedFigure

FIGURES: Columns[ImportedFigure] = Columns(
    Column("code", lambda one: one.code, N_("Reference code")),
    Column("name", lambda one: one.name, N_("Figure")),
    Column("unit", lambda one: one.unit, N_("Unit")),
    Column("year", lambda one: one.year, N_("Year")),
    Column("counties", lambda one: len(one.values), N_("Counties")),
    Column("source", lambda one: one.source, N_("Source")),
    Column(
        "values",
        lambda one: {value.county_adcode: value.value for value in one.values},
        data=lambda values: dict(sorted(values.items())),
    ),
    Column("sample", lambda one: one.sample),
)
FIGURE_PAGE_COLUMNS = FIGURES.take("code", "name", "counties")
"""The table of figures on the page, where unit, year and source are told with the name."""

FIGURE_KEYS = ("code", "name", "unit", "year", "counties", "source")
FIGURE_COLUMNS = FIGURES.take(*FIGURE_KEYS)
"""The same table on the command line and as a file."""

FIGURE_LIST = listing(FIGURES, *FIGURE_KEYS, samples=lambda one: one.sample)
"""The imported figures; the JSON has their values, by the county's adcode."""
