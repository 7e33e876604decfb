"""The settings of the second factor of this process."""

from __future__ import annotations

from functools import cache

from stations.accounts.factor_settings import FactorSettings, read_factor_settings


@cache
def factor_settings() -> FactorSettings:
    """Return the settings, read once.

    Raises:
        InvalidInput: a setting is wrong.
    """
    return read_factor_settings()
