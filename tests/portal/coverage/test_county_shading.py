from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.coverage.county_shading import shade_counties
from portal.theme import FIGURE_AREAS, NO_FIGURE, NOT_KNOWN
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


def test_the_legend_says_the_ends_of_each_class() -> None:
    values = {str(number): float(number) for number in range(1, 11)}
    _, legend = shade_counties(CountyFigure.POPULATION, values)
    assert [entry.label for entry in legend] == ["1–2", "3–4", "5–6", "7–8", "9–10"]
