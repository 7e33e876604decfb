"""The classes of requirements that the interface meets."""

from __future__ import annotations

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
FILTER = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
COMMON = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/"

CONFORMS_TO = (
    f"{COMMON}core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    f"{CORE}core",
    f"{CORE}geojson",
    f"{CORE}html",
    f"{CORE}oas30",
    f"{CRS}crs",
    f"{FILTER}queryables",
    f"{FILTER}filter",
    f"{FILTER}features-filter",
    f"{CQL2}cql2-text",
    f"{CQL2}cql2-json",
    f"{CQL2}basic-cql2",
    f"{CQL2}advanced-comparison-operators",
    f"{CQL2}case-insensitive-comparison",
    f"{CQL2}accent-insensitive-comparison",
    f"{CQL2}basic-spatial-functions",
    f"{CQL2}basic-spatial-functions-plus",
    f"{CQL2}spatial-functions",
    f"{CQL2}temporal-functions",
    f"{CQL2}array-functions",
    f"{CQL2}property-property",
    f"{CQL2}arithmetic",
)
