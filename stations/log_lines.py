"""The log: one line for each event, as text for people or as JSON for programs (``LOG_FORMAT``), without personal data.

Each line has the reference of what was being done (``stations.reference``). What is logged here names no person; what
libraries log, messages and tracebacks, goes through ``error_trace`` first.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any

from stations.error_trace import trace, without_values
from stations.errors import InvalidInput
from stations.language import N_
from stations.reference import current_reference
from stations.settings import read_value

ROOMS = ("geo", "portal", "stations")
"""The loggers of this program. Of libraries only warnings are logged."""


class _Lines(logging.Formatter):
    """Base of the formatters: what an entry says."""

    def told(self, record: logging.LogRecord) -> tuple[str, str]:
        """Return the message of an entry, and what follows it on further lines: a traceback or the like."""
        ours = record.name.partition(".")[0] in ROOMS
        text = record.getMessage() if ours else without_values(record.getMessage())
        message, _, rest = text.partition("\n")
        if record.exc_info and record.exc_info[1] is not None:
            rest = f"{rest}\n{trace(record.exc_info[1])}"
        return message, rest.strip("\n")


class TextLines(_Lines):
    """``2026-11-24T02:00:00.123Z ERROR portal 1a2b3c4d GET /sign-in failed``; further lines are indented."""

    def format(self, record: logging.LogRecord) -> str:
        message, rest = self.told(record)
        first = f"{_instant(record)} {record.levelname} {record.name} {current_reference() or '-'} {message}"
        return "\n    ".join([first, *rest.splitlines()])


class JsonLines(_Lines):
    """One JSON object for each entry: ``time``, ``level``, ``logger``, ``reference``, ``message``, ``trace``, and what
    an entry says of itself (``extra={"fields": …}``).
    """

    def format(self, record: logging.LogRecord) -> str:
        message, rest = self.told(record)
        entry: dict[str, Any] = {
            "time": _instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "reference": current_reference() or None,
            "message": message,
        }
        if rest:
            entry["trace"] = rest
        return json.dumps({**entry, **getattr(record, "fields", {})}, ensure_ascii=False)


FORMATS: Mapping[str, type[_Lines]] = {"text": TextLines, "json": JsonLines}


def read_log_format(environment: Mapping[str, str] = os.environ) -> type[_Lines]:
    """Read ``LOG_FORMAT``: ``text`` (the default) or ``json``.

    Raises:
        InvalidInput: it is neither.
    """
    written = read_value(environment, "LOG_FORMAT") or "text"
    if written.lower() not in FORMATS:
        raise InvalidInput(
            "LOG_FORMAT", N_("LOG_FORMAT is “{value}”; set it to one of: {known}"), value=written, known="text, json"
        )
    return FORMATS[written.lower()]


def set_up_log(lines: type[_Lines], stream: IO[str] | None = None) -> None:
    """Log to ``stream`` (the standard error by default) and nowhere else, in one format."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
