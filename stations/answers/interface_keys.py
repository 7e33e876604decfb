"""The keys of other offices' systems: those of an area, a new one, and what the one that is presented allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing, one_row
from stations.language import N_, Language, label
from stations.partners.interface_key import InterfaceKey, KeyInUse
from stations.partners.scopes import Scope
from stations.places.area_names import area_name


@dataclass(frozen=True)
class ListedKey:
    """A key, and the instant at which its state is told."""

    key: InterfaceKey
    now: datetime


def _scopes(scopes: Sequence[Scope], language: Language) -> str:
    return language.semicolon.join(label(language, scope) for scope in scopes)


KEYS: Columns[ListedKey] = Columns(
    Column("prefix", lambda one: one.key.prefix, N_("Key")),
    Column("system", lambda one: one.key.system, N_("System code")),
    Column("name", lambda one: one.key.name, N_("System")),
    Column("holder", lambda one: one.key.holder, N_("Who holds it")),
    Column("area_code", lambda one: one.key.area_code),
    Column("area", lambda one: area_name(one.key.area_code), N_("Area of the key")),
    Column(
        "scopes",
        lambda one: [scope for scope in Scope if scope in one.key.allowed],
        N_("What it allows"),
        show=_scopes,
        data=lambda scopes: [scope.value for scope in scopes],
    ),
    Column("state", lambda one: one.key.state_at(one.now), N_("State")),
    Column("expires_on", lambda one: one.key.expires_on, N_("Last day")),
    Column("last_used_at", lambda one: one.key.last_used_at, N_("Last used")),
    Column("per_minute", lambda one: one.key.per_minute, N_("Requests a minute")),
    Column("per_day", lambda one: one.key.per_day, N_("Requests a day")),
    Column("made_by", lambda one: one.key.made_by, N_("Made by")),
    Column("sample", lambda one: one.key.sample, N_("Sample")),
)
KEY_PAGE_COLUMNS = KEYS.take("prefix", "name", "area", "scopes", "state", "expires_on", "last_used_at")
_EVERY = (
    *("prefix", "system", "name", "holder", "area_code", "area", "scopes", "state", "expires_on", "last_used_at"),
    *("per_minute", "per_day", "made_by", "sample"),
)
KEY_COLUMNS = KEYS.take(*_EVERY)
KEY_LIST = listing(KEYS, *_EVERY, samples=lambda one: one.key.sample)
"""The keys in an administrator's area, the newest first."""


@dataclass(frozen=True)
class MadeKey:
    """A new key. ``shown``: what its holder presents."""

    key: InterfaceKey
    shown: str


MADE: Columns[MadeKey] = Columns(
    Column("prefix", lambda one: one.key.prefix, N_("Key")),
    Column("key", lambda one: one.shown, N_("Whole key, shown only now")),
    Column("expires_on", lambda one: one.key.expires_on, N_("Last day")),
)
MADE_KEY = one_row(MADE, "prefix", "key", "expires_on")
WITHDRAWN_KEY = one_row(KEYS, "prefix", "name", "state")

IN_USE: Columns[KeyInUse] = Columns(
    Column("prefix", lambda key: key.prefix, N_("Key")),
    Column("system", lambda key: key.system, N_("System code")),
    Column("name", lambda key: key.name, N_("System")),
    Column("area_kind", lambda key: key.area_kind, N_("Kind of area"), data=lambda kind: kind.value),
    Column("area_code", lambda key: key.area_code, N_("Area of the key")),
    Column(
        "scopes",
        lambda key: [scope for scope in Scope if scope in key.scopes],
        N_("What it allows"),
        show=_scopes,
        data=lambda scopes: [scope.value for scope in scopes],
    ),
    Column("expires_on", lambda key: key.expires_on, N_("Last day")),
    Column("per_minute", lambda key: key.per_minute, N_("Requests a minute")),
    Column("per_day", lambda key: key.per_day, N_("Requests a day")),
    Column("sample", lambda key: key.actor.sample, N_("Sample")),
)
KEY_IN_USE = one_row(IN_USE, "prefix", "system", "name", "area_code", "scopes", "expires_on", "per_minute", "per_day")
"""What the key allows that a program presents."""
