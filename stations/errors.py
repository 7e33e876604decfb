"""The errors that the domain raises. Their messages are translated by pages and command line.

``message`` is an English gettext msgid with named ``{placeholders}``; ``params`` fills them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class DomainError(Exception):
    """Base class of all errors that a user can cause or needs to know about."""

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        self.params = params
        super().__init__(message.format(**params))


class InvalidInput(DomainError):
    """An input is invalid. ``field``: the name of the input."""

    def __init__(self, field: str, message: str, **params: Any) -> None:
        self.field = field
        super().__init__(message, **params)


class LimitReached(InvalidInput):
    """So much of this kind was done lately that it has to wait."""


class InvalidForm(DomainError):
    """Several inputs are invalid. ``problems``: one ``InvalidInput`` for each."""

    def __init__(self, problems: list[InvalidInput]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in problems).replace("{", "{{").replace("}", "}}"))


class NotFound(DomainError):
    """There is no such record, or the actor may not know that it exists."""


class NotAllowed(DomainError):
    """The actor's role or area of duty does not cover the action."""


class Conflict(DomainError):
    """The record has changed since the actor last read it."""


class Outdated(Conflict):
    """The record no longer has the version that the actor saw."""


class Busy(DomainError):
    """Too many people ask for the same costly thing at the moment; it can be asked for again."""


class NotReady(DomainError):
    """The database is missing or older than this version of the program."""


class Problems:
    """Collects the errors of a form's checks, to raise them together."""

    def __init__(self) -> None:
        self._found: list[InvalidInput] = []

    def attempt(self, check: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Return the result of ``check``. If it raises ``InvalidInput`` or ``InvalidForm``, collect the error and
        return None.
        """
        try:
            return check(*arguments, **options)
        except InvalidForm as several:
            self._found.extend(several.problems)
        except InvalidInput as problem:
            self._found.append(problem)
        return None

    def add(self, field: str, message: str, **params: Any) -> None:
        """Collect an error of a field."""
        self._found.append(InvalidInput(field, message, **params))

    def __bool__(self) -> bool:
        """Whether any error was collected."""
        return bool(self._found)

    def stop(self) -> None:
        """Raise ``InvalidForm`` if any error was collected."""
        if self._found:
            raise InvalidForm(self._found)
