"""Linking and finding doubles in invented files that are unlike the public ones."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine.identity.fields import ANOTHER_VALID_NUMBER, Kind
from engine.tools.matching.deciding import EVEN_ODDS, threshold_of
from engine.tools.matching.matching import Matched, match
from engine.tools.matching.once import Once
from engine.tools.matching.scores import Scores, scores
from tests.engine.tools.matching.invented_files import Maker, Row, columns_of, entities_of


def sample(number: int, whole: int) -> pytest.MarkDecorator:
    """So many people in each run, which fail by the same faults, and more with --full."""
    return pytest.mark.parametrize("people", [number, pytest.param(whole, marks=pytest.mark.full)])


def matched(*files: list[Row]) -> tuple[Matched, Scores]:
    found = match([columns_of(rows) for rows in files])
    decided = found.decided
    return found, scores(
        left=decided.left,
        right=decided.right,
        clusters=decided.clusters,
        entities=entities_of(*files),
        second=found.persons.second,
    )


@sample(600, 1_200)
def test_doubles_are_found_among_households_twins_and_namesakes(people: int) -> None:
    maker = Maker(11)
    rows = maker.modern(people)
    found, result = matched(maker.mixed([*rows, *maker.again(rows, 0.3, 0.15)]))
    assert result.f1 >= 0.98
    assert result.b_cubed_f >= 0.99
    assert found.candidates.most_per_person <= 300
    assert found.estimated.weights.household > 0


@pytest.mark.full  # every run has fewer wrong cells, more records of one person, and the labelled files
def test_three_cells_in_ten_wrong_still_link() -> None:
    maker = Maker(12)
    rows = maker.modern(1_000)
    found, result = matched(maker.mixed(rows), maker.mixed(maker.again(rows, 0.6, 0.3)))
    assert result.f1 >= 0.98
    assert found.decided.once is Once.BOTH


def test_old_registers_with_a_name_a_year_and_a_town_link() -> None:
    maker = Maker(13)
    rows = maker.historical(1_000)
    _, result = matched(maker.mixed(rows), maker.mixed(maker.again(rows, 0.5, 0.15)))
    assert result.f1 >= 0.97


def test_many_bad_records_of_one_person_hold_together() -> None:
    maker = Maker(19)
    rows = maker.historical(150)
    for row in rows:
        row["postcode"] = f"{row['surname'][:2]}{len(row['town'])} {row['date_of_birth'][-1]}AB"
    records = [*rows, *(again for _ in range(6) for again in maker.again(rows, 1.0, 0.25))]
    _, result = matched(maker.mixed(records))
    assert result.f1 >= 0.95
    assert result.b_cubed_f >= 0.95


@sample(800, 1_500)
def test_a_file_without_doubles_has_next_to_none_proposed_though_it_has_twins_and_namesakes(
    people: int,
) -> None:
    found, _ = matched(Maker(14).mixed(Maker(14).modern(people)))
    assert len(found.decided.left) <= people // 500


@sample(300, 600)
def test_a_file_in_which_people_stand_twice_is_not_linked_one_to_one(people: int) -> None:
    maker = Maker(15)
    rows = maker.modern(people)
    second = maker.mixed([*maker.again(rows, 0.6, 0.05), *maker.again(rows, 0.6, 0.05)])
    found, result = matched(maker.mixed(rows), second)
    assert found.decided.once is Once.FIRST
    assert result.f1 >= 0.98


def test_the_order_of_the_rows_and_a_second_run_change_nothing() -> None:
    maker = Maker(16)
    rows = maker.modern(300)
    rows = maker.mixed([*rows, *maker.again(rows, 0.4, 0.1)])
    turned = list(rows)
    random.Random(1).shuffle(turned)

    def pairs(given: list[Row]) -> set[frozenset[str]]:
        found = match([columns_of(given)]).decided
        return {
            frozenset((given[a]["id"], given[b]["id"])) for a, b in zip(found.left, found.right, strict=True)
        }

    assert pairs(rows) == pairs(rows)
    assert len(pairs(rows) ^ pairs(turned)) <= 2  # random pairs for u are drawn by place


def test_twins_with_two_valid_nhs_numbers_are_kept_apart_and_one_number_joins_them() -> None:
    maker = Maker(17)
    rows = [{**row, "nhs_number": _nhs(place)} for place, row in enumerate(maker.modern(400))]
    twin = {**rows[0], "forename": rows[0]["forename"] + "a", "email": "", "person": "900"}
    other = {**twin, "nhs_number": _nhs(901)}

    def proposed(second: Row) -> bool:
        found = match([columns_of([*rows, second])])
        return (0, 400) in set(zip(found.decided.left.tolist(), found.decided.right.tolist(), strict=True))

    assert proposed(twin)
    assert not proposed(other)
    weights = match([columns_of([*rows, other])]).estimated.weights
    nhs = next(field for field in weights.fields if field.kind is Kind.NHS_NUMBER)
    assert nhs.steps[ANOTHER_VALID_NUMBER - 1].weight < -10


def test_every_proposal_is_explained_and_never_called_sure() -> None:
    maker = Maker(18)
    rows = maker.modern(300)
    rows = maker.mixed([*rows, *maker.again(rows, 0.4, 0.2)])
    found = match([columns_of(rows)])
    explained = list(found.explained())
    assert [(left, right) for left, right, _ in explained] == list(
        zip(found.decided.left.tolist(), found.decided.right.tolist(), strict=True)
    )
    values = {
        cell.casefold() for row in rows for name, cell in row.items() if name in ("email", "phone") and cell
    }
    for (_, _, match_explained), weight in zip(explained, found.decided.weights, strict=True):
        assert match_explained.weight == pytest.approx(weight)
        *bars, total = match_explained.waterfall
        assert sum(bar.bits for bar in bars) == pytest.approx(total.bits, abs=0.06)
        assert "certain" not in match_explained.says.casefold()
        assert match_explained.says.endswith(".")
        assert not any(value in match_explained.says.casefold() for value in values)


def test_the_threshold_is_foretold_from_the_weights_and_never_below_even_odds() -> None:
    assert (
        threshold_of(np.array([12.0, 9.0, -14.0, -15.0])) == -2.5 + 2.5
    )  # the gap's middle is below even odds
    assert threshold_of(np.array([12.0, 9.0, -3.0])) == 3.0
    assert threshold_of(np.array([-6.0, -9.0])) == EVEN_ODDS
    assert threshold_of(np.zeros(0)) == EVEN_ODDS


@pytest.mark.parametrize("size", [0, 1, 2])
def test_next_to_no_records_is_no_fault(size: int) -> None:
    found = match([{"surname": ["Smith", "Jones"][:size], "forename": ["Ann", "Bob"][:size]}])
    assert len(found.decided.left) == 0
    assert found.threshold == EVEN_ODDS


def test_two_records_that_agree_in_everything_are_proposed_and_two_that_do_not_are_not() -> None:
    def pairs(*rows: tuple[str, str, str]) -> int:
        names = ("full_name", "date_of_birth", "postcode")
        return len(match([dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))]).decided.left)

    assert pairs(("Ann Smith", "1850", "B1 1AA"), ("Ann Smith", "1850", "B1 1AA")) == 1
    assert pairs(("Ann Smith", "1850", "B1 1AA"), ("Zeb Quuxley", "1950", "N1 1AA")) == 0
    one_person = [("Ann Smith", "1850", "B1 1AA"), ("Anne Smith", "", "B1 1AA"), ("Ann Smyth", "1850", "")]
    assert pairs(*one_person) == 3


def test_a_column_of_one_value_alone_tells_nothing_where_there_are_many_records() -> None:
    assert len(match([{"surname": ["Smith"] * 500, "town": ["Bath"] * 500}]).decided.left) == 0


def test_numbers_that_repeat_link_though_nothing_else_is_compared() -> None:
    numbers = [f"07700 9{place:05d}" for place in range(0, 90_000, 97)]
    found = match([{"phone": [*numbers, *numbers[:200]]}]).decided
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [
        (place, len(numbers) + place) for place in range(200)
    ]


@sample(800, 1_500)
def test_namesakes_do_not_stop_two_files_from_being_linked_one_to_one(people: int) -> None:
    maker = Maker(23)
    rows = [{**row, "surname": row["surname"][:2]} for row in maker.historical(people)]
    found, result = matched(maker.mixed(rows), maker.mixed(maker.again(rows, 0.7, 0.1)))
    assert found.decided.once is Once.BOTH
    assert result.f1 >= 0.97


def test_what_cannot_be_used_is_told() -> None:
    found = match([{"surname": ["Smith", "Jones"] * 20, "sex": ["q"] * 40, "town": ["Bath"] * 40}])
    assert "town was not used: it has fewer than two different values" in found.notes
    assert any(note.startswith("sex was not used") for note in found.notes)


@pytest.mark.full
@pytest.mark.parametrize(("errors", "least"), [(0.1, 0.995), (0.3, 0.985)])
def test_fifty_thousand_people_of_today(errors: float, least: float) -> None:
    maker = Maker(21)
    rows = maker.modern(38_000)
    found, result = matched(maker.mixed([*rows, *maker.again(rows, 0.3, errors)]))
    assert result.f1 >= least
    assert found.candidates.most_per_person <= 300


@pytest.mark.full
def test_fifty_thousand_people_of_four_centuries() -> None:
    maker = Maker(22)
    rows = maker.historical(34_000)
    _, result = matched(maker.mixed(rows), maker.mixed(maker.again(rows, 0.5, 0.2)))
    assert result.f1 >= 0.95


def _nhs(place: int) -> str:
    """A valid NHS number: each place its own."""
    for number in range(943_000_000 + 20 * place, 943_000_020 + 20 * place):
        check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(str(number))) % 11
        if check != 10:
            return f"{number}{0 if check == 11 else check}"
    raise AssertionError(place)
