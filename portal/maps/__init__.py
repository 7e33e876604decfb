"""Maps in pages: folium through streamlit-folium, with every script, style and shape served by this server."""
