"""What the operator does with accounts on the server, where no administrator can sign in any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.accounts.own_account import new_setup_code
from stations.accounts.second_factor import take_second_factor
from stations.accounts.sign_in_guard import let_in_again
from stations.accounts.sign_ins import end_all_sign_ins, end_sign_ins
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.errors import NotFound
from stations.language import N_

OPERATOR = SystemActor.COMMAND_LINE.value
"""The operator in the audit log."""


def issue_setup_code_as_operator(session: Session, username: str, *, now: datetime) -> tuple[User, str]:
    """Return the account and a new one-time code.

    Raises:
        NotFound: there is no such account, or it is a sample account.
    """
    user = _account(session, username)
    code = new_setup_code(user, now)
    user.version += 1
    user.updated_at = now
    log.record(
        session,
        at=now,
        actor=OPERATOR,
        action=AuditAction.ISSUE_SETUP_CODE,
        subject_kind=AuditSubject.USER,
        subject=username,
    )
    return user, code


def reset_second_factor_as_operator(session: Session, username: str, *, now: datetime) -> User:
    """Take the second factor from an account, and return it.

    Raises:
        NotFound: there is no such account, or it has no second factor.
    """
    user = _account(session, username)
    take_second_factor(session, user, now, by=OPERATOR)
    return user


def unlock_as_operator(session: Session, username: str, *, now: datetime) -> User:
    """Forget the failed sign-ins with a user name, so that its owner is heard at once, and return the account.

    Raises:
        NotFound: there is no such account, or it is a sample account.
    """
    user = _account(session, username)
    let_in_again(session, username)
    log.record(
        session,
        at=now,
        actor=OPERATOR,
        action=AuditAction.UNLOCK_USER,
        subject_kind=AuditSubject.USER,
        subject=username,
    )
    return user


def end_sign_ins_as_operator(session: Session, username: str | None, *, now: datetime) -> int:
    """End the sign-ins of an account, or of all accounts if none is named. Return their number.

    Raises:
        NotFound: there is no such account, or it is a sample account.
    """
    if username is None:
        return end_all_sign_ins(session, now, by=OPERATOR)
    return end_sign_ins(session, _account(session, username).username, now, by=OPERATOR)


def _account(session: Session, username: str) -> User:
    user = session.scalar(select(User).where(User.username == username, ~User.sample).with_for_update())
    if user is None:
        raise NotFound(N_("There is no account “{username}”"), username=username)
    return user
