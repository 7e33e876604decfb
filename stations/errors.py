"""The errors the domain raises, each told in a message that page, API and CLI translate.

``message`` is an English gettext msgid with named ``{placeholders}``, ``params`` fills them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class DomainError(Exception):
    """Base of all errors a user can cause or must be told of."""

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        self.params = params
        super().__init__(message.format(**params))


class InvalidInput(DomainError):
    """What was entered can't be taken. ``field`` names the input that is wrong."""

    def __init__(self, field: str, message: str, **params: Any) -> None:
        self.field = field
        super().__init__(message, **params)


class InvalidForm(DomainError):
    """Several inputs are wrong; ``problems`` holds one ``InvalidInput`` for each."""

    def __init__(self, problems: list[InvalidInput]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in problems).replace("{", "{{").replace("}", "}}"))


class NotFound(DomainError):
    """There is no such record, or the asker may not know of it."""


class NotAllowed(DomainError):
    """The actor's role or area of duty does not cover the action."""


class Conflict(DomainError):
    """The record has moved on since the actor last saw it."""


class NotReady(DomainError):
    """The database is missing or older than this version of the program."""


class Problems:
    """What is wrong with a form, gathered check by check."""

    def __init__(self) -> None:
        self._found: list[InvalidInput] = []

    def attempt(self, check: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What ``check`` gives; None, and the problem noted, where it raises ``InvalidInput`` or ``InvalidForm``."""
        try:
            return check(*arguments, **options)
        except InvalidForm as several:
            self._found.extend(several.problems)
        except InvalidInput as problem:
            self._found.append(problem)
        return None

    def stop(self) -> None:
        """Raise ``InvalidForm`` where anything was wrong."""
        if self._found:
            raise InvalidForm(self._found)
