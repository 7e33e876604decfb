"""The counting rules, and the bucket of a dated history by each."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.targets.counting_rule import Bucket, CountingRule, Measure, Subject, Within, bucket_of
from tests.stations.factories import centre_history

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
    rule = RULE.measured_by(Measure.ACCEPTED_AT_ANY_TIME)
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


@given(st.lists(st.tuples(st.sampled_from(list(Stage)[:4]), st.integers(2018, 2027)), max_size=4), DAYS, DAYS)
def test_what_counts_goes_on_counting_unless_it_is_withdrawn(stages: list, one: date, other: date) -> None:
    """For histories with consistent sources: a later stage is never dated before an earlier one."""
    order = list(Stage)
    years = sorted(year for _, year in stages)
    told = sorted((stage for stage, _ in stages), key=order.index)
    history = centre_history([(stage, str(year), None) for stage, year in zip(told, years, strict=True)])
    for rule in RULES:
        earlier, later = (bucket_of(history, rule, PERIOD, day) for day in sorted((one, other)))
        if earlier is Bucket.COUNTED:
            assert later is Bucket.COUNTED
