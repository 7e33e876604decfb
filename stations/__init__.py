"""The domain and its storage: registry, service catalogue, coverage, centres and targets, service requests, accounts,
audit log.

Plain Python over SQLAlchemy. It may use ``geo``; it never imports Streamlit or folium. Every action is a plain
function that takes the session, the actor and the time, returns data and raises the named errors of
``stations.errors``, whose messages the pages and the command line translate.
"""
