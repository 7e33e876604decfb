"""Evaluation of the service: indicators, weights and score, ranks, visits on site."""
