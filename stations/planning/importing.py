"""What every import of planning data asks: who may do it, and how what is imported is described."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import narrow, read_text
from stations.errors import Problems

FIRST_YEAR, LAST_YEAR = 1949, 2100
_LIMITS = {"code": 40, "name": 80, "unit": 40, "source": 300}
"""Characters of each text at most."""
_CODE = re.compile(r"[A-Z][A-Z0-9-]+")


def require_importer(actor: Actor | None) -> Actor:
    """Return the actor, who may import figures, places and other data of planning.

    Raises:
        NotAllowed: nobody is signed in, or the actor may not.
    """
    return require(actor, Action.IMPORT_FIGURES, whole_province(sample=actor is not None and actor.sample))


def read_description(
    problems: Problems, texts: Mapping[str, str], year: int, *, no_code: str = "", no_year: str
) -> dict[str, str]:
    """Return the texts by field (``code``, ``name``, ``unit``, ``source``) as they are stored; what is wrong with them
    and with the year is added to ``problems``, and such a text is empty.

    ``no_code``, ``no_year``: the messages, as msgids, for a code that is none, and for a year out of range.
    """
    read = {
        field: problems.attempt(read_text, field, narrow(text).upper() if field == "code" else text, limit=limit) or ""
        for field, limit in _LIMITS.items()
        if (text := texts.get(field)) is not None
    }
    if (code := read.get("code")) and not _CODE.fullmatch(code):
        problems.add("code", no_code)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        problems.add("year", no_year, year=year)
    return read
