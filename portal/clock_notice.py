"""The notice at the foot of every page if the clock of this installation was set by hand."""

from __future__ import annotations

from stations.clock import installation_clock
from stations.language import N_, Language


def clock_notice(language: Language) -> str:
    """Return the sentence with the time of the clock, or "" if it is the machine's clock."""
    clock = installation_clock()
    if clock.set_to is None:
        return ""
    return language.translate(
        N_("The clock of this installation is set by hand and shows {when}"), when=language.format_datetime(clock.now())
    )
