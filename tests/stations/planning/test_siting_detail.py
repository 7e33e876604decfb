"""What each new site does: on a street drawn by hand, against trying without it, and on the counties."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.siting import SitingModel, SitingTask
from stations.answers.siting import SITING
from stations.answers.siting_service import places_in_words, served_rows
from stations.language import Language
from stations.planning.demand import DemandPlace, Weighting
from stations.planning.siting_answer_data import answer_data, answer_of
from stations.planning.siting_candidates import Candidate, CandidateKind
from stations.planning.siting_detail import SitingDetail, detail_data, detail_from, detail_of, serving_lines
from stations.planning.siting_question import SitingQuestion
from stations.planning.station_siting import SitingAnswer, site_stations
from stations.planning.travel import TravelUnit
from tests.conftest import TODAY

# A street: demand at 0, 10, … 50 km; sites at 0 (a station that stands), 20 and 50 km.
DEMAND = tuple(DemandPlace(f"d{km}", f"D{km}", None, 119 + km / 100, 32, 1.0 + km, None) for km in range(0, 60, 10))
SITES = (0, 20, 50)
CANDIDATES = tuple(
    Candidate(f"s{km}", f"S{km}", None, 119 + km / 100, 32, 0, CandidateKind.POINT if km else CandidateKind.STATION)
    for km in SITES
)


def street(model: SitingModel, within: float = 12_000, distances: np.ndarray | None = None) -> SitingTask:
    away = np.abs(np.arange(0, 60, 10)[:, None] - np.array(SITES)[None]) * 1000.0
    weights = np.array([one.weight for one in DEMAND])
    return SitingTask(model, away if distances is None else distances, weights, within, p=2, keep=(0,))


def detail(task: SitingTask, sites: tuple[int, ...] = (0, 1, 2)) -> SitingDetail:
    return detail_of(task, sites, DEMAND, CANDIDATES, TravelUnit.METRES)


def test_whom_each_new_site_serves() -> None:
    found = detail(street(SitingModel.MCLP))
    middle, end = found.sites
    # 10 km off, D10 is within reach of the station that stands: the site in the middle is not the first to reach it.
    assert [(one.demand, one.way, one.newly, one.share) for one in middle.places] == [
        ("d30", 10_000, True, 1),
        ("d20", 0, True, 1),
    ]
    assert (middle.newly_weight, middle.served_weight, middle.gain) == (52.0, 52.0, 52.0)
    assert [one.demand for one in end.places] == ["d50", "d40"]
    assert {one.demand: one.site for one in found.served} == {
        "d0": "s0", "d10": "s0", "d20": "s20", "d30": "s20", "d40": "s50", "d50": "s50"
    }  # fmt: skip


def test_a_place_that_two_new_sites_reach_is_newly_reached_by_both_and_gained_by_neither() -> None:
    found = detail(street(SitingModel.MCLP, within=20_000))
    middle, end = found.sites
    both = {"d30", "d40"}
    assert both <= {one.demand for one in middle.places if one.newly}
    assert both <= {one.demand for one in end.places if one.newly}
    assert (middle.gain, end.gain) == (0.0, 51.0)  # D20 is reached from S0; D50 is reached by S50 alone


def objective(task: SitingTask, sites: tuple[int, ...]) -> float:
    """Return the figure of the model, better where larger."""
    nearest = task.distances[:, list(sites)].min(axis=1, initial=np.inf)
    if task.model in {SitingModel.LSCP, SitingModel.MCLP}:
        return float(task.weights[nearest <= task.within].sum())
    if task.model is SitingModel.P_MEDIAN:
        return -float(task.weights @ nearest) / float(task.weights.sum())
    return -float(nearest.max())


@pytest.mark.parametrize("model", list(SitingModel))
@pytest.mark.parametrize("seed", range(5))
def test_the_gain_of_a_site_is_what_trying_without_it_loses(model: SitingModel, seed: int) -> None:
    chance = np.random.default_rng(seed)
    task = street(model, 30.0, chance.uniform(0, 100, (6, 3)))
    for sites in ((0, 1, 2), (1, 2)):
        found = detail(task, sites)
        for service in found.sites:
            others = tuple(site for site in sites if CANDIDATES[site].id != service.site)
            lost = objective(task, sites) - objective(task, others)
            assert service.gain == pytest.approx(lost)


@pytest.mark.parametrize("model", list(SitingModel))
def test_an_only_site_is_all_there_is(model: SitingModel) -> None:
    task = replace(street(model), keep=())
    [alone] = detail(task, (1,)).sites
    covering = model in {SitingModel.LSCP, SitingModel.MCLP}
    assert alone.gain == (objective(task, (1,)) if covering else None)


def test_what_no_site_reaches_is_served_by_none_and_no_line_leads_to_it() -> None:
    away = street(SitingModel.MCLP).distances.copy()
    away[5] = np.inf
    found = detail(street(SitingModel.MCLP, distances=away))
    assert "d50" not in {one.demand for one in found.served}
    assert all(place.demand != "d50" for one in found.sites for place in one.places)
    lines = serving_lines(found, SitingModel.MCLP, DEMAND, CANDIDATES)
    assert {(one.demand.id, one.site.id) for one in lines} == {
        ("d0", "s0"), ("d10", "s0"), ("d20", "s20"), ("d30", "s20"), ("d40", "s50")
    }  # fmt: skip
    # Where reach is no matter of the model, everybody has a line, however far.
    near = detail(street(SitingModel.MCLP, within=5_000))
    assert len(serving_lines(near, SitingModel.MCLP, DEMAND, CANDIDATES)) == 3
    assert len(serving_lines(near, SitingModel.P_MEDIAN, DEMAND, CANDIDATES)) == len(DEMAND)


def test_a_detail_is_read_back_as_it_was_written() -> None:
    found = detail(street(SitingModel.P_MEDIAN))
    assert detail_from(json.loads(json.dumps(detail_data(found)))) == found
    assert detail_from(None) is None


def solve(engine: Engine, question: SitingQuestion) -> SitingAnswer:
    with Session(engine) as session:
        return site_stations(session, question, as_of=TODAY, samples=True)


ASK = SitingQuestion(SitingModel.MCLP, p=4, within_km=25, weighting=Weighting.POPULATION, keep_existing=True)


@pytest.mark.one_database
def test_on_the_counties_what_is_newly_reached_adds_up(sample_engine: Engine) -> None:
    answer = solve(sample_engine, ASK)
    assert answer.detail is not None and answer.before is not None
    assert sorted(one.site for one in answer.detail.sites) == sorted(answer.added)
    newly = {place.demand for one in answer.detail.sites for place in one.places if place.newly}
    weight = {one.id: one.weight for one in answer.demand}
    kept = [one for one in answer.candidates if one.existing]
    assert kept
    reached = sum(weight[code] for code, metres in answer.nearest.items() if metres <= 25_000)
    assert answer.objective == pytest.approx(reached)
    before = replace(ASK, p=1)
    [least] = (min(solve(sample_engine, before).detail.sites, key=lambda one: one.newly_weight),)
    assert least.gain == pytest.approx(least.newly_weight)  # one new site: all that it newly reaches, it alone reaches
    assert sum(weight[code] for code in newly) == pytest.approx(
        answer.objective - (solve(sample_engine, before).objective - least.newly_weight)
    )
    again = answer_of(json.loads(json.dumps(answer_data(answer))))
    assert again.detail == answer.detail


@pytest.mark.one_database
def test_clicked_places_have_the_demand_within_the_distance(sample_engine: Engine) -> None:
    answer = solve(sample_engine, replace(ASK, p=1, counties=False, points=((118.8, 32.05),), keep_existing=False))
    [point] = [one for one in answer.candidates if one.kind is CandidateKind.POINT]
    assert point.local == pytest.approx(answer.objective) and point.local > 0
    columns = {one.key: one for one in SITING.columns(answer)}
    assert columns["weight"].value(point) == round(point.local)
    assert "{" not in columns["weight"].heading(Language("zh_CN"))


@pytest.mark.one_database
def test_the_table_of_sites_names_whom_each_reaches(sample_engine: Engine) -> None:
    answer = solve(sample_engine, ASK)
    rows = served_rows(answer)
    assert {row.number for row in rows if row.newly} == {1, 2, 3, 4}
    for language in (Language("zh_CN"), Language("en")):
        words = places_in_words(answer, [row.place.id for row in rows], language)
        largest = max((row.place for row in rows), key=lambda place: place.weight)
        assert words.startswith(language.pick(largest.name, largest.name_en))
        assert len(rows) <= 5 or str(len({row.place.id for row in rows}) - 5) in words
