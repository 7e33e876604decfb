"""Places and nothing else: coordinate systems, counties, point to county, distance, nearest.

This room knows no database, no page and no map library. Imports run portal -> stations -> geo,
never back.
"""
