"""An interface for programs: where it is, and where it is described."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI


@dataclass(frozen=True)
class Interface:
    """An interface at ``path``. ``title``, ``told``: msgids, what it is called and what it is for.

    ``specification``: the address of its OpenAPI document, or of another one for programs; ``documentation``: of a page
    for people. ``api``: what that page is made from; None if the interface has its own.
    """

    path: str
    title: str
    told: str
    specification: str
    documentation: str
    api: FastAPI | None = None


def described(path: str, api: FastAPI, title: str, told: str) -> Interface:
    """Return an interface whose page of documentation is made from its OpenAPI document."""
    return Interface(path, title, told, f"{path}{api.openapi_url}", f"{path}/docs", api)
