import streamlit as st
st.title('request')
