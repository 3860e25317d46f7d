"""The detectors find what was planted among invented Londoners, and none of the near misses."""

from __future__ import annotations

import random

import pytest

from benchmarks.pattern_scores import REACH, scores
from engine.links.patterns.finding import PatternKey
from engine.synthetic.linked import AS_RECORDED, CLEAN
from engine.synthetic.plants import PLANTS, linked_city


def any_seed() -> int:
    """Nobody chose it: a detector must not be right for one seed alone."""
    return random.SystemRandom().randrange(10**6)


def test_every_pattern_is_planted_with_a_near_miss() -> None:
    assert set(PLANTS) == {key.value for key in PatternKey}
    assert set(linked_city(1, plants=1, pairs=0).key) == set(PLANTS)


def test_one_seed_gives_one_city_and_another_seed_another() -> None:
    city = linked_city(7, plants=1, pairs=3, noise=AS_RECORDED)
    assert city == linked_city(7, plants=1, pairs=3, noise=AS_RECORDED)
    assert city.links != linked_city(8, plants=1, pairs=3, noise=AS_RECORDED).links


def test_noise_changes_what_is_written_and_not_the_key() -> None:
    clean, noisy = (linked_city(7, plants=2, pairs=3, noise=noise) for noise in (CLEAN, AS_RECORDED))
    assert clean.key == noisy.key
    assert clean.links != noisy.links


def test_a_sample_of_a_clean_city_is_found_whole_and_nothing_else() -> None:
    seed = any_seed()
    found = scores(linked_city(seed, plants=4, pairs=30))
    assert {key: score for key, score in found.items() if min(score) < REACH["clean"]} == {}, seed


@pytest.mark.full
@pytest.mark.parametrize(("name", "noise"), [("clean", CLEAN), ("noisy", AS_RECORDED)])
def test_a_whole_city_reaches_its_figures(name: str, noise: object) -> None:
    seed = any_seed()
    found = scores(linked_city(seed, plants=300, pairs=3_000, noise=noise))  # type: ignore[arg-type]
    assert {key: score for key, score in found.items() if min(score) < REACH[name]} == {}, seed
