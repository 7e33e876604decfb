from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.centres import CentreKind, CentreLevel, Stage
from stations.counting_rule import Bucket, CountingRule, Measure, Subject, Within, bucket_of
from stations.errors import InvalidInput, NotFound
from stations.registry import Status
from stations.targets import compare, get_target, list_targets, record_code, standing_on
from tests.stations.factories import add_centre, add_station, centre_history

TODAY = date(2026, 11, 24)
PERIOD = (date(2021, 1, 1), date(2025, 12, 31))
RULE = CountingRule(Subject.CENTRE, (CentreLevel.NATIONAL,), (CentreKind.METROLOGY,))
RULES = [RULE.measured_by(measure) for measure in Measure]

CASES = {
    "accepted on a day in the period": ([(Stage.ACCEPTED, "2023-05-20", None)], Bucket.COUNTED),
    "accepted in a year of the period": ([(Stage.ACCEPTED, "2025", None)], Bucket.COUNTED),
    "accepted on the period's first day": ([(Stage.ACCEPTED, "2021-01-01", None)], Bucket.COUNTED),
    "accepted the day before": ([(Stage.ACCEPTED, "2020-12-31", None)], Bucket.BEFORE),
    "accepted the day after": ([(Stage.ACCEPTED, "2026-01-01", None)], Bucket.AFTER),
    "accepted, reported before the period": ([(Stage.ACCEPTED, None, "2010-02")], Bucket.BEFORE),
    "accepted, reported in the period": ([(Stage.ACCEPTED, None, "2024-05")], Bucket.UNDATED),
    "accepted, nobody says when": ([(Stage.ACCEPTED, None, None)], Bucket.UNDATED),
    "approved in the period and reported accepted in it": (
        [(Stage.APPROVED, "2023-08", None), (Stage.ACCEPTED, None, "2025-05")],
        Bucket.COUNTED,
    ),
    "approved before the period and reported accepted in it": (
        [(Stage.APPROVED, "2018", None), (Stage.ACCEPTED, None, "2025-05")],
        Bucket.UNDATED,
    ),
    "under construction": ([(Stage.UNDER_CONSTRUCTION, None, "2017-02")], Bucket.PIPELINE),
    "approved": ([(Stage.APPROVED, "2024", None)], Bucket.PIPELINE),
    "planned": ([(Stage.PLANNED, "2024", None)], Bucket.PLANNED),
    "withdrawn after acceptance": (
        [(Stage.ACCEPTED, "2022", None), (Stage.WITHDRAWN, "2024-03", None)],
        Bucket.WITHDRAWN,
    ),
    "known only later": ([(Stage.PLANNED, "2026-12", None)], Bucket.UNKNOWN),
}


@pytest.mark.parametrize("stages, bucket", CASES.values(), ids=CASES)
def test_a_history_falls_in_its_bucket(stages: list, bucket: Bucket) -> None:
    assert bucket_of(centre_history(stages), RULE, PERIOD, TODAY) is bucket


def test_a_centre_is_counted_from_the_day_it_is_known_accepted() -> None:
    history = centre_history([(Stage.APPROVED, "2022-03-01", None), (Stage.ACCEPTED, "2023-05", None)])
    days = ("2022-02-28", "2022-03-01", "2023-05-30", "2023-05-31")
    assert [bucket_of(history, RULE, PERIOD, date.fromisoformat(day)) for day in days] == [
        Bucket.UNKNOWN,
        Bucket.PIPELINE,
        Bucket.PIPELINE,
        Bucket.COUNTED,
    ]


APPROVAL_CASES = {
    "approved in the period": ([(Stage.APPROVED, "2022", None)], Bucket.COUNTED),
    "approved before it": ([(Stage.APPROVED, "2018", None), (Stage.ACCEPTED, "2023", None)], Bucket.BEFORE),
    "accepted before it, so approved before it": ([(Stage.ACCEPTED, "2019", None)], Bucket.BEFORE),
    "accepted in it, approved nobody says when": ([(Stage.ACCEPTED, "2023", None)], Bucket.UNDATED),
    "planned in it and accepted in it": (
        [(Stage.PLANNED, "2021", None), (Stage.ACCEPTED, "2023", None)],
        Bucket.COUNTED,
    ),
    "approved twice over, the sources contradict": (
        [(Stage.APPROVED, "2023", None), (Stage.ACCEPTED, "2022", None)],
        Bucket.UNDATED,
    ),
    "planned": ([(Stage.PLANNED, "2024", None)], Bucket.PLANNED),
}


@pytest.mark.parametrize("stages, bucket", APPROVAL_CASES.values(), ids=APPROVAL_CASES)
def test_counted_by_approval(stages: list, bucket: Bucket) -> None:
    rule = RULE.measured_by(Measure.APPROVED_IN_PERIOD)
    assert bucket_of(centre_history(stages), rule, PERIOD, TODAY) is bucket


def test_a_rule_without_a_period_counts_what_is_in_being() -> None:
    rule = RULE.measured_by(Measure.IN_BEING)
    assert bucket_of(centre_history([(Stage.ACCEPTED, None, None)]), rule, PERIOD, TODAY) is Bucket.COUNTED
    assert bucket_of(centre_history([(Stage.ACCEPTED, "2009", None)]), rule, PERIOD, TODAY) is Bucket.COUNTED


