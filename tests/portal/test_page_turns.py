"""A few runs of pages work at a time, and none that takes long keeps the others waiting."""

from __future__ import annotations

import threading

from portal.page_turns import Turns

PATIENCE_S = 30


def test_no_more_work_at_a_time_and_all_get_their_turn() -> None:
    turns, at_work, most, done = Turns(2, long_s=PATIENCE_S), set(), [0], []
    lock = threading.Lock()

    def run(name: int) -> None:
        with turns.turn():
            with lock:
                at_work.add(name)
                most[0] = max(most[0], len(at_work))
            threading.Event().wait(0.005)
            with lock:
                at_work.remove(name)
                done.append(name)

    threads = [threading.Thread(target=run, args=(name,)) for name in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(done) == list(range(20))
    assert most[0] == 2


def test_a_turn_ends_with_an_error_too() -> None:
    turns = Turns(1, long_s=PATIENCE_S)
    for _ in range(3):
        try:
            with turns.turn():
                raise ValueError
        except ValueError:
            pass


def test_who_takes_long_keeps_nobody_waiting() -> None:
    turns, ended, entered = Turns(1, long_s=0.01), threading.Event(), threading.Event()

    def take_long() -> None:
        with turns.turn():
            entered.set()
            ended.wait(PATIENCE_S)

    slow = threading.Thread(target=take_long)
    slow.start()
    assert entered.wait(PATIENCE_S)
    with turns.turn():
        pass
    assert slow.is_alive()
    ended.set()
    slow.join(PATIENCE_S)
