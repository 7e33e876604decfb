"""Lines of scope from the rows of a list, compared with those on file.

A row changes the line whose number it states, else the line of the same product or parameter, range and standard; else
it adds one. Lines that the list does not have stay as they are, unless the list is said to replace them. What a row
leaves blank stays too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stations.catalogue.service import Service
from stations.catalogue.words import CatalogueWords
from stations.entered_text import comparable
from stations.imports.met_words import MetWords
from stations.imports.plan import Weight
from stations.imports.word_mapping import WordKind
from stations.language import N_, Listed
from stations.lists.list_row import ListRow
from stations.lists.scope_cells import CERTIFICATES
from stations.registry.institution_state import ScopeLine
from stations.registry.institutions import InstitutionKind
from stations.registry.unread import Unread
from stations.tables.table import LIST_MARK

GROUP_OF_KIND: Mapping[InstitutionKind, str] = {
    InstitutionKind.METROLOGY: "metrology",
    InstitutionKind.TESTING: "testing",
    InstitutionKind.CERTIFICATION: "certification",
    InstitutionKind.STANDARDS: "standards",
    InstitutionKind.INTELLECTUAL_PROPERTY: "intellectual_property",
    InstitutionKind.FINANCE: "quality_finance",
    InstitutionKind.CENTRE: "testing",
}
"""The group of services that a kind of institution provides, where a line names none."""

_PLAIN = ("subject_en", "range", "accuracy", "standard", "limitation", *CERTIFICATES, "valid_from", "valid_until")
LINE_FIELDS = frozenset({"line", "service", "subject_zh", *_PLAIN})
"""The fields of a row that tell of a line of scope."""
_OF_METROLOGY = ("jjg", "jjf")
_BETWEEN = " · "
_NAMED = 5  # so many lines are named


@dataclass(frozen=True)
class ListedLine:
    """What a row says of a line of scope.

    ``number``: of the line on file, None if not stated. ``service``: the code of the catalogue, "" if not stated.
    ``values``: field → value, without blank ones.
    """

    number: int | None
    service: str
    subject: str
    values: Mapping[str, Any]

    def means(self, line: ScopeLine) -> bool:
        """Whether the line on file is of the same product or parameter, range, standard and, if stated, service."""
        return (
            (not self.service or self.service == line.service_code)
            and comparable(self.subject) == comparable(line.subject_zh)
            and all(_same(self.values.get(field), getattr(line, field)) for field in ("range", "standard"))
        )


def _same(told: str | None, held: str | None) -> bool:
    return told is None or comparable(told) == comparable(held or "")


def lines_of_row(
    row: ListRow[Any], services: Mapping[str, Service], words: CatalogueWords, met: MetWords
) -> list[ListedLine]:
    """Return the lines that a row tells of: none, one, or one for each of several services that it names.

    ``met``: gathers the words for services that are not understood or were taught.
    """
    values = {name: value for name, value in row.values.items() if value is not None}
    plain = {field: values[field] for field in _PLAIN if field in values}
    for field, number in (values.get("certificates") or {}).items():
        plain.setdefault(field, number)
    if validity := values.get("validity"):
        stated = {"valid_from": validity.first, "valid_until": validity.last}
        plain = {field: day for field, day in stated.items() if day} | plain
    first, last = plain.get("valid_from"), plain.get("valid_until")
    if first and last and last < first:
        doubt_days(row, first, last)
        plain = {field: value for field, value in plain.items() if field not in ("valid_from", "valid_until")}
    parts = list(dict.fromkeys(filter(None, (values.get("product"), values.get("subject_zh")))))
    subject = _BETWEEN.join(parts)
    codes = _services(row, values, words, met)
    number = values.get("line")
    if not subject and codes and number is None:
        return [ListedLine(None, code, services[code].name_zh, plain) for code in codes]
    if not subject and number is None:
        if any(field in plain for field in ("range", "accuracy", "standard", "limitation", "subject_en")):
            subject = plain.get("standard") or ""
            message = N_("The row names no product or parameter; its standard stands for it")
            row.remark(
                "subject_zh",
                Weight.DOUBT,
                message if subject else N_("The row names no product or parameter; this line of scope is left out"),
            )
        elif plain:  # certificates of the institution as a whole
            return [ListedLine(None, "", "", plain)]
        if not subject:
            return []
    if number is not None:
        codes = codes[:1]  # one line on file has one service
    return [ListedLine(number, code, subject, plain) for code in codes or ("",)]


def note_ended(row: ListRow[Any], lines: Sequence[ListedLine], today: date) -> None:
    """Note on a row that its line of scope has run out."""
    days = [line.values["valid_until"] for line in lines if line.values.get("valid_until")]
    if days and days[0] < today:
        message = N_("This ran out on {date}; it is kept, and counts as run out")
        row.remark("valid_until", Weight.NOTE, message, date=days[0].isoformat())


def _services(
    row: ListRow[Any], values: Mapping[str, Any], words: CatalogueWords, met: MetWords
) -> tuple[str, ...]:
    if not values.get("service"):
        return ()
    named = words.services(values["service"])
    met.meet_named(WordKind.SERVICE, named, row.number)
    for word, problem in named.unknown:
        row.refuse("service", problem.message, not_taken=word, **problem.params)
    if named.unknown:
        row.keep_unread("service", LIST_MARK.join(word for word, _problem in named.unknown))
    return named.codes


def scope_after(
    rows: Sequence[ListRow[Any]],
    lines: Mapping[int, Sequence[ListedLine]],
    before: Sequence[ScopeLine],
    kind: InstitutionKind,
    *,
    replaces: bool,
) -> tuple[ScopeLine, ...]:
    """Return an institution's scope after the import, with doubts added to the rows.

    ``lines``: what each row tells, by its number. ``replaces``: whether lines on file that no row tells of are taken
    away, if the rows tell of any line.
    """
    scope = _Scope(before)
    for row in rows:
        for line in lines.get(row.number, ()):
            if line.subject or line.number is not None:
                scope.put(row, line, kind)
            else:
                scope.put_on_all(row, line, kind)
    return scope.after(rows[0], replaces=replaces)


class _Scope:
    """A scope while rows are put to it."""

    def __init__(self, before: Sequence[ScopeLine]) -> None:
        self.lines = list(before)
        self._on_file = len(before)
        self._told: dict[int, int] = {}  # index of a line → the row that tells of it
        self._by_subject: dict[str, list[int]] = defaultdict(list)
        for at, line in enumerate(before):
            self._by_subject[comparable(line.subject_zh)].append(at)

    def put(self, row: ListRow[Any], line: ListedLine, kind: InstitutionKind) -> None:
        """Change the line that a row tells of, or add it."""
        at = self._place(row, line)
        if at is None:
            at = len(self.lines)
            self.lines.append(_new_line(row, line, kind))
            self._by_subject[comparable(line.subject)].append(at)
        else:
            if at in self._told:
                message = N_("This line of scope stands in row {row} already; it is read once")
                row.remark("subject_zh", Weight.NOTE, message, row=self._told[at])
            self.lines[at] = _changed(row, self.lines[at], line)
        self._told.setdefault(at, row.number)

    def put_on_all(self, row: ListRow[Any], line: ListedLine, kind: InstitutionKind) -> None:
        """Take the certificates and days of a row that names no line for the whole scope; if there is none yet, for
        all that the kind of institution does.
        """
        if not self.lines:
            whole = ScopeLine(service_code=GROUP_OF_KIND[kind], subject_zh=WHOLE_SCOPE[kind], **line.values)
            self.lines.append(replace(whole, unread=_unread_of_line(row, ())))
            return
        differ = any(
            getattr(held, field) not in (None, value) for held in self.lines for field, value in line.values.items()
        )
        if differ and len(self.lines) > 1:
            message = N_("This row names no line of scope; what it says is taken for all {count} lines")
            row.doubt("subject_zh", message, count=len(self.lines))
        self.lines = [_changed(row, held, line) for held in self.lines]

    def after(self, first: ListRow[Any], *, replaces: bool) -> tuple[ScopeLine, ...]:
        """Return the lines; what becomes of those on file that no row tells of is remarked on at the ``first`` row."""
        untold = [at for at in range(self._on_file) if self._told and at not in self._told]
        if not untold:
            return tuple(self.lines)
        message = (
            N_("Lines of scope on file that the list does not have are taken away ({count}): {lines}")
            if replaces
            else N_("Lines of scope on file that the list does not have stay ({count}): {lines}")
        )
        some = [self.lines[at].subject_zh for at in untold[:_NAMED]]
        named = Listed([*some, "…"] if len(untold) > _NAMED else some)
        first.remark("", Weight.NOTE, message, count=len(untold), lines=named)
        return tuple(line for at, line in enumerate(self.lines) if not (replaces and at in untold))

    def _place(self, row: ListRow[Any], line: ListedLine) -> int | None:
        """Return the index of the line that a row tells of, None for a new one."""
        if line.number is not None:
            if line.number <= self._on_file:
                return line.number - 1
            message = N_("There is no line {number} of this scope on file; it is taken for a new one")
            row.doubt("line", message, number=line.number)
        found = [at for at in self._by_subject[comparable(line.subject)] if line.means(self.lines[at])]
        return next((at for at in found if at not in self._told), found[0] if found else None)


def _changed(row: ListRow[Any], held: ScopeLine, line: ListedLine) -> ScopeLine:
    given: dict[str, Any] = dict(line.values)
    if line.subject and comparable(line.subject) != comparable(held.subject_zh):
        given["subject_zh"] = line.subject
    if line.service:
        given["service_code"] = line.service
    for field in ("range", "standard"):
        if field in given and _same(given[field], getattr(held, field)):
            del given[field]
    after = replace(held, **given, unread=_unread_of_line(row, held.unread))
    if after.valid_from and after.valid_until and after.valid_until < after.valid_from:
        doubt_days(row, after.valid_from, after.valid_until)
        return replace(after, valid_from=held.valid_from, valid_until=held.valid_until)
    return after


def doubt_days(row: ListRow[Any], first: date, last: date) -> None:
    """Doubt a certificate that would end before it begins; its days are left as they are."""
    message = N_("The last day, {last}, is before the first, {first}; correct one of the two")
    columns = [one for one in ("valid_from", "valid_until", "validity") if row.cells.get(one) is not None]
    row.refuse(columns[-1], message, first=first.isoformat(), last=last.isoformat())
    for column in columns:
        row.keep_unread(column)


def _new_line(row: ListRow[Any], line: ListedLine, kind: InstitutionKind) -> ScopeLine:
    service = line.service
    if not service:
        standard = comparable(line.values.get("standard") or "")
        service = "metrology" if standard.startswith(_OF_METROLOGY) else GROUP_OF_KIND[kind]
    subject = line.subject or line.values.get("standard") or ""
    return ScopeLine(service_code=service, subject_zh=subject, **line.values, unread=_unread_of_line(row, ()))


def _unread_of_line(row: ListRow[Any], before: tuple[Unread, ...]) -> tuple[Unread, ...]:
    return tuple(one for one in row.unread_after(before) if one.field in LINE_FIELDS)


WHOLE_SCOPE: Mapping[InstitutionKind, str] = {
    InstitutionKind.METROLOGY: "计量检定、校准和检测（详见证书附表）",
    InstitutionKind.TESTING: "检验检测（详见证书附表）",
    InstitutionKind.CERTIFICATION: "认证（详见批准范围）",
    InstitutionKind.STANDARDS: "标准化服务",
    InstitutionKind.INTELLECTUAL_PROPERTY: "知识产权服务",
    InstitutionKind.FINANCE: "质量金融服务",
    InstitutionKind.CENTRE: "检验检测（详见证书附表）",
}
"""What a scope that the list does not detail is called."""
