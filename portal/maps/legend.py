"""The legend of a map, drawn in the page where everybody can read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from portal.theme import AreaStyle, MarkerStyle


@dataclass(frozen=True)
class LegendEntry:
    """A look on the map and what it means. ``sample`` shows a marker as samples are drawn."""

    look: AreaStyle | MarkerStyle
    label: str
    sample: bool = False


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
    background = look.colour
    if look.hatch:
        background = f"repeating-linear-gradient(45deg, {look.hatch} 0 1.3px, {look.colour} 1.3px 6px)"
    return f'<span class="swatch" style="background: {background}"></span>'


def legend_html(entries: Sequence[LegendEntry], title: str) -> str:
    """A list of ``entries`` as HTML; ``title`` names the list for those who hear it read."""
    items = "".join(f"<li>{_swatch(entry)}{escape(entry.label)}</li>" for entry in entries)
    return f'<ul class="map-legend" aria-label="{escape(title)}">{items}</ul>'
