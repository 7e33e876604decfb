"""What an office wrote of a record and nobody could read, as its page shows it: in the office's own words."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from portal.language import _
from stations.registry.record_state import PERSONAL_FIELDS
from stations.registry.unread import UnreadWords, unread_of
from stations.registry.unread_names import UNREAD_NAMES


def quoted(words: str) -> Markup:
    """Return words as a quotation that says whose they are."""
    return Markup('<q>{}</q> <span class="quiet">{}</span>').format(words, _("in the office’s own words"))


def unread_quoted(standing: Iterable[UnreadWords]) -> dict[str, Markup]:
    """Return what was not understood of a record: field → its words, except of a contact person."""
    return {one.field: quoted(one.words) for one in unread_of(standing) if one.field not in PERSONAL_FIELDS}


def unread_facts(standing: Iterable[UnreadWords]) -> list[tuple[str, Markup]]:
    """Return what was not understood of a record as facts of its page, each with the title of its field."""
    return [(_(UNREAD_NAMES[field]), told) for field, told in unread_quoted(standing).items()]
