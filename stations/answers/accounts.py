"""What the commands ``add-user`` and ``issue-code`` answer."""

from __future__ import annotations

import getpass
import sys

from stations.accounts.account_editing import issue_setup_code_as_operator
from stations.accounts.accounts import add_user
from stations.answers.answer import Answer, Question, headings_of
from stations.database import transaction
from stations.duty.roles import Role
from stations.errors import InvalidInput
from stations.language import N_, label


def add_account(question: Question) -> Answer:
    """Make an account; its password is never shown."""
    options, language = question.options, question.language
    if options.role not in list(Role):
        raise InvalidInput(
            "role", N_("“{value}” is not a role; use one of: {known}"), value=options.role, known=", ".join(Role)
        )
    if sys.stdin.isatty():
        password = getpass.getpass(language.translate(N_("Password: ")))
    else:
        password = sys.stdin.readline().rstrip("\n")
    with transaction(question.engine) as session:
        user = add_user(
            session,
            username=options.username,
            name=options.name,
            password=password,
            role=Role(options.role),
            area_code=options.area,
            by="command line",
            now=question.now,
        )
        duty = user.duties[0]
    data = {"username": user.username, "role": duty.role.value, "area": duty.area_code}
    row = [user.username, label(language, duty.role), duty.area_code]
    return Answer(data, headings_of(language, "username", "role", "area"), [row])


def issue_code(question: Question) -> Answer:
    """A one-time code with which somebody who has no password, or forgot it, sets one."""
    with transaction(question.engine) as session:
        user, code = issue_setup_code_as_operator(session, question.options.username, now=question.now)
    data = {"username": user.username, "code": code, "until": user.setup_code_until.isoformat()}
    until = question.language.format_datetime(user.setup_code_until)
    return Answer(
        data, headings_of(question.language, "username", "setup_code", "until"), [[user.username, code, until]]
    )
