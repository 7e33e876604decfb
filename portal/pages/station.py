import streamlit as st
st.title('station')
