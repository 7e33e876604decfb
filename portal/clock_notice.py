"""What every page says at its foot where the clock of this installation was set by hand."""

from __future__ import annotations

from stations.clock import installation_clock
from stations.language import N_, Language


def clock_notice(language: Language) -> str:
    """Return the sentence with the time that the clock shows, or an empty text where it is the machine's."""
    clock = installation_clock()
    if clock.set_to is None:
        return ""
    return language.translate(
        N_("The clock of this installation is set by hand and shows {when}"), when=language.format_datetime(clock.now())
    )
