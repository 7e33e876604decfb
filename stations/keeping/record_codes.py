"""The public codes of registry records: assigning new ones, and checking chosen ones.

A code is never reused, not even that of a record merged into another one (``merged_code``).
"""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_
from stations.registry.merged_code import MergedCode
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
_PREFIXES = {RecordKind.STATION: "S", RecordKind.CENTRE: "C"}


def code_prefix(kind: RecordKind, city_adcode: str, *, sample: bool) -> str:
    """Return the beginning of the codes of a kind: ``S-3205-`` for stations of a city, ``C-`` for centres."""
    letter = _PREFIXES[kind]
    if sample:
        return f"SAMPLE-{letter}-"
    return f"{letter}-{city_adcode[:4]}-" if kind is RecordKind.STATION else f"{letter}-"


def next_number(session: Session, kind: RecordKind, prefix: str) -> int:
    """Return the number after the highest one that a code with the prefix has or had."""
    model = SHAPES[kind].model
    standing = select(model.code).where(model.code.startswith(prefix))
    merged = select(MergedCode.code).where(MergedCode.kind == kind, MergedCode.code.startswith(prefix))
    endings = (code.removeprefix(prefix) for code in session.scalars(standing.union_all(merged)))
    return 1 + max((int(ending) for ending in endings if ending.isascii() and ending.isdigit()), default=0)


def new_code(session: Session, kind: RecordKind, city_adcode: str, *, sample: bool) -> str:
    """Return a code that no record of the kind has or had, such as ``S-3205-004``."""
    prefix = code_prefix(kind, city_adcode, sample=sample)
    return f"{prefix}{next_number(session, kind, prefix):03d}"


def read_code(value: str) -> str:
    """Return a chosen code in capitals.

    Raises:
        InvalidInput: it contains other characters, or is too short or too long.
    """
    code = narrow(value).upper()
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            "code", N_("“{value}” is not a code; use 3 to 40 letters, digits and hyphens"), value=value.strip()
        )
    return code


def check_free(session: Session, kind: RecordKind, code: str) -> None:
    """Check that no record of the kind has or had the code.

    Raises:
        InvalidInput: the code is taken.
    """
    model = SHAPES[kind].model
    taken = session.scalar(select(model.id).where(model.code == code)) or session.get(MergedCode, (kind, code))
    if taken:
        raise InvalidInput("code", N_("The code {code} is taken; leave it empty to be given one"), code=code)
