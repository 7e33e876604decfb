"""The colours and shapes that pages, style sheets and maps share.

``.streamlit/config.toml`` repeats some of the tokens because Streamlit reads its theme from there; a test checks that
both agree. Statuses differ in lightness and hatching too, so that they can be distinguished without colour vision and
in a black-and-white print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stations.coverage.looks import LOOKS, WATER

FONT_STACK = (
    '"PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", '
    '"Source Han Sans SC", "HarmonyOS Sans SC", system-ui, sans-serif'
)

# Token → colour. In style sheets each is the custom property --<token>.
COLOURS: dict[str, str] = {
    "ink": "#1c2b2d",
    "ink-soft": "#53646a",
    "line": "#d3dad9",
    "edge": "#75848a",  # of what is filled in: to be seen, it takes a contrast of 3
    "paper": "#ffffff",
    "paper-soft": "#f4f6f4",
    "primary": "#0b5a63",
    "primary-dark": "#07434a",
    "primary-soft": "#e2eeee",
    "focus": "#ffb703",
    "good": "#1d6b45",
    "good-soft": "#e4f1e9",
    "warn": "#8a5300",
    "warn-soft": "#fbf0dc",
    "bad": "#a4301f",
    "bad-soft": "#fae7e3",
}


@dataclass(frozen=True)
class AreaStyle:
    """The fill of an area: a colour, with lines of colour ``hatch`` if given."""

    colour: str
    hatch: str | None = None


@dataclass(frozen=True)
class LineStyle:
    """A line of a map: its colour, and its width in pixels."""

    colour: str
    width: float


@dataclass(frozen=True)
class MarkerStyle:
    """The marker of a place: a small shape in a colour, wholly or partly filled; samples are pale with a dashed edge.
    """

    shape: Literal["circle", "square", "diamond", "pin"]
    colour: str
    fill: Literal["full", "half", "hollow", "crossed"] = "full"


# Coverage status of a county → its fill; the images of bulletins use the same colours.
COVERAGE_AREAS: dict[str, AreaStyle] = {
    status.value: AreaStyle(look.colour, look.hatch) for status, look in LOOKS.items()
}
# How well an industrial chain is served in a city → its fill.
SERVICE_AREAS: dict[str, AreaStyle] = {
    "centre": AreaStyle("#0b5a63"),
    "stations": AreaStyle("#86bdb9"),
    "building": AreaStyle("#e3efed", hatch="#468d91"),
    "none": AreaStyle("#f7efdf", hatch="#a8762b"),
}
NO_FIGURE = AreaStyle("#e7eae8")
NOT_KNOWN = AreaStyle("#ffffff", hatch="#b9c1c0")
CHOSEN_OUTLINE = "#d9500b"  # visible on every fill, from the darkest to the palest

# The classes of a figure, lowest first (one hue, even steps of lightness).
FIGURE_AREAS: tuple[AreaStyle, ...] = tuple(
    AreaStyle(colour) for colour in ("#e3efed", "#b5d6d3", "#7fb5b4", "#468d91", "#0b5a63")
)

# Kind of a place → its marker.
MARKERS: dict[str, MarkerStyle] = {
    "station": MarkerStyle("circle", "#b8501a"),
    "national_centre": MarkerStyle("diamond", "#2b3f8c"),
    "provincial_centre": MarkerStyle("square", "#6a3d86"),
    "here": MarkerStyle("pin", "#1c2b2d"),
    "new_site": MarkerStyle("pin", "#d9500b"),
}

DOT_COLOUR = "#12344d"
"""Of the dots that show where demand is counted."""

# Kind of a line → its look.
LINES: dict[str, LineStyle] = {
    "new_site": LineStyle("#d9500b", 1.4),
    "station": LineStyle("#53646a", 1),
}


def style_sheet() -> str:
    """Return the tokens as CSS custom properties of ``:root``."""
    lines = [f"  --{token}: {colour};" for token, colour in COLOURS.items()]
    lines += [f"  --water-{token}: {colour};" for token, colour in WATER.items()]
    return "\n".join([":root {", *lines, f"  --font: {FONT_STACK};", "}", ""])
