from __future__ import annotations

from sqlalchemy import Engine

from stations.database import reading
from stations.registry.packed_state import pack, unpack
from stations.registry.record_state import state_of
from stations.registry.station import get_station


def test_a_state_comes_back_as_it_was_and_equal_values_are_held_once(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        station = get_station(session, "SAMPLE-S-001", samples=True)
        state, again = state_of(station), state_of(station)
    held = pack(state)
    assert unpack(held) == state
    assert pack(again, like=held) is held
    changed = pack(again | {"phone": "12315"}, like=held)
    assert unpack(changed) == state | {"phone": "12315"}
    assert again["services"] is not state["services"] and unpack(changed)["services"] is state["services"]
