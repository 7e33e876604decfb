"""The steps of a request in words, as each side reads them."""

from __future__ import annotations

from typing import Protocol

from stations.catalogue.service import Service
from stations.language import N_, Language
from stations.registry.station import Station
from stations.requests.moves import MoveName
from stations.requests.states import Party, State

STEPS: dict[MoveName, str] = {
    MoveName.ACCEPT: N_("The station took the request on"),
    MoveName.RETURN: N_("The station asked for more"),
    MoveName.ANSWER: N_("The firm answered and submitted again"),
    MoveName.REFUSE: N_("The station refused"),
    MoveName.START: N_("Work began"),
    MoveName.DELIVER: N_("All services are delivered"),
    MoveName.CLOSE: N_("The firm confirmed and closed"),
    MoveName.CANCEL: N_("The firm cancelled"),
    MoveName.TRANSFER: N_("Handed over to another station"),
    MoveName.REOPEN: N_("The firm reopened a service"),
    MoveName.REMIND: N_("The firm sent a reminder"),
    MoveName.SPLIT: N_("Services were handed to another station as a request of their own"),
    MoveName.ASSIGN: N_("A steward was named"),
}

# Steps made while work is paused.
_IN_A_PAUSE: dict[MoveName, str] = {
    MoveName.ANSWER: N_("The firm answered, and work goes on"),
    MoveName.START: N_("Work goes on"),
}


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


def step_in_words(language: Language, event: Step) -> str:
    """Return what happened, e.g. “The station took the request on”. Its item and station must be loaded."""
    say = language.translate
    service = language.pick(event.item.service.name_zh, event.item.service.name_en) if event.item else ""
    if event.move is MoveName.REOPEN:
        return say(N_("The firm reopened “{service}”"), service=service)
    if event.move is MoveName.TRANSFER and event.station:
        name = language.pick(event.station.name, event.station.name_en)
        return say(N_("Handed over to {station}"), station=name)
    if event.move is MoveName.ASSIGN and not event.note:
        return say(N_("Given back to all stewards of the station"))
    if event.source is State.PAUSED and event.move in _IN_A_PAUSE:
        return say(_IN_A_PAUSE[event.move])
    if event.move is not None:
        return say(STEPS[event.move])
    if event.item is not None:
        return say(N_("“{service}” was delivered"), service=service)
    if event.party is Party.STATION:
        return say(N_("Split off from another request of the firm"))
    return say(N_("The firm filed the request"))
