"""The form of one institution: the institution itself, its scope with the validity of each line, and its stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import link, page_url, table
from portal.form_action import do_or_tell, finish, seen_version
from portal.form_problems import FormProblems
from portal.keeping.unread_boxes import draw_unread
from portal.language import _, current
from portal.option_labels import distinct
from portal.registry.record_words import area_name, service_name
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import Visit
from stations.answers.register_lists import column_labels
from stations.audit_search.words import action_word, actor_word
from stations.database import reading
from stations.errors import InvalidInput
from stations.language import day_in_china, label
from stations.lists.institution_editing import (
    InstitutionForm,
    KnownAlready,
    LineForm,
    add_institution,
    change_institution,
    form_of_institution,
    history_of_institution,
)
from stations.lists.institutions import INSTITUTIONS
from stations.readers.credit_code import has_wrong_check_character
from stations.registry.institution_state import state_of_institution
from stations.registry.institutions import Institution, InstitutionKind, get_institution
from stations.registry.record_terms import Terms
from stations.registry.station import station_names
from stations.registry.unread import Unread

_DAYS = ("valid_from", "valid_until")
_LINE = tuple(field.name for field in fields(LineForm))
_CERTIFICATES = ("cma_number", "cnas_number", "authorization_number")
_FIRST = ("service_code", "subject_zh", *_CERTIFICATES, *_DAYS)  # what every line needs, in view without scrolling
_NARROW, _WIDE = 110, 180  # pixels


def draw_institution_form(present: Visit, code: str) -> None:
    """Draw the form of the institution with this code, or of a new one where it is "".

    Raises:
        NotFound: there is no such institution.
    """
    with reading(engine()) as session:
        terms = Terms.load(session)
        institution = get_institution(session, code, samples=present.samples) if code else None
        version = institution.version if institution else 0
        state = state_of_institution(institution) if institution else None
        start = form_of_institution(state, present.today)
        unread = [*state.unread, *(one for line in state.scope for one in line.unread)] if state else []
        names = station_names(session, sample=present.actor is not None and present.actor.sample)
    seen = f"institution_{code}"
    version = seen_version(seen, version)
    key = f"institution_{code}_{version}"
    labels = {name: _(told) for name, told in column_labels(INSTITUTIONS).items()}
    titles = {**labels, "county_adcode": labels["county"], "scope": _("Scope"), "note": _("Reason")}
    problems = FormProblems(titles, _other_record)
    form, note = _Fields(start, labels, problems, key).draw(terms, names, unread, new=not code)

    def keep(session: Session) -> None:
        if code:
            change_institution(session, present.actor, code, form, version=version, note=note, now=present.now)
        else:
            added.append(add_institution(session, present.actor, form, now=present.now))

    added: list[str] = []
    if st.button(_("Save"), type="primary", key=f"{key}_save") and do_or_tell(keep, problems, seen):
        st.query_params.from_dict({"code": code or added[0]})
        finish(_("The institution is saved."))


class _Fields:
    """The widgets of one form, filled from ``start``. ``key``: prefix of their keys, unique per record and version."""

    def __init__(self, start: InstitutionForm, labels: dict[str, str], problems: FormProblems, key: str) -> None:
        self._start, self._labels, self._problems, self._key = start, labels, problems, key

    def draw(
        self, terms: Terms, stations: dict[str, str], unread: Sequence[Unread], *, new: bool
    ) -> tuple[InstitutionForm, str]:
        """Draw every field; return their values, and why the record is changed. ``unread``: what was not understood."""
        mark_required(*(f"{self._key}_{field}" for field in ("name", "kind", "county", "source")))
        left, right = st.columns(2)
        given: dict[str, Any] = {"name": self._text(left, "name"), "name_en": self._text(right, "name_en")}
        with left:
            kinds = {one.value: label(current(), one) for one in InstitutionKind}
            kind = self._choice("kind", kinds, self._start.kind)
        given["credit_code"] = self._text(right, "credit_code")
        as_printed = self._as_printed(right, given["credit_code"])
        given["centre"] = self._text(left, "centre") if kind == InstitutionKind.CENTRE else ""
        given["phone"] = self._text(right, "phone")
        areas = {adcode: area_name(terms, adcode) for adcode in (*terms.counties, *terms.cities)}
        with left:
            area = self._choice("county", areas, self._start.county_adcode or self._start.city_adcode)
            self._problems.place("county_adcode")
        given["address"] = self._text(right, "address")
        given["source"] = self._text(st, "source")
        at_work = st.multiselect(
            self._labels["stations"],
            list(stations),
            default=[code for code in self._start.stations if code in stations],
            format_func=lambda code: f"{stations[code]} {code}",
            key=f"{self._key}_stations",
            placeholder=_("Choose one or more"),
            filter_mode="contains",
        )
        scope = self._scope(terms)
        done = draw_unread(unread, f"{self._key}_done")
        note = "" if new else st.text_input(_("Why it is changed (optional)"), max_chars=500, key=f"{self._key}_note")
        within = terms.counties.get(area)
        form = InstitutionForm(
            **given,
            credit_code_as_printed=as_printed,
            kind=kind,
            city_adcode=within.city_adcode if within else area,
            county_adcode=within.adcode if within else "",
            scope=scope,
            stations=tuple(at_work),
            done=done,
        )
        return form, note

    def _text(self, where: Any, field: str) -> str:
        with where.container():
            key = f"{self._key}_{field}"
            text: str = st.text_input(self._labels[field], getattr(self._start, field), key=key)
            self._problems.place(field)
        return text

    def _as_printed(self, where: Any, code: str) -> bool:
        """Draw the way round for a credit code whose check character is wrong; return whether it is confirmed."""
        if code == self._start.credit_code or not has_wrong_check_character(code):
            return False
        confirmed: bool = where.checkbox(
            _("The code is printed so on the business licence"), key=f"{self._key}_as_printed_{code}"
        )
        return confirmed

    def _choice(self, field: str, options: dict[str, str], chosen: str) -> str:
        names = distinct(options)
        codes = list(names)
        picked = st.selectbox(
            self._labels[field],
            codes,
            index=codes.index(chosen) if chosen in names else None,
            format_func=names.__getitem__,
            key=f"{self._key}_{field}",
            placeholder=_("Choose"),
            filter_mode="contains",
        )
        self._problems.place(field)
        return picked or ""

    def _scope(self, terms: Terms) -> tuple[LineForm, ...]:
        """Draw the grid with the lines of scope; return them."""
        st.subheader(_("Scope"))
        told = _(
            "One line for each product or parameter, as the certificate lists it, each with its own validity. Press a "
            "cell twice to write, the last line to add one; tick lines to delete them."
        )
        st.html(Markup("<p>{}</p>").format(told))
        rows = [[getattr(line, name) for name in _LINE] for line in self._start.scope]
        services = {code: service_name(terms, code) for code in terms.services}
        texts = {
            name: st.column_config.TextColumn(self._labels[name], width=_NARROW if name in _CERTIFICATES else _WIDE)
            for name in _LINE
            if name not in (*_DAYS, "service_code")
        }
        days = {
            name: st.column_config.DateColumn(self._labels[name], format="YYYY-MM-DD", width=_NARROW) for name in _DAYS
        }
        service = st.column_config.SelectboxColumn(
            self._labels["service"], options=list(services), format_func=lambda code: services[str(code)], width=_WIDE
        )
        edited = st.data_editor(
            pd.DataFrame(rows, columns=list(_LINE), dtype=object),
            key=f"{self._key}_scope",
            hide_index=True,
            num_rows="dynamic",
            column_order=(*_FIRST, *(name for name in texts if name not in _FIRST)),
            column_config={"service_code": service, **texts, **days},
        )
        self._problems.place("scope")
        lines = [_line(dict(zip(_LINE, row, strict=True))) for row in edited.itertuples(index=False, name=None)]
        return tuple(line for line in lines if line != LineForm())


def _other_record(problem: InvalidInput) -> str:
    """Return a link to the record that is known already by what a field says."""
    if not isinstance(problem, KnownAlready):
        return ""
    return link(page_url("institutions", code=problem.code), _("Open that record"))


def _line(cells: dict[str, Any]) -> LineForm:
    """Return a row of the grid as a line; blank cells are None, or NaN in columns that have no other."""
    filled = {name: cell for name, cell in cells.items() if cell is not None and not pd.isna(cell)}
    values: dict[str, Any] = {
        name: _day(cell) if name in _DAYS else str(cell).strip() for name, cell in filled.items()
    }
    return LineForm(**values)


def _day(cell: Any) -> date:
    if isinstance(cell, (datetime, pd.Timestamp)):
        return cell.date()
    return cell if isinstance(cell, date) else date.fromisoformat(str(cell)[:10])


def draw_institution_history(present: Visit, session: Session, institution: Institution) -> None:
    """Draw who changed the institution when, and what, in a box that is closed at first."""
    entries = history_of_institution(session, present.actor, institution)
    labels = column_labels(INSTITUTIONS)
    language = current()
    with st.expander(_("History of changes ({count})", count=len(entries)), key="institution_history"):
        table(
            [_("Date"), _("Who"), _("What"), _("Changes")],
            [
                [
                    language.format_date(day_in_china(entry.at)),
                    actor_word(language, entry.actor),
                    action_word(language, entry.action),
                    _changes(entry.detail, labels),
                ]
                for entry in entries
            ],
            caption=_("The last change first"),
            stacks=True,
        )


def _changes(detail: dict[str, Any], labels: Any) -> Markup:
    changed = detail.get("fields")
    lines = [
        Markup("{}: <del>{}</del> → <ins>{}</ins>").format(_(labels.get(name, name)), before or "–", after or "–")
        for name, (before, after) in (changed.items() if isinstance(changed, dict) else ())
    ]
    lines += [Markup("{}").format(detail["reason"])] if detail.get("reason") else []
    return Markup("<br>").join(lines)
