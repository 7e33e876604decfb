"""How sure an answer is: the same question on other terms, and the next best choices.

Three kinds of variants, each solved to proven optimality like the question itself (``VariantKind``): on other terms
(another distance, other demand), with one of the chosen sites forbidden, and the best choice that puts a site into a
county where the answer has none. Each is compared with the answer: which sites differ, and how both do on the
variant's terms.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial

import numpy as np
from sqlalchemy.orm import Session

from geo.siting import Outcome, SitingModel, SitingTask, Solution
from geo.siting.second_best import differing_in_group, without
from stations.errors import DomainError
from stations.language import N_, Bilingual, Worded
from stations.planning.demand import DemandLayer, Weighting, layers_on_file
from stations.planning.imported_figure import list_figures
from stations.planning.siting_detail import COVERING
from stations.planning.siting_question import NEEDS_WITHIN, SitingQuestion
from stations.planning.station_siting import PosedQuestion, SitingAnswer, pose
from stations.planning.travel import STRAIGHT, TravelUnit

STEPS: dict[TravelUnit, float] = {TravelUnit.METRES: 5_000.0, TravelUnit.SECONDS: 300.0}
"""By how much the distance that counts as reached is changed: 5 km, 5 minutes."""
MOST_WITHOUT = 12
"""So many sites are tried without, those first without which most is lost."""
TIME_LIMIT_S = 20.0
WEIGHED = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN})


class VariantKind(StrEnum):
    """How a variant differs from the question: the second best in another county, a shorter or a longer way that counts
    as reached, another weighting or layer of demand, one of the new sites left out.
    """

    SECOND_BEST = "second_best"
    NEARER = "nearer"
    FARTHER = "farther"
    WEIGHTING = "weighting"
    LAYER = "layer"
    WITHOUT = "without"


SAME_TERMS = frozenset({VariantKind.SECOND_BEST, VariantKind.WITHOUT})
"""Variants that are solved on the question's own terms, so that their figures compare with its answer's."""


@dataclass(frozen=True)
class Variant:
    """A variant to be solved.

    ``about``: the site that is left out, the weighting or the layer, by its code, and the distance in metres or
    seconds; ``name``: what people call it. ``posed``: None if it can't be asked; ``problem`` says why.
    """

    kind: VariantKind
    about: str
    name: Bilingual | Worded
    posed: PosedQuestion | None
    problem: Worded | None = None

    @property
    def key(self) -> Hashable:
        """Equal for the same variant of the same question on the same data."""
        task = self.posed.task if self.posed else None
        return (self.kind, self.about, self.posed and self.posed.fingerprint, task and (task.among, task.time_limit))


@dataclass(frozen=True)
class VariantResult:
    """What became of a variant.

    ``outcome``: None if it was not solved; ``problem`` says why. ``figure``: the model's figure (``figure_of``) of its
    best choice, ``chosen``: of the answer's sites on the variant's terms. ``added``: how many sites the variant adds.
    ``left``, ``entered``: ids of the answer's new sites that are not in it, and of those in it that are not the
    answer's.
    """

    variant: Variant
    outcome: Outcome | None
    figure: float | None = None
    chosen: float | None = None
    added: int = 0
    left: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    problem: Worded | None = None


def variants_of(
    session: Session,
    posed: PosedQuestion,
    answer: SitingAnswer,
    *,
    as_of: date,
    samples: bool,
    time_limit: float = TIME_LIMIT_S,
) -> tuple[Variant, ...]:
    """Return the variants of a question whose ``answer`` has new sites. ``as_of``, ``samples``: as for ``pose``."""
    question, task = posed.question, replace(posed.task, time_limit=time_limit)
    order = {one.id: column for column, one in enumerate(posed.candidates)}
    solution = Solution(answer.outcome, tuple(sorted(order[one] for one in answer.sites)), answer.objective)

    def asked(kind: VariantKind, about: str, name: Bilingual | Worded, other: SitingQuestion) -> Variant:
        try:
            again = pose(session, other, as_of=as_of, samples=samples, time_limit=time_limit)
        except DomainError as error:
            return Variant(kind, about, name, None, Worded(error.message, error.params))
        return Variant(kind, about, name, again)

    def changed(kind: VariantKind, about: str, name: Bilingual | Worded, change: Callable[[], SitingTask]) -> Variant:
        try:
            return Variant(kind, about, name, replace(posed, task=change()))
        except ValueError:  # too few places are left to choose from
            return Variant(kind, about, name, None, Worded(N_("No other choice is left")))

    def other_county() -> SitingTask:
        return differing_in_group(task, solution, [one.county for one in posed.candidates])

    found = [changed(VariantKind.SECOND_BEST, "", Worded(""), other_county)]
    if question.model in NEEDS_WITHIN:
        step = STEPS[posed.unit]
        for kind, within in ((VariantKind.NEARER, task.within - step), (VariantKind.FARTHER, task.within + step)):
            if within > 0:
                nearer = replace(posed, task=replace(task, within=within))
                found.append(Variant(kind, f"{within:g}", Worded(""), nearer))
    if question.model in WEIGHED:
        names: dict[str, Bilingual | Worded] = {one.value: Worded(one.label) for one in Weighting}
        if question.demand != DemandLayer.PLACES:  # which count by their own amounts, whatever the figure
            names |= {one.code: Bilingual(one.name, None) for one in list_figures(session, samples=samples)}
        found += [
            asked(VariantKind.WEIGHTING, code, name, replace(question, weighting=code))
            for code, name in names.items()
            if code != question.weighting
        ]
    found += [
        asked(VariantKind.LAYER, layer.value, Worded(layer.label), replace(question, demand=layer.value))
        for layer in _other_layers(session, question, samples)
    ]
    for site in _most_missed(answer):
        place = posed.candidates[order[site]]
        name = Bilingual(place.name, place.name_en)
        found.append(changed(VariantKind.WITHOUT, site, name, partial(without, task, order[site])))
    return tuple(found)


def _other_layers(session: Session, question: SitingQuestion, samples: bool) -> list[DemandLayer]:
    """Return the layers that are tried instead of the question's: those with something on file.

    The hexagons are left out, since they are filled by the rule of the towns; and all are where the way is not the
    straight line: roads would have to be measured anew to each place, and a table has its own places only.
    """
    if question.travel != STRAIGHT:
        return []
    tried = set(layers_on_file(session, samples=samples)) - {DemandLayer.GRID, question.demand}
    return [one for one in DemandLayer if one in tried]


def _most_missed(answer: SitingAnswer) -> list[str]:
    """Return the new sites without which most is lost, in the order of the answer."""
    services = answer.detail.sites if answer.detail else ()
    missed = sorted(services, key=lambda one: -(np.inf if one.gain is None else one.gain))[:MOST_WITHOUT]
    return [one.site for one in services if one in missed]


def result_of(variant: Variant, solution: Solution | None, answer: SitingAnswer) -> VariantResult:
    """Return what became of a variant of ``answer``. ``solution``: None if it could not be solved."""
    if variant.posed is None or solution is None:
        problem = variant.problem or Worded(N_("The computation broke off."))
        return VariantResult(variant, None, problem=problem)
    task, candidates = variant.posed.task, variant.posed.candidates
    if not solution.sites:
        return VariantResult(variant, solution.outcome, problem=Worded(N_("It can’t be done on these terms.")))
    kept = set(task.keep)
    new = [candidates[site].id for site in solution.sites if site not in kept]
    order = {one.id: column for column, one in enumerate(candidates)}
    known = [order[one] for one in answer.sites if one in order]
    return VariantResult(
        variant,
        solution.outcome,
        figure=figure_of(task, solution.sites, solution.objective),
        chosen=_figure_of_chosen(variant, answer, known),
        added=len(new),
        left=tuple(one for one in answer.added if one not in new),
        entered=tuple(one for one in new if one not in answer.added),
    )


def _figure_of_chosen(variant: Variant, answer: SitingAnswer, sites: Sequence[int]) -> float | None:
    """Return how the answer's sites do on the variant's terms; None where that would take to share out anew."""
    if variant.posed is None or len(sites) < len(answer.sites):
        return None
    if variant.kind in SAME_TERMS:
        return figure_of(variant.posed.task, sites, answer.objective)
    return None if variant.posed.task.capacities is not None else figure_of(variant.posed.task, sites)


def figure_of(task: SitingTask, sites: Sequence[int], objective: float | None = None) -> float | None:
    """Return the figure by which sites are judged: for covering models the share of demand within reach, for p-median
    the average way, for p-center the longest one; None if somebody can't reach any.

    ``objective``: of the sites; where they have capacities it is what tells who is served.
    """
    if task.capacities is not None and task.model in WEIGHED and objective is not None:
        return objective / float(task.weights.sum())
    nearest = task.distances[:, list(sites)].min(axis=1)
    total = float(task.weights.sum())
    if task.model in COVERING:
        return float(task.weights[nearest <= task.within].sum()) / total
    counts = task.weights > 0 if task.model is SitingModel.P_MEDIAN else np.ones(len(nearest), dtype=bool)
    if not np.isfinite(nearest[counts]).all():
        return None
    if task.model is SitingModel.P_MEDIAN:
        return float(task.weights[counts] @ nearest[counts]) / total
    return float(nearest.max())


def stays_in(site: str, results: Sequence[VariantResult]) -> tuple[int, int]:
    """Return in how many of the variants on other terms a new site of the answer is chosen again, and of how many."""
    solved = [one for one in results if one.variant.kind not in SAME_TERMS and one.figure is not None]
    return sum(site not in one.left for one in solved), len(solved)


def solve_here(variants: Sequence[Variant], answer: SitingAnswer) -> Iterator[VariantResult]:
    """Solve the variants in this process, and yield what became of each."""
    for variant in variants:
        yield result_of(variant, variant.posed.task.solve() if variant.posed else None, answer)