@pytest.mark.parametrize(
    "data, field",
    [
        ({}, "subject"),
        ({"subject": "centre", "levels": [], "kinds": ["metrology"], "stage": "accepted", "within": "any"}, "levels"),
        ({"subject": "pilot", "kinds": ["metrology"], "stage": "accepted", "within": "any"}, "kinds"),
        ({"subject": "centre", "levels": ["national"], "kinds": ["metrology"], "stage": "withdrawn"}, "stage"),
        ({"subject": "centre", "levels": ["national"], "kinds": ["metrology"], "stage": "planned"}, "within"),
    ],
)
def test_a_rule_that_cannot_be_read_names_its_field(data: dict, field: str) -> None:
    with pytest.raises(InvalidInput) as told:
        CountingRule.of_data(data)
    assert told.value.field == field


@pytest.mark.parametrize("rule", [*RULES, CountingRule(Subject.COUNTY)])
def test_a_rule_is_kept_as_it_is(rule: CountingRule) -> None:
    assert CountingRule.of_data(rule.as_data()) == rule


MONTHS = st.builds(lambda year, month: f"{year}-{month:02d}", st.integers(2018, 2027), st.integers(1, 12))
HISTORIES = st.lists(
    st.tuples(st.sampled_from(Stage), st.none() | MONTHS | st.integers(2018, 2027).map(str), st.none() | MONTHS),
    max_size=4,
)


DAYS = st.dates(min_value=date(2018, 1, 1), max_value=date(2028, 1, 1))


@given(HISTORIES, DAYS)
def test_only_what_surely_lies_in_the_period_counts(stages: list, as_of: date) -> None:
    history = centre_history(stages)
    if bucket_of(history, RULE, PERIOD, as_of) is not Bucket.COUNTED:
        return
    accepted = [entry for entry in history if entry.stage is Stage.ACCEPTED]
    latest = min(entry.known_from for entry in accepted if entry.known_from)
    assert PERIOD[0] <= latest <= as_of
    assert not any(entry.stage is Stage.WITHDRAWN and (entry.known_from or as_of) <= as_of for entry in history)


@given(HISTORIES, DAYS)
def test_what_is_accepted_in_the_period_is_in_being(stages: list, as_of: date) -> None:
    buckets = {rule.within: bucket_of(centre_history(stages), rule, PERIOD, as_of) for rule in (RULES[0], RULES[2])}
    if buckets[Within.PERIOD] is Bucket.COUNTED:
        assert buckets[Within.ANY] is Bucket.COUNTED


def test_every_record_in_scope_is_in_exactly_one_bucket(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        for target in list_targets(session):
            standing = standing_on(session, target, TODAY, samples=True)
            for one in (standing, *compare(session, standing).values()):
                codes = [record_code(record) for records in one.records.values() for record in records]
                assert len(codes) == len(set(codes)) == one.in_scope == standing.in_scope


def test_the_documented_register_today(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        assert [target.code for target in list_targets(session)] == [
            "qi_centres",
            "agri_pilots",
            "social_pilots",
            "station_coverage",
        ]
        standing = standing_on(session, get_target(session, "qi_centres"), TODAY, samples=False)
        counts = {bucket: standing.count(bucket) for bucket in Bucket if standing.count(bucket)}
        # Read off centres.csv by hand: no source dates an acceptance within the period.
        assert counts == {Bucket.PIPELINE: 8, Bucket.PLANNED: 3, Bucket.UNDATED: 8, Bucket.BEFORE: 4}
        assert (standing.in_scope, standing.missing) == (23, 49)
        coverage = standing_on(session, get_target(session, "station_coverage"), TODAY, samples=False)
        assert (coverage.counted, coverage.missing) == (1, 94)


def test_the_rule_chooses_levels_and_kinds(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        stages = [(Stage.ACCEPTED, "2023", None)]
        add_centre(session, stages, level=CentreLevel.NATIONAL, kind=CentreKind.METROLOGY)
        add_centre(session, stages, level=CentreLevel.PROVINCIAL, kind=CentreKind.METROLOGY)
        add_centre(session, stages, level=CentreLevel.NATIONAL, kind=CentreKind.QUALITY_INSPECTION, sample=True)
        target = get_target(session, "qi_centres")
        assert standing_on(session, target, TODAY, samples=False).counted == 2
        with_samples = standing_on(session, target, TODAY, samples=True)
        assert (with_samples.counted, with_samples.sample_count(Bucket.COUNTED)) == (3, 1)
        assert standing_on(session, target, TODAY, samples=True, rule=RULE).counted == 1


def test_an_uncovered_county_with_a_planned_station_is_in_the_pipeline(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, "320583", [(Status.PLANNED, "2026-01-01")])
        standing = standing_on(session, get_target(session, "station_coverage"), TODAY, samples=False)
        assert [county.adcode for county in standing.records[Bucket.PIPELINE]] == ["320583"]


def test_a_target_that_does_not_exist(reference_engine: Engine) -> None:
    with Session(reference_engine) as session, pytest.raises(NotFound, match="nothing_such"):
        get_target(session, "nothing_such")
