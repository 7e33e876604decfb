"""The settings of this process's notification channels."""

from __future__ import annotations

from functools import cache

from stations.notices.settings import NoticeSettings, read_notice_settings


@cache
def notice_settings() -> NoticeSettings:
    """Return the settings of the channels, read once.

    Raises:
        InvalidInput: a setting is wrong.
    """
    return read_notice_settings()
