"""Turns of pages that are drawn at once: first parts before the rest of any, in the order of asking."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from dashboard.page_order import PageOrder
from dashboard.run_turns import TURNS

PATIENCE = 10.0


class Pages:
    """Pages that draw a part each, in threads, and note who has a turn."""

    def __init__(self, order: PageOrder) -> None:
        self.order, self.drawn, self.threads = order, list[str](), list[threading.Thread]()

    def asks(self, name: str, turn: Callable[[], AbstractContextManager[None]]) -> threading.Event:
        """A page that waits for its turn, and has it until the event that it returns."""
        may_end = threading.Event()

        def draw() -> None:
            with turn():
                self.drawn.append(name)
                may_end.wait(PATIENCE)

        self.threads.append(threading.Thread(target=draw))
        self.threads[-1].start()
        return may_end

    def have_drawn(self, *names: str) -> None:
        """Wait until these have a turn or had one, and no other has."""
        until = time.monotonic() + PATIENCE
        while len(self.drawn) < len(names) and time.monotonic() < until:
            time.sleep(0.001)
        assert self.drawn == list(names)

    def wait(self, count: int) -> None:
        """Wait until so many pages wait for a turn."""
        until = time.monotonic() + PATIENCE
        while len(self.order._first) + len(self.order._rest) < count and time.monotonic() < until:
            time.sleep(0.001)


@contextmanager
def pages(order: PageOrder) -> Iterator[Pages]:
    there = Pages(order)
    yield there
    for thread in there.threads:
        thread.join(PATIENCE)


def test_the_first_part_of_every_page_comes_before_the_rest_of_any() -> None:
    with pages(PageOrder(at_once=1, pause=0)) as there:
        ends = [there.asks("first 1", there.order.first)]
        there.have_drawn("first 1")
        for number, (name, turn) in enumerate(
            (
                ("rest 1", there.order.rest),
                ("rest 2", there.order.rest),
                ("first 2", there.order.first),
                ("first 3", there.order.first),
            ),
            start=1,
        ):
            ends.append(there.asks(name, turn))
            there.wait(number)
        for end in (ends[0], ends[3], ends[4], ends[1], ends[2]):
            end.set()
    assert there.drawn == ["first 1", "first 2", "first 3", "rest 1", "rest 2"]


def test_as_many_are_drawn_at_once_as_may_be_and_no_more() -> None:
    with pages(PageOrder(at_once=2)) as there:
        ends = []
        for name in ("one", "two", "three"):
            ends.append(there.asks(name, there.order.first))
            there.wait(1 if name == "three" else 0)
            there.have_drawn(*("one", "two", "three")[: min(len(ends), 2)])
        ends[0].set()
        there.have_drawn("one", "two", "three")
        for end in ends:
            end.set()


def test_a_part_that_waited_for_the_longest_time_is_drawn_without_a_turn_and_leaves_none_behind() -> None:
    order = PageOrder(at_once=1, longest_wait=0.05)
    with order.first():
        with order.first():
            pass
        with order.rest():
            assert (len(order._first), len(order._rest)) == (0, 0)
    with pages(order) as there:
        there.asks("next", order.rest).set()
    assert there.drawn == ["next"]


def test_a_part_that_fails_gives_its_turn_back() -> None:
    order = PageOrder(at_once=1)
    for turn in (order.first, order.rest):
        with pytest.raises(KeyboardInterrupt), turn():
            raise KeyboardInterrupt
    began = time.monotonic()
    with order.first():
        pass
    assert time.monotonic() - began < PATIENCE / 2


def test_while_many_ask_the_rest_of_a_page_waits_for_a_pause_in_which_none_asked() -> None:
    order = PageOrder(at_once=2, pause=0.3)
    for _ in range(3):
        with order.first():
            pass
    asked = time.monotonic()
    with order.rest():
        assert 0.2 <= time.monotonic() - asked < PATIENCE


def test_the_rest_of_a_page_waits_for_nobody_where_few_follow() -> None:
    order = PageOrder(at_once=2, pause=PATIENCE)
    for _ in range(2):
        with order.first():
            pass
    began = time.monotonic()
    with order.rest():
        assert time.monotonic() - began < PATIENCE / 2


def test_a_part_that_waits_for_its_turn_has_no_place_among_the_runs_of_pages() -> None:
    order, places = PageOrder(at_once=1, pause=0), list[int]()
    with pages(order) as there:
        end = there.asks("first 1", order.first)
        there.have_drawn("first 1")

        def look() -> None:
            there.wait(1)
            time.sleep(0.05)
            places.append(len(TURNS._since))
            end.set()

        looking = threading.Thread(target=look)
        with TURNS.in_turn():
            looking.start()
            with order.rest():
                places.append(len(TURNS._since))
        looking.join()
    assert places == [0, 1]
