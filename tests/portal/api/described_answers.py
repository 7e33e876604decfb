"""Whether answers are as the OpenAPI document of ``/api/v1`` says."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import requests
from jsonschema import Draft202012Validator

from portal.api.openapi import METHODS
from portal.api.v1.interface import api


def operation_at(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the template of a path below ``/api/v1`` and its operation; one without parameters comes first."""
    for template in sorted(api.openapi()["paths"], key=lambda one: one.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return template, api.openapi()["paths"][template][method.lower()]
    raise AssertionError(f"{path} is not described")


@cache
def _validator(template: str, method: str, status: str, media_type: str) -> Draft202012Validator:
    responses = api.openapi()["paths"][template][method]["responses"]
    assert status in responses, f"{method} {template} does not tell of {status}"
    schema = responses[status]["content"][media_type]["schema"]
    return Draft202012Validator({**schema, "components": api.openapi()["components"]})


def check(answer: requests.Response) -> requests.Response:
    """Return an answer after checking that it is as described.

    Raises:
        AssertionError: it has a status, a media type or members that it should not have.
    """
    method = str(answer.request.method).lower()
    assert method in METHODS
    path = str(answer.request.path_url).partition("?")[0].removeprefix("/api/v1")
    template, _operation = operation_at(method, path)
    if answer.status_code != 204:
        media_type = answer.headers["content-type"].partition(";")[0]
        found = list(_validator(template, method, str(answer.status_code), media_type).iter_errors(answer.json()))
        assert not found, f"{method} {path}: {found[0].json_path} {found[0].message}"
    return answer
