"""What the page on privacy says is what the tables declare and what the code deletes by."""

from __future__ import annotations

from stations.database import Base
from stations.loading.schema import metadata
from stations.privacy import OTHERS, kept_data
from stations.retention import kept_for

PERSONAL = {
    mapper.class_.__tablename__: mapper.class_.__module__
    for mapper in Base.registry.mappers
    if vars(mapper.class_).get("personal_data")
}
NAMED = [table for one in kept_data() for table in one.tables]


def test_every_table_named_declares_personal_data_and_is_named_once() -> None:
    assert set(PERSONAL) <= set(metadata.tables)
    assert set(NAMED) - {OTHERS} <= set(PERSONAL)
    assert len(NAMED) == len(set(NAMED))
    assert OTHERS in NAMED


def test_the_days_are_those_that_the_code_deletes_by() -> None:
    requests = next(one for one in kept_data() if "service_request" in one.tables)
    assert f"{kept_for('request').days} 天" in requests.kept.zh
    assert f"{kept_for('request').days} days" in str(requests.kept.en)
