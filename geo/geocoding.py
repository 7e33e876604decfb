"""Geocoding by an outside service, Tianditu or AMap, if the operator has a key.

No request is sent unless a ``Geocoder`` is made. The published answers:

- Tianditu «地理编码查询» ``/geocoder?ds={"keyWord":…}&tk=…`` → ``{"status": "0", "location": {"lon", "lat",
  "level"}}``, CGCS2000 degrees (taken as WGS-84);
- AMap «地理编码» ``/v3/geocode/geo?address=…&key=…`` → ``{"status": "1", "geocodes": [{"location": "lon,lat",
  "level"}]}``, GCJ-02 degrees.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import requests
from cachetools import TTLCache
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from geo.coordinates import to_wgs84

CONNECT_SECONDS, READ_SECONDS = 2.0, 4.0
RETRIES = 2
REMEMBERED, REMEMBERED_SECONDS = 2000, 24 * 3600

# Levels that are no more exact than the offline reading.
_COARSE = {"国家", "省", "省级", "市", "地级市", "市级", "区县", "区县级", "开发区"}


class GeocodingFailed(Exception):
    """The service was unreachable, refused the request or sent an unreadable answer. The text says which, without
    the key.
    """


@dataclass(frozen=True)
class GeocodedPlace:
    """A place in WGS-84 degrees. ``level``: how exact it is, in the service's own words (门牌号, 道路…)."""

    lon: float
    lat: float
    level: str


@dataclass(frozen=True)
class Provider:
    """A geocoding service: its URL, the query parameters for (address, key), the coordinate system of its answers,
    and how to read them.
    """

    url: str
    question: Callable[[str, str], Mapping[str, str]]
    crs: str
    read: Callable[[Any], tuple[float, float, str] | None]


def _read_tianditu(answer: Any) -> tuple[float, float, str] | None:
    if str(answer.get("status")) != "0":
        raise GeocodingFailed(f"status {answer.get('status')}: {answer.get('msg', '')}")
    location = answer.get("location")
    return (float(location["lon"]), float(location["lat"]), str(location.get("level", ""))) if location else None


def _read_amap(answer: Any) -> tuple[float, float, str] | None:
    if str(answer.get("status")) != "1":
        raise GeocodingFailed(f"infocode {answer.get('infocode')}: {answer.get('info', '')}")
    if not answer.get("geocodes"):
        return None
    first = answer["geocodes"][0]
    lon, lat = first["location"].split(",")
    return float(lon), float(lat), str(first.get("level", ""))


PROVIDERS: dict[str, Provider] = {
    "tianditu": Provider(
        url="https://api.tianditu.gov.cn/geocoder",
        question=lambda address, key: {"ds": json.dumps({"keyWord": address}, ensure_ascii=False), "tk": key},
        crs="wgs84",
        read=_read_tianditu,
    ),
    "amap": Provider(
        url="https://restapi.amap.com/v3/geocode/geo",
        question=lambda address, key: {"address": address, "key": key, "output": "JSON"},
        crs="gcj02",
        read=_read_amap,
    ),
}


class Geocoder:
    """A client of a geocoding service with a cache of recent answers. Safe to share between threads."""

    def __init__(self, provider: str, key: str, url: str = "") -> None:
        """Make a client.

        ``provider``: a key of ``PROVIDERS``. ``url``: the operator's own gateway instead of the service's
        address.

        Raises:
            KeyError: the provider is not known.
        """
        self._provider = PROVIDERS[provider]
        self._key, self._url = key, url or self._provider.url
        self._remembered: TTLCache[str, GeocodedPlace | None] = TTLCache(REMEMBERED, REMEMBERED_SECONDS)
        self._lock = Lock()

    def find(self, address: str) -> GeocodedPlace | None:
        """Return the place of an address, or None if the service knows none or none more exact than a county.

        A busy or broken service (429, 5xx) is asked up to ``RETRIES`` more times.

        Raises:
            GeocodingFailed: the request failed or its answer was unreadable. Nothing is cached.
        """
        asked = address.strip()
        with self._lock:
            if asked in self._remembered:
                return self._remembered[asked]
        place = self._ask(asked)
        with self._lock:
            self._remembered[asked] = place
        return place

    def _ask(self, address: str) -> GeocodedPlace | None:
        retry = Retry(RETRIES, backoff_factor=0.2, status_forcelist=(429, 500, 502, 503, 504), allowed_methods=["GET"])
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=retry))
            try:
                answer = session.get(
                    self._url,
                    params=self._provider.question(address, self._key),
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                )
                answer.raise_for_status()
                found = self._provider.read(answer.json())
            except requests.HTTPError:
                raise GeocodingFailed(f"the service answered {answer.status_code}") from None
            except requests.JSONDecodeError:
                raise GeocodingFailed("the service's answer is no JSON") from None
            except requests.RequestException as problem:
                # The text of the exception contains the URL and with it the key.
                raise GeocodingFailed(type(problem).__name__) from None
            except (AttributeError, KeyError, TypeError, ValueError) as problem:
                raise GeocodingFailed(f"the service's answer can't be read ({type(problem).__name__})") from None
        if found is None or found[2] in _COARSE or not all(math.isfinite(value) for value in found[:2]):
            return None
        lon, lat = to_wgs84(found[0], found[1], self._provider.crs)
        return GeocodedPlace(float(lon), float(lat), found[2])
