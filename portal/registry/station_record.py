"""A station's performance over the last twelve months as text: its rating and its delivery time."""

from __future__ import annotations

from markupsafe import Markup

from portal.components import sample_tag
from portal.language import _, current, ngettext
from stations.evaluation.service_record import ServiceRecord


def record_in_words(record: ServiceRecord) -> Markup:
    """Return the rating and the mean number of working days to deliver, each with its sample size; empty if there are
    none.
    """
    parts = []
    if record.rating is not None:
        of = ngettext("{count} rating", "{count} ratings", record.ratings)
        parts.append(
            Markup('<span class="rating">★ <strong>{}</strong></span> {}').format(
                _("{rating} of 5", rating=current().format_number(record.rating, 1)), _few(of, record.few_ratings)
            )
        )
    if record.working_days is not None:
        days = current().format_number(record.working_days, 1)
        of = ngettext("{count} service delivered", "{count} services delivered", record.deliveries)
        parts.append(
            Markup("{} {}").format(
                _("delivers in {days} working days on average", days=days), _few(of, record.few_deliveries)
            )
        )
    if not parts:
        return Markup("")
    return Markup("{} {}").format(Markup(" · ").join(parts), sample_tag() if record.sample else "")


def _few(of: str, few: bool) -> Markup:
    told = _("{count}: few, so take it with care", count=of) if few else of
    return Markup('<span class="source">({})</span>').format(told)
