"""What would change an answer, against trying every choice, and its computation in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import combinations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.siting import Outcome, SitingModel, SitingTask
from stations.answers.siting_variants import loss_text, stability_lines, variant_columns, variant_name, variants_data
from stations.language import Language
from stations.planning.demand import Weighting
from stations.planning.siting_jobs import SitingJobs
from stations.planning.siting_question import SitingQuestion
from stations.planning.siting_sensitivity import Variant, VariantKind, VariantResult, figure_of, solve_here, variants_of
from stations.planning.station_siting import PosedQuestion, SitingAnswer, answer, pose
from stations.planning.variant_run import VariantRun
from tests.conftest import TODAY

CHINESE, ENGLISH = Language("zh_CN"), Language("en")
ASK = SitingQuestion(SitingModel.MCLP, p=2, within_km=25, weighting=Weighting.POPULATION)
IN_FIRST = (118.8, 32.05)  # beside the point of a county that the answers below choose


def posed_variants(engine: Engine, question: SitingQuestion) -> tuple[PosedQuestion, SitingAnswer, tuple[Variant, ...]]:
    with Session(engine) as session:
        posed = pose(session, question, as_of=TODAY, samples=True)
        found = answer(posed, posed.task.solve())
        return posed, found, variants_of(session, posed, found, as_of=TODAY, samples=True)


def on_counties(variants: tuple[Variant, ...]) -> list[Variant]:
    """Return the variants but those of other layers of demand, which take long to read and are tested by themselves."""
    return [one for one in variants if one.kind is not VariantKind.LAYER]


def of_kind(results: list[VariantResult], kind: VariantKind) -> list[VariantResult]:
    return [one for one in results if one.variant.kind is kind]


def best_by_trying(task: SitingTask, allowed: list[int], p: int, county: list[str | None], used: set[str]) -> float:
    """Return the best figure of any ``p`` sites of which one at least lies in a county not ``used``."""
    sign = 1 if task.model is SitingModel.MCLP else -1
    return sign * max(
        sign * (figure_of(task, sites) or 0)
        for sites in combinations(allowed, p)
        if any(county[site] not in used for site in sites)
    )


@pytest.mark.one_database
@pytest.mark.parametrize("model", [SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER])
def test_variants_are_what_trying_every_choice_finds(sample_engine: Engine, model: SitingModel) -> None:
    # A second place in a county that is chosen is no other place: it would differ by a few kilometres only.
    question = replace(ASK, model=model, points=(IN_FIRST,))
    posed, found, variants = posed_variants(sample_engine, question)
    results = list(solve_here(on_counties(variants), found))
    assert all(one.outcome is Outcome.OPTIMAL for one in results if one.variant.posed)
    county = [one.county for one in posed.candidates]
    order = {one.id: column for column, one in enumerate(posed.candidates)}
    every = list(range(len(posed.candidates)))
    [second] = of_kind(results, VariantKind.SECOND_BEST)
    used = {county[order[one]] for one in found.added}
    assert second.figure == pytest.approx(best_by_trying(posed.task, every, 2, county, used))
    assert any(county[order[one]] not in used for one in second.entered)
    assert second.chosen == pytest.approx(figure_of(posed.task, [order[one] for one in found.added]))
    for one in of_kind(results, VariantKind.WITHOUT):
        assert one.variant.about in one.left
        rest = [column for column in every if column != order[one.variant.about]]
        assert one.figure == pytest.approx(best_by_trying(posed.task, rest, 2, county, set()))
    kinds = [one.variant.kind for one in results]
    assert kinds.count(VariantKind.WITHOUT) == 2
    assert (VariantKind.NEARER in kinds) is (model is SitingModel.MCLP)
    assert (VariantKind.WEIGHTING in kinds) is (model is not SitingModel.P_CENTER)


@pytest.mark.one_database
def test_other_distances_and_other_demand_are_questions_of_their_own(sample_engine: Engine) -> None:
    posed, found, variants = posed_variants(sample_engine, replace(ASK, p=3, keep_existing=True))
    results = list(solve_here(on_counties(variants), found))
    for kind, within in ((VariantKind.NEARER, 20), (VariantKind.FARTHER, 30)):
        [one] = of_kind(results, kind)
        with Session(sample_engine) as session:
            again = pose(session, replace(posed.question, within_km=within), as_of=TODAY, samples=True)
        direct = answer(again, again.task.solve())
        assert one.figure == pytest.approx(direct.objective / again.task.weights.sum())
        assert one.chosen is not None and one.chosen <= one.figure + 1e-9
        assert f"{within}" in variant_name(one, ENGLISH)
    [equal] = [one for one in of_kind(results, VariantKind.WEIGHTING) if one.variant.about == "equal"]
    assert equal.variant.posed is not None
    assert set(equal.variant.posed.task.weights) == {1.0}
    assert len(equal.left) == len(equal.entered)
    for language in (CHINESE, ENGLISH):
        told = [column.cell(one, language) for one in results for column in variant_columns(found)]
        assert not any("{" in str(cell) for cell in told)
        assert len(stability_lines(found, results, language)) == 3
    assert {one["kind"] for one in variants_data(results)} >= {"second_best", "nearer", "farther", "without"}


@pytest.mark.one_database
def test_what_is_lost_by_the_second_best_is_told_in_people(sample_engine: Engine) -> None:
    posed, found, variants = posed_variants(sample_engine, replace(ASK, p=1, within_km=10))
    [second] = of_kind(list(solve_here(variants[:1], found)), VariantKind.SECOND_BEST)
    each = sorted((posed.task.distances <= 10_000).T @ posed.task.weights)
    lost = each[-1] - each[-2]
    told = loss_text(posed, found, second, ENGLISH)
    assert (f"{lost:,.0f}" in told) if lost else ("as good" in told)


@pytest.mark.one_database
def test_where_no_other_choice_is_left_it_is_told(sample_engine: Engine) -> None:
    question = replace(ASK, p=1, counties=False, points=(IN_FIRST,))
    _posed, found, variants = posed_variants(sample_engine, question)
    results = list(solve_here(on_counties(variants), found))
    [second] = of_kind(results, VariantKind.SECOND_BEST)
    [without] = of_kind(results, VariantKind.WITHOUT)
    assert (second.figure, without.figure) == (None, None)
    for one in (second, without):
        assert variant_columns(found)[1].cell(one, CHINESE)


@pytest.fixture
def jobs() -> Iterator[SitingJobs]:
    with closing(SitingJobs(at_once=1)) as open_jobs:
        yield open_jobs


@pytest.mark.one_database
def test_variants_run_in_the_background_one_at_a_time_and_stop_when_told(
    sample_engine: Engine, jobs: SitingJobs
) -> None:
    _posed, found, variants = posed_variants(sample_engine, ASK)
    run = VariantRun(jobs, variants[:2], found, "a")
    while not run.ended:
        run.advance(30)
    assert [one.figure for one in run.results] == [one.figure for one in solve_here(variants[:2], found)]
    stopped = VariantRun(jobs, variants, found, "b")
    stopped.advance(0)
    stopped.cancel()
    count = len(stopped.results)
    stopped.advance(30)
    assert stopped.ended
    assert len(stopped.results) == count < len(variants)
