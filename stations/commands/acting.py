"""Who acts by a command on the registers, and for which office."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.accounts.accounts import actor_named
from stations.accounts.operator_actions import OPERATOR
from stations.commands.call import Call
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.area_words import AreaWords
from stations.registry.record_terms import Terms


def acting(session: Session, call: Call, by: str) -> Actor:
    """Return the actor of the import: the account in ``--by``, else the operator of the server."""
    return actor_named(session, by, samples=call.samples) if by else _operator()


def _operator() -> Actor:
    """Return the actor if no account is named: a person who runs commands on the server has access to the database."""
    duty = Responsibility(Role.PROVINCE, AreaKind.PROVINCE, province_in_use().adcode)
    return Actor(OPERATOR, OPERATOR, False, (duty,))


def office_named(terms: Terms, name: str, area: str) -> str:
    """Return the adcode of the province, city or county that the option ``name`` says."""
    code = AreaWords(terms.cities, terms.counties).find_area(name, area)
    if not code:
        message = N_("“{area}” is not the name or adcode of the province, a city or a county")
        raise InvalidInput(name, message, area=area)
    return code
