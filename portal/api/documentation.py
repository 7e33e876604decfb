"""The page that documents an interface, made from its OpenAPI document: in both languages, without any script.

Swagger UI and its like speak English only, and run hundreds of kilobytes of script for what is a list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal import language
from portal.api.interface import Interface
from portal.api.openapi import METHODS, document_in
from portal.language import language_url
from portal.plain_page import plain_page
from stations.language import LANGUAGES, Language

_LONGEST_EXAMPLE = 1500


@dataclass(frozen=True)
class Described:
    """A parameter of an operation, or a member of its body. ``kind``: what it takes, such as ``date``."""

    name: str
    where: str
    required: bool
    kind: str
    told: str


@dataclass(frozen=True)
class Operation:
    """What can be asked at an address. ``example``: an address that can be opened; "" for none."""

    id: str
    method: str
    path: str
    title: str
    told: str
    parameters: tuple[Described, ...]
    answers: tuple[tuple[str, str], ...]
    example: str
    answered: str


def documentation_routes(interfaces: Sequence[Interface]) -> list[BaseRoute]:
    """Return the routes of the pages that document interfaces."""
    return [Route(one.documentation, _page_of(one, one.api)) for one in interfaces if one.api is not None]


def _page_of(interface: Interface, api: FastAPI) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        spoken = language.of_request(request)
        document = document_in(api, spoken)
        return plain_page(
            request,
            "interface.html",
            interface=interface,
            info=document["info"],
            groups=operations_of(document, interface.path, spoken),
            base=str(request.base_url).rstrip("/"),
            told=with_code,
            languages=[(one.name, language_url(code, interface.documentation)) for code, one in LANGUAGES.items()],
        )

    return page


def with_code(text: str) -> Markup:
    """Return a text as HTML, with what stands between back-ticks as code."""
    parts = (Markup("<code>{}</code>") if place % 2 else Markup("{}") for place in range(text.count("`") + 1))
    return Markup("").join(part.format(each) for part, each in zip(parts, text.split("`"), strict=True))


def operations_of(document: Mapping[str, Any], base: str, spoken: Language) -> dict[str, list[Operation]]:
    """Return the operations of a document by group. ``base``: the path that its addresses are below."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            if method in METHODS:
                group = next(iter(one.get("tags", [])), "")
                groups.setdefault(group, []).append(_operation(document, base + path, method, one, spoken))
    return groups


def _operation(
    document: Mapping[str, Any], path: str, method: str, one: Mapping[str, Any], spoken: Language
) -> Operation:
    parameters = [_described(document, each, each["in"], each["schema"]) for each in one.get("parameters", [])]
    return Operation(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        title=one.get("summary", ""),
        told="" if _same(one) else one.get("description", ""),
        parameters=(*parameters, *_body(document, one)),
        answers=tuple((status, answer.get("description", "")) for status, answer in one["responses"].items()),
        example=_example_address(path, one) if method == "get" else "",
        answered=_example_answer(one, spoken),
    )


def _same(one: Mapping[str, Any]) -> bool:
    """Whether the description of an operation says no more than its summary."""
    return str(one.get("description", "")).rstrip(".。") == str(one.get("summary", "")).rstrip(".。")


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that a reference names."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _described(
    document: Mapping[str, Any], each: Mapping[str, Any], where: str, schema: Mapping[str, Any]
) -> Described:
    needed, told = each.get("required", False), each.get("description", "")
    return Described(each["name"], where, needed, _kind(document, schema), told)


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    schema = _resolved(document, schema)
    if known := schema.get("enum"):
        return " | ".join(map(str, known))
    if either := schema.get("anyOf"):
        kinds = [_kind(document, one) for one in either]
        return " | ".join(dict.fromkeys(kind for kind in kinds if kind != "null"))
    if schema.get("type") == "array":
        return f"{_kind(document, schema.get('items', {}))} …"
    bounds = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    kind = str(schema.get("format") or schema.get("type") or "")
    return f"{kind} {'–'.join(bounds)}".strip()


def _body(document: Mapping[str, Any], one: Mapping[str, Any]) -> list[Described]:
    """Return the members of the body that an operation takes."""
    members = []
    for content in one.get("requestBody", {}).get("content", {}).values():
        schema = _resolved(document, content.get("schema", {}))
        needed = schema.get("required", [])
        for name, member in schema.get("properties", {}).items():
            told = {"description": _resolved(document, member).get("description", ""), **member}
            each = {"name": name, "required": name in needed, "description": told["description"]}
            members.append(_described(document, each, "body", member))
    return members


def _example_address(path: str, one: Mapping[str, Any]) -> str:
    """Return an address with an example of every parameter that is needed; "" where one has none."""
    query = []
    for each in one.get("parameters", []):
        examples = list(each.get("examples", {}).values())
        if not each.get("required"):
            continue
        if not examples:
            return ""
        value = examples[0]["value"]
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(str(value), safe=""))
        elif each["in"] == "query":
            query.append((each["name"], value))
    return f"{path}?{urlencode(query)}" if query else path


def _example_answer(one: Mapping[str, Any], spoken: Language) -> str:
    for answer in one["responses"].values():
        for content in answer.get("content", {}).values():
            examples = content.get("examples", {})
            if example := examples.get(spoken.code, next(iter(examples.values()), None)):
                text = json.dumps(example.get("value"), ensure_ascii=False, indent=1)
                return text if len(text) <= _LONGEST_EXAMPLE else text[:_LONGEST_EXAMPLE] + "…"
        break  # the answers of errors look all alike
    return ""
