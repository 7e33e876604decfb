"""Accounts: create one, issue a one-time code, reset a second factor."""

from __future__ import annotations

import getpass
import sys

from stations.accounts.account_editing import issue_setup_code_as_operator, reset_second_factor_as_operator
from stations.accounts.accounts import add_user
from stations.answers.accounts import ISSUED_CODE, NEW_USER, WITHOUT_FACTOR, IssuedCode
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import OneOf
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
            by="command line",
            now=call.now,
        )
        _ = user.duties  # load it while the session is open
    return Output(NEW_USER, user)


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
