"""The ways out of this installation, as this process has them."""

from __future__ import annotations

from functools import cache

from stations.notices.settings import NoticeSettings, read_notice_settings


@cache
def notice_settings() -> NoticeSettings:
    """The settings of the channels, read once.

    Raises:
        InvalidInput: one is wrong.
    """
    return read_notice_settings()
