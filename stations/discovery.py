"""Finding what the modules of a folder define, so that a new module needs no entry elsewhere."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def find_in_modules(package: ModuleType, name: str, kind: type[T]) -> tuple[T, ...]:
    """Return the value called ``name`` of each module of ``package`` that has one, sorted by module name.

    Raises:
        TypeError: one is not a ``kind``.
    """
    modules = [import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)]
    found = []
    for module in modules:
        if hasattr(module, name):
            value = getattr(module, name)
            if not isinstance(value, kind):
                raise TypeError(f"{module.__name__}.{name} is not a {kind.__name__}")
            found.append(value)
    return tuple(found)
