"""An interface for programs: where it is, and where it is described."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI


@dataclass(frozen=True)
class Interface:
    """An interface, mounted at ``path``. ``title``, ``told``: msgids, what it is called and what it is for.

    Its OpenAPI document is at ``specification`` below it, its pages of documentation at ``docs``.
    """

    path: str
    api: FastAPI
    title: str
    told: str

    @property
    def specification(self) -> str:
        """The address of the OpenAPI document."""
        return f"{self.path}{self.api.openapi_url}"

    @property
    def documentation(self) -> str:
        """The address of the page of documentation."""
        return f"{self.path}/docs"
