"""The values of an entry's details in words: codes, states, fields, days, numbers and areas."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from stations.accounts.factor_check import Given
from stations.accounts.sign_ins import Method
from stations.alerts.alert_rules import AlertKind
from stations.duty.roles import Role
from stations.evaluation.indicators import Indicator
from stations.imports.station_words import STATION_WORDS
from stations.language import N_, Bilingual, LabelledEnum, Language
from stations.lists.kind_of_list import TITLES
from stations.lists.registers import REGISTERS
from stations.places.area_names import area_name
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.registry.institutions import InstitutionKind
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import FIELD_NAMES
from stations.registry.station import Status
from stations.requests.escalation import Level
from stations.requests.moves import TemplateUse
from stations.targets.counting_rule import Subject, Within
from stations.targets.pilot import PilotKind

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

WITHIN: dict[Within, str] = {Within.PERIOD: N_("in the period"), Within.ANY: N_("at any time")}


def _columns_of_lists() -> dict[str, str]:
    vocabularies = (*(register.vocabulary for register in REGISTERS.values()), STATION_WORDS)
    return {column.name: column.label for one in vocabularies for column in one.columns}


NESTED_KEYS: dict[str, str] = {
    **{level.value: level.label for level in Level},
    **{indicator.value: indicator.label for indicator in Indicator},
    **_columns_of_lists(),
    **FIELD_NAMES,
    "email": N_("E-mail address"),
    "unit": N_("Organisation"),
    "department": N_("Department"),
    "subject": N_("what is counted"),
    "levels": N_("levels"),
    "kinds": N_("kinds"),
    "stage": N_("stage"),
    "within": N_("when it is reached"),
    "weights": N_("weights"),
    "few": N_("fewest requests or deliveries that are ranked"),
    "use": N_("what the template is for"),
    "title": N_("title"),
    "text": N_("text"),
    "text_en": N_("text in English"),
    "position": N_("place in the list"),
}
"""The words of keys inside a detail, and of the fields that a detail names."""


def _labels(*kinds: type[LabelledEnum]) -> dict[str, str]:
    return {member.value: member.label for kind in reversed(kinds) for member in kind}


def _words(table: Mapping[Any, str]) -> dict[str, str]:
    return {member.value: words for member, words in table.items()}


CODES: dict[str, dict[str, str]] = {
    "role": _labels(Role),
    "level": _labels(Level, CentreLevel),
    "levels": _labels(CentreLevel),
    "kind": _labels(RecordKind, AlertKind, CentreKind, PilotKind, InstitutionKind),
    "kinds": _labels(CentreKind, PilotKind),
    "stage": _labels(Stage),
    "status": _labels(Status, Stage),
    "subject": _labels(Subject),
    "use": _labels(TemplateUse),
    "within": _words(WITHIN),
    "method": _words(METHODS),
    "second_factor": _words(FACTORS),
    "list": dict(TITLES),
    "field": NESTED_KEYS,
    "fields": NESTED_KEYS,
}
"""For each key of a detail whose value is a code: the words of each code, to be translated."""

AREAS = frozenset({"area", "city", "county", "province", "counties", "city_adcode", "county_adcode"})
NAMED = frozenset({"service", "services"})
"""Keys whose values are codes of services."""


def in_words(language: Language, key: str, value: object, names: Mapping[str, Bilingual]) -> str:
    """Return a single value, which is no list and no object, in words. ``names``: of services, by code."""
    if value is None or value == "":
        return "—" if value is None else ""
    if isinstance(value, bool):
        return language.translate(N_("yes") if value else N_("no"))
    if isinstance(value, int | float):
        return language.format_number(value)
    text = str(value)
    if text in CODES.get(key, {}):
        return language.translate(CODES[key][text])
    if key in {"field", "fields"} and ", " in text:
        return language.join(in_words(language, key, one, names) for one in text.split(", "))
    if key in AREAS:
        return language.pick(*area_name(text))
    if text in names:
        return language.pick(*names[text])
    with suppress(ValueError):
        return language.format_date(date.fromisoformat(text)) if len(text) == 10 else text
    return text
