"""Evaluation of the service: indicators, score, ratings, visits on site."""
