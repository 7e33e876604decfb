"""The entries of the audit log in words. The words themselves stand in ``stations.audit.vocabulary``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from stations.audit.vocabulary import AuditAction, AuditSubject, LoggedAction, SystemActor, detail_words
from stations.audit_search.values import NESTED_KEYS, in_words
from stations.language import N_, Bilingual, Language, label
from stations.requests.moves import MoveName

_ACTIONS: dict[str, LoggedAction] = {action.value: action for kind in (AuditAction, MoveName) for action in kind}
_DETAILS = detail_words()


def action_word(language: Language, action: str) -> str:
    """Return the words for an action; the code itself if there are none, as of an action that is no longer taken."""
    return label(language, _ACTIONS[action]) if action in _ACTIONS else action


def detail_in_words(
    language: Language, detail: Mapping[str, Any], names: Mapping[str, Bilingual] = MappingProxyType({})
) -> str:
    """Return the details of an entry as text: “role: Auditor; level: the county”. ``names``: of services, by code.
    """
    told = (
        language.translate(N_("{name}: {value}"), name=_key(language, key), value=_value(language, key, value, names))
        for key, value in _in_reading_order(detail)
    )
    return language.translate(N_("; ")).join(told)


_READ_FIRST = ("row", "field", "before", "after")


def _in_reading_order(detail: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the details with what was before what is; the log stores them in alphabetical order."""
    first = [key for key in _READ_FIRST if key in detail] if "before" in detail else []
    return [(key, detail[key]) for key in (*first, *(key for key in detail if key not in first))]


def _key(language: Language, key: str) -> str:
    words = _DETAILS.get(key) or NESTED_KEYS.get(key)
    return language.translate(words) if words else key


def _value(language: Language, key: str, value: Any, names: Mapping[str, Bilingual]) -> str:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return " | ".join(detail_in_words(language, one, names) for one in value)
    if isinstance(value, dict) and key == "fields":
        changes = (
            language.translate(N_("{name}: {value}"), name=_key(language, name), value=_change(language, one, names))
            for name, one in value.items()
        )
        return language.semicolon.join(changes)
    if isinstance(value, dict):
        return f"({detail_in_words(language, value, names)})"
    if isinstance(value, list):
        return language.join(_value(language, key, one, names) for one in value)
    return in_words(language, key, value, names)


def _change(language: Language, value: Any, names: Mapping[str, Bilingual]) -> str:
    """Return the value of a field before and after a change."""
    if isinstance(value, list) and len(value) == 2:
        return " → ".join("–" if one in (None, "") else str(one) for one in value)
    return _value(language, "", value, names)


def subject_word(language: Language, kind: str) -> str:
    """Return the words for a kind of record; the code itself if there are none."""
    return label(language, AuditSubject(kind)) if kind in list(AuditSubject) else kind


def actor_word(language: Language, actor: str) -> str:
    """Return the name of an actor; a user name unchanged."""
    return label(language, SystemActor(actor)) if actor in list(SystemActor) else actor
