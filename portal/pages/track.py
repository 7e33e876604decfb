import streamlit as st
st.title('track')
