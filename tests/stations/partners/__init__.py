"""Tests of what systems of other offices do with keys."""
