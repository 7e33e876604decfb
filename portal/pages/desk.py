import streamlit as st
st.title('desk')
