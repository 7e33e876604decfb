"""What a key allows: each scope stands for actions of ``duty.roles``, within the area of the key."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from stations.changes.kinds import KINDS, Subject
from stations.duty.roles import Action
from stations.errors import InvalidInput, NotAllowed
from stations.language import N_, LabelledEnum, ListedAsWritten


class Scope(LabelledEnum):
    """A scope, by the name that it has in the interfaces."""

    READ_REGISTERS = "registers:read", N_("Read the registers, with versions")
    WRITE_STATIONS = "stations:write", N_("Change stations")
    PROPOSE_STATIONS = "stations:propose", N_("Propose changes of stations")
    READ_REQUESTS = "requests:read", N_("Read requests, personal data masked")
    HANDLE_REQUESTS = "requests:handle", N_("Handle requests as a station or office does")
    FILE_REQUESTS = "requests:file", N_("File requests for firms")
    READ_PERSONAL_DATA = "personal:read", N_("See personal data in clear")

    @property
    def actions(self) -> frozenset[Action]:
        """The actions that the scope allows, each of which a person must be allowed too who gives it."""
        return _ACTIONS[self]


_ACTIONS: dict[Scope, frozenset[Action]] = {
    Scope.READ_REGISTERS: frozenset(),
    Scope.WRITE_STATIONS: frozenset({Action.EDIT_STATIONS}),
    Scope.PROPOSE_STATIONS: frozenset({Action.PROPOSE_STATIONS}),
    Scope.READ_REQUESTS: frozenset({Action.SEE_REQUESTS}),
    Scope.HANDLE_REQUESTS: frozenset({Action.SEE_REQUESTS, Action.ANSWER_REQUESTS, Action.TRANSFER_REQUESTS}),
    Scope.FILE_REQUESTS: frozenset(),
    Scope.READ_PERSONAL_DATA: frozenset({Action.SEE_PERSONAL_DATA}),
}


def subjects_of(scopes: Collection[Scope]) -> list[Subject]:
    """Return the kinds of records whose changes may be read with these scopes.

    Raises:
        NotAllowed: there are none.
    """
    found = []
    if {Scope.READ_REGISTERS, Scope.WRITE_STATIONS, Scope.PROPOSE_STATIONS} & set(scopes):
        found += [Subject.STATION, Subject.CENTRE]
    if {Scope.READ_REQUESTS, Scope.HANDLE_REQUESTS} & set(scopes):
        found.append(Subject.REQUEST)
    if not found:
        raise NotAllowed(N_("The key lacks the scope “{scope}”"), scope=Scope.READ_REGISTERS.value)
    return found


def read_kinds(field: str, written: Iterable[str]) -> list[str]:
    """Return kinds of changes, each written alone or several with commas between.

    Raises:
        InvalidInput: one is none.
    """
    kinds = [part.strip() for one in written for part in one.split(",") if part.strip()]
    for one in kinds:
        if one not in KINDS:
            raise InvalidInput(
                field, N_("“{value}” is not known; use one of: {known}"), value=one, known=ListedAsWritten(KINDS)
            )
    return kinds


def read_scopes(field: str, names: Iterable[str]) -> list[Scope]:
    """Return the scopes with these names, in the order of ``Scope``.

    Raises:
        InvalidInput: a name is none, or there is none at all.
    """
    wanted = {name.strip() for name in names} - {""}
    if not wanted:
        raise InvalidInput(field, N_("Choose at least one thing that the key allows"))
    for name in sorted(wanted - set(Scope)):
        raise InvalidInput(
            field, N_("“{value}” is not known; use one of: {known}"), value=name, known=ListedAsWritten(Scope)
        )
    return [scope for scope in Scope if scope in wanted]
