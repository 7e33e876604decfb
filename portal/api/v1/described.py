"""What the OpenAPI document says of parameters and answers of the questions.

The schemas of answers (``answers.json``) were made from the answers of many questions; the tests compare every answer
that they get with them. ``api_examples.json`` in the province's folder has an answer of each, shortened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click

from geo.province import province_in_use
from portal.api.answer_forms import MEDIA_TYPES
from portal.storage import domain_settings
from stations.commands.parameter_types import OneOf, Reader
from stations.language import LANGUAGES, N_
from stations.province import example

SCHEMAS = Path(__file__).resolve().parent / "answers.json"
EXAMPLES = "api_examples.json"

_NUMBERS: dict[str, dict[str, Any]] = {
    "number": {"type": "integer", "minimum": 1},
    "degrees": {"type": "number", "minimum": -180, "maximum": 180},
    "km": {"type": "number", "minimum": 0},
    "amount": {"type": "number"},
}
"""By the name of the reader."""


def schema_of(parameter: click.Parameter, most: int | None = None) -> dict[str, Any]:
    """Return the JSON schema of one value of a command's parameter. ``most``: the greatest number that is taken."""
    kind = parameter.type
    if isinstance(kind, OneOf):
        return {"type": "string", "enum": list(kind.words)}
    if isinstance(kind, Reader):
        if kind.words:
            return {"type": "string", "enum": list(kind.words)}
        if kind.name in _NUMBERS:
            return {**_NUMBERS[kind.name], **({"maximum": most} if most else {})}
        if kind.name == "day":
            return {"type": "string", "format": "date"}
    if getattr(parameter, "is_flag", False):
        return {"type": "boolean"}
    return {"type": "string", "minLength": 1 if parameter.required else 0}


@cache
def _parameter_examples() -> dict[str, dict[str, Any]]:
    domain_settings()  # which selects the province
    place = example()
    return {
        "lon": {"place": {"value": place.lon}},
        "lat": {"place": {"value": place.lat}},
        "text": {"address": {"value": place.address}},
        "as_of": {"end of a year": {"value": "2025-12-31"}},
    }


def examples_of(name: str) -> dict[str, Any]:
    """Return the examples of the values of a parameter."""
    return _parameter_examples().get(name, {})


def examples_of_path(operation: str, path: str, name: str) -> dict[str, Any]:
    """Return the example of a value in an operation's ``path`` (``/chains/{code}/counties``): what its example has
    there.
    """
    example = str(_examples().get(operation, {}).get("path", "")).partition("?")[0]
    return {name: {"value": example.split("/")[path.split("/").index(f"{{{name}}}")]}} if example else {}


def answer_examples() -> dict[str, dict[str, Any]]:
    """Return an answer of each operation by language."""
    examples = _examples().items()
    return {name: {code: found[code] for code in LANGUAGES if code in found} for name, found in examples}


@cache
def _schemas() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SCHEMAS.read_text(encoding="utf-8")) if SCHEMAS.exists() else {}
    return read


@cache
def _examples() -> dict[str, Any]:
    domain_settings()
    path = province_in_use().folder / EXAMPLES
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return read


NO_RECORD: dict[int | str, dict[str, Any]] = {404: {"description": N_("There is no such record.")}}
"""What an operation answers whose parameters name records, besides what every one does."""


def described_answer(
    operation: str, further: Mapping[str, dict[str, Any]] | None = None, *, paged: bool = False
) -> dict[int | str, dict[str, Any]]:
    """Return what a question's operation answers, by status. ``further``: other media types of its answer. ``paged``:
    whether it is given page by page.
    """
    json_content: dict[str, Any] = {"schema": _schemas().get(operation, {})}
    tables = {media_type.partition(";")[0]: {"schema": {"type": "string"}} for media_type in MEDIA_TYPES.values()}
    etag = {"description": N_("Tells whether the answer still holds."), "schema": {"type": "string"}}
    link = {"description": N_("`rel=\"next\"`: the page that follows."), "schema": {"type": "string"}}
    return {
        200: {
            "description": N_("The answer."),
            "content": {**tables, **(further or {}), "application/json": json_content},
            "headers": {"ETag": etag, **({"Link": link} if paged else {})},
        },
        406: {"description": N_("`Accept` names no form that there is.")},
        304: {"description": N_("The answer that the client has still holds (`If-None-Match`).")},
    }
