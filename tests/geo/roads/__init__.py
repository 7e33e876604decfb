"""Tests of the road network."""
