"""What the census says of counties beside their residents."""

from __future__ import annotations

import pytest

from stations.places.census import urban_share
from stations.province import province_rows


@pytest.mark.parametrize(
    ("adcode", "share"),
    [
        ("320102", 1),  # 玄武区: all of it is city
        ("320111", 0.9321),
        ("320703", 0.9221),  # 连云区 with its development zone: 202,514 and 90,248 residents
        ("320613", 0.9976),  # 崇川区 with its zone
        ("999999", None),
    ],
)
def test_the_urban_share_of_a_county_is_with_its_zones(adcode: str, share: float | None) -> None:
    told = urban_share(adcode)
    assert told == (None if share is None else pytest.approx(share, abs=0.0002))


def test_every_county_has_an_urban_share() -> None:
    shares = {row["adcode"]: urban_share(row["adcode"]) for row in province_rows("county_population.csv")}
    assert len(shares) == 95
    assert all(share is not None and 0.3 < share <= 1 for share in shares.values())
