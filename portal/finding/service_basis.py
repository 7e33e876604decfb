"""The basis of an entry of the service catalogue, in the visitor's language.

``basis`` in ``stations/data/service_catalogue.csv`` is a list separated by semicolons. An item is a clause of the
province's policy, ``(二十二)``; the name of a law or regulation; practice in the field, ``field practice: 校准
calibration``; or the source of the working days, ``days: …``.
"""

from __future__ import annotations

import re

from portal.language import N_, _, pick
from stations.province import policy

_CLAUSE = re.compile(r"\(([一二三四五六七八九十]+)\)")
_DAYS_NOTE = re.compile(r"(《[^》]+》) \((.+)\)")
_NUMERALS = "一二三四五六七八九"

# Notes on working days that the catalogue's file contains in English.
_NOTES = (N_("normally within 90 days of acceptance, given here in working days"),)


def basis_items(basis: str) -> list[str]:
    """Return the items of ``basis`` as self-contained phrases.

    Clauses refer to the policy of the province in use; without a policy they are left out.
    """
    return [told for item in basis.split(";") if item.strip() and (told := _item(item.strip()))]


def _item(item: str) -> str:
    if clause := _CLAUSE.fullmatch(item):
        rests_on = policy()
        return (
            _(
                "{policy}, clause {clause}",
                policy=rests_on.title,
                clause=pick(f"（{clause[1]}）", str(_number(clause[1]))),
            )
            if rests_on
            else ""
        )
    kind, colon, text = item.partition(": ")
    if colon and kind == "field practice":
        chinese, _space, english = text.partition(" ")
        return _("Practice in the field: {practice}", practice=pick(chinese, english))
    if colon and kind == "days":
        return _days(text)
    return item


def _days(text: str) -> str:
    if text == "estimate":
        return _("Working days are an estimate; the performing institution's word counts")
    if noted := _DAYS_NOTE.fullmatch(text):
        title, note = noted.groups()
        if note in _NOTES:
            return _("Working days: {title}, {note}", title=title, note=_(note))
    return _("Working days: {source}", source=text)


def _number(chinese: str) -> int:
    tens, ten, ones = chinese.rpartition("十")
    return (10 * (_NUMERALS.find(tens) + 1 or 1) if ten else 0) + _NUMERALS.find(ones or " ") + 1
