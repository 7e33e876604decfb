"""The keys of other offices' systems: list, make and withdraw them."""

from __future__ import annotations

from datetime import date

from stations.answers.interface_keys import KEY_LIST, MADE_KEY, WITHDRAWN_KEY, ListedKey, MadeKey
from stations.commands.acting import acting
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import DAY, POSITIVE
from stations.language import N_
from stations.partners.key_administration import (
    PER_DAY,
    PER_MINUTE,
    USUAL,
    KeyForm,
    list_keys,
    make_key,
    open_key,
    withdraw_key,
)

_BY = option("--by", default="", metavar="USERNAME", help=N_("The account that acts; the operator if left out."))


@command(_BY, option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many.")))
def interface_keys_command(call: Call, by: str, limit: int) -> Output:
    """Return the keys in somebody's area."""
    with call.reading() as session:
        found = list_keys(session, acting(session, call, by), samples=call.samples, limit=limit)
    return Output(KEY_LIST, [ListedKey(key, call.now) for key in found])


@command(
    _BY,
    option("--system", required=True, metavar="CODE", help=N_("The code of the system, the same for its next key.")),
    option("--name", required=True, metavar="NAME", help=N_("What the system is called.")),
    option("--holder", required=True, metavar="NAME", help=N_("The office or person that has the key.")),
    option("--area", required=True, metavar="AREA", help=N_("The province, a city or a county, by name or adcode.")),
    option("--scope", multiple=True, metavar="SCOPE", help=N_("What it allows, such as stations:write; several.")),
    option("--until", type=DAY, metavar="DATE", help=N_("The last day on which it is good; a year from now.")),
    option("--per-minute", type=POSITIVE, default=PER_MINUTE, metavar="N", help=N_("Requests a minute.")),
    option("--per-day", type=POSITIVE, default=PER_DAY, metavar="N", help=N_("Requests a day.")),
    option("--for-trial", is_flag=True, help=N_("It reaches sample records only.")),
)
def make_interface_key_command(
    call: Call,
    by: str,
    system: str,
    name: str,
    holder: str,
    area: str,
    scope: tuple[str, ...],
    until: date | None,
    per_minute: int,
    per_day: int,
    for_trial: bool,
) -> Output:
    """Make a key; it is shown once."""
    form = KeyForm(
        system, name, holder, area, scope, until or call.today + USUAL, per_minute, per_day, sample=for_trial
    )
    with call.transaction() as session:
        key, shown = make_key(session, acting(session, call, by), form, now=call.now)
    return Output(MADE_KEY, MadeKey(key, shown))


@command(_BY, argument("prefix", help=N_("The eight characters after nqi_ of the key.")))
def withdraw_interface_key_command(call: Call, by: str, prefix: str) -> Output:
    """Withdraw a key: it opens nothing any more."""
    with call.transaction() as session:
        actor = acting(session, call, by)
        version = open_key(session, actor, prefix).version
        key = withdraw_key(session, actor, prefix, version=version, now=call.now)
    return Output(WITHDRAWN_KEY, ListedKey(key, call.now))
