"""Reading the cells of a scope of accreditation: numbers of certificates, and how long they are valid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from stations.entered_text import narrow, read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_
from stations.readers.dates import read_partial_date
from stations.tables.cell_values import cell_text, partial_date

CERTIFICATES = ("cma_number", "cnas_number", "authorization_number")
_LONGEST: Mapping[str, int] = MappingProxyType({"cma_number": 40, "cnas_number": 40, "authorization_number": 80})
_LABEL = re.compile(r"^\D*[:：]\s*|^(?:CMA|CNAS|资质认定|认可)\s*(?=[A-Z]{0,3}\d)", re.IGNORECASE)
_TICK = re.compile(r"[√✓✔☑vV是有具备已取得通过yesYES]+")
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
# How each kind of certificate is numbered: 资质认定 12 digits (or with letters at the end), CNAS a letter of the scheme
# and digits (L laboratories, IB inspection, PT, RM, BIO), 计量授权 (国)法计(2022)01032号.
_NUMBERS = (
    (
        "authorization_number",
        re.compile(r"[(（][^()（）]{1,8}[)）]\s*法\s*计\s*[(（〔\[]?\s*\d{4}\s*[)）〕\]]?\s*第?\s*\d+\s*号?"),
    ),
    (
        "cnas_number",
        re.compile(
            r"(?:CNAS[\s:：]*)?(?:BIO|IB|PT|RM|TL|L|C)\s*-?\d{3,6}(?!\d)(?:-[A-Z]{1,2})?|CNAS[\s:：]*[A-Z]?\d{3,6}",
            re.IGNORECASE,
        ),
    ),
    ("cma_number", re.compile(r"(?:CMA[\s:：]*)?\d{10,12}[A-Z]{0,3}", re.IGNORECASE)),
)
_BETWEEN = re.compile(
    r"[\s;；,，、/|+和及:：]+|CMA|CNAS|资质认定|实验室认可|认可|计量授权|证书|编号|注册号", re.IGNORECASE
)
_WITHOUT_END = re.compile(r"长期(?:有效)?|永久(?:有效)?|无固定期限|不限")
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}(?!\d))?\s*[日号月]?|(?<!\d)(?:19|20)\d{6}(?!\d)"
)


class Validity(NamedTuple):
    """The first and the last day on which a certificate is valid; None where it is not told."""

    first: date | None
    last: date | None


def read_certificate(field: str, cell: Any) -> str | None:
    """Return the number of a certificate; None if the cell says that there is none.

    Raises:
        InvalidInput: the cell holds a tick, or a number that a spreadsheet has shortened.
    """
    written = read_text(field, narrow(cell_text(field, cell)), limit=200, required=False)
    if says_nothing(written):
        return None
    if _SHORTENED.fullmatch(written):
        raise InvalidInput(
            field,
            N_("The spreadsheet has shortened this number to {text}; format the cell as text and write it anew"),
            text=written,
        )
    number = _LABEL.sub("", written).strip()
    if _TICK.fullmatch(number) or not re.search(r"\d", number):
        raise InvalidInput(field, N_("“{text}” is no number of a certificate; write the number"), text=written)
    return read_text(field, number, limit=_LONGEST[field])


def read_certificates(field: str, cell: Any) -> Mapping[str, str]:
    """Return the numbers in a cell that names certificates of several kinds, by the field of ``CERTIFICATES``.

    Raises:
        InvalidInput: something in it is no such number.
    """
    written = read_text(field, narrow(cell_text(field, cell)), limit=400, required=False)
    if says_nothing(written):
        return {}
    found: dict[str, list[str]] = {}
    rest = written
    for name, number in _NUMBERS:
        for one in number.finditer(rest):
            plain = re.sub(r"^(?:CMA|CNAS)[\s:：]*(?=\S)", "", one[0], flags=re.IGNORECASE)
            found.setdefault(name, []).append(plain.strip())
        rest = number.sub(";", rest)
    unread = [word for word in _BETWEEN.split(rest) if word.strip("()（） ")]
    if unread or not found:
        raise InvalidInput(
            field,
            N_(
                "“{text}” is read neither as a number of 资质认定 (CMA), of 认可 (CNAS) nor of 计量授权; write each "
                "into a column of its own"
            ),
            text=written,
        )
    return {name: read_text(field, "、".join(numbers), limit=_LONGEST[name]) for name, numbers in found.items()}


def read_first_day(field: str, cell: Any) -> date | None:
    """Return the first day of what a cell names: of a month or a year its first; None if it says that there is none."""
    read = partial_date(field, cell)
    return read.earliest if read else None


def read_last_day(field: str, cell: Any) -> date | None:
    """Return the last day of what a cell names: of a month or a year its last; None if it says that there is none
    (长期有效).
    """
    if isinstance(cell, str) and _WITHOUT_END.fullmatch(narrow(cell)):
        return None
    written = re.sub(r"^(?:有效期?|截[至止])?\s*[至到止]?\s*", "", cell) if isinstance(cell, str) else cell
    read = partial_date(field, re.sub(r"[止前]$", "", written.strip()) if isinstance(written, str) else written)
    return read.latest if read else None


def read_validity(field: str, cell: Any) -> Validity:
    """Return the days between which a certificate is valid, from one cell: 2021-03-15 至 2027-03-14, or only the last.

    Raises:
        InvalidInput: it names no date, or more than two.
    """
    if isinstance(cell, (date, datetime)) or not isinstance(cell, str):
        return Validity(None, read_last_day(field, cell))
    dates = _DATE.findall(narrow(cell))
    if len(dates) == 2:
        first, last = (read_partial_date(field, one) for one in dates)
        return Validity(first.earliest, last.latest)
    return Validity(None, read_last_day(field, dates[0] if len(dates) == 1 else cell))
