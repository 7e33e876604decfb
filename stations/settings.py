"""Settings of the domain, read from environment variables once at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stations.errors import InvalidInput
from stations.language import N_

EMBEDDED_DATABASE = Path(__file__).resolve().parent.parent / "var" / "portal.sqlite3"

_SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Settings:
    """The settings of the domain.

    ``database_url``: any SQLAlchemy URL. ``samples``: whether sample records are loaded and shown.
    ``map_review_number``: the 审图号 (official review number) of the maps, empty if not set.
    """

    database_url: str
    samples: bool
    map_review_number: str = ""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read ``DATABASE_URL`` (default: the embedded SQLite file), ``SAMPLE`` (default: on) and ``MAP_REVIEW_NUMBER``.

    Raises:
        InvalidInput: ``SAMPLE`` is neither on nor off.
    """
    return Settings(
        database_url=environment.get("DATABASE_URL", "").strip() or f"sqlite:///{EMBEDDED_DATABASE}",
        samples=read_switch(
            environment, "SAMPLE", N_("SAMPLE is “{value}”; set it to 1 (with sample records) or 0 (without)")
        ),
        map_review_number=environment.get("MAP_REVIEW_NUMBER", "").strip(),
    )


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
