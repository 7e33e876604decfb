"""Masking of personal data: unreadable without the right to see it, yet still distinguishable.

Masked are names of persons, telephone numbers, e-mail addresses and unified social credit codes (a sole trader's is
personal data), in the usual way of Chinese offices: the first character or the first and last digits stay. The
right to see them in clear is ``Action.SEE_PERSONAL_DATA``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from stations.duty.roles import Action, Actor, Area

STAR = "*"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The number of an identity card has this form too.
_CREDIT_CODE = re.compile(
    r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[ -]?\d{6}[ -]?[0-9A-HJ-NPQRTUWXY]{9}[ -]?[0-9A-HJ-NPQRTUWXY](?![0-9A-Z])",
    re.IGNORECASE,
)
_GAP = r"[- .()]{0,2}"
_PHONE = re.compile(
    rf"(?<![0-9A-Za-z-])(?:\+?(?:00)?86{_GAP})?"
    rf"(?:1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|\(?0\d{{2,3}}{_GAP}\d{{3,4}}{_GAP}\d{{4}})(?![0-9A-Za-z])"
)
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def sees_personal_data(actor: Actor | None, area: Area) -> bool:
    """Whether the actor may see personal data of records in that area in clear."""
    return actor is not None and actor.may(Action.SEE_PERSONAL_DATA, area)


def mask_name(name: str) -> str:
    """Return ``王小明`` as ``王**``; ``Li Lei`` as ``L*****``."""
    return name[:1] + STAR * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Return ``13812345678`` as ``138****5678``; a shorter number shows only its last two digits."""
    digits = [index for index, sign in enumerate(phone) if sign.isdigit()]
    shown = {*digits[:3], *digits[-4:]} if len(digits) >= 10 else set(digits[-2:])
    return "".join(STAR if index in digits and index not in shown else sign for index, sign in enumerate(phone))


def mask_email(email: str) -> str:
    """Return ``wang@example.com`` as ``w***@example.com``."""
    name, at, host = email.partition("@")
    return f"{name[:1]}{STAR * 3}{at}{host}"


def mask_credit_code(code: str) -> str:
    """Return ``91320583MA0TEXT003`` as ``9132**********T003``."""
    return code[:4] + STAR * max(len(code) - 8, 0) + code[-4:] if len(code) > 8 else STAR * len(code)


def mask_text(text: str) -> str:
    """Return a free text with the numbers and addresses found in it masked, in whatever characters they are written:
    full-width, with invisible characters or dashes of any kind between, numbers in Chinese numerals. Names can't be
    found reliably.
    """
    for pattern, mask in ((_EMAIL, mask_email), (_CREDIT_CODE, mask_credit_code), (_PHONE, mask_phone)):
        text = _masked(pattern, mask, text)
    return text


def _masked(pattern: re.Pattern[str], mask: Callable[[str], str], text: str) -> str:
    plain, places = _plain(text)
    if pattern is _PHONE:
        plain = plain.translate(_NUMERALS)
    parts, end = [], 0
    for found in pattern.finditer(plain):
        parts += [text[end : places[found.start()]], mask(found[0])]
        end = places[found.end() - 1] + 1
    return "".join((*parts, text[end:]))


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return the text in plain characters, without invisible ones, and the place in ``text`` of each."""
    if text.isascii():
        return text, range(len(text))
    plain, places = [], []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) == "Cf":
            continue
        narrow = unicodedata.normalize("NFKC", sign)
        digit = unicodedata.decimal(sign, None)
        plain.append(str(digit) if digit is not None else narrow if len(narrow) == 1 else sign)
        places.append(place)
    return _DASHES.sub("-", "".join(plain)), places


_MASKS: dict[str, Callable[[str], str]] = {
    "contact_name": mask_name,
    "contact": mask_name,
    "contact_phone": mask_phone,
    "phone": mask_phone,
    "email": mask_email,
    "address": mask_text,
    "credit_code": mask_credit_code,
}


def mask_field(field: str, value: str | None) -> str:
    """Return a field's value masked according to the field's name in the domain.

    A field that is not personal is searched for numbers and addresses.
    """
    return _MASKS.get(field, mask_text)(value) if value else ""


def mask_detail(detail: Any, field: str = "") -> Any:
    """Return the detail of an audit entry, masked at any depth."""
    if isinstance(detail, dict):
        return {key: mask_detail(value, key if key in _MASKS else field) for key, value in detail.items()}
    if isinstance(detail, list):
        return [mask_detail(value, field) for value in detail]
    return mask_field(field, detail) if isinstance(detail, str) else detail
