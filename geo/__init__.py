"""Geography without a database: coordinate systems, counties, point in county, distance, nearest place.

This package imports no database, page or map library. Imports run portal -> stations -> geo, never back.
"""
