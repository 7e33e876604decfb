"""Drawing of coverage: map, shading, curve, and the settings of alerts."""
