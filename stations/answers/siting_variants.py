"""What would change the answer to a siting question, and the next best choices, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.siting import Outcome, SitingModel
from stations.answers.columns import Column, Columns, in_words
from stations.answers.ways import reach_text
from stations.language import N_, Bilingual, Language
from stations.planning.siting_detail import COVERING
from stations.planning.siting_sensitivity import VariantKind, VariantResult, stays_in
from stations.planning.station_siting import PosedQuestion, SitingAnswer, added_sites
from stations.tables.table import Cell

ABOUT: dict[VariantKind, str] = {
    VariantKind.SECOND_BEST: N_("The best choice with a station in another county"),
    VariantKind.NEARER: N_("Within {reach} counts as reached"),
    VariantKind.FARTHER: N_("Within {reach} counts as reached"),
    VariantKind.WEIGHTING: N_("Demand: {name}"),
    VariantKind.LAYER: N_("Demand at: {name}"),
    VariantKind.WITHOUT: N_("Without {name}"),
}
"""The name of a variant."""


def variant_name(result: VariantResult, language: Language) -> str:
    """Return what a variant changes."""
    variant = result.variant
    if variant.kind in {VariantKind.NEARER, VariantKind.FARTHER} and variant.posed is not None:
        reach = reach_text(variant.posed.task.within, variant.posed.unit, language)
        return language.translate(ABOUT[variant.kind], reach=reach)
    return language.translate(ABOUT[variant.kind], name=variant.name)


def figure_text(posed: PosedQuestion, figure: float | None, language: Language) -> str | None:
    """Return the figure of a choice of sites (``figure_of``) as people read it."""
    if figure is None:
        return None
    if posed.task.model in COVERING:
        return language.translate(N_("{share} within reach"), share=language.format_percent(figure, 1))
    way = posed.unit.in_words(language, figure)
    if posed.task.model is SitingModel.P_MEDIAN:
        return language.translate(N_("{way} on average"), way=way)
    return language.translate(N_("{way} for the farthest"), way=way)


def _best(result: VariantResult, language: Language) -> Cell:
    posed = result.variant.posed
    if posed is None or result.figure is None:
        return in_words(result.problem, language)
    if posed.task.model is SitingModel.LSCP:
        told = language.ngettext("{count} new station", "{count} new stations", result.added)
    else:
        told = figure_text(posed, result.figure, language) or ""
    return told if result.outcome is Outcome.OPTIMAL else language.translate(N_("{figure} (not proven)"), figure=told)


def _chosen(result: VariantResult, language: Language) -> Cell:
    posed = result.variant.posed
    return None if posed is None else figure_text(posed, result.chosen, language)


def _named(answer: SitingAnswer, result: VariantResult, ids: Sequence[str]) -> list[Bilingual]:
    places = result.variant.posed.candidates if result.variant.posed else answer.candidates
    names = {one.id: Bilingual(one.name, one.name_en) for one in (*answer.candidates, *places)}
    return [names[one] for one in ids]


def variant_columns(answer: SitingAnswer) -> tuple[Column[VariantResult], ...]:
    """Return the columns of the variants of an answer."""
    columns: Columns[VariantResult] = Columns(
        Column("variant", lambda one: one, N_("What is changed"), show=variant_name, data=lambda one: one.variant.kind),
        Column("best", lambda one: one, N_("Best then"), show=_best, data=lambda one: one.figure),
        Column(
            "chosen", lambda one: one, N_("With the stations chosen"), show=_chosen, data=lambda one: one.chosen
        ),
        Column("left", lambda one: _named(answer, one, one.left), N_("Not there then")),
        Column("entered", lambda one: _named(answer, one, one.entered), N_("There instead")),
    )
    return columns.take("variant", "best", "chosen", "left", "entered")


def variants_data(results: Sequence[VariantResult]) -> list[dict[str, Any]]:
    """Return the variants as JSON data: shares from 0 to 1, ways in metres or seconds."""
    return [
        {
            "kind": one.variant.kind.value,
            "about": one.variant.about,
            "status": one.outcome.value if one.outcome else None,
            "figure": one.figure,
            "chosen": one.chosen,
            "added": one.added,
            "left": list(one.left),
            "entered": list(one.entered),
        }
        for one in results
    ]


def loss_text(posed: PosedQuestion, answer: SitingAnswer, result: VariantResult, language: Language) -> str:
    """Return what is lost by a choice on the question's own terms instead of the answer's."""
    model = posed.task.model
    if model is SitingModel.LSCP:
        more = result.added - len(answer.added)
        if not more:
            return language.translate(N_("Nothing is lost: it takes as many stations."))
        return language.ngettext("It takes {count} station more.", "It takes {count} stations more.", more)
    best = result.chosen
    if best is None or result.figure is None:
        return ""
    lost = best - result.figure if model in COVERING else result.figure - best
    if lost <= 0:
        return language.translate(N_("Nothing is lost: it is as good."))
    if model in COVERING:
        return language.translate(
            N_("Lost by it: {demand} of demand within reach, {share} of all."),
            demand=language.format_number(round(lost * float(posed.task.weights.sum()))),
            share=language.format_percent(lost, 2),
        )
    way = posed.unit.in_words(language, lost)
    if model is SitingModel.P_MEDIAN:
        return language.translate(N_("Lost by it: {way} more on average."), way=way)
    return language.translate(N_("Lost by it: {way} more for the farthest."), way=way)


def stability_lines(answer: SitingAnswer, results: Sequence[VariantResult], language: Language) -> list[str]:
    """Return for each new site in how many of the variants on other terms it is chosen again."""
    lines = []
    for number, site in enumerate(added_sites(answer), start=1):
        stays, of = stays_in(site.id, results)
        if of:
            lines.append(
                language.translate(
                    N_("{number}. {name}: chosen again in {stays} of {of}"),
                    number=number,
                    name=Bilingual(site.name, site.name_en),
                    stays=stays,
                    of=of,
                )
            )
    return lines

