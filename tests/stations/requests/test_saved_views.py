"""The saved views of the work desk: each account's own, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from stations.database import transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidInput, NotAllowed
from stations.requests.saved_views import MOST, NAME_LIMIT, list_views, remove_view, save_view
from tests.conftest import NOW
from tests.stations.request_factories import actor_with

LI = replace(actor_with(Role.CITY, AreaKind.CITY, "320500"), username="li")
WANG = replace(LI, username="wang")
FILTERS = {"state": ["submitted", "accepted"], "q": ["a&b=轴承"], "sort": ["-firm"]}


def test_a_view_gives_back_what_was_saved_to_its_own_account_only(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        view = save_view(session, LI, " 待办 ", FILTERS, now=NOW)
        session.flush()
        assert (view.name, view.filters) == ("待办", FILTERS)
        save_view(session, LI, "待办", {}, now=NOW)  # the same name: in its place
        session.flush()
        assert [(one.name, one.filters) for one in list_views(session, LI)] == [("待办", {})]
        assert list_views(session, WANG) == []
        remove_view(session, WANG, view.id)
        assert len(list_views(session, LI)) == 1
        remove_view(session, LI, view.id)
        assert list_views(session, LI) == []


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["", "  ", "长" * (NAME_LIMIT + 1)])
def test_a_name_is_needed_and_not_too_long(reference_engine: Engine, name: str) -> None:
    with transaction(reference_engine) as session, pytest.raises(InvalidInput) as problem:
        save_view(session, LI, name, {}, now=NOW)
    assert problem.value.field == "view"


@pytest.mark.one_database
def test_there_is_an_end_to_them_and_a_planner_has_none(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for number in range(MOST):
            save_view(session, LI, f"视图{number}", {}, now=NOW)
            session.flush()
        with pytest.raises(InvalidInput):
            save_view(session, LI, "多一个", {}, now=NOW)
        with pytest.raises(InvalidInput):
            save_view(session, WANG, "太长", {"q": ["长" * 3000]}, now=NOW)
        with pytest.raises(NotAllowed):
            save_view(session, actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000"), "x", {}, now=NOW)
