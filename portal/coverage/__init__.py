"""Coverage drawn: the map, its shading, the curve."""
