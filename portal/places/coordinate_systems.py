"""The coordinate systems that a position can be entered in, and what each is called."""

from __future__ import annotations

from portal.language import N_

DEFAULT_CRS = "wgs84"
SYSTEMS = {
    "wgs84": N_("WGS-84: satellite position of a phone (GPS, BeiDou), Tianditu"),
    "gcj02": N_("GCJ-02: AMap, Tencent Maps"),
    "bd09": N_("BD-09: Baidu Maps"),
}
