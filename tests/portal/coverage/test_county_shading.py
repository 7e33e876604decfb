from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.coverage.county_shading import shade_counties
from portal.theme import FIGURE_AREAS, NO_FIGURE, NOT_KNOWN, AreaStyle
from stations.planning.county_figures import BREAKS, CountyFigure

VALUES = st.dictionaries(
    st.integers(320100, 320999).map(str), st.none() | st.integers(0, 50) | st.floats(0, 500), min_size=1, max_size=40
)


@given(VALUES, st.sampled_from([CountyFigure.STATIONS, CountyFigure.DISTANCE, CountyFigure.POPULATION]))
def test_darker_is_never_less_and_nothing_is_left_out(values: dict, figure: CountyFigure) -> None:
    styles, legend = shade_counties(figure, values)
    assert set(styles) == set(values)
    assert {entry.look for entry in legend} >= set(styles.values())
    known = sorted((value, styles[adcode]) for adcode, value in values.items() if styles[adcode] in FIGURE_AREAS)
    order = [FIGURE_AREAS.index(style) for _, style in known]
    assert order == sorted(order)
    for adcode, value in values.items():
        assert (styles[adcode] is NOT_KNOWN) == (value is None)
        assert styles[adcode] is not NO_FIGURE or value == 0


@given(st.lists(VALUES, min_size=2, max_size=4), st.sampled_from(list(BREAKS)))
def test_a_colour_means_the_same_on_every_day(days: list[dict], figure: CountyFigure) -> None:
    looks: dict[float, set[AreaStyle]] = {}
    legends = set()
    for day in days:
        styles, legend = shade_counties(figure, day)
        legends.add(tuple((entry.look, entry.label) for entry in legend if entry.look is not NOT_KNOWN))
        for adcode, value in day.items():
            if value is not None:
                looks.setdefault(value, set()).add(styles[adcode])
    assert len(legends) == 1 and all(len(one) == 1 for one in looks.values())


def test_the_classes_are_those_on_record() -> None:
    assert set(BREAKS) == set(CountyFigure) - {CountyFigure.COVERAGE, CountyFigure.POPULATION, CountyFigure.AREA}
    _, legend = shade_counties(CountyFigure.CENTRES, {"a": 0, "b": 40})
    assert [entry.label for entry in legend] == ["无", "1", "2", "3–4", "5–8", "9 及以上"]
    styles, legend = shade_counties(CountyFigure.DISTANCE, {"a": 2.0, "b": 25.0, "c": 400.0})
    assert [styles[adcode] for adcode in "abc"] == [FIGURE_AREAS[0], FIGURE_AREAS[2], FIGURE_AREAS[4]]
    assert [entry.label for entry in legend] == ["小于 10", "10–20", "20–30", "30–50", "50 及以上"]


def test_the_legend_says_the_ends_of_each_class() -> None:
    values = {str(number): float(number) for number in range(1, 11)}
    _, legend = shade_counties(CountyFigure.POPULATION, values)
    assert [entry.label for entry in legend] == ["1–2", "3–4", "5–6", "7–8", "9–10"]
