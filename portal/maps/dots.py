"""Dots over the counties of a map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dots:
    """Dots over the counties that the browser fetches by itself: address, colour, and what they mean."""

    url: str
    colour: str
    label: str
