"""A page that fails, for the tests of what its visitor sees."""

import streamlit as st

st.title("Before")
raise RuntimeError("the password is 1234")
