"""``/ogc``: OGC API – Features (Part 1 core, Part 2 reference systems, Part 3 filtering) over ``stations.features``."""
