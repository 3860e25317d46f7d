"""Our scorer gives what Splink gives for the same pairs with the same weights, field by field."""

from __future__ import annotations

import pytest

from benchmarks.linkage_training import invented_forms
from benchmarks.splink_model import splink_weights
from engine.identity.agreement import COMPARED_FIELDS
from engine.identity.frozen import register_weights, scored

pytest.importorskip("splink", reason="splink is not installed: pip install stac-engine[test]")

PEOPLE = 30
# DuckDB speaks of its own deprecated ways in the newest Splink.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_every_pair_weighs_what_it_weighs_in_splink() -> None:
    forms = [form for _, form in invented_forms(5, PEOPLE)]
    weights = register_weights()
    theirs = splink_weights(forms, weights)
    assert len(theirs) == len(forms) * (len(forms) - 1) // 2
    levels_seen = set()
    for (one, other), figures in theirs.items():
        (ours,) = scored(forms[one], [forms[other]])
        if ours.exchanged:  # Splink compares each name with its own kind
            continue
        fields = [bits[level] for bits, level in zip(weights.bits, ours.levels, strict=True)]
        assert [ours.weight, *fields] == pytest.approx(figures, abs=1e-6)
        levels_seen |= set(zip(COMPARED_FIELDS, ours.levels, strict=True))
    assert len(levels_seen) > 35


def test_one_person_stands_above_two_people_in_the_invented_register() -> None:
    people = invented_forms(17, 60)
    weights = register_weights()
    of_one: list[float] = []
    of_two: list[float] = []
    for at, (person, form) in enumerate(people):
        others = people[at + 1 :]
        for (other, _), score in zip(others, scored(form, [theirs for _, theirs in others]), strict=True):
            (of_one if other == person else of_two).append(score.weight)
    assert sum(weight >= weights.review for weight in of_one) / len(of_one) > 0.95
    assert sum(weight >= weights.review for weight in of_two) == 0
