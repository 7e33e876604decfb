"""The coordinate systems in which a position can be entered, and their labels."""

from __future__ import annotations

from portal.language import N_

DEFAULT_CRS = "wgs84"
SYSTEMS = {
    "wgs84": N_("WGS-84: satellite position of a phone (GPS, BeiDou), Tianditu"),
    "gcj02": N_("GCJ-02: AMap, Tencent Maps"),
    "bd09": N_("BD-09: Baidu Maps"),
}
