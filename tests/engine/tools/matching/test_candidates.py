"""Pairs are found by what few others share, nobody has more than the cap, and memory is bounded."""

from __future__ import annotations

import numpy as np
import pytest

from engine.identity import keys
from engine.identity.fields import Kind
from engine.identity.persons import PersonColumns, prepared
from engine.tools.matching.candidates import MOST_PER_PERSON, candidates
from tests.engine.tools.matching.invented_files import Maker, columns_of, entities_of


def pairs_of(*files: PersonColumns) -> set[tuple[int, int]]:
    found = candidates(prepared(files))
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_a_small_file_is_compared_whole() -> None:
    assert pairs_of({"surname": ["Smith", "Jones", "Brown"]}) == {(0, 1), (0, 2), (1, 2)}
    assert pairs_of({"surname": ["Smith", "Jones"]}, {"surname": ["Brown"]}) == {(0, 2), (1, 2)}


def test_nobody_has_more_candidates_than_the_cap_and_what_was_left_out_is_told() -> None:
    maker = Maker(3)
    rows = maker.modern(3_000)
    for row in rows:
        row["surname"], row["town"] = "Smith", "Bristol"
    found = candidates(prepared([columns_of(rows)]))
    degrees = np.bincount(np.concatenate([found.left, found.right]))
    assert degrees.max() == found.most_per_person <= MOST_PER_PERSON
    assert len(set(zip(found.left.tolist(), found.right.tolist(), strict=True))) == len(found.left)
    assert (found.left < found.right).all()


@pytest.mark.parametrize("kind", ["modern", "historical"])
def test_nearly_every_true_pair_is_among_the_candidates_though_three_cells_in_ten_are_wrong(
    kind: str,
) -> None:
    maker = Maker(5)
    rows = maker.modern(1_500) if kind == "modern" else maker.historical(1_500)
    first, second = maker.mixed(rows), maker.mixed(maker.again(rows, 0.5, 0.3))
    entities = entities_of(first, second)
    found = candidates(prepared([columns_of(first), columns_of(second)]))
    hits = int((entities[found.left] == entities[found.right]).sum())
    assert hits / len(second) >= (0.995 if kind == "modern" else 0.93)
    assert len(found.left) < 0.15 * len(first) * len(second)


def test_a_pair_that_shares_nothing_rare_is_no_candidate() -> None:
    surnames = [f"Surname{number}" for number in range(800)]
    assert pairs_of({"surname": surnames, "forename": ["John"] * 800}) == set() or all(
        surnames[left][:7] == surnames[right][:7] for left, right in pairs_of({"surname": surnames})
    )


def test_the_keys_of_a_name_survive_how_it_is_written() -> None:
    assert keys.forename_sound("bill") == keys.forename_sound("william")
    assert keys.sound("smith") == keys.sound("smyth") != keys.sound("brown")


def test_a_date_has_one_whole_key_either_way_round_and_a_partial_one_has_none() -> None:
    whole = dict(keys.keys_of(Kind.DATE))["whole"]
    assert whole("19800102") == whole("19800201") != whole("19800103")
    assert whole("19800000") == ""
