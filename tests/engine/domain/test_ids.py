"""References are short, random, and never accepted mistyped."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.ids import _ALPHABET, PREFIXES, new_reference, read_reference


@pytest.mark.parametrize("kind", PREFIXES)
def test_a_new_reference_reads_back_whatever_its_case(kind: str) -> None:
    reference = new_reference(kind)
    assert read_reference(kind, f" {reference.lower()} ") == reference


def test_every_single_wrong_character_is_caught() -> None:
    reference = new_reference("involvement")
    for place in range(2, len(reference)):
        for wrong in set(_ALPHABET) - {reference[place]}:
            with pytest.raises(InvalidInputError, match="mistyped"):
                read_reference("involvement", reference[:place] + wrong + reference[place + 1 :])


def test_every_swap_of_neighbours_is_caught() -> None:
    for _ in range(50):
        reference = new_reference("involvement")
        for place in range(2, len(reference) - 1):
            a, b = reference[place], reference[place + 1]
            if a != b:
                with pytest.raises(InvalidInputError, match="mistyped"):
                    read_reference("involvement", reference[:place] + b + a + reference[place + 2 :])


@pytest.mark.parametrize("text", ["", "R", "R-", "R-ABCDE", "Q-7K3M9QX", "R-7K3M9Q0", "R-7K3M9QXY", "../etc"])
def test_what_is_no_reference_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(InvalidInputError, match="not of the form R-") as refused:
        read_reference("involvement", text)
    assert not text or len(text) < 4 or text not in str(refused.value)


@pytest.mark.parametrize("kind", PREFIXES)
def test_a_wrong_reference_is_named_as_the_pages_call_it(kind: str) -> None:
    for text in ("nonsense", new_reference(kind)[:-1] + "?"):
        with pytest.raises(InvalidInputError) as refused:
            read_reference(kind, text)
        assert "involvement" not in str(refused.value)
    with pytest.raises(InvalidInputError, match=r"^case reference: not of the form R-"):
        read_reference("involvement", "nonsense")
