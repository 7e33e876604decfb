"""The room that uploads take, while visits begin and end."""

from __future__ import annotations

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from portal import upload_gate
from portal.upload_gate import MEGABYTE, Gate, Refused


class Runtime:
    """Streamlit's, as far as the gate asks it."""

    def __init__(self) -> None:
        self.active: set[str] = set()
        self.uploaded_file_mgr = MemoryUploadedFileManager("/")

    def is_active_session(self, session_id: str) -> bool:
        return session_id in self.active


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Runtime:
    runtime = Runtime()
    monkeypatch.setattr(upload_gate, "exists", lambda: True)
    monkeypatch.setattr(upload_gate, "get_instance", lambda: runtime)
    return runtime


def entered(gate: Gate, runtime: Runtime, visit: str) -> str:
    runtime.active.add(visit)
    gate.open(visit, "field", 50 * MEGABYTE)
    return visit


def room(gate: Gate, runtime: Runtime, address: str) -> int:
    """Return how many uploads of 50 MB fit beside what there is, each of a visit of its own at this address."""
    taken = []
    try:
        for number in range(20):
            one = gate.coming(entered(gate, runtime, f"{address} {number}"), address, 50 * MEGABYTE)
            one.__enter__()
            taken.append(one)
    except Refused as refused:
        assert refused.status == 429
    for one in taken:
        one.__exit__(None, None, None)
    return len(taken)


@pytest.mark.parametrize("sizes", [[50], [25, 25], [25, 0, 25]], ids=str)
def test_a_visit_that_ends_while_its_file_comes_takes_room_until_then(runtime: Runtime, sizes: list[int]) -> None:
    gate = Gate()
    entered(gate, runtime, "first")
    coming = [gate.coming("first", "2001:db8::1", size * MEGABYTE) for size in sizes]
    for one in coming:
        one.__enter__()
    runtime.active.remove("first")
    entered(gate, runtime, "second")  # forgets the visits that ended
    assert room(gate, runtime, "2001:db8::2") == 3  # of 200 MB, beside the one
    with pytest.raises(Refused) as refused, gate.coming("first", "2001:db8::1", 1):
        pass
    assert refused.value.status == 403
    for one in coming:
        one.__exit__(None, None, None)
    assert room(gate, runtime, "2001:db8::2") == 4, "nothing is left of it, and no more room than there is"
    entered(gate, runtime, "third")
    assert not gate._coming and "first" not in gate._networks


def test_a_visit_that_comes_back_has_no_more_room_than_others(runtime: Runtime) -> None:
    gate = Gate()
    entered(gate, runtime, "first")
    for _ in range(3):
        with gate.coming("first", "192.0.2.7", 50 * MEGABYTE):
            runtime.active.remove("first")
            entered(gate, runtime, "another")
            gate.close("another", set())
        entered(gate, runtime, "first")
    with gate.coming("first", "192.0.2.7", 50 * MEGABYTE):
        more = gate.coming("first", "192.0.2.7", 11 * MEGABYTE)
        with pytest.raises(Refused) as refused:
            more.__enter__()
    assert refused.value.status == 413
