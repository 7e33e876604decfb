"""Times by car over a road network that is built once from an OpenStreetMap extract, and then needs no connection.

``build`` turns an extract (``.osm.pbf``) into a ``RoadNetwork``; ``travel_times`` and ``isochrones`` answer from it.
Times are those of free traffic: by the class of a road and its posted speed, without waiting at lights, without
restrictions on turning.
"""
