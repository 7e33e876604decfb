"""One request of the interface, with what every answer needs of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from portal.api.inquiry import Inquiry, inquire
from portal.api.ogc.forms import Form, wanted_form
from portal.api.ogc.links import base_of
from portal.api.ogc.parameters import COMMON, Parameter, check_parameters
from stations.language import Language


@dataclass(frozen=True)
class Asking:
    """``written``: the parameters as written. ``form``: of the answer. ``base``: the interface's address."""

    request: Request
    written: Mapping[str, str]
    inquiry: Inquiry
    form: Form
    base: str

    @property
    def language(self) -> Language:
        """The language of the texts in the answer."""
        return self.inquiry.language

    @property
    def carried(self) -> dict[str, str]:
        """The parameters that links to other documents keep: who asked for a language goes on in it."""
        return {name: self.written[name] for name in ("lang", "sample") if name in self.written}


def asking(request: Request, further: Iterable[Parameter] = (), names: Iterable[str] = ()) -> Asking:
    """Return what a request asks.

    ``further``: its parameters besides ``f`` and ``lang``; ``names``: those of properties.

    Raises:
        InvalidForm, InvalidInput: a parameter is not known here, given twice, or can't be used.
        HTTPException: 406, it accepts neither JSON nor HTML.
    """
    known = {one.name for one in (*COMMON, *further)} | set(names)
    written = check_parameters(request, known)
    inquiry = inquire(request, written.get("lang"), written.get("sample"))
    return Asking(request, written, inquiry, wanted_form(request, written), base_of(request))
