"""The parts of the overview: its figures, and its lists."""
