"""The forms of an answer over HTTP: JSON, or its table as CSV or Excel. By ``format``, else by ``Accept``."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.api.inquiry import Inquiry, unknown_word
from portal.storage import engine
from stations.answers.presentation import Presentation, note_of, saved_table, sorted_rows
from stations.errors import InvalidInput
from stations.language import N_
from stations.revision import revision_now
from stations.tables.table import csv_file
from stations.version import build

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Form = Annotated[
    str | None,
    Query(
        alias="format",
        description=N_("The form of the answer. Without it `Accept` decides, then JSON."),
        json_schema_extra={"enum": list(MEDIA_TYPES)},
    ),
]
Sort = Annotated[
    str | None,
    Query(description=N_("The column that the rows of a table are ordered by, by its name in JSON."), max_length=60),
]


@dataclass(frozen=True)
class Kept:
    """The tag by which a client recognizes an answer that it has (RFC 9110, 8.8.3). ``same``: it has this one."""

    tag: str
    same: bool


def form_of(request: Request, written: str | None) -> str:
    """Return which of ``MEDIA_TYPES`` the answer takes.

    Raises:
        InvalidInput: ``format`` is none of them.
        HTTPException: ``Accept`` names none of them (406).
    """
    if written is not None:
        if written not in MEDIA_TYPES:
            raise unknown_word("format", written, MEDIA_TYPES)
        return written
    for wanted in _by_preference(request.headers.get("accept", "")) or ["*/*"]:
        for form, media_type in MEDIA_TYPES.items():
            whole = media_type.partition(";")[0]
            if wanted in {whole, "*/*", f"{whole.partition('/')[0]}/*"}:
                return form
    raise HTTPException(406)


def _by_preference(accepted: str) -> list[str]:
    """Return the media types of an ``Accept`` header, the most wanted first."""
    weighed = []
    for one in accepted.split(","):
        media_type, *parameters = (part.strip().lower() for part in one.split(";"))
        written = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        weight = float(written) if written.replace(".", "", 1).isdecimal() else 0.0
        if media_type and weight > 0:
            weighed.append((weight, media_type))
    return [media_type for _, media_type in sorted(weighed, key=lambda pair: -pair[0])]


def kept(request: Request, asked: Inquiry, form: str) -> Kept:
    """Return the tag of the answer: another one after any change of the records, of the day or of the program."""
    revision = revision_now(engine())
    rests_on = (build(), revision, asked.today, asked.samples, asked.language.code, form, request.url.path)
    told = "\n".join(map(str, (*rests_on, *sorted(request.query_params.multi_items()))))
    tag = f'W/"{sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    return Kept(tag, bool(known & {tag, "*"}))


def respond(
    presentation: Presentation[Any, Any], answer: Any, asked: Inquiry, form: str, sort: str | None
) -> Response:
    """Return an answer in one of the ``MEDIA_TYPES``.

    Raises:
        InvalidInput: there is no column ``sort``, or the answer is no table.
    """
    columns = presentation.columns(answer)
    if form == "json":
        if sort:
            rows = list(presentation.rows(answer))
            if not isinstance(answer, list | tuple) or len(rows) != len(answer):
                told = N_("Only a table is sorted: ask for csv or xlsx too.")
                raise InvalidInput("sort", told)
            answer = sorted_rows(rows, columns, sort)
        content = as_json(presentation.data(answer, asked.language))
    else:
        rows = sorted_rows(list(presentation.rows(answer)), columns, sort or "")
        notes = note_of(presentation, answer, asked.language).splitlines()
        table = saved_table(columns, rows, asked.language, notes=notes)
        if form == "xlsx":
            from stations.tables.workbooks import as_workbook  # openpyxl is loaded for workbooks only

            content = as_workbook(table, asked.language)
        else:
            content = csv_file(table)
    return Response(content, media_type=MEDIA_TYPES[form], headers={"Content-Language": asked.language.tag})


def as_json(data: Any) -> bytes:
    """Return JSON as bytes, without blanks."""
    return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)


def cached(response: Response, tag: str) -> Response:
    """Return the response with the headers by which a client keeps it and asks whether it still holds."""
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept, Accept-Language"
    return response
