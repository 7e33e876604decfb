"""The stations between which a request was routed: each factor's value, and its points in the file."""

from __future__ import annotations

from stations.answers.columns import headings
from stations.answers.compared_stations import ComparedStation, compared_columns, file_columns
from stations.answers.presentation import saved_table
from stations.language import Bilingual, Language
from stations.requests.routing_rules import Factor, Weighed

ENGLISH = Language("en")
NEAR = ComparedStation(
    Bilingual("近", "Near"),
    0.7512,
    (Weighed(Factor.LOAD, None, 0.0, 20), Weighed(Factor.DISTANCE, 12.3, 0.6194, 40)),
)
FAR = ComparedStation(Bilingual("远", "Far"), 0.5, (Weighed(Factor.LOAD, 2.5, 0.8, 20),))


def test_factors_stand_in_one_order_with_their_weight() -> None:
    columns = compared_columns([FAR, NEAR])
    assert headings(columns, ENGLISH) == [
        "Station",
        "Distance from the firm (weight 40)",
        "Open requests for each steward (weight 20)",
        "Score",
    ]
    assert headings(columns, Language("zh_CN"))[1] == "与企业的距离（权重 40）"


def test_a_file_has_plain_numbers() -> None:
    table = saved_table(file_columns([NEAR, FAR]), [NEAR, FAR], ENGLISH)
    assert table.headings[2] == "Distance from the firm, points"
    assert table.rows == [["Near", 12.3, 61.9, None, 0.0, 75.1], ["Far", None, None, 2.5, 80.0, 50.0]]
