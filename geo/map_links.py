"""Links that open a place in AMap or Tianditu, in the coordinate system of each.

The portal loads nothing from them; they are only links. AMap's form is its published URI API («单点标注», «路径规划»:
``position``/``to`` as lon,lat in GCJ-02, ``coordinate=gaode``). Tianditu publishes no such API; the link is the
address of its map with centre and zoom, in CGCS2000 (taken as WGS-84), and a marker is not guaranteed.
"""

from __future__ import annotations

from urllib.parse import urlencode

from geo.coordinates import from_wgs84

ZOOM = 16


def amap_marker(lon: float, lat: float, name: str, source: str) -> str:
    """Return the link to AMap with the place (WGS-84 degrees) marked and named.

    ``source``: identifies this portal in the link.
    """
    return _amap("marker", source, position=_gcj02(lon, lat), name=name)


def amap_directions(lon: float, lat: float, name: str, source: str) -> str:
    """Return the link to AMap's driving directions from the visitor's position to the place (WGS-84 degrees).

    On a phone it opens the app if installed.
    """
    return _amap("navigation", source, to=f"{_gcj02(lon, lat)},{name.replace(',', ' ')}", mode="car")


def tianditu_map(lon: float, lat: float) -> str:
    """Return the link to Tianditu's map centred on the place (WGS-84 degrees)."""
    return "https://map.tianditu.gov.cn/?" + urlencode({"center": f"{lon:.6f},{lat:.6f}", "zoom": ZOOM}, safe=",")


def _amap(action: str, source: str, **query: str) -> str:
    query |= {"coordinate": "gaode", "callnative": "1", "src": source}
    return f"https://uri.amap.com/{action}?" + urlencode(query, safe=",")


def _gcj02(lon: float, lat: float) -> str:
    there_lon, there_lat = from_wgs84(lon, lat, "gcj02")
    return f"{float(there_lon):.6f},{float(there_lat):.6f}"
