"""The domain and its storage: registry, service catalogue, coverage, centres and targets,
service requests, access, audit.

Plain Python over SQLAlchemy. It may use ``geo``; it never imports Streamlit or folium. Every
action is a plain function that takes the session, who is acting and the time, returns data and
raises the named errors of ``stations.errors``, which page, HTTP API and command line translate.
"""
