"""Shading of counties by a figure: classes from low to high, and their legend."""

from __future__ import annotations

from collections.abc import Sequence

from portal.language import _, current
from portal.maps.legend import LegendEntry
from portal.theme import COVERAGE_AREAS, FIGURE_AREAS, NO_FIGURE, NOT_KNOWN, AreaStyle
from stations.coverage.county_coverage import CoverageStatus
from stations.language import label
from stations.planning.county_figures import BREAKS, CountyFigure, Values

Shading = tuple[dict[str, AreaStyle], list[LegendEntry]]


def shade_counties(figure: CountyFigure | str, values: Values) -> Shading:
    """Return the fill of each county by adcode, and the legend; ``figure``: a built-in one or the code of an imported
    one.
    """
    if figure is CountyFigure.COVERAGE:
        return _by_status(values)
    if isinstance(figure, CountyFigure) and figure in BREAKS:
        return _in_classes(values, BREAKS[figure], from_one=figure in _COUNTS)
    return _in_classes(values)


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


def _in_classes(values: Values, breaks: Sequence[float] = (), *, from_one: bool = False) -> Shading:
    """Return fills and legend for up to five classes; unknown has a fill of its own, and with ``from_one`` zero too.

    The classes begin at ``breaks``; without any they are of about equal size.
    """
    known = sorted(value for value in values.values() if value is not None)
    lows = breaks or _lows(known)
    styles: dict[str, AreaStyle] = {}
    for adcode, value in values.items():
        if value is None:
            styles[adcode] = NOT_KNOWN
        elif from_one and not value:
            styles[adcode] = NO_FIGURE
        else:
            styles[adcode] = _shade_of(max(0, sum(low <= value for low in lows) - 1), len(lows))
    ranges = _open_ranges(lows, whole=from_one) if breaks else _ranges(lows, known)
    legend = [LegendEntry(_shade_of(place, len(lows)), text) for place, text in enumerate(ranges)]
    if from_one:
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


def _open_ranges(lows: Sequence[float], *, whole: bool) -> list[str]:
    """Return the classes in words so that they hold for any value: the last is open, of numbers that are not
    ``whole`` the first too.
    """
    say = current()
    shown = [say.format_number(_rounded(low, lows[-1])) for low in lows]
    texts = []
    for place, low in enumerate(lows):
        if place == len(lows) - 1:
            texts.append(_("{least} or more", least=shown[place]))
        elif whole:
            above = say.format_number(lows[place + 1] - 1)
            texts.append(shown[place] if low == lows[place + 1] - 1 else f"{shown[place]}–{above}")
        else:
            texts.append(_("under {most}", most=shown[1]) if place == 0 else f"{shown[place]}–{shown[place + 1]}")
    return texts


def _ranges(lows: Sequence[float], known: list[float]) -> list[str]:
    texts = []
    for low, above in zip(lows, [*lows[1:], None], strict=False):
        inside = [value for value in known if value >= low and (above is None or value < above)]
        least, most = (current().format_number(_rounded(end, known[-1])) for end in (inside[0], inside[-1]))
        texts.append(least if least == most else f"{least}–{most}")
    return texts
