"""A pattern that is in the structure is not found in reshuffles; one that is only in the counts is."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from engine.domain.errors import InvalidInputError
from engine.links.building import RegisterBuilder
from engine.links.patterns.chance import by_chance, reshuffled
from engine.links.patterns.commonness import ByChance
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.searching import PatternsAsked, searched
from engine.links.patterns.thresholds import THRESHOLDS_OF, Thresholds, thresholds_of, thresholds_on
from engine.links.register import Register
from tests.engine.links.given import a_register

TODAY = date(2026, 11, 25)
LIMITS = thresholds_on(TODAY)


def dyads(number: int, incidents: int) -> Register:
    """Pairs, each with so many incidents of its own in one year."""
    rows = []
    for pair in range(number):
        for incident in range(incidents):
            day = f"2026-0{incident + 1}-10"
            rows.append(f"P{pair},I{pair}-{incident},in,perpetrator,{day},")
            rows.append(f"V{pair},I{pair}-{incident},in,victim,{day},")
    return a_register("\n".join(rows))


def found(register: Register, key: PatternKey, limits: Thresholds = LIMITS) -> ByChance:
    number = len(searched(register, PatternsAsked([key]), on=TODAY).findings[key])
    compared = by_chance(register, limits, key, found=number)
    assert compared is not None
    return compared


def test_what_binds_two_people_is_not_found_among_reshuffled_ones() -> None:
    compared = found(dyads(30, 3), PatternKey.THREE_IN_TWELVE_MONTHS)
    assert (compared.reshuffles, compared.found, compared.as_many) == (100, 30, 0)
    assert compared.sentence.startswith("In 100 random reshuffles of these links, 0 had as many (0")
    assert compared.sentence.endswith("This does not show whether a finding is true.")


def test_what_a_reshuffle_keeps_is_said_to_show_nothing() -> None:
    compared = found(dyads(30, 3), PatternKey.REPEAT_VICTIM)
    assert (compared.found, compared.as_many, compared.fewest, compared.most) == (30, 100, 30, 30)
    assert "A comparison with chance shows nothing here." in compared.sentence


def test_a_reshuffle_keeps_every_count_and_changes_who_they_are() -> None:
    register = a_register(
        "\n".join(f"P{n % 7},I{n},in,perpetrator,,\nV{n % 5},I{n},in,victim,," for n in range(40))
        + "\n"
        + "\n".join(f"P{n % 7},T{n % 3},uses,,," for n in range(20))
    )
    again = reshuffled(register, 1)
    for each in ("start", "end"):
        counts = [
            Counter(zip(getattr(one.links, each).tolist(), one.links.roles.tolist(), strict=True))
            for one in (register, again)
        ]
        assert counts[0] == counts[1]
    assert not np.array_equal(register.links.end, again.links.end)
    assert np.array_equal(reshuffled(register, 1).links.end, again.links.end), "the same seed gives the same"
    ends = {register.shape_of(number) for number in again.links.end[register.links.kinds.codes == 2].tolist()}
    assert ends == {register.shape_of_id("T0")}, "a phone is exchanged for a phone"


def test_a_larger_register_gets_fewer_reshuffles_and_an_empty_one_none() -> None:
    seen: list[tuple[int, int]] = []
    for links_read, runs in ((60 * 40, 40), (60 * 10, 20), (60 * 1_000, 100)):
        compared = by_chance(
            dyads(10, 3),
            LIMITS,
            PatternKey.COUNTER_ALLEGATION,
            found=1,
            links_read=links_read,
            progress=lambda *done: seen.append(done),
        )
        assert compared is not None
        assert compared.reshuffles == runs
    assert (seen[0], seen[-1]) == ((1, 40), (100, 100))
    empty = RegisterBuilder().register()
    assert by_chance(empty, LIMITS, PatternKey.COUNTER_ALLEGATION, found=1) is None


def test_what_was_not_found_is_not_compared() -> None:
    assert by_chance(dyads(10, 3), LIMITS, PatternKey.COUNTER_ALLEGATION, found=0) is None
    answer = searched(dyads(10, 3), PatternsAsked(beside_chance=True), on=TODAY)
    assert answer.by_chance is not None
    assert set(answer.by_chance) == {key for key, findings in answer.findings.items() if findings}


def test_nobody_is_linked_to_themselves_by_a_reshuffle() -> None:
    ring = a_register("A,B,knows,,,\nB,C,knows,,,\nC,D,knows,,,\nD,A,knows,,,")
    for seed in range(50):
        again = reshuffled(ring, seed)
        assert not (again.links.start == again.links.end).any()
        assert sorted(again.links.end.tolist()) == sorted(ring.links.end.tolist())


def test_other_thresholds_show_whom_they_add_and_take_away() -> None:
    register = dyads(4, 3)
    asked = PatternsAsked([PatternKey.THREE_IN_TWELVE_MONTHS], {"three_incidents": 4})
    answer = searched(register, asked, on=TODAY)
    assert answer.findings[PatternKey.THREE_IN_TWELVE_MONTHS] == ()
    assert answer.changed is not None
    change = answer.changed[PatternKey.THREE_IN_TWELVE_MONTHS]
    assert (change.by_default, change.new, change.gone) == (
        4,
        (),
        tuple((f"P{n}", f"V{n}") for n in range(4)),
    )
    fewer = PatternsAsked([PatternKey.THREE_IN_TWELVE_MONTHS], {"three_incidents": 2})
    answer = searched(dyads(2, 2), fewer, on=TODAY)
    assert answer.changed is not None
    assert answer.changed[PatternKey.THREE_IN_TWELVE_MONTHS].new == (("P0", "V0"), ("P1", "V1"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"victims": 3}, "'victims' is not known; use serial_victims"),
        ({"serial_victims": 1}, "serial_victims: give 2 to 10,000"),
        ({"quiet_days": 10_001}, "quiet_days: give 1 to 10,000"),
    ],
)
def test_a_threshold_that_is_unknown_or_out_of_bounds_is_refused(
    changed: dict[str, int], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        thresholds_on(TODAY, changed)


def test_every_threshold_is_offered_with_its_pattern_and_says_what_it_is() -> None:
    offered = {each.name for key in PatternKey for each in thresholds_of(key, TODAY)}
    assert offered == set(Thresholds.model_fields) - {"from_day"}
    assert {name for names in THRESHOLDS_OF.values() for name in names} == offered
    (victims,) = thresholds_of(PatternKey.SERIAL_PERPETRATOR, TODAY)
    assert victims == ("serial_victims", "different victims of one perpetrator", 2, 2)
