"""The sites of the next stations, on the real counties, with existing stations preserved or not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pulp
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from geo.siting import Outcome
from stations.errors import InvalidInput
from stations.places.counties import County
from stations.planning.demand import Weighting, county_demand
from stations.planning.siting_answer_data import answer_data, answer_of
from stations.planning.siting_candidates import count_unplaced_stations, standing_stations
from stations.planning.siting_question import SitingModel, SitingQuestion
from stations.planning.station_siting import SitingAnswer, outcome_text, pose, site_stations
from stations.registry.station import Status, list_stations
from tests.conftest import TODAY
from tests.stations.commands.test_command_line import run

ASK = SitingQuestion(SitingModel.MCLP, p=5, within_km=30, weighting=Weighting.POPULATION)


def solve(engine: Engine, question: SitingQuestion, *, samples: bool = True) -> SitingAnswer:
    with Session(engine) as session:
        return site_stations(session, question, as_of=TODAY, samples=samples)


def test_every_county_counts_with_its_residents(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        demand = county_demand(session, Weighting.POPULATION)
        assert all(one.weight == one.county.population and not one.estimated for one in demand)
        assert {one.weight for one in county_demand(session, Weighting.EQUAL)} == {1.0}


def test_the_rest_of_a_city_whose_counties_are_not_all_counted_is_estimated(reference_engine: Engine) -> None:
    unknown = {"320681", "320682"}  # of Nantong
    with Session(reference_engine) as session:
        for adcode in unknown:
            session.get_one(County, adcode).population = None
        demand = county_demand(session, Weighting.POPULATION)
        assert {one.county.adcode for one in demand if one.estimated} == unknown
        inside = [one for one in demand if one.county.city_adcode == "320600"]
        assert sum(one.weight for one in inside) == pytest.approx(inside[0].county.city.population)
        shares = {one.county.adcode: one.weight / one.county.area_km2 for one in inside if one.estimated}
        assert shares["320681"] == pytest.approx(shares["320682"])


@pytest.mark.parametrize("model", list(SitingModel))
@pytest.mark.one_database
def test_every_model_is_proven_optimal_on_the_counties(sample_engine: Engine, model: SitingModel) -> None:
    answer = solve(sample_engine, replace(ASK, model=model, within_km=60))
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.sites == answer.added
    assert answer.before is None
    if model is SitingModel.LSCP:
        assert answer.after.worst <= 60_000
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
    assert answer.after.average < answer.before.average
    only_documented = solve(sample_engine, question, samples=False)
    assert not any(one.sample for one in only_documented.candidates)


@pytest.mark.one_database
def test_covering_counts_what_is_added_and_tells_what_stands_apart(sample_engine: Engine) -> None:
    answer = solve(sample_engine, replace(ASK, model=SitingModel.LSCP, within_km=20, p=None, keep_existing=True))
    told = answer_data(answer)
    assert told["objective"] == len(answer.added) > 0
    assert told["existing"] == len(answer.sites) - len(answer.added) > 0
    # Saved before the existing ones were told apart: they were in the objective.
    former = {key: value for key, value in told.items() if key != "existing"} | {"objective": len(answer.sites)}
    assert answer_of(former).objective == answer_of(told).objective == len(answer.added)


@pytest.mark.one_database
def test_must_and_forbidden_places(sample_engine: Engine) -> None:
    free = solve(sample_engine, ASK)
    barred = solve(sample_engine, replace(ASK, forbid=free.added[:1], must=("320703",)))
    assert free.added[0] not in barred.added
    assert "320703" in barred.added
    assert barred.objective < free.objective


@pytest.mark.one_database
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
@pytest.mark.one_database
def test_what_makes_no_sense_is_told(sample_engine: Engine, question: SitingQuestion, field: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        solve(sample_engine, question)
    assert problem.value.field == field


def test_the_command_gives_all_it_takes_to_check_the_optimum(sample_url: str) -> None:
    arguments = ("--p", "6", "--within", "40", "--weights", "population", "--format", "json")
    done = run(sample_url, "siting", "mclp", *arguments)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "optimal"
    assert len(answer["candidates"]) == 95
    lons, lats, weights = (np.array([one[key] for one in answer["candidates"]]) for key in ("lon", "lat", "weight"))
    near = great_circle_m(lons[:, None], lats[:, None], lons[None], lats[None]) <= 40_000
    # Another model of the same problem: every place is an integer variable, nothing is scaled.
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


CHECKED = (
    ("lscp", "--within", "45"),
    ("lscp", "--within", "45", "--keep-existing"),
    ("mclp", "--p", "4", "--within", "25", "--weights", "population", "--keep-existing"),
    ("mclp", "--within", "25", "--weights", "population", "--budget", "7", "--point", "118.8,32.05"),
    ("p-median", "--p", "5", "--weights", "population", "--must", "320583", "--forbid", "320102"),
    ("p-center", "--p", "6"),
)


@pytest.mark.parametrize("arguments", CHECKED, ids=" ".join)
@pytest.mark.one_database
def test_another_solver_finds_the_same_optimum_in_what_the_command_gives(
    sample_url: str, arguments: tuple[str, ...]
) -> None:
    """PuLP's CBC solves the plain textbook models from nothing but the JSON."""
    done = run(sample_url, "siting", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "optimal"
    places = answer["candidates"]
    demand = [row for row, one in enumerate(places) if one["weight"]]
    lons, lats = (np.array([one[axis] for one in places]) for axis in ("lon", "lat"))
    metres = great_circle_m(lons[demand, None], lats[demand, None], lons[None], lats[None])
    weights = [places[row]["weight"] for row in demand]
    taken = [pulp.LpVariable(f"x{column}", cat="Binary") for column in range(len(places))]
    p, budget, within = answer["p"], answer["budget"], answer["within_km"] * 1000
    model = answer["model"]
    problem = pulp.LpProblem("again", pulp.LpMaximize if model == "mclp" else pulp.LpMinimize)
    reached = [pulp.lpSum(taken[column] for column in np.flatnonzero(row <= within)) for row in metres]
    if model == "lscp":
        problem += pulp.lpSum(taken)
        for some in reached:
            problem += some >= 1
    elif model == "mclp":
        covered = [pulp.LpVariable(f"y{row}", cat="Binary") for row in range(len(demand))]
        problem += pulp.lpSum(weight * one for weight, one in zip(weights, covered, strict=True))
        for one, some in zip(covered, reached, strict=True):
            problem += one <= some
    else:
        served = pulp.LpVariable.dicts("z", (range(len(demand)), range(len(places))), 0, 1)
        away = [pulp.lpSum(metres[row, j] * served[row][j] for j in range(len(places))) for row in range(len(demand))]
        for row in range(len(demand)):
            problem += pulp.lpSum(served[row].values()) == 1
            for column in range(len(places)):
                problem += served[row][column] <= taken[column]
        if model == "p-median":
            problem += pulp.lpSum(weight * one for weight, one in zip(weights, away, strict=True))
        else:
            # The reported radius suffices, and no smaller one does.
            problem += pulp.lpSum(taken)
            closer = np.where(metres < answer["objective"] * (1 - 1e-9), 1, 0)
            for row in range(len(demand)):
                problem += pulp.lpSum(taken[column] for column in np.flatnonzero(closer[row])) >= 1
    for column, one in enumerate(places):
        if one["existing"] or one["id"] in answer["must"]:
            problem += taken[column] == 1
        elif not one["allowed"] or one["id"] in answer["forbid"]:
            problem += taken[column] == 0
    kept = sum(one["existing"] for one in places)
    if p is not None and model != "p-center":
        problem += pulp.lpSum(taken) == p + kept
    if budget is not None:
        problem += pulp.lpSum(one["cost"] * taken[column] for column, one in enumerate(places)) <= budget
    problem.solve(pulp.PULP_CBC_CMD(msg=False))
    found = pulp.value(problem.objective)
    if model == "p-center":
        assert found > p + kept
        order = {one["id"]: index for index, one in enumerate(places)}
        sites = [order[site] for site in answer["sites"]]
        assert metres[:, sites].min(axis=1).max() == pytest.approx(answer["objective"])
    else:
        apart = kept if model == "lscp" else 0  # existing sites are not in the objective
        assert answer["objective"] == pytest.approx(found - apart, rel=1e-6)


@pytest.mark.one_database
def test_budgets_and_chosen_places(sample_engine: Engine) -> None:
    points = ((118.8, 32.05), (120.6, 31.3))
    only_points = replace(ASK, p=None, budget=2.0, counties=False, points=points)
    answer = solve(sample_engine, only_points)
    assert (set(answer.added), answer.cost) == ({"point-1", "point-2"}, 2.0)
    assert {one.county for one in answer.candidates if one.id in answer.added} == {"320102", "320508"}
    poor = solve(sample_engine, SitingQuestion(SitingModel.LSCP, within_km=40, budget=3.0))
    assert (poor.outcome, poor.uncovered) == (Outcome.INFEASIBLE, ())
    assert "budget" in outcome_text(poor)
    richer = [solve(sample_engine, replace(ASK, p=None, budget=float(amount))).objective for amount in (1, 3, 5)]
    assert richer == sorted(richer)


def test_an_answer_is_read_back_as_it_was_written(sample_engine: Engine) -> None:
    answer = solve(sample_engine, replace(ASK, keep_existing=True, points=((118.8, 32.05),), budget=4.0))
    again = answer_of(json.loads(json.dumps(answer_data(answer))))
    assert again.question == answer.question
    assert (again.candidates, again.sites, again.added) == (answer.candidates, answer.sites, answer.added)
    assert again.after.average == pytest.approx(answer.after.average, abs=0.1)


def test_the_fingerprint_moves_with_what_the_answer_rests_on(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:

        def mark(question: SitingQuestion, *, samples: bool = True) -> str:
            return pose(session, question, as_of=TODAY, samples=samples).fingerprint

        kept = replace(ASK, keep_existing=True)
        assert mark(kept) == mark(kept)
        assert len({mark(ASK), mark(kept), mark(kept, samples=False), mark(replace(ASK, p=6))}) == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "lscp, mclp, p-median, p-center"),
        (("mclp",), "--p"),
        (("lscp", "--within", "-3"), "-3"),
        (("lscp", "--weights", "gold"), "equal, population"),
        (("p-center", "--p", "0"), "0"),
        (("mclp", "--p", "2", "--point", "121.47,31.23"), "outside"),
        (("mclp", "--p", "2", "--point", "here"), "here"),
        (("mclp", "--p", "2", "--budget", "0.5"), "0.5"),
        (("mclp", "--budget", "-1"), "-1"),
        (("mclp", "--p", "2", "--no-counties"), "no place"),
        (("mclp", "--p", "2", "--budget", "9", "--cost-figure", "NONE"), "NONE"),
    ],
)
@pytest.mark.one_database
def test_wrong_input_is_one_line_and_exit_code_2(sample_url: str, arguments: tuple[str, ...], told: str) -> None:
    done = run(sample_url, "siting", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("p", [0, -3, 301])
@pytest.mark.one_database
def test_a_number_of_sites_out_of_range_is_refused_with_the_range(sample_engine: Engine, p: int) -> None:
    with pytest.raises(InvalidInput, match="from 1 to 300") as refused:
        solve(sample_engine, replace(ASK, p=p))
    assert refused.value.field == "p"


def test_stations_known_to_their_city_only_are_counted_as_left_out(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        active = [one.station for one in list_stations(session, TODAY, samples=False, statuses=[Status.ACTIVE])]
        taken_in = standing_stations(session, TODAY, samples=False)
        assert count_unplaced_stations(session, TODAY, samples=False) == len(active) - len(taken_in) > 0


@pytest.mark.one_database
def test_an_answer_saved_before_demand_had_layers_opens_with_the_counties_as_demand(sample_engine: Engine) -> None:
    answer = solve(sample_engine, ASK)
    saved = json.loads(json.dumps(answer_data(answer)))
    for key in ("demand", "demand_layer", "travel"):
        del saved[key]
    again = answer_of(saved)
    assert (again.question, again.demand, again.sites) == (answer.question, answer.demand, answer.sites)


@pytest.mark.one_database
@pytest.mark.parametrize("field", ["demand", "travel"])
def test_an_unknown_layer_or_measure_is_named(sample_engine: Engine, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        solve(sample_engine, replace(ASK, **{field: "moon"}))
    assert refused.value.field == field
    assert refused.value.params["value"] == "moon"
