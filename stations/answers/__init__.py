"""What each question answers, as data."""
