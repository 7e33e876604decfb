"""Settings of the portal, read from the environment once at start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import limits

from portal.identity_provider import ProviderSettings, read_provider
from portal.publisher import read_publisher
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten
from stations.notices.firm_address import public_url
from stations.open_data.terms import Licence, read_licence

BASE_MAPS = ("none", "tianditu", "amap", "osm")


SHORTEST_TOKEN = 24
API_RATE = "3000/minute"
"""A client of maps that pages through every layer asks some hundred times a minute."""
API_COSTLY_RATE = "120/minute"
ONE_YEAR = "max-age=31536000"
_HOST = re.compile(r"\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
_STRICT_TRANSPORT = re.compile(r"max-age=\d+(; includeSubDomains)?(; preload)?")
_PORT = re.compile(r"[0-9]{1,5}")
_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Settings:
    """How this installation is served and what its maps show.

    ``base_map``: one of ``BASE_MAPS``. ``tile_url``: replaces the provider's address, for a network with its own copy
    of the tiles. ``map_review_number``: the 审图号 of the maps. ``provider``: the identity provider for signing in.
    ``allowed_hosts``: the names by which visitors may call this server. ``strict_transport``: what browsers that come
    by TLS are told of it; "" for nothing. ``metrics_token``: who shows it reads the figures; "" for nobody.
    ``api_rate``: how often one network may ask the interfaces for programs; ``api_costly_rate``: what takes long to
    answer; None for any number of times.
    ``open311_key_needed``: whether filing by Open311 needs a key; ``open311_public``: whether requests are listed
    there, without who asks.
    """

    host: str
    port: int
    base_map: str
    tile_url: str
    tianditu_key: str
    map_review_number: str
    provider: ProviderSettings | None = None
    allowed_hosts: tuple[str, ...] = ("*",)
    strict_transport: str = ONE_YEAR
    metrics_token: str = ""
    data_licence: Licence | None = None
    embed_origins: tuple[str, ...] = ()
    api_rate: limits.RateLimitItem | None = limits.parse(API_RATE)
    api_costly_rate: limits.RateLimitItem | None = limits.parse(API_COSTLY_RATE)
    open311_key_needed: bool = False
    open311_public: bool = False


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read ``HOST``, ``PORT``, ``BASEMAP``, ``BASEMAP_URL``, ``TIANDITU_KEY``, ``MAP_REVIEW_NUMBER``,
    ``ALLOWED_HOSTS``, ``HSTS``, ``METRICS_TOKEN``, ``DATA_LICENCE``, ``EMBED_ORIGINS``, ``API_RATE``,
    ``API_COSTLY_RATE``, ``OPEN311_FILING``, ``OPEN311_REQUESTS`` and the settings of ``read_provider``.

    Raises:
        InvalidInput: a value can't be used; the error names the variable and what to write.
    """

    def value(name: str, default: str = "") -> str:
        return environment.get(name, "").strip() or default

    public_url(environment)  # a wrong address stops the start instead of the first message
    read_publisher(environment)  # and a wrong number the start instead of the first page
    port = value("PORT", "8501")
    if not _PORT.fullmatch(port) or not 1 <= int(port) <= 65535:
        raise InvalidInput("PORT", N_("PORT is “{value}”; set it to a number from 1 to 65535"), value=port)
    base_map = value("BASEMAP", "none").lower()
    if base_map not in BASE_MAPS:
        raise InvalidInput(
            "BASEMAP",
            N_("BASEMAP is “{value}”; set it to one of: {known}"),
            value=base_map,
            known=ListedAsWritten(BASE_MAPS),
        )
    tile_url, tianditu_key = value("BASEMAP_URL"), value("TIANDITU_KEY")
    if tile_url and (base_map == "none" or not all(f"{{{axis}}}" in tile_url for axis in "xyz")):
        raise InvalidInput(
            "BASEMAP_URL",
            N_("BASEMAP_URL needs BASEMAP beside it and the places {axes} in the address"),
            axes="{z}, {x}, {y}",
        )
    if base_map == "tianditu" and not (tianditu_key or tile_url):
        raise InvalidInput("TIANDITU_KEY", N_("BASEMAP is tianditu: set TIANDITU_KEY to your Tianditu key"))
    return Settings(
        host=value("HOST", "127.0.0.1"),
        port=int(port),
        base_map=base_map,
        tile_url=tile_url,
        tianditu_key=tianditu_key,
        map_review_number=value("MAP_REVIEW_NUMBER"),
        provider=read_provider(environment),
        allowed_hosts=_allowed_hosts(environment),
        strict_transport=_strict_transport(environment),
        metrics_token=_metrics_token(value("METRICS_TOKEN")),
        data_licence=read_licence(environment),
        embed_origins=_embed_origins(environment),
        api_rate=_rate("API_RATE", value("API_RATE", API_RATE)),
        api_costly_rate=_rate("API_COSTLY_RATE", value("API_COSTLY_RATE", API_COSTLY_RATE)),
        open311_key_needed=_one_of("OPEN311_FILING", value("OPEN311_FILING", "open"), ("open", "key")) == "key",
        open311_public=_one_of("OPEN311_REQUESTS", value("OPEN311_REQUESTS", "own"), ("own", "public")) == "public",
    )


