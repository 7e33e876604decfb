"""What editors of the registry see in tables: possible doubles, and proposals."""

from __future__ import annotations

import pytest

from stations.answers.columns import cells, headings
from stations.answers.doubles import DOUBLE_COLUMNS, DOUBLES, pairs_of
from stations.answers.proposals import PROPOSAL_COLUMNS, PROPOSAL_PAGE_COLUMNS, PROPOSALS, placed, what_changes
from stations.keeping.doubles import Double, DoubleReason
from stations.keeping.proposal import Proposal, ProposalState
from stations.language import Language
from stations.places.counties import City, County
from stations.registry.record_state import StationState
from stations.registry.record_terms import Terms
from stations.registry.station import Station
from tests.conftest import NOW
from tests.stations.commands.test_command_line import answer, run

ENGLISH = Language("en")
RECORDS = {
    "S-1": Station(code="S-1", name="甲站", name_en="A", address="前进路1号", sample=False),
    "S-2": Station(code="S-2", name="甲小站", address="前进路3号", sample=False),
}
SUZHOU = City(adcode="320500", name="苏州市", name_en="Suzhou")
KUNSHAN = County(adcode="320583", name="昆山市", name_en="Kunshan", city_adcode="320500")
TERMS = Terms({"320500": SUZHOU}, {"320583": KUNSHAN}, {}, {})
BEFORE = StationState(name="甲站", address="前进路1号", city_adcode="320500", source="公告")
AFTER = StationState(name="甲站", address="前进路3号", phone="0512-57300000", city_adcode="320500", source="公告")


@pytest.mark.parametrize(
    ("metres", "apart", "data"),
    [(None, None, None), (0.0, 0, 0.0), (87.46, 87, 87.5)],
)
def test_a_possible_double(metres: float | None, apart: int | None, data: float | None) -> None:
    double = Double("S-1", "S-2", 0.88, (DoubleReason.NAME, DoubleReason.PHONE), metres)
    (pair,) = pairs_of([double], RECORDS)
    assert cells(DOUBLE_COLUMNS, pair, ENGLISH) == [
        *("S-1", "A", "前进路1号", "S-2", "甲小站", "前进路3号"),
        *("Same name in other words; Same telephone line", apart, "88%", "no"),
    ]
    told = DOUBLES.as_data(pair)
    assert (told["reasons"], told["metres"], told["score"]) == (["name", "phone"], data, 0.88)


def proposal(**changes: object) -> Proposal:
    given = {
        "code": "P-1",
        "state": ProposalState.WAITING,
        "station_code": "S-1",
        "base_version": 3,
        "base": BEFORE,
        "wanted": AFTER,
        "proposer_name": "李某",
        "city_adcode": "320500",
        "county_adcode": "320583",
        "created_at": NOW,
        "sample": False,
    }
    return Proposal(**(given | changes))


def test_a_proposal_to_change_a_station() -> None:
    (one,) = placed([proposal()], TERMS)
    by_heading = dict(zip(headings(PROPOSAL_COLUMNS, ENGLISH), cells(PROPOSAL_COLUMNS, one, ENGLISH), strict=True))
    assert by_heading["What changes"] == "Address; Telephone"
    assert (by_heading["County, city or district"], by_heading["City"]) == ("Kunshan", "Suzhou")
    told = PROPOSALS.as_data(one)
    assert (told["adds"], told["fields"], told["state"]) == (False, ["address", "phone"], "waiting")
    assert told["proposed_at"] == NOW.isoformat()
    assert {column.key for column in PROPOSAL_PAGE_COLUMNS} <= {column.key for column in PROPOSAL_COLUMNS}


def test_a_proposal_to_add_a_station_whose_county_is_not_known() -> None:
    (one,) = placed([proposal(base=None, base_version=None, county_adcode=None, station_code=None)], TERMS)
    told = PROPOSALS.as_data(one)
    assert (told["adds"], told["fields"], told["county"], told["city"]) == (True, [], None, "苏州市")
    assert told["station"] == "甲站"
    assert what_changes(one.proposal, ENGLISH) == ["A station to be added"]


def test_the_commands_tell_what_the_pages_list(sample_url: str) -> None:
    found = answer(sample_url, "doubles", "station", "--by", "sample-province", "--limit", "3")
    assert len(found) == 3
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert all(one["reasons"] and one["code"] < one["other"] for one in found)
    told = answer(sample_url, "proposals", "--by", "sample-province")
    assert told and all(one["code"] and one["adds"] is not bool(one["fields"]) for one in told)
    states = {one["state"] for one in told}
    for state in states:
        of_state = answer(sample_url, "proposals", "--by", "sample-province", "--state", state)
        assert of_state == [one for one in told if one["state"] == state]
    assert answer(sample_url, "proposals", "--by", "sample-province", "--mine") == []
    assert "kind" in run(sample_url, "doubles", "firm", "--by", "sample-province").stderr.lower()
    assert "nobody" in run(sample_url, "proposals", "--by", "nobody").stderr
