"""Two records side by side: marking them as different, or merging them."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, table, tag
from portal.keeping.record_view import GETTERS
from portal.keeping.registry_frame import do, go
from portal.language import _, current, ngettext
from portal.maps.county_map import Marker, county_map
from portal.maps.view import MARGIN
from portal.markdown_text import plain
from portal.page_end import end_page
from portal.registry.record_words import entry_in_words, field_name, value_in_words
from portal.storage import engine
from portal.theme import MARKERS
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.keeping.double_merging import HistoryChoice, merge_records, merged_state, suggested_history
from stations.keeping.doubles import doubles_among, mark_as_two
from stations.keeping.editing import EDIT
from stations.keeping.listing import require_in_area
from stations.keeping.merged_history import both_histories, merge_effect
from stations.language import day_in_china, label
from stations.registry.record_kind import RecordKind
from stations.registry.record_references import count_references
from stations.registry.record_rows import Record, state_of
from stations.registry.record_state import FieldValue, RecordState, values_of
from stations.registry.record_terms import Terms

_NOT_TAKEN = {"city_adcode", "services", "chains", "history"}


def draw_pair(actor: Actor, kind: RecordKind, code: str, other: str) -> None:
    """Draw both records and, for those who may edit them, the forms to mark them as different or merge them."""
    st.html(Markup("<p>{}</p>").format(link(page_url("doubles", kind=kind.value), _("All possible doubles"))))
    with reading(engine()) as session:
        try:
            pair = [GETTERS[kind](session, one, samples=visit().samples) for one in (code, other)]
            for record in pair:
                require_in_area(actor, record)
        except DomainError as error:
            notice(_(error.message, **error.params), "warn")
            end_page()
        if pair[0].code == pair[1].code:
            notice(_("These two were merged: {code} stands for both.", code=pair[0].code), "good")
            end_page()
        terms, states = Terms.load(session), [state_of(record) for record in pair]
        references = [count_references(session, record) for record in pair]
        alike = doubles_among(session, kind, [record.code for record in pair])
    reasons = [label(current(), reason) for double in alike for reason in double.reasons]
    st.html(Markup("<p>{}</p>").format(Markup(" ").join(tag(reason, "warn") for reason in reasons)))
    _draw_both(terms, pair, states, references)
    _draw_map(pair)
    if all(actor.may(EDIT[kind], record.area) for record in pair):
        _draw_two(actor, kind, pair)
        _draw_merge(actor, kind, pair, states, terms)
    else:
        notice(_("The province merges records; tell it what you know of these two."))


def _draw_both(terms: Terms, pair: list[Record], states: list[RecordState], references: list[dict[str, int]]) -> None:
    table(
        [_("Field"), pair[0].code, pair[1].code],
        [
            *(
                [field_name(field), *(_value_text(terms, field, getattr(state, field), states) for state in states)]
                for field in values_of(states[0])
                if field != "city_adcode"
            ),
            [_("Service requests"), *(str(counts.get("service_request", 0)) for counts in references)],
            [_("Last changed"), *(current().format_datetime(record.updated_at) for record in pair)],
        ],
        caption=_("Both records; what differs is set in bold"),
    )


def _value_text(terms: Terms, field: str, value: FieldValue, states: list[RecordState]) -> str | Markup:
    told = value_in_words(terms, field, value)
    return (
        told if getattr(states[0], field) == getattr(states[1], field) else Markup("<strong>{}</strong>").format(told)
    )


def _draw_map(pair: list[Record]) -> None:
    placed = [(record, record.lon, record.lat) for record in pair if record.lon is not None and record.lat is not None]
    if not placed:
        return
    lons, lats = [lon for _record, lon, _lat in placed], [lat for _record, _lon, lat in placed]
    county_map(
        {},
        key=f"pair_map_{pair[0].code}_{pair[1].code}",
        title=_("Both places"),
        markers=[
            Marker(lon, lat, MARKERS[style], f"{record.name} · {record.code}", sample=record.sample)
            for (record, lon, lat), style in zip(placed, ("here", "new_site"), strict=False)
        ],
        bounds=(min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN),
        height=300,
    )


def _draw_two(actor: Actor, kind: RecordKind, pair: list[Record]) -> None:
    st.subheader(_("They are two"))
    key = f"two_{pair[0].code}_{pair[1].code}"
    with st.form(key, border=False, enter_to_submit=False):
        reason = st.text_input(_("{label} (optional)", label=_("Reason")))
        if st.form_submit_button(_("Not a double: don't list it again")):
            outcome = do(
                lambda session: mark_as_two(
                    session, actor, kind, pair[0].code, pair[1].code, reason=reason, now=visit().now
                ),
                _("Remembered: the two are not listed again."),
            )
            if outcome is not None:
                go(kind=kind.value)


def _draw_merge(actor: Actor, kind: RecordKind, pair: list[Record], states: list[RecordState], terms: Terms) -> None:
    st.subheader(_("They are one"))
    key = f"merge_{pair[0].code}_{pair[1].code}"
    by_code = {record.code: (record, state) for record, state in zip(pair, states, strict=True)}
    stays = st.radio(
        _("Which record stays? The code of the other keeps leading to it."),
        list(by_code),
        key=f"{key}_stays",
        format_func=lambda code: plain(f"{by_code[code][0].name} · {code}"),
    )
    survivor, kept = by_code[stays]
    ((other, gone),) = (both for code, both in by_code.items() if code != stays)
    differing = [
        field
        for field, value in values_of(kept).items()
        if field not in _NOT_TAKEN
        and value not in (None, "", getattr(gone, field))
        and getattr(gone, field) not in (None, "")
    ]
    take = st.multiselect(
        _("Fields to take from the record that goes"),
        differing,
        key=f"{key}_take_{stays}",
        format_func=field_name,
        placeholder=_("None"),
    )
    history = st.radio(
        _("Which entries make the history of status?"),
        [*HistoryChoice],
        index=list(HistoryChoice).index(suggested_history(kind, kept, gone)),
        key=f"{key}_history_{stays}",
        format_func=lambda choice: label(current(), choice),
    )
    state = merged_state(kind, kept, gone, take=take, history=history)
    _draw_effect(kind, kept, gone, state, history)
    table(
        [_("Field"), _("The one record afterwards")],
        [
            [field_name(field), value_in_words(terms, field, value)]
            for field, value in values_of(state).items()
            if field != "city_adcode"
        ],
        caption=_("What the merged record holds"),
    )
    reason = st.text_input(_("{label} (optional)", label=_("Reason")), key=f"{key}_reason")
    versions = (survivor.version, other.version)
    if st.button(_("Merge the two"), type="primary", key=f"{key}_{versions[0]}_{versions[1]}_save"):
        outcome = do(
            lambda session: merge_records(
                session,
                actor,
                kind,
                survivor.code,
                other.code,
                versions=versions,
                history=history,
                take=take,
                reason=reason,
                now=visit().now,
            ),
            ngettext("{count} record was merged.", "{count} records were merged.", 2),
        )
        if outcome is not None:
            go(kind=kind.value)


def _draw_effect(
    kind: RecordKind, kept: RecordState, gone: RecordState, merged: RecordState, history: HistoryChoice
) -> None:
    """Draw the status after the merge, whether work ends by it, and which history entries are left out."""
    effect = merge_effect(kept.history, gone.history, merged.history, day_in_china(visit().now))
    before, after = (label(current(), one) if one else _("not known yet") for one in (effect.before, effect.after))
    if effect.before == effect.after:
        told = _("Status of the record after the merge: {after}, as it is now.", after=after)
    else:
        told = _("Status of the record after the merge: {after}; now it is: {before}.", after=after, before=before)
    notice(told, "" if effect.before == effect.after else "warn")
    if effect.ends_work:
        told = _(
            "One of the two is at work now; the merged record would not be. If it goes on working, let the other "
            "record stay, or choose other entries."
        )
        notice(told, "bad")
    if history is HistoryChoice.BOTH and (left_out := both_histories(kind, kept.history, gone.history).left_out):
        entries = Markup(_("; ")).join(entry_in_words(entry) for entry in left_out)
        told = _(
            "Left out, for these can't follow what stands before them: {entries}. They stay in the kept changes of "
            "the record."
        )
        notice(Markup(told).format(entries=entries))
