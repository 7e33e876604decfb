"""The first and the last day that a date field offers; without them Streamlit counts from the machine's day."""

from __future__ import annotations

from datetime import date

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
