"""The entries of the audit log in words. The words themselves stand in ``stations.audit.vocabulary``."""

from __future__ import annotations

from typing import Any

from stations.accounts.factor_check import Given
from stations.accounts.sign_ins import Method
from stations.audit.chain import canonical
from stations.audit.vocabulary import AuditAction, AuditSubject, LoggedAction, SystemActor, detail_words
from stations.duty.roles import Role
from stations.language import N_, Language, label
from stations.lists.kind_of_list import TITLES
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
        for key, value in detail.items()
    )
    return language.translate(N_("; ")).join(told)


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
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return " | ".join(detail_in_words(language, one) for one in value)
    if isinstance(value, dict):
        return f"({detail_in_words(language, value)})"
    if isinstance(value, list):
        return ", ".join(_value_in_words(language, "", one) for one in value)
    return value if isinstance(value, str) else canonical(value)


def subject_word(language: Language, kind: str) -> str:
    """Return the words for a kind of record; the code itself if there are none."""
    return label(language, AuditSubject(kind)) if kind in list(AuditSubject) else kind


def actor_word(language: Language, actor: str) -> str:
    """Return the name of an actor; a user name unchanged."""
    return label(language, SystemActor(actor)) if actor in list(SystemActor) else actor
