"""The settings of an installation: what is set, and from where."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing, one_row
from stations.language import N_, Language, Worded
from stations.operations.installation_settings import ShownSetting


def _value(one: ShownSetting, language: Language) -> str:
    if one.masked:
        return language.translate(N_("set, not shown"))
    return one.value or language.translate(N_("not set"))


SETTINGS: Columns[ShownSetting] = Columns(
    Column("subject", lambda one: one.setting.subject, N_("About")),
    Column("title", lambda one: Worded(one.setting.title), N_("Setting"), data=str),
    Column("name", lambda one: one.setting.name, N_("Variable")),
    Column("value", lambda one: one, N_("Current value"), show=_value, data=lambda one: one.value),
    Column("masked", lambda one: one.masked),
    Column("origin", lambda one: one.origin, N_("Set in")),
)
SETTING_COLUMNS = SETTINGS.take("title", "name", "value", "origin")
"""The table of the settings of one subject."""

SETTING_LIST = listing(SETTINGS, "subject", "title", "name", "value", "origin")
"""Every setting, on the command line."""

TRIED_NOTICE = one_row(Columns[str](Column("sent_to", str, N_("Test notice sent to"))), "sent_to")
