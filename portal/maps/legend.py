"""The legend of a map, drawn as HTML in the page, outside the map's frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from portal.language import _
from portal.theme import MARKERS, AreaStyle, LineStyle, MarkerStyle


@dataclass(frozen=True)
class LegendEntry:
    """A fill, marker or line and its meaning. ``sample``: show the marker in the style of samples."""

    look: AreaStyle | LineStyle | MarkerStyle
    label: str
    sample: bool = False


def station_entries(*, samples: bool) -> list[LegendEntry]:
    """Return the entries of stations. ``samples``: invented ones may be on the map too."""
    documented = LegendEntry(MARKERS["station"], _("Station"))
    return [documented, LegendEntry(MARKERS["station"], _("Sample station"), sample=True)] if samples else [documented]


def _swatch(entry: LegendEntry) -> str:
    look = entry.look
    if isinstance(look, MarkerStyle):
        classes = " ".join(
            [
                f"map-marker map-marker-{look.shape}",
                *([f"map-marker-{look.fill}"] if look.fill != "full" else []),
                *(["sample"] if entry.sample else []),
            ]
        )
        return f'<span class="swatch-place"><span class="{classes}" style="--mark: {look.colour}"></span></span>'
    if isinstance(look, LineStyle):
        return f'<span class="swatch-line" style="border-top: {look.width}px solid {look.colour}"></span>'
    background = look.colour
    if look.hatch:
        background = f"repeating-linear-gradient(45deg, {look.hatch} 0 1.3px, {look.colour} 1.3px 6px)"
    return f'<span class="swatch" style="background: {background}"></span>'


def legend_html(entries: Sequence[LegendEntry], title: str) -> str:
    """Return a list of ``entries`` as HTML; ``title``: its label for screen readers."""
    items = "".join(f"<li>{_swatch(entry)}{escape(entry.label)}</li>" for entry in entries)
    return f'<ul class="map-legend" aria-label="{escape(title)}">{items}</ul>'


def legend_data(entries: Sequence[LegendEntry]) -> list[dict[str, object]]:
    """Return ``entries`` for a picture of the map: their looks as plain values."""
    return [{"label": entry.label, "sample": entry.sample, **vars(entry.look)} for entry in entries]
