"""Who offers what is wanted: one station, several together, a nearer one a part of it, or nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.places import NEAREST, Nearest, nobody_in_words, offers_in_words
from stations.answers.presentation import note_of
from stations.language import Language
from stations.registry.who_offers import WhoOffers, who_offers
from tests.conftest import TODAY
from tests.stations.factories import add_station

pytestmark = pytest.mark.one_database

HERE = (120.98, 31.38)
NEAR, FAR = (120.99, 31.38), (119.5, 33.5)
CALIBRATION, LOOKUP = "metrology.calibration", "standards.lookup"
FINANCE = "quality_finance.credit_enhancement"
ENGLISH = Language("en")


def ask(session: Session, *services: str) -> WhoOffers:
    return who_offers(session, *HERE, as_of=TODAY, samples=True, services=services)


def told(who: WhoOffers) -> list[tuple[str, list[str]]]:
    return [(one.found.station.code, [service.code for service in one.services]) for one in who.offers]


def test_one_station_does_it_all(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        both = add_station(session, "320583", services=[CALIBRATION, LOOKUP], place=NEAR)
        who = ask(session, CALIBRATION, LOOKUP)
    assert told(who)[0] == (both.code, [CALIBRATION, LOOKUP])
    assert (who.together, who.nobody, who.nearer) == (False, (), None)
    assert nobody_in_words(who, ENGLISH) == offers_in_words(who, ENGLISH) == ""


def test_several_do_it_together_and_nobody_one_part(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        calibrates = add_station(session, "320583", services=[CALIBRATION], place=NEAR)
        looks_up = add_station(session, "320583", services=[LOOKUP], place=(121.0, 31.38))
        who = ask(session, CALIBRATION, LOOKUP, FINANCE)
    assert told(who) == [(calibrates.code, [CALIBRATION]), (looks_up.code, [LOOKUP])]
    assert who.together
    assert [one.code for one in who.nobody] == [FINANCE]
    assert [one.code for one in who.offered] == [CALIBRATION, LOOKUP]
    note = note_of(NEAREST, Nearest(who), ENGLISH)
    assert "What follows is for the rest." in note
    assert "These do it together" in note
    assert [row["services"] for row in NEAREST.data(Nearest(who), ENGLISH)] == [[CALIBRATION], [LOOKUP]]
    assert nobody_in_words(who, ENGLISH, filtered=True).startswith("No station that fits these filters offers")


def test_what_nobody_offers_costs_no_station_the_rest(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        both = add_station(session, "320583", services=[CALIBRATION, LOOKUP], place=NEAR)
        who = ask(session, CALIBRATION, FINANCE, LOOKUP)
        nothing = ask(session, FINANCE)
    assert told(who)[0] == (both.code, [CALIBRATION, LOOKUP])
    assert not who.together
    assert [one.code for one in who.nobody] == [FINANCE]
    assert (nothing.offers, nothing.offered) == ((), ())
    assert "What follows" not in nobody_in_words(nothing, ENGLISH)


def test_a_nearer_one_that_does_a_part_is_told_of(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        part = add_station(session, "320583", services=[CALIBRATION], place=NEAR)
        whole = add_station(session, "320925", services=[CALIBRATION, LOOKUP], place=FAR)
        who = ask(session, CALIBRATION, LOOKUP)
        alone = ask(session, LOOKUP)
    assert told(who) == [(whole.code, [CALIBRATION, LOOKUP])]
    assert who.nearer is not None
    assert (who.nearer.found.station.code, [one.code for one in who.nearer.services]) == (part.code, [CALIBRATION])
    assert "does Calibration." in offers_in_words(who, ENGLISH)
    assert alone.nearer is None, "one service has no parts"
