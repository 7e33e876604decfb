"""A firm that asks to be visited: stored, and told to the desk, in lists, and in the file of the firm's own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.answers.own_request import own_request
from stations.answers.queue import QUEUED, Remark, queue_of, remarks_on
from stations.database import transaction
from stations.requests.shown_request import shown_whole
from tests.conftest import TODAY
from tests.stations.request_factories import file_one, steward_of


@pytest.mark.one_database
@pytest.mark.parametrize("on_site", [True, False])
def test_the_desk_and_the_firm_read_that_it_is_to_be_done_on_site(reference_engine: Engine, on_site: bool) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session, on_site=on_site)
        session.flush()
        session.expire(request)
        assert shown_whole(request).on_site is on_site
        assert own_request(shown_whole(request), [], None)["on_site"] is on_site
        (queued,) = queue_of(session, steward_of(request.station), samples=True, today=TODAY).requests
        assert (Remark.ON_SITE in remarks_on(queued)) is on_site
        assert QUEUED.as_data(queued)["on_site"] is on_site
