import streamlit as st
st.title('county')
