"""Shading of counties by a figure: classes from low to high, and their legend."""

from __future__ import annotations

from portal.language import _, current
from portal.maps.legend import LegendEntry
from portal.theme import COVERAGE_AREAS, FIGURE_AREAS, NO_FIGURE, NOT_KNOWN, AreaStyle
from stations.coverage.county_coverage import CoverageStatus
from stations.language import label
from stations.planning.county_figures import CountyFigure, Values

Shading = tuple[dict[str, AreaStyle], list[LegendEntry]]


def shade_counties(figure: CountyFigure | str, values: Values) -> Shading:
    """Return the fill of each county by adcode, and the legend; ``figure``: a built-in one or the code of an imported
    one.
    """
    if figure is CountyFigure.COVERAGE:
        return _by_status(values)
    return _in_classes(values, from_one=figure in _COUNTS)


_COUNTS = {CountyFigure.CENTRES, CountyFigure.STATIONS, CountyFigure.REACH}


def figure_in_words(figure: CountyFigure | str, value: float | None, unit: str = "") -> str:
    """Return a county's figure as text for its tooltip; ``unit``: of an imported figure."""
    if value is None:
        return _("not known")
    if figure is CountyFigure.COVERAGE:
        return label(current(), list(CoverageStatus)[int(value)])
    if figure is CountyFigure.DISTANCE:
        return current().format_number(round(value, 1))
    told = current().format_number(_rounded(value, value))
    return f"{told} {unit}" if unit else told


def _rounded(value: float, largest: float) -> float:
    """Return the value rounded to an integer, or to 1 or 3 decimals if the largest value is below 10 or below 1."""
    return round(value) if largest >= 10 or value == round(value) else round(value, 1 if largest >= 1 else 3)


def _by_status(values: Values) -> Shading:
    order = list(CoverageStatus)
    styles = {adcode: COVERAGE_AREAS[order[int(value)]] for adcode, value in values.items() if value is not None}
    counts = [sum(value == place for value in values.values()) for place in range(len(order))]
    return styles, [
        LegendEntry(COVERAGE_AREAS[status], f"{label(current(), status)} {counts[place]}")
        for place, status in reversed(list(enumerate(order)))
    ]


def _in_classes(values: Values, *, from_one: bool) -> Shading:
    """Return fills and legend for up to five classes of about equal size; zero and unknown have fills of their own."""
    known = sorted(value for value in values.values() if value is not None and (value or not from_one))
    lows = _lows(known)
    styles: dict[str, AreaStyle] = {}
    for adcode, value in values.items():
        if value is None:
            styles[adcode] = NOT_KNOWN
        elif from_one and not value:
            styles[adcode] = NO_FIGURE
        else:
            styles[adcode] = _shade_of(sum(low <= value for low in lows) - 1, len(lows))
    legend = [LegendEntry(_shade_of(place, len(lows)), text) for place, text in enumerate(_ranges(lows, known))]
    if from_one and NO_FIGURE in styles.values():
        legend.insert(0, LegendEntry(NO_FIGURE, _("none")))
    if NOT_KNOWN in styles.values():
        legend.append(LegendEntry(NOT_KNOWN, _("not known")))
    return styles, legend


def _shade_of(place: int, classes: int) -> AreaStyle:
    return (
        FIGURE_AREAS[round(place * (len(FIGURE_AREAS) - 1) / max(1, classes - 1))] if classes > 1 else FIGURE_AREAS[2]
    )


def _lows(known: list[float]) -> list[float]:
    """Return the least value of each class."""
    distinct = sorted(set(known))
    if len(distinct) <= len(FIGURE_AREAS):
        return distinct
    classes = len(FIGURE_AREAS)
    return sorted({known[len(known) * place // classes] for place in range(classes)})


def _ranges(lows: list[float], known: list[float]) -> list[str]:
    texts = []
    for low, above in zip(lows, [*lows[1:], None], strict=False):
        inside = [value for value in known if value >= low and (above is None or value < above)]
        least, most = (current().format_number(_rounded(end, known[-1])) for end in (inside[0], inside[-1]))
        texts.append(least if least == most else f"{least}–{most}")
    return texts
