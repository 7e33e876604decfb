import re
import tomllib

import pytest

from portal.theme import COLOURS, COVERAGE_AREAS, FIGURE_AREAS, FONT_STACK, MARKERS, style_sheet
from tests.portal.conftest import ROOT

# Text on ground, as the style sheets pair them. WCAG 2.2, 1.4.3: at least 4.5.
TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "paper-soft"),
    ("ink-soft", "paper"),
    ("ink-soft", "paper-soft"),
    ("primary", "paper"),
    ("primary-dark", "primary-soft"),
    ("paper", "primary"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
]


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "paper-soft"])
def test_the_edge_of_a_field_can_be_seen(ground: str) -> None:
    assert contrast(COLOURS["edge"], COLOURS[ground]) >= 3  # WCAG 2.2, 1.4.11


def test_statuses_differ_without_colour_vision() -> None:
    full, thin, uncovered = (COVERAGE_AREAS[status] for status in ("fully_served", "thin", "uncovered"))
    assert contrast(full.colour, thin.colour) >= 3
    assert contrast(thin.colour, uncovered.colour) >= 1.7
    assert uncovered.hatch and not thin.hatch and not full.hatch


def test_classes_of_a_figure_darken_step_by_step() -> None:
    steps = [luminance(area.colour) for area in FIGURE_AREAS]
    assert all(higher / lower > 1.25 for higher, lower in zip(steps, steps[1:], strict=False))


@pytest.mark.parametrize(
    "on_one_map", [("station", "national_centre", "provincial_centre", "here"), ("station", "new_site")]
)
def test_kinds_of_markers_differ_in_shape(on_one_map: tuple[str, ...]) -> None:
    assert len({MARKERS[kind].shape for kind in on_one_map}) == len(on_one_map)


def test_streamlit_has_the_same_theme() -> None:
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        theme = tomllib.load(file)["theme"]
    assert theme["primaryColor"] == COLOURS["primary"]
    assert theme["backgroundColor"] == COLOURS["paper"]
    assert theme["secondaryBackgroundColor"] == COLOURS["paper-soft"]
    assert theme["textColor"] == COLOURS["ink"]
    assert theme["linkColor"] == COLOURS["primary"]
    assert theme["borderColor"] == COLOURS["line"]
    assert theme["font"].replace("'", '"') == FONT_STACK


def test_style_sheets_use_only_known_tokens() -> None:
    known = set(re.findall(r"--([a-z-]+):", style_sheet())) | {"mark", "map-height"}  # set where they are used
    for sheet in (ROOT / "portal" / "static").glob("*.css"):
        used = set(re.findall(r"var\(--([a-z-]+)\)", sheet.read_text(encoding="utf-8")))
        assert used <= known, f"{sheet.name}: {used - known}"
