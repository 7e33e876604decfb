"""The evaluation drawn."""
