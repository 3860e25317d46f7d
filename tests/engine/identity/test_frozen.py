"""The register's frozen weights: what speaks for one person, what against, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.domain.dates import PartialDate
from engine.domain.people.persons import IdentifierScheme, PersonDescribed, Sex
from engine.identity.agreement import COMPARED_FIELDS, agreements
from engine.identity.explaining import explained
from engine.identity.forms import Number, PersonForm, form_of
from engine.identity.frozen import RegisterWeights, Scored, numbers_conflict, register_weights, scored_pairs
from engine.identity.frozen import scored as scored_with

HIM = form_of(
    PersonDescribed(forename="Daniel", surname="Roe", date_of_birth=PartialDate("1988-04-09"), sex=Sex.MALE)
)


def scored(one: PersonForm, other: PersonForm) -> Scored:
    (found,) = scored_with(one, [other])
    return found


def level_of(field: str, one: str, other: str) -> int:
    nobody = changed(forename="", surname="", born="")
    mine, theirs = (replace(nobody, **{field: text}) for text in (one, other))  # type: ignore[arg-type]
    ((levels, _),) = agreements([(mine, theirs)])
    return levels[("forename", "surname", "born").index(field)]


def with_number(form: PersonForm, value: str, *, holds: bool = True) -> PersonForm:
    number = Number(IdentifierScheme.PNC, value, holds)
    return PersonForm(
        forename=form.forename, surname=form.surname, born=form.born, sex=form.sex, numbers=(number,)
    )


def changed(**changes: str) -> PersonForm:
    return replace(HIM, **changes)  # type: ignore[arg-type]  # each of these is text


names = st.text(alphabet="abcdeo ", min_size=1, max_size=8).map(str.strip).filter(bool)
dates = st.tuples(st.integers(1950, 1999), st.integers(0, 12), st.integers(0, 28)).map(
    lambda parts: f"{parts[0]:04}{parts[1]:02}{parts[2]:02}"
)
forms = st.builds(
    PersonForm,
    forename=names | st.just(""),
    surname=names | st.just(""),
    born=dates | st.just(""),
    sex=st.sampled_from(["", "female", "male", "other"]),
)


@given(forms, forms)
def test_which_of_the_two_stands_first_does_not_matter(one: PersonForm, other: PersonForm) -> None:
    assert scored(one, other) == scored(other, one)


@given(st.lists(st.tuples(forms, forms), max_size=6))
def test_many_pairs_at_once_have_the_weights_that_each_has_alone(
    pairs: list[tuple[PersonForm, PersonForm]],
) -> None:
    pairs += [(changed(forename="roe", surname="daniel"), HIM)]  # exchanged, whatever is beside it

    together = scored_pairs(pairs)

    assert together == [scored(one, other) for one, other in pairs]
    assert together[-1].exchanged


@given(forms, forms)
def test_every_level_has_a_weight_and_the_bars_add_up(one: PersonForm, other: PersonForm) -> None:
    found = scored(one, other)
    match_explained = explained(found)
    assert sum(bar.bits for bar in match_explained.waterfall[:-1]) == pytest.approx(match_explained.weight)
    assert match_explained.waterfall[-1].bits == match_explained.weight
    assert "certain" not in match_explained.says.lower()


@given(forms)
def test_nothing_is_more_like_a_person_than_the_same_words(one: PersonForm) -> None:
    ((levels, exchanged),) = agreements([(one, one)])
    assert set(levels) <= {0, 1, 7}
    assert not exchanged


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("daniel", "daniel", 1),
        ("dan", "daniel", 2),
        ("anne marie", "anne", 2),
        ("daniel", "danial", 3),
        ("kit", "kid", 4),
        ("d", "daniel", 5),
        ("d", "otto", 6),
        ("daniel", "otto", 6),
    ],
)
def test_forenames_agree_in_levels(one: str, other: str, level: int) -> None:
    assert level_of("forename", one, other) == level_of("forename", other, one) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [("smith", "smith", 1), ("smith jones", "jones", 2), ("smith", "smyth", 3), ("smith", "pym", 5)],
)
def test_surnames_agree_in_levels(one: str, other: str, level: int) -> None:
    assert level_of("surname", one, other) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("19880409", "19880409", 1),
        ("19880409", "19880904", 2),
        ("19880409", "19880408", 3),
        ("19880409", "19880421", 4),
        ("19880409", "19881121", 5),
        ("19880409", "19711130", 6),
        ("19880409", "19880400", 7),
        ("19880409", "19890000", 8),
        ("19880409", "19710000", 9),
    ],
)
def test_dates_of_birth_agree_in_levels(one: str, other: str, level: int) -> None:
    assert level_of("born", one, other) == level


def test_somebody_compared_with_many_agrees_with_each_as_with_them_alone() -> None:
    many = [changed(forename=name, born=born) for name in ("dan", "kit", "") for born in ("19880400", "")]
    assert scored_with(HIM, many) == [scored(HIM, each) for each in many]
    assert scored_with(HIM, []) == []


def test_names_in_each_others_place_are_read_crosswise_and_cost_something() -> None:
    crosswise = scored(HIM, changed(forename="roe", surname="daniel"))
    assert crosswise.exchanged
    assert (
        scored(HIM, HIM).weight
        > crosswise.weight
        > scored(HIM, changed(forename="otto", surname="pym")).weight
    )


def test_two_different_valid_numbers_are_strong_evidence_against() -> None:
    one, other = with_number(HIM, "01/0000123Y"), with_number(HIM, "03/0000456Q")
    assert numbers_conflict(one, other)
    assert scored(one, other).weight < scored(HIM, HIM).weight - 8
    assert "against it, PNC ID is another valid number" in explained(scored(one, other)).says


def test_a_number_that_fails_its_check_conflicts_with_nothing() -> None:
    one, other = with_number(HIM, "01/0000123Y"), with_number(HIM, "03/0000456X", holds=False)
    assert not numbers_conflict(one, other)
    assert not numbers_conflict(HIM, one)


def test_what_is_not_recorded_on_one_side_weighs_nothing_and_is_said() -> None:
    found = scored(HIM, changed(born=""))
    assert found.levels[2] == 0
    assert "not recorded on one side: date of birth" in explained(found).says


def test_a_nearer_level_of_a_name_is_never_worth_less_than_the_farthest() -> None:
    for field in register_weights().fields:
        assert field.levels[0].bits >= max(level.bits for level in field.levels) - 1e-4, field.name


def test_each_fields_levels_share_all_pairs_among_them() -> None:
    for field in register_weights().fields:
        parts = [field.levels[:6], field.levels[6:]] if field.name == "date of birth" else [field.levels]
        for levels in parts:
            assert sum(level.m for level in levels) == pytest.approx(1, abs=0.02), field.name
            assert sum(level.u for level in levels) == pytest.approx(1, abs=0.02), field.name


def test_weights_of_other_fields_and_thresholds_out_of_order_are_refused() -> None:
    weights = register_weights().model_dump()
    with pytest.raises(ValidationError, match="not of the fields"):
        RegisterWeights.model_validate({**weights, "fields": weights["fields"][1:]})
    with pytest.raises(ValidationError, match="thresholds must rise"):
        RegisterWeights.model_validate({**weights, "review": 99.0})
    rising = (weights["seen_before"], weights["review"], weights["propose"])
    assert all(low < high for low, high in pairwise(rising))
    assert tuple(field["name"] for field in weights["fields"]) == COMPARED_FIELDS
