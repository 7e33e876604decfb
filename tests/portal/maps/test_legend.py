from portal.maps.legend import LegendEntry, legend_html
from portal.theme import COVERAGE_AREAS, MARKERS


def test_a_legend_is_a_named_list_in_the_given_order() -> None:
    html = legend_html(
        [LegendEntry(COVERAGE_AREAS["thin"], "薄弱"), LegendEntry(MARKERS["station"], "小站", sample=True)], "图例"
    )
    assert html.startswith('<ul class="map-legend" aria-label="图例">')
    assert html.index("薄弱") < html.index("小站")
    assert html.count("<li>") == 2
    assert 'class="map-marker map-marker-circle sample"' in html


def test_a_hatched_area_is_hatched_in_the_legend() -> None:
    area = COVERAGE_AREAS["uncovered"]
    html = legend_html([LegendEntry(area, "未覆盖")], "图例")
    assert area.hatch in html and area.colour in html


def test_texts_of_a_legend_are_escaped() -> None:
    html = legend_html([LegendEntry(COVERAGE_AREAS["thin"], "<script>alert(1)</script>")], '" onclick="x')
    assert "<script" not in html
    assert '" onclick' not in html
