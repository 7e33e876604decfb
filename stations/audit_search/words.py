"""The entries of the audit log in words. The words themselves stand in ``stations.audit.vocabulary``."""

from __future__ import annotations

from functools import cache
from typing import Any

from stations.accounts.factor_check import Given
from stations.accounts.sign_ins import Method
from stations.audit.chain import canonical
from stations.audit.vocabulary import AuditAction, AuditSubject, LoggedAction, SystemActor, detail_words
from stations.duty.roles import Role
from stations.imports.station_words import STATION_WORDS
from stations.language import N_, Language, label
from stations.lists.kind_of_list import TITLES
from stations.lists.registers import REGISTERS
from stations.registry.record_state import FIELD_NAMES
from stations.requests.escalation import Level
from stations.requests.moves import MoveName

METHODS: dict[Method, str] = {
    Method.PASSWORD: N_("with a password"),
    Method.SINGLE_SIGN_ON: N_("by single sign-on"),
    Method.SAMPLE: N_("as an invented person"),
    Method.PASSKEY: N_("with a passkey"),
}

FACTORS: dict[Given, str] = {
    Given.APP_CODE: N_("a code of the app"),
    Given.RECOVERY_CODE: N_("a recovery code"),
    Given.PASSKEY: N_("a passkey"),
}

_ACTIONS: dict[str, LoggedAction] = {action.value: action for kind in (AuditAction, MoveName) for action in kind}
_DETAILS = detail_words()


def action_word(language: Language, action: str) -> str:
    """Return the words for an action; the code itself if there are none, as of an action that is no longer taken."""
    return label(language, _ACTIONS[action]) if action in _ACTIONS else action


def detail_in_words(language: Language, detail: dict[str, Any]) -> str:
    """Return the details of an entry as text: “role: Auditor; area of duty: 110000”."""
    told = (
        language.translate(
            N_("{name}: {value}"),
            name=language.translate(_DETAILS[key]) if key in _DETAILS else key,
            value=_value_in_words(language, key, value),
        )
        for key, value in _in_reading_order(detail)
    )
    return language.translate(N_("; ")).join(told)


_READ_FIRST = ("row", "field", "before", "after")


def _in_reading_order(detail: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the details with what was before what is; the log stores them in alphabetical order."""
    first = [key for key in _READ_FIRST if key in detail] if "before" in detail else []
    return [(key, detail[key]) for key in (*first, *(key for key in detail if key not in first))]


def _value_in_words(language: Language, key: str, value: Any) -> str:
    if key == "role" and value in list(Role):
        return label(language, Role(value))
    if key == "level" and value in list(Level):
        return label(language, Level(value))
    if key == "method" and value in list(Method):
        return language.translate(METHODS[Method(value)])
    if key == "second_factor" and value in list(Given):
        return language.translate(FACTORS[Given(value)])
    if key == "list" and value in TITLES:
        return language.translate(TITLES[value])
    if key in ("field", "fields"):
        return _fields_in_words(language, value)
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return " | ".join(detail_in_words(language, one) for one in value)
    if isinstance(value, dict):
        return f"({detail_in_words(language, value)})"
    if isinstance(value, list):
        return language.join(_value_in_words(language, "", one) for one in value)
    return value if isinstance(value, str) else canonical(value)


def _fields_in_words(language: Language, value: Any) -> str:
    """Return the fields that an entry names, by their labels. ``value``: one name, several (in a list, or parted by
    commas as older entries have them), or each with its value before and after.
    """
    if isinstance(value, dict):
        return language.semicolon.join(
            language.translate(N_("{name}: {value}"), name=_field_word(language, name), value=_change(language, one))
            for name, one in value.items()
        )
    names = value if isinstance(value, list) else str(value).split(", ")
    return language.join(_field_word(language, str(name)) for name in names)


def _change(language: Language, value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return " → ".join(str(one) if one not in (None, "") else "–" for one in value)
    return _value_in_words(language, "", value)


def _field_word(language: Language, name: str) -> str:
    """Return the label of a field of a record or a column of a list; a heading of the office's own as it is."""
    labels = _field_labels()
    return language.translate(labels[name]) if name in labels else name


@cache
def _field_labels() -> dict[str, str]:
    """Return the msgid of each field's label by its name."""
    vocabularies = (*(register.vocabulary for register in REGISTERS.values()), STATION_WORDS)
    return {column.name: column.label for one in vocabularies for column in one.columns} | FIELD_NAMES


def subject_word(language: Language, kind: str) -> str:
    """Return the words for a kind of record; the code itself if there are none."""
    return label(language, AuditSubject(kind)) if kind in list(AuditSubject) else kind


def actor_word(language: Language, actor: str) -> str:
    """Return the name of an actor; a user name unchanged."""
    return label(language, SystemActor(actor)) if actor in list(SystemActor) else actor
