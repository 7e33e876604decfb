"""A population raster beside the census, county by county."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.language import N_, Bilingual, Language
from stations.planning.population_layer import RasterComparison, RasterCounty
from stations.tables.table import Cell


def _count(value: float | None, language: Language) -> Cell:
    return None if value is None else language.format_number(round(value))


def _ratio(value: float | None, language: Language) -> Cell:
    return None if value is None else language.format_percent(value, 1)


RASTER_COUNTIES: Columns[RasterCounty] = Columns(
    Column("adcode", lambda one: one.county.adcode, N_("Adcode")),
    Column("name", lambda one: Bilingual(one.county.name, one.county.name_en), N_("Name")),
    Column("people", lambda one: one.people, N_("People by the raster"), show=_count),
    Column("census", lambda one: one.census, N_("People by the census"), show=_count),
    Column("ratio", lambda one: one.ratio, N_("Raster as a share of the census"), show=_ratio),
)

RASTER_NOTE = N_(
    "Residents are those of the census in every county; the raster says where in it they live. A county in which it "
    "has nobody is spread as in the grid."
)


def _notes(compared: RasterComparison, language: Language) -> list[str]:
    head = N_("{name} ({year}). Source: {source}. {raster} people in the province, {census} by the census of 2020.")
    told = language.translate(
        head,
        name=compared.name,
        year=compared.year,
        source=compared.source,
        raster=language.format_number(round(sum(one.people or 0.0 for one in compared.counties))),
        census=language.format_number(sum(one.census or 0 for one in compared.counties)),
    )
    return [told, language.translate(RASTER_NOTE)]


def _data(compared: RasterComparison, _language: Language) -> dict[str, object]:
    return {
        "name": compared.name,
        "year": compared.year,
        "source": compared.source,
        "sample": compared.sample,
        "counties": [RASTER_COUNTIES.as_data(one) for one in compared.counties],
    }


POPULATION: Presentation[RasterComparison, RasterCounty] = Presentation(
    data=_data,
    rows=lambda compared: compared.counties,
    columns=lambda _compared: RASTER_COUNTIES.take("adcode", "name", "people", "census", "ratio"),
    notes=_notes,
)
"""The raster on file, or the one just imported."""
