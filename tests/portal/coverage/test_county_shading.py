from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.coverage.county_shading import shade_counties
from portal.theme import FIGURE_AREAS, NO_FIGURE, NOT_KNOWN, AreaStyle
from stations.planning.county_figures import CountyFigure

VALUES = st.dictionaries(
    st.integers(320100, 320999).map(str), st.none() | st.integers(0, 50) | st.floats(0, 500), min_size=1, max_size=40
)


@given(VALUES, st.sampled_from([CountyFigure.STATIONS, CountyFigure.DISTANCE, CountyFigure.POPULATION]))
def test_darker_is_never_less_and_nothing_is_left_out(values: dict, figure: CountyFigure) -> None:
    styles, legend = shade_counties(figure, values)
    assert set(styles) == set(values)
    assert {entry.look for entry in legend} == set(styles.values())
    known = sorted((value, styles[adcode]) for adcode, value in values.items() if styles[adcode] in FIGURE_AREAS)
    order = [FIGURE_AREAS.index(style) for _, style in known]
    assert order == sorted(order)
    for adcode, value in values.items():
        assert (styles[adcode] is NOT_KNOWN) == (value is None)
        assert styles[adcode] is not NO_FIGURE or value == 0


def test_through_time_a_colour_means_the_same_on_every_day() -> None:
    days = [{"a": 0, "b": 1}, {"a": 2, "b": 3}, {"a": 5, "b": 9}]
    shaded = [shade_counties(CountyFigure.CENTRES, day, days) for day in days]
    assert len({tuple((entry.look, entry.label) for entry in legend) for _styles, legend in shaded}) == 1
    by_value: dict[int, set[AreaStyle]] = {}
    for day, (styles, _legend) in zip(days, shaded, strict=True):
        for adcode, value in day.items():
            by_value.setdefault(value, set()).add(styles[adcode])
    assert all(len(looks) == 1 for looks in by_value.values())
    assert [entry.label for entry in shaded[0][1]] == ["无", "1", "2", "3–4", "5–8", "9 及以上"]


def test_a_value_between_the_days_that_made_the_classes_has_one_too() -> None:
    days = [{"a": 10.0}, {"a": 40.0}]
    styles, legend = shade_counties(CountyFigure.DISTANCE, {"a": 2.0, "b": 25.0, "c": 400.0}, days)
    assert [styles[adcode] for adcode in "abc"] == [FIGURE_AREAS[0], FIGURE_AREAS[0], FIGURE_AREAS[4]]
    assert [entry.label for entry in legend] == ["小于 40", "40 及以上"]


def test_the_legend_says_the_ends_of_each_class() -> None:
    values = {str(number): float(number) for number in range(1, 11)}
    _, legend = shade_counties(CountyFigure.POPULATION, values)
    assert [entry.label for entry in legend] == ["1–2", "3–4", "5–6", "7–8", "9–10"]
