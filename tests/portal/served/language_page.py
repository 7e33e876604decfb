"""A page that tells which language it was asked to speak."""

from datetime import date

import streamlit as st

from portal import language

spoken = language.current()
st.text(f"speaks {spoken.code} {spoken.format_date(date(2026, 11, 24))}")
