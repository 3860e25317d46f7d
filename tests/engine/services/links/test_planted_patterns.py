"""Patterns that are planted through the record are found in it, and none of the near misses."""

from __future__ import annotations

import random

import pytest

from benchmarks.pattern_scores import REACH
from benchmarks.planted_record import scores_of, take_in
from engine.synthetic.planted import planted_record
from tests.builders import Desk


@pytest.mark.usefixtures("any_clock")
def test_what_was_planted_through_referrals_and_words_is_found_and_nothing_else(desk: Desk) -> None:
    seed = random.SystemRandom().randrange(10**6)
    planted = planted_record(seed, plants=1, pairs=5)
    who = take_in(desk.runtime, desk.clock, desk.coordinator, planted)
    found = scores_of(desk.runtime, desk.clock, desk.coordinator, planted, who)
    assert len(found) == 11
    assert {key: score for key, score in found.items() if min(score) < REACH["clean"]} == {}, seed
