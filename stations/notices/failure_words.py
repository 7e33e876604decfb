"""Why a notice was not sent, for people who know nothing of gateways."""

from __future__ import annotations

from stations.language import N_

_WORDS = (
    ("HTTP ", N_("the sending service refused it ({code})")),
    ("SMTP 5", N_("the mail server does not take mail for this address ({code})")),
    ("SMTP ", N_("the mail server refused it ({code})")),
    ("", N_("the sending service can't be reached ({code})")),
)


def failure_in_words(last_error: str) -> tuple[str, str]:
    """Return the message for an error that ``mark_failed`` stored, and its parameter ``code``."""
    code = last_error.partition(":")[0].strip()
    return next(words for beginning, words in _WORDS if last_error.startswith(beginning)), code
