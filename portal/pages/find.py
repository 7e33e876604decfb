import streamlit as st
st.title('find')
