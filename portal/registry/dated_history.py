"""Dated histories as text, with the precision of their sources."""

from __future__ import annotations

from portal.language import _, current
from stations.partial_date import PartialDate
from stations.registry.dated_stage import DatedEntry


def date_in_words(moment: PartialDate) -> str:
    """Return a date no more precise than known: “2016年”, “2016年1月”, “2016年1月21日”."""
    return current().format_date(moment.earliest, moment.precision)


def when_in_words(entry: DatedEntry) -> str:
    """Return when the entry's stage was reached, or else the date by which its source reports it."""
    if entry.dated:
        return date_in_words(entry.dated)
    if entry.as_of:
        return _("not dated; so by {date}", date=date_in_words(entry.as_of))
    return _("not dated")
