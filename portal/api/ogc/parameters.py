"""The parameters of every address: a table from which requests are checked and the OpenAPI document is written."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from starlette.requests import Request

from stations.errors import InvalidForm, InvalidInput
from stations.features.filter_text import LANGUAGES as FILTER_LANGUAGES
from stations.features.reference_systems import REFERENCE_SYSTEMS
from stations.language import LANGUAGES, N_

DEFAULT_LIMIT, MOST = 100, 10_000
_SYSTEMS = [system.uri for system in REFERENCE_SYSTEMS]
_LIST_OF_NUMBERS = MappingProxyType({"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}})


@dataclass(frozen=True)
class Parameter:
    """``description``: a msgid. ``schema``: as in OpenAPI. ``more``: further members of it there."""

    name: str
    description: str
    schema: Mapping[str, Any]
    more: Mapping[str, Any] = field(default_factory=dict)


COMMON = (
    Parameter(
        "f",
        N_("Form of the answer, json or html. Without it the header Accept decides."),
        {"type": "string", "enum": ["json", "html"]},
    ),
    Parameter(
        "lang",
        N_("Language of the texts. Without it the header Accept-Language decides, then Chinese."),
        {"type": "string", "enum": list(LANGUAGES)},
    ),
)
SAMPLE = Parameter(
    "sample",
    N_("0 leaves out invented sample records, which are marked by their property sample."),
    {"type": "string", "enum": ["0", "1", "false", "true"]},
)
CRS = Parameter(
    "crs",
    N_("Reference system of the answer: CRS84 (longitude first), or EPSG:4326 and EPSG:4490 (latitude first)."),
    {"type": "string", "format": "uri", "enum": _SYSTEMS, "default": _SYSTEMS[0]},
)
DATETIME = Parameter(
    "datetime",
    N_(
        "The day or span of days that is asked about, such as 2025-12-31, 2025-01-01/2025-12-31 or ../2025-12-31. "
        "Features are as they were at its end; those not yet known then are left out. Today where it is left out."
    ),
    {"type": "string"},
)
ITEMS = (
    Parameter(
        "limit",
        N_("The most features of one page; more than 10,000 are taken as 10,000."),
        {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},  # no maximum: more is no error
    ),
    Parameter("offset", N_("How many features to pass over."), {"type": "integer", "minimum": 0, "default": 0}),
    Parameter(
        "after",
        N_("The page after this place in the order, as links to a next page have it."),
        {"type": "string"},
    ),
    Parameter("before", N_("The page before this place in the order."), {"type": "string"}),
    Parameter(
        "bbox",
        N_("Only features that touch this box: its least and greatest coordinates, in the order of bbox-crs."),
        _LIST_OF_NUMBERS,
        {"style": "form", "explode": False},
    ),
    Parameter(
        "bbox-crs",
        N_("Reference system of bbox; CRS84 where it is left out."),
        {"type": "string", "format": "uri", "enum": _SYSTEMS, "default": _SYSTEMS[0]},
    ),
    Parameter("filter", N_("Only features for which this filter (CQL2) is true."), {"type": "string"}),
    Parameter(
        "filter-lang",
        N_("Language of filter; text where it is left out."),
        {"type": "string", "enum": list(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]},
    ),
    Parameter(
        "filter-crs",
        N_("Reference system of the geometries in filter; CRS84 where it is left out."),
        {"type": "string", "format": "uri", "enum": _SYSTEMS, "default": _SYSTEMS[0]},
    ),
)


def check_parameters(request: Request, known: Container[str]) -> Mapping[str, str]:
    """Return the parameters of a request, each once.

    Raises:
        InvalidForm: one is not known here, or is given twice.
    """
    problems, found = [], {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            problems.append(InvalidInput(name, N_("There is no such field; leave it out.")))
        elif name in found:
            problems.append(InvalidInput(name, N_("This is given more than once; give it once.")))
        found[name] = value
    if problems:
        raise InvalidForm(problems)
    return found
