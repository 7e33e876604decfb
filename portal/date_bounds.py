"""The first and last day that a date field offers; without them Streamlit uses years around the machine's date."""

from __future__ import annotations

from datetime import date

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
