"""Tools that developers start by hand; none of them is a test."""
