"""Whether every county is covered: on a day, through time, and who is told when one is not."""
