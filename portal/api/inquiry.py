"""Who asks over HTTP, when, in which language, and whether sample records count."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.orm import Session
from starlette.requests import Request

from portal import language
from portal.storage import domain_settings, engine
from stations import clock
from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.language import LANGUAGES, N_, Language, ListedAsWritten, day_in_china, nearest_language

_SWITCH = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True)
class Inquiry:
    """One request of a program.

    ``now``: the time of it, UTC; ``today``: the date in China; ``samples``: whether sample records are included;
    ``language``: of the texts in the answer.
    """

    now: datetime
    today: date
    samples: bool
    language: Language

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session that only reads."""
        return reading(engine())

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a session whose changes are committed if no error occurs."""
        return transaction(engine())


def spoken_to(request: Request) -> Language:
    """Return the language of a program's request: ``lang`` in its address, else ``Accept-Language``, else Chinese.

    A cookie of the pages does not count: the same address and headers always give the same answer.
    """
    accepted = [tag.split(";")[0].strip() for tag in request.headers.get("accept-language", "").split(",")]
    return language.speak(nearest_language(request.query_params.get("lang"), *accepted))


Lang = Annotated[
    str | None,
    Query(
        description=N_("Language of the texts in the answer. Without it `Accept-Language` decides, then Chinese."),
        json_schema_extra={"enum": list(LANGUAGES)},
    ),
]
Sample = Annotated[
    str | None,
    Query(
        description=N_("Whether invented sample records, which are marked, are included. The installation's default."),
        json_schema_extra={"enum": list(_SWITCH)},
    ),
]


def inquire(request: Request, lang: Lang = None, sample: Sample = None) -> Inquiry:
    """Return the inquiry of a request.

    Raises:
        InvalidInput: ``lang`` or ``sample`` is not one of the known words.
    """
    if lang is not None and lang not in LANGUAGES:
        raise unknown_word("lang", lang, LANGUAGES)
    if sample is not None and sample not in _SWITCH:
        raise unknown_word("sample", sample, _SWITCH)
    samples = domain_settings().samples and (sample is None or _SWITCH[sample])
    now = clock.now()
    return Inquiry(now, day_in_china(now), samples, spoken_to(request))


def unknown_word(parameter: str, written: str, known: Iterable[str]) -> InvalidInput:
    """Return the error of a parameter that takes only certain words."""
    return InvalidInput(
        parameter, N_("“{value}” is not known; use one of: {known}"), value=written, known=ListedAsWritten(known)
    )


async def _inquire(request: Request, lang: Lang = None, sample: Sample = None) -> Inquiry:
    return inquire(request, lang, sample)  # which waits for nothing; FastAPI hands what is not async to a thread


Asked = Annotated[Inquiry, Depends(_inquire)]
"""The type of a parameter by which a route takes its inquiry."""
