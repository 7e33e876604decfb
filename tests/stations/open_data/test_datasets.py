"""What files have in their columns is what features have in their properties, on the same day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.features.collection import Question
from stations.features.collections import COLLECTIONS
from stations.open_data.dataset import Extract, extract
from stations.open_data.datasets import DATASETS
from stations.registry.record_state import Offer
from tests.conftest import TODAY
from tests.stations.registry_factories import added_station

COLUMNS = {
    "stations": "code name_zh name_en brand host status city_adcode city_zh city_en adcode county_zh county_en address "
    "phone hours lon lat services source sample changed_on as_of",
    "centres": "code name_zh name_en level kind stage stage_dated stage_as_of host city_adcode city_zh city_en adcode "
    "county_zh county_en lon lat source sample changed_on as_of",
}
"""In their order, for good: others' programs read them by name and by place."""
OTHERWISE = {"name_zh": "name", "city_zh": "city", "county_zh": "county", "adcode": "county_adcode"}


def file_on(engine: Engine, name: str, day: date) -> Extract:
    with reading(engine) as session:
        return extract(session, DATASETS[name], day, samples=True)


@pytest.mark.one_database
@pytest.mark.parametrize("day", [TODAY, date(2025, 1, 1)])
@pytest.mark.parametrize("name", COLUMNS)
def test_a_file_has_its_columns_and_what_the_features_have(sample_engine: Engine, name: str, day: date) -> None:
    file = file_on(sample_engine, name, day)
    assert file.names == COLUMNS[name].split()
    collection = COLLECTIONS[name]
    with reading(sample_engine) as session:
        rows = list(collection.read(session, Question(day, samples=True)))
        for column, field in enumerate(file.names):
            if (known := collection.property(OTHERWISE.get(field, field))) is not None:
                assert [row[column] for row in file.rows] == [known.value(one) for one in rows], field
    assert len(file.rows) == len(rows) > 100


@pytest.mark.one_database
def test_a_service_is_in_the_file_of_the_days_on_which_it_is_offered(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        offers = (Offer("testing", date(2026, 6, 1)), Offer("metrology.calibration"))
        code = added_station(session, services=offers).code
    for day, services in ((date(2026, 5, 31), 1), (date(2026, 6, 1), 2)):
        file = file_on(reference_engine, "stations", day)
        place = file.names.index("services")
        (row,) = [one for one in file.rows if one[0] == code]
        assert len(row[place]) == services
