"""Maps inside pages: folium through streamlit-folium, every script, style and shape from our own address."""
