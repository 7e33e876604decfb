"""Where the next stations go: on the real counties, with the stations that stand kept or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from geo.siting import Outcome
from stations.demand import Weighting, county_demand
from stations.errors import InvalidInput
from stations.registry import Status, list_stations
from stations.siting_question import SitingModel, SitingQuestion
from stations.station_siting import SitingAnswer, site_stations
from tests.conftest import TODAY

ASK = SitingQuestion(SitingModel.MCLP, p=5, within_km=30, weighting=Weighting.POPULATION)


def solve(engine: Engine, question: SitingQuestion, *, samples: bool = True) -> SitingAnswer:
    with Session(engine) as session:
        return site_stations(session, question, as_of=TODAY, samples=samples)


def test_counted_residents_stay_and_the_rest_of_a_city_is_estimated(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        demand = county_demand(session, Weighting.POPULATION)
        by_city: dict[str, float] = {}
        for one in demand:
            assert one.weight > 0
            assert one.estimated == (one.county.population is None)
            if not one.estimated:
                assert one.weight == one.county.population
            by_city[one.county.city_adcode] = by_city.get(one.county.city_adcode, 0) + one.weight
        for one in demand:
            if one.estimated:
                assert by_city[one.county.city_adcode] == pytest.approx(one.county.city.population)
        assert {one.weight for one in county_demand(session, Weighting.EQUAL)} == {1.0}


@pytest.mark.parametrize("model", list(SitingModel))
def test_every_model_is_proven_optimal_on_the_counties(sample_engine: Engine, model: SitingModel) -> None:
    answer = solve(sample_engine, replace(ASK, model=model, within_km=60))
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.sites == answer.added
    assert answer.before is None
    if model is SitingModel.LSCP:
        assert answer.after.worst_m <= 60_000
    else:
        assert len(answer.added) == 5


def test_stations_that_stand_serve_already_and_stay(sample_engine: Engine) -> None:
    question = replace(ASK, keep_existing=True)
    answer = solve(sample_engine, question)
    with Session(sample_engine) as session:
        active = list_stations(session, TODAY, samples=True, statuses=[Status.ACTIVE])
        placed = {one.station.code for one in active if one.station.lon is not None or one.station.county_adcode}
    assert {one.id for one in answer.candidates if one.existing} == placed
    assert placed < set(answer.sites)
    assert set(answer.sites) - placed == set(answer.added)
    assert answer.after.within[30] >= answer.before.within[30]
    assert answer.after.average_m < answer.before.average_m
    only_documented = solve(sample_engine, question, samples=False)
    assert not any(one.sample for one in only_documented.candidates)


def test_must_and_forbidden_places(sample_engine: Engine) -> None:
    free = solve(sample_engine, ASK)
    barred = solve(sample_engine, replace(ASK, forbid=free.added[:1], must=("320703",)))
    assert free.added[0] not in barred.added
    assert "320703" in barred.added
    assert barred.objective < free.objective


def test_what_nobody_reaches_is_named(sample_engine: Engine) -> None:
    answer = solve(sample_engine, SitingQuestion(SitingModel.LSCP, within_km=5, forbid=("320703", "320681")))
    assert answer.outcome is Outcome.INFEASIBLE
    assert set(answer.uncovered) == {"320703", "320681"}
    assert answer.after is None


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (replace(ASK, p=None), "p"),
        (replace(ASK, p=0), "p"),
        (replace(ASK, p=96), "p"),
        (replace(ASK, p=1, must=("320102", "320104")), "p"),
        (replace(ASK, within_km=0), "within"),
        (replace(ASK, within_km=float("nan")), "within"),
        (replace(ASK, must=("110101",)), "must"),
        (replace(ASK, forbid=("SAMPLE-S-001",), keep_existing=True), "forbid"),
        (replace(ASK, must=("320102",), forbid=("320102",)), "must"),
    ],
)
def test_what_makes_no_sense_is_told(sample_engine: Engine, question: SitingQuestion, field: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        solve(sample_engine, question)
    assert problem.value.field == field


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "LANG": "en_GB.UTF-8", "SAMPLE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "stations", "siting", *arguments], capture_output=True, text=True, env=environment
    )


def test_the_command_gives_all_it_takes_to_check_the_optimum(sample_url: str) -> None:
    done = run(sample_url, "mclp", "--p", "6", "--within", "40", "--weights", "population", "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "optimal"
    assert len(answer["candidates"]) == 95
    lons, lats, weights = (np.array([one[key] for one in answer["candidates"]]) for key in ("lon", "lat", "weight"))
    near = great_circle_m(lons[:, None], lats[:, None], lons[None], lats[None]) <= 40_000
    # Another model of the same: every place is a whole variable, nothing is scaled.
    cover = np.hstack([near.astype(float), -np.eye(95)])
    again = milp(
        np.r_[np.zeros(95), -weights],
        integrality=np.ones(190),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(cover, 0, np.inf), LinearConstraint(np.r_[np.ones(95), np.zeros(95)], 6, 6)],
    )
    assert answer["objective"] == pytest.approx(-again.fun)
    order = {one["id"]: index for index, one in enumerate(answer["candidates"])}
    chosen = [order[site] for site in answer["sites"]]
    assert answer["objective"] == pytest.approx(weights[near[:, chosen].any(axis=1)].sum())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "lscp, mclp, p-median, p-center"),
        (("mclp",), "--p"),
        (("lscp", "--within", "-3"), "-3"),
        (("lscp", "--weights", "gold"), "equal, population"),
        (("p-center", "--p", "0"), "0"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(sample_url: str, arguments: tuple[str, ...], told: str) -> None:
    done = run(sample_url, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
