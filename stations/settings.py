"""Settings of the domain, read from environment variables once at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geo.province import default_province, known_provinces, read_province
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten

VAR = Path(__file__).resolve().parent.parent / "var"

_SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Settings:
    """The settings of the domain.

    ``database_url``: any SQLAlchemy URL. ``samples``: whether sample records are loaded and shown.
    ``map_review_number``: the 审图号 (official review number) of the maps, empty if not set. ``province``:
    the adcode of the province that is served. ``requests_per_network``: how many requests a network may file in the
    time of ``stations.requests.filing_limits``; None for the number given there.
    """

    database_url: str
    samples: bool
    map_review_number: str = ""
    province: str = field(default_factory=default_province)
    requests_per_network: int | None = None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read ``DATABASE_URL`` (default: the embedded SQLite file of the province), ``SAMPLE`` (default: on),
    ``MAP_REVIEW_NUMBER``, ``PROVINCE`` and ``REQUESTS_PER_NETWORK``.

    Raises:
        InvalidInput: ``SAMPLE`` is neither on nor off, there is no data of the province, or the last is no number.
    """
    province = _province(environment.get("PROVINCE", "").strip() or default_province())
    return Settings(
        database_url=environment.get("DATABASE_URL", "").strip() or f"sqlite:///{embedded_database(province)}",
        samples=read_switch(
            environment, "SAMPLE", N_("SAMPLE is “{value}”; set it to 1 (with sample records) or 0 (without)")
        ),
        map_review_number=environment.get("MAP_REVIEW_NUMBER", "").strip(),
        province=province,
        requests_per_network=_requests_per_network(read_value(environment, "REQUESTS_PER_NETWORK")),
    )


def embedded_database(province: str) -> Path:
    """Return the path of the SQLite file that is used without ``DATABASE_URL``: one for each province."""
    return VAR / ("portal.sqlite3" if province == default_province() else f"portal-{province}.sqlite3")


def _province(written: str) -> str:
    if written in known_provinces():
        return written
    known = ListedAsWritten(f"{adcode} ({read_province(adcode).name})" for adcode in known_provinces())
    raise InvalidInput("PROVINCE", N_("PROVINCE is “{value}”; set it to one of: {known}"), value=written, known=known)


def _requests_per_network(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= 1_000_000):
        told = N_("REQUESTS_PER_NETWORK is “{value}”; write how many requests a network may file a day, such as 200")
        raise InvalidInput("REQUESTS_PER_NETWORK", told, value=written)
    return int(written)


def read_switch(environment: Mapping[str, str], name: str, wrong: str) -> bool:
    """Return whether a setting is on; the default is on.

    Raises:
        InvalidInput: the value is neither on nor off. Its message is ``wrong``, which may contain ``{value}``.
    """
    value = environment.get(name, "1").strip().lower()
    if value not in _SWITCH:
        raise InvalidInput(name, wrong, value=environment[name])
    return _SWITCH[value]


def read_value(environment: Mapping[str, str], name: str) -> str:
    """Return the text of a setting without surrounding blanks; "" if it is not set."""
    return environment.get(name, "").strip()
