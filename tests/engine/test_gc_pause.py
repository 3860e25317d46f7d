"""Python's collector rests while it is asked to, and for nobody longer than that."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from engine import gc_pause
from engine.gc_pause import collector_at_rest, collector_less_eager


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def on() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_is_off_within_and_on_again_after_the_last_even_after_an_error() -> None:
    with collector_at_rest():
        with pytest.raises(ValueError), collector_at_rest():
            raise ValueError
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_stays_off_for_whoever_had_switched_it_off_before() -> None:
    gc.disable()
    with collector_at_rest():
        pass
    assert not gc.isenabled()


def test_two_threads_that_want_it_at_rest_do_not_wake_it_for_one_another() -> None:
    inside, over = threading.Event(), threading.Event()

    def other() -> None:
        with collector_at_rest():
            inside.set()
            over.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(10)
    with collector_at_rest():
        pass
    assert not gc.isenabled()
    over.set()
    thread.join()
    assert gc.isenabled()


def test_what_was_made_meanwhile_is_still_collected_when_its_turn_comes() -> None:
    with collector_at_rest():
        knot = Knot()
        seen = weakref.ref(knot)
        del knot
    assert seen() is not None
    gc.collect(0)  # the youngest, of which it is: all would be what a thousand tests left
    assert seen() is None


def test_what_is_frozen_is_counted_once_and_stays_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    count = gc.get_freeze_count

    def noted() -> int:
        counted.append(count())
        return counted[-1]

    monkeypatch.setattr(gc, "get_freeze_count", noted)
    monkeypatch.setattr(gc_pause, "_frozen", [])
    gc.freeze()
    before = count()
    for _ in range(3):
        with collector_at_rest():
            pass
    assert 0.9 * before < count()  # some of what is frozen may be freed meanwhile
    assert len(counted) == 1, "to count it takes longer than what rests"


def test_it_is_less_eager_until_the_last_has_ended_even_after_an_error_and_still_frees() -> None:
    before = gc.get_threshold()
    with collector_less_eager():
        with pytest.raises(ValueError), collector_less_eager():
            raise ValueError
        assert gc.get_threshold()[0] > 10 * before[0]
        freed = weakref.ref(Knot())
        for _ in range(gc.get_threshold()[0] + 1):
            Knot()
        assert freed() is None
    assert gc.get_threshold() == before
