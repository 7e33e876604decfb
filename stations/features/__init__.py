"""The data as geographic features: typed properties, a geometry, and the day that they are true of.

Whatever draws or filters places by a standard of the field reads it here: OGC API – Features, downloads.
"""
