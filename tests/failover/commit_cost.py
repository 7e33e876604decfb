"""How long a commit takes that waits for a second node, and one that does not: run on a portal server."""

from __future__ import annotations

import json
from statistics import median
from time import perf_counter

from sqlalchemy import text

from portal.storage import engine

COMMITS = 200


def milliseconds(level: str) -> float:
    """Return the median time of a commit of one row at a level of ``synchronous_commit``."""
    times = []
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET synchronous_commit = {level}"))
        for number in range(COMMITS):
            began = perf_counter()
            connection.execute(text("INSERT INTO commit_cost VALUES (:number)"), {"number": number})
            times.append((perf_counter() - began) * 1000)
        connection.execute(text("RESET synchronous_commit"))
    return round(median(times), 1)


if __name__ == "__main__":
    with engine().begin() as connection:
        connection.execute(text("CREATE TABLE commit_cost (number INTEGER)"))
    try:
        print(json.dumps({"one_node": milliseconds("local"), "two_nodes": milliseconds("on")}))
    finally:
        with engine().begin() as connection:
            connection.execute(text("DROP TABLE commit_cost"))
