"""The revision of a database's schema, and of this version's: whether the two fit.

Every command and every look at the health of the portal asks this, so it goes without alembic, whose import takes
longer than most answers.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from stations.errors import NotReady
from stations.language import N_
from stations.places.province_on_file import check_province

SCRIPTS = Path(__file__).resolve().parents[1] / "migrations"
"""The folder of the migrations."""
KEPT_IN = "alembic_version"
"""The table in which alembic keeps the revision of a database."""
_DECLARED = re.compile(r'^(revision|down_revision) = "(\w+)"', re.MULTILINE)


@cache
def wanted_revision() -> str:
    """Return the revision of this version's schema: that of the migration that none comes after."""
    declared = [
        found for file in (SCRIPTS / "versions").glob("*.py") for found in _DECLARED.findall(file.read_text("utf-8"))
    ]
    revisions, followed = ({name for kind, name in declared if kind == one} for one in ("revision", "down_revision"))
    return ",".join(sorted(revisions - followed))


def revision_of(connection: Connection) -> str:
    """Return the revision of a database's schema; "" of an empty one."""
    if not inspect(connection).has_table(KEPT_IN):
        return ""
    return ",".join(sorted(connection.scalars(text(f"SELECT version_num FROM {KEPT_IN}"))))


def check_ready(engine: Engine) -> None:
    """Check that the database has the schema of this version.

    Raises:
        NotReady: the database is empty, its schema is another version's, or it contains another province.
    """
    with engine.connect() as connection:
        found = revision_of(connection)
    if found != wanted_revision():
        raise NotReady(N_("The database is not set up for this version; run: python -m stations setup"))
    check_province(engine)
