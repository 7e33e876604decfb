"""Links that open a place in AMap or Tianditu, in the coordinates each of them uses.

Nothing is loaded from them; a visitor follows the link or doesn't. AMap's form is its published URI API
(«单点标注», «路径规划»: ``position``/``to`` as lon,lat in GCJ-02, ``coordinate=gaode``). Tianditu publishes no
such form; the link is its map's own address with centre and zoom, in CGCS2000 (taken as WGS-84), and a
marker is not promised.
"""

from __future__ import annotations

from urllib.parse import urlencode

from geo.coordinates import from_wgs84

ZOOM = 16


def amap_marker(lon: float, lat: float, name: str, source: str) -> str:
    """AMap with the place (WGS-84 degrees) marked and named. ``source``: what the link says it comes from."""
    return _amap("marker", source, position=_gcj02(lon, lat), name=name)


def amap_directions(lon: float, lat: float, name: str, source: str) -> str:
    """AMap with the way there by car, from where the visitor is; on a phone its app where installed."""
    return _amap("navigation", source, to=f"{_gcj02(lon, lat)},{name.replace(',', ' ')}", mode="car")


def tianditu_map(lon: float, lat: float) -> str:
    """Tianditu's map with the place (WGS-84 degrees) in the middle."""
    return "https://map.tianditu.gov.cn/?" + urlencode({"center": f"{lon:.6f},{lat:.6f}", "zoom": ZOOM}, safe=",")


def _amap(action: str, source: str, **query: str) -> str:
    query |= {"coordinate": "gaode", "callnative": "1", "src": source}
    return f"https://uri.amap.com/{action}?" + urlencode(query, safe=",")


def _gcj02(lon: float, lat: float) -> str:
    there_lon, there_lat = from_wgs84(lon, lat, "gcj02")
    return f"{float(there_lon):.6f},{float(there_lat):.6f}"
