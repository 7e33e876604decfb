"""Accounts: the command lists what the page shows, page by page."""

from __future__ import annotations

from datetime import datetime

from stations.accounts.accounts import Duty, User
from stations.answers.accounts import ACCOUNT_COLUMNS, ACCOUNT_PAGE_COLUMNS, ACCOUNTS
from stations.answers.columns import headings
from stations.answers.presentation import saved_table
from stations.duty.roles import AreaKind, Role
from stations.language import Language
from tests.conftest import NOW
from tests.stations.commands.test_command_line import answer, run

ENGLISH = Language("en")


def account(**fields: bool | str | datetime | None) -> User:
    duties = [
        Duty(role=Role.COUNTY, area_kind=AreaKind.COUNTY, area_code="320583"),
        Duty(role=Role.STATION, area_kind=AreaKind.STATION, area_code="S-1"),
    ]
    return User(username="li", name="李某", duties=duties, **({"active": True, "sample": False} | fields))


def test_a_file_has_the_codes_of_areas_and_the_state() -> None:
    assert headings(ACCOUNT_PAGE_COLUMNS, ENGLISH) == ["User name", "Person", "Duties", "State"]
    (row,) = saved_table(ACCOUNT_COLUMNS, [account(active=False, unit="局")], ENGLISH).rows
    duties = "County administrator · 320583; Quality steward · S-1"
    assert row == ["li", "李某", duties, "局", None, None, None, "Out of use", None, "no"]
    data = ACCOUNTS.as_data(account(setup_code_until=NOW))
    assert (data["active"], data["code_until"]) == (True, NOW.isoformat())
    assert data["duties"][0] == {"role": "county", "area_kind": "county", "area": "320583"}
    assert not {"password_hash", "setup_code_hash"} & data.keys()


def test_the_command_lists_an_administrators_accounts(sample_url: str) -> None:
    by = ("accounts", "--by", "sample-province")
    first = answer(sample_url, *by, "--limit", "2")
    following = answer(sample_url, *by, "--limit", "1", "--after", first[1]["username"])
    usernames = [one["username"] for one in (*first, *following)]
    assert usernames == sorted(set(usernames))
    stewards = answer(sample_url, *by, "--role", "station")
    assert all("station" in {duty["role"] for duty in one["duties"]} for one in stewards)
    done = run(sample_url, "accounts", "--by", "nobody")
    assert (done.returncode, done.stdout, "nobody" in done.stderr) == (2, "", True)
