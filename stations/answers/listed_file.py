"""What a command that takes a list shares with every other: the file, who acts, the coordinate system."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from stations.accounts.accounts import actor_named
from stations.answers.answer import Question
from stations.duty.roles import PROVINCE_ADCODE, Actor, AreaKind, Responsibility, Role
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.coordinates import read_coordinate_system
from stations.tables.workbook_grids import Limits

# Whoever may run commands on the server has the database in hand.
_OPERATOR = Actor(
    "command line", "command line", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, PROVINCE_ADCODE),)
)


def content_of(path: Path, limits: Limits) -> bytes:
    """The file as it is.

    Raises:
        InvalidInput: it is too large or can't be read.
    """
    try:
        if path.stat().st_size > limits.bytes:
            raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.bytes // 1_000_000)
        return path.read_bytes()
    except OSError as problem:
        raise InvalidInput(
            "file", N_("The file {file} can't be read: {reason}"), file=str(path), reason=problem.strerror
        ) from None


def acting(session: Session, question: Question) -> Actor:
    """Who imports: the account that ``--by`` names, else the operator of the server.

    Raises:
        InvalidInput, NotFound: as ``actor_named``.
    """
    by = question.options.by
    return actor_named(session, by, samples=question.samples) if by else _OPERATOR


def check_crs(crs: str | None) -> None:
    """Check that ``--crs`` names a coordinate system, where it is given.

    Raises:
        InvalidInput: it does not.
    """
    if crs:
        read_coordinate_system("crs", crs)
