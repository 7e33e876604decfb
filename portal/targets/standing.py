"""The standing of a target: at the end of its period, and on the date shown."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import Figure, figures, link, notice, page_url, source
from portal.language import _, current, ngettext
from stations.answers import target_records
from stations.targets.counting_rule import Bucket
from stations.targets.rule_text import REGISTER_NOT_TARGET, counted_by
from stations.targets.target import Target, TargetStanding, standings_on


def required_in_words(target: Target) -> str:
    """Return “49”, or “10+” for a minimum."""
    return f"{target.required}+" if target.at_least else str(target.required)


def draw_standing_figures(session: Session, target: Target, as_of: date, *, samples: bool) -> None:
    """Draw the numbers counted at the end of the period and on ``as_of``, in the pipeline, and undated, beside figures
    of the register; and by which rule each is counted.
    """
    ended, stands = standings_on(session, target, [target.period_end, as_of], samples=samples)
    figures(
        [
            Figure(
                str(ended.counted),
                _("counted when the period ended"),
                of=required_in_words(target),
                note=_note(ended, Bucket.COUNTED),
            ),
            Figure(
                str(stands.counted),
                _("counted on the date shown"),
                of=required_in_words(target),
                note=_note(stands, Bucket.COUNTED),
            ),
            Figure(str(stands.pipeline), _("approved or being built"), note=_note(stands, Bucket.PIPELINE)),
            Figure(str(stands.count(Bucket.UNDATED)), _("undated, set apart"), note=_note(stands, Bucket.UNDATED)),
        ]
    )
    source(f"{counted_by(current(), [ended, stands])} {_(REGISTER_NOT_TARGET)}")


def _note(standing: TargetStanding, bucket: Bucket) -> str | Markup:
    day = current().format_date(standing.as_of)
    invented = standing.sample_count(bucket)
    return Markup("{}<br>{}").format(day, _("of them samples: {count}", count=invented)) if invented else day


def bar(standing: TargetStanding) -> Markup:
    """Return the counted share of the required number as a bar, with the figure linked to its records."""
    target = standing.target
    return Markup(
        '<span class="nowrap"><span class="bar"><span style="width: {}%"></span></span> <strong>{}</strong> / {}</span>'
    ).format(
        round(min(1, standing.counted / target.required) * 100, 1),
        figure_link(standing, Bucket.COUNTED),
        required_in_words(target),
    )


def figure_link(standing: TargetStanding, bucket: Bucket) -> Markup | str:
    """Return the number of records in a bucket, linked to them."""
    return count_link(standing, bucket, standing.count(bucket))


def count_link(standing: TargetStanding, bucket: Bucket, count: int, **part: str) -> Markup | str:
    """Return a number of records in a bucket, linked to them; ``part``: limits them to a part (``city=…``)."""
    if not count:
        return "0"
    measure = standing.rule.measure
    in_force = standing.target.rule_on(standing.as_of)
    by = {"by": measure.value} if measure and standing.rule != in_force else {}
    address = page_url(
        "target", code=standing.target.code, as_of=standing.as_of.isoformat(), bucket=bucket.value, **by, **part
    )
    return link(address, str(count))


def bucket_name(standing: TargetStanding, bucket: Bucket) -> str:
    """Return the bucket's name for this target: for counties the pipeline means a planned station."""
    return _(target_records.bucket_name(standing.rule.subject, bucket))


def draw_completeness(standing: TargetStanding) -> None:
    """Draw how complete the register is for the target."""
    documented = standing.in_scope - len(standing.sample_codes)
    if not standing.in_scope:
        notice(
            _("No record is held, because no public list is at hand. Nothing can be said about this target."), "warn"
        )
    elif not documented:
        notice(_("Every record here is a sample: no public list is at hand, so nothing real is held."), "warn")
    else:
        source(
            ngettext(
                "{count} documented record is held. No full public list is at hand, so the figure is a lower bound.",
                "{count} documented records are held. No full public list is at hand, so the figure is a lower bound.",
                documented,
            )
        )
