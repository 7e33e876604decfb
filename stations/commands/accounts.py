"""Accounts: list them, create one, issue a one-time code, reset a second factor, unlock it, end
sign-ins."""

from __future__ import annotations

import getpass
import sys

from stations.accounts.account_editing import list_accounts
from stations.accounts.accounts import actor_named, add_user
from stations.accounts.operator_actions import (
    OPERATOR,
    end_sign_ins_as_operator,
    issue_setup_code_as_operator,
    reset_second_factor_as_operator,
    unlock_as_operator,
)
from stations.answers.accounts import (
    ACCOUNT_LIST,
    ENDED_SIGN_INS,
    ISSUED_CODE,
    NEW_USER,
    UNLOCKED,
    WITHOUT_FACTOR,
    IssuedCode,
)
from stations.commands.call import Call, Output
from stations.commands.declaring import BY, argument, command, option
from stations.commands.parameter_types import POSITIVE, OneOf
from stations.duty.roles import Role
from stations.language import N_
from stations.places.area_words import areas_on_file

USERNAME = argument("username", help=N_("The user name."))


@command(
    USERNAME,
    option("--name", required=True, metavar="NAME", help=N_("The person's name.")),
    option("--role", type=OneOf(Role), required=True, metavar="ROLE", help=N_("What the person may do.")),
    option(
        "--area",
        required=True,
        metavar="AREA",
        help=N_("The area of duty: a name, an adcode or a station's code."),
    ),
)
def add_user_command(call: Call, username: str, name: str, role: Role, area: str) -> Output:
    """Create an account; its password is never shown."""
    if sys.stdin.isatty():
        password = getpass.getpass(call.language.translate(N_("Password: ")))
    else:
        password = sys.stdin.readline().rstrip("\n")
    with call.transaction() as session:
        user = add_user(
            session,
            username=username,
            name=name,
            password=password,
            role=role,
            area_code=areas_on_file(session).find_area("area", area) or area,
            by=OPERATOR,
            now=call.now,
        )
        _ = user.duties  # load it while the session is open
    return Output(NEW_USER, user)


@command(
    BY,
    option("--text", default="", metavar="TEXT", help=N_("Found in the user name or the person's name.")),
    option("--role", type=OneOf(Role), metavar="ROLE", help=N_("Only accounts with this role.")),
    option("--after", default="", metavar="USERNAME", help=N_("Where the page begins: the last of the page before.")),
    option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many.")),
)
def accounts_command(call: Call, by: str, text: str, role: Role | None, after: str, limit: int) -> Output:
    """Return the accounts in an administrator's area."""
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        found = list_accounts(session, actor, samples=call.samples, text=text, role=role, after=after, limit=limit)
    return Output(ACCOUNT_LIST, found)


@command(USERNAME)
def issue_code_command(call: Call, username: str) -> Output:
    """Issue a one-time code with which a person sets a first or a new password."""
    with call.transaction() as session:
        user, code = issue_setup_code_as_operator(session, username, now=call.now)
    return Output(ISSUED_CODE, IssuedCode(user, code))


@command(USERNAME)
def reset_second_factor_command(call: Call, username: str) -> Output:
    """Take the second factor from who lost it, and sign them out everywhere."""
    with call.transaction() as session:
        user = reset_second_factor_as_operator(session, username, now=call.now)
    return Output(WITHOUT_FACTOR, user)


@command(
    argument("username", required=False, help=N_("Whose; of all accounts where it is left out.")),
)
def end_sign_ins_command(call: Call, username: str | None) -> Output:
    """Sign a person out everywhere, or everybody at once."""
    with call.transaction() as session:
        ended = end_sign_ins_as_operator(session, username, now=call.now)
    return Output(ENDED_SIGN_INS, ended)


@command(USERNAME)
def unlock_command(call: Call, username: str) -> Output:
    """Let a person sign in again at once who failed too often."""
    with call.transaction() as session:
        user = unlock_as_operator(session, username, now=call.now)
    return Output(UNLOCKED, user)
