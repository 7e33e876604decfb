"""The steps of a request in words, as each side reads them."""

from __future__ import annotations

from typing import Protocol

from stations.catalogue.service import Service
from stations.language import N_, Language
from stations.registry.station import Station
from stations.requests.moves import MOVES, MoveName, Told
from stations.requests.states import Party, State


class DeliveredItem(Protocol):
    """The item that a step delivers or reopens."""

    @property
    def service(self) -> Service: ...


class Step(Protocol):
    """What is shown of a step: a ``RequestEvent``, or its form for a reader."""

    @property
    def party(self) -> Party: ...
    @property
    def move(self) -> MoveName | None: ...
    @property
    def source(self) -> State | None: ...
    @property
    def item(self) -> DeliveredItem | None: ...
    @property
    def station(self) -> Station | None: ...
    @property
    def note(self) -> str: ...
    @property
    def taken_over(self) -> bool: ...


def step_in_words(language: Language, event: Step) -> str:
    """Return what happened, e.g. “The station took the request on”. Its item and station must be loaded."""
    say = language.translate
    service = language.pick(event.item.service.name_zh, event.item.service.name_en) if event.item else ""
    station = language.pick(event.station.name, event.station.name_en) if event.station else ""
    if event.move is not None:
        return say(_told(event, MOVES[event.move].told), service=service, station=station)
    if event.item is not None:
        return say(N_("“{service}” was delivered"), service=service)
    if event.party is Party.STATION:
        return say(N_("Split off from another request of the firm"))
    return say(N_("The firm filed the request"))


def _told(event: Step, told: Told) -> str:
    if event.taken_over and told.taken_over:
        return told.taken_over
    if told.naming and (event.item or event.station):
        return told.naming
    if told.unnoted and not event.note:
        return told.unnoted
    if told.suspended and event.source is not None and event.source.suspends:
        return told.suspended
    return told.plain
