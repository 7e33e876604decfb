"""Parameters that every address of Open311 takes, and what its documents say of answers and errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query

from portal.api.open311.rendering import MEDIA_TYPES

Form = Annotated[
    Literal["json", "xml"], Path(description="XML or JSON. 返回格式。", examples=["json"]),
]


def _ignore(
    jurisdiction_id: Annotated[
        str | None, Query(description="Not needed: there is one jurisdiction. 无需填写。", max_length=200)
    ] = None,
    extensions: Annotated[
        str | None, Query(description="Not needed: there are none. 无需填写。", max_length=20)
    ] = None,
) -> None:
    """Take what the standard allows and this portal has no use for."""


Ignored = Annotated[None, Depends(_ignore)]

_ERRORS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["code", "description"],
        "properties": {"code": {"type": "integer"}, "description": {"type": "string"}},
    },
}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    json_type, xml_type = (media_type.partition(";")[0] for media_type in MEDIA_TYPES.values())
    return {json_type: {"schema": schema}, xml_type: {"schema": {"type": "string"}}}


ERROR = {"description": "An error in the standard's shape. 错误。", "content": _content(_ERRORS)}
_STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


def answers(schema: dict[str, Any], status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of an answer and its errors."""
    told = {"description": "As the standard has it. 按标准返回。", "content": _content(schema)}
    return {status: told, **dict.fromkeys(_STATUSES, ERROR)}


def listing(*required: str) -> dict[str, Any]:
    """Return the schema of a list of objects with these members at least."""
    return {"type": "array", "items": {"type": "object", "required": list(required)}}


def comma_list(written: str | None) -> list[str]:
    """Return the values of a parameter that has them with commas between; none if it is empty or missing."""
    return [one.strip() for one in (written or "").split(",") if one.strip()]
