import streamlit as st
st.title('centre')