def _rate(name: str, written: str) -> limits.RateLimitItem | None:
    """Read how often something may be asked, such as ``3000/minute``; None for ``off``."""
    if written.lower() == "off":
        return None
    try:
        rate = limits.parse(written)
    except ValueError:
        rate = None
    if rate is None or rate.amount < 1:
        raise InvalidInput(
            name,
            N_("{name} is “{value}”; set it to off or to a number of requests in a time, such as {example}"),
            name=name,
            value=written,
            example=API_RATE,
        )
    return rate


def _one_of(name: str, written: str, known: Sequence[str]) -> str:
    if written.lower() not in known:
        raise InvalidInput(
            name,
            N_("{name} is “{value}”; set it to one of: {known}"),
            name=name,
            value=written,
            known=ListedAsWritten(known),
        )
    return written.lower()


def _metrics_token(written: str) -> str:
    if written and (len(written) < SHORTEST_TOKEN or not written.isascii()):
        raise InvalidInput(
            "METRICS_TOKEN",
            N_("METRICS_TOKEN is too short to keep strangers out; set it to what this prints: {command}"),
            command="openssl rand -hex 24",
        )
    return written


def _allowed_hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Read ``ALLOWED_HOSTS`` (names separated by commas; ``*.example.com`` for all below). By default the host of
    ``PUBLIC_URL``, every one if that is not set. This machine's own names are always allowed.
    """
    written = [one.strip().lower() for one in environment.get("ALLOWED_HOSTS", "").split(",") if one.strip()]
    for name in written:
        if not _HOST.fullmatch(name):
            raise InvalidInput(
                "ALLOWED_HOSTS",
                N_("ALLOWED_HOSTS names “{value}”; write names without a port, such as {example}"),
                value=name,
                example="portal.example.com, *.example.com",
            )
    public = urlsplit(public_url(environment)).hostname
    hosts = written or ([public] if public else [])
    return tuple(dict.fromkeys((*hosts, *_THIS_MACHINE))) if hosts else ("*",)


def _embed_origins(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Read ``EMBED_ORIGINS``: the sites, separated by blanks or commas, in whose frames the small pages may stand;
    ``https://*.example.com`` for all below, ``*`` for every site. By default none.
    """
    written = environment.get("EMBED_ORIGINS", "").replace(",", " ").lower().split()
    for origin in written:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise InvalidInput(
                "EMBED_ORIGINS",
                N_("EMBED_ORIGINS names “{value}”; write whole origins without a path, such as {example}, or *"),
                value=origin,
                example="https://www.example.gov.cn https://*.example.com",
            )
    return tuple(dict.fromkeys(written))


def _strict_transport(environment: Mapping[str, str]) -> str:
    """Read ``HSTS``: the value of the header, a year by default; ``off`` for none."""
    written = environment.get("HSTS", "").strip() or ONE_YEAR
    if written.lower() == "off":
        return ""
    if not _STRICT_TRANSPORT.fullmatch(written):
        raise InvalidInput(
            "HSTS",
            N_("HSTS is “{value}”; set it to off or to the header's value, such as {example}"),
            value=written,
            example=f"{ONE_YEAR}; includeSubDomains",
        )
    return written


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()
