"""The OpenAPI document of an interface: what FastAPI makes, made true and told in both languages.

FastAPI promises its own errors; ours are problem details. It describes an optional parameter as one that may be null,
which none in an address can. Texts that are messages of the catalogues are followed by their Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from portal.api.problem import MEDIA_TYPE, problem_example
from portal.language import speak
from stations.language import LANGUAGES, N_, Language

Examples = Mapping[str, Mapping[str, Any]]

_CHINESE = re.compile("[\u4e00-\u9fff]")
_CODE = N_("The code of the record.")
_OF_A_PATH = {"number": N_("Its number.")}
"""What is said of a parameter in an address that says nothing of itself."""
TOLD = ("summary", "description", "title")
METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": N_("What went wrong (RFC 9457), told in the language of the request."),
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": N_("Each parameter or field that can't be used."),
            "items": {
                "type": "object",
                "required": ["in", "name", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["path", "query", "header", "body"]},
                    "name": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "reference": {"type": "string", "description": N_("What to tell the operator: the log has the same.")},
    },
}
_EVERYWHERE = {
    "400": N_("A parameter or field can't be used; it is named."),
    "429": N_("This was asked too often; `Retry-After` says when to ask again."),
    "500": N_("It went wrong on our side."),
    "503": N_("Not available at the moment; `Retry-After` says when to ask again."),
}
_OF_A_RECORD = {"404": N_("There is no such record.")}
_WITH_A_KEY = {
    "401": N_("The key is missing or no good."),
    "403": N_("The key does not cover this, or not here."),
}


def describe_truly(api: FastAPI, examples: Examples) -> None:
    """Let an interface answer with its true document, in both languages, at its address for it.

    ``examples``: answers of operations as JSON, by operation and language.
    """
    made: Callable[[], dict[str, Any]] = api.openapi
    documents: dict[str, dict[str, Any]] = {}

    def document() -> dict[str, Any]:
        if not documents:
            documents["both"] = in_both_languages(_true(deepcopy(made()), examples))
        return documents["both"]

    api.state.document_once = lambda: _true(deepcopy(made()), examples)
    api.openapi = document  # type: ignore[method-assign]


def document_in(api: FastAPI, language: Language) -> dict[str, Any]:
    """Return the document of an interface with its texts in one language."""
    return _told(api.state.document_once(), lambda text, _key: language.translate(text))  # type: ignore[no-any-return]


def in_both_languages(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose texts are followed by their Chinese."""
    chinese = speak("zh_CN").translate

    def both(text: str, key: str) -> str:
        translated = chinese(text)
        if translated == text:
            return text
        return f"{text} · {translated}" if key != "description" else f"{text}\n\n{translated}"

    return _told(document, both)  # type: ignore[no-any-return]


def _told(part: Any, say: Callable[[str, str], str], key: str = "") -> Any:
    """Return a part of a document with its texts as ``say`` tells them; what stands under ``examples`` is left."""
    if isinstance(part, list):
        return [_told(one, say) for one in part]
    if not isinstance(part, dict):
        return part
    told: dict[str, Any] = {}
    for name, value in part.items():
        if name in TOLD and isinstance(value, str) and key != "properties":
            told[name] = say(value, name)
        elif name == "tags" and isinstance(value, list):
            told[name] = [say(one, name) if isinstance(one, str) else _told(one, say) for one in value]
        else:
            told[name] = value if name in {"example", "examples"} else _told(value, say, name)
    return told


def _true(document: dict[str, Any], examples: Examples) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                _mend_operation(operation, "{" in path)
                _show_examples(operation, examples.get(operation["operationId"], {}))
    return document


def _mend_operation(operation: dict[str, Any], of_a_record: bool) -> None:
    told = operation.get("description", "").partition("\n\n")[0]
    if _CHINESE.search(told):  # what its function says in both languages, instead of the function's name
        operation["summary"] = " ".join(told.split())
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _given(parameter["schema"])
        if parameter["in"] == "path":
            parameter.setdefault("description", _OF_A_PATH.get(parameter["name"], _CODE))
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]
    everything = _EVERYWHERE | (_OF_A_RECORD if of_a_record else {}) | (_WITH_A_KEY if "security" in operation else {})
    for status, told in everything.items():
        responses.setdefault(status, {"description": told})
    for status, response in responses.items():
        if status.startswith(("4", "5")) and "content" not in response:
            examples = {code: {"value": problem_example(speak(code), int(status))} for code in LANGUAGES}
            schema = {"$ref": "#/components/schemas/Problem"}
            response["content"] = {MEDIA_TYPE: {"schema": schema, "examples": examples}}


def _show_examples(operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    """Add examples to the answer of success. They are added here because FastAPI drops whatever is null in them."""
    for status, response in operation["responses"].items():
        if examples and status.startswith("2") and "application/json" in response.get("content", {}):
            shown = {code: {"value": value} for code, value in examples.items()}
            response["content"]["application/json"]["examples"] = shown


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter that is given: without the null of one that is not, told once."""
    either = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    only = either[0] if len(either) == 1 else {}
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "title", "description"}}
    given = {**only, **rest} if only or "anyOf" not in schema else {"anyOf": either, **rest}
    if given.get("type") not in {"string", None}:
        for name in ("maxLength", "minLength"):
            given.pop(name, None)
    return given
