"""A formal classification in a few words: no kind says a word twice, whatever its owner calls it."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.domain.responses.formal import Formal, FormalKind
from engine.instruments.formal import short_of

AS_OWNERS_WRITE = (
    "{name}",
    "{name} to prison",
    "four {name}es",
    "Warning marker: {name}s",
    "no {name} since",
)
MEANS_LITTLE = {"to", "of", "a", "no"}


@pytest.mark.parametrize("kind", FormalKind)
def test_no_kind_says_its_name_twice_and_a_value_of_its_own_follows_the_name(kind: FormalKind) -> None:
    name = short_of(Formal(kind=kind))
    for form in AS_OWNERS_WRITE:
        value = form.format(name=name)
        assert short_of(Formal(kind=kind, value=value)) == value
    assert short_of(Formal(kind=kind, value="level 2")) == f"{name} level 2"
    counts = Counter(short_of(Formal(kind=kind, value="level 2")).casefold().split())
    assert not [each for each, number in counts.items() if number > 1 and each not in MEANS_LITTLE]


def test_a_value_that_repeats_a_part_of_the_name_is_parted_from_it() -> None:
    value = "homicide of a partner"
    assert short_of(Formal(kind=FormalKind.HOMICIDE, value=value)) == f"previous homicide: {value}"
    assert short_of(Formal(kind=FormalKind.WEAPON, value="knife")) == "weapon knife"
