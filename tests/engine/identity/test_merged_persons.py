"""Persons are what the words in force make of records, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.people.same_person import SameVerdict
from engine.identity.merged_persons import MatchDecision, person_of

SAME, NOT_SAME, UNSURE = SameVerdict.SAME, SameVerdict.NOT_SAME, SameVerdict.UNSURE

pairs = st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda pair: pair[0] < pair[1])
words = st.dictionaries(pairs, st.sampled_from(list(SameVerdict)), max_size=12).map(
    lambda verdicts: [MatchDecision(low, high, verdict) for (low, high), verdict in verdicts.items()]
)


@given(words, st.integers(1, 8), st.integers(1, 8))
def test_a_word_and_its_taking_back_leave_every_person_as_it_was(
    there: list[MatchDecision], one: int, other: int
) -> None:
    if one == other:
        return
    low, high = min(one, other), max(one, other)
    without = [decision for decision in there if (decision.low, decision.high) != (low, high)]
    taken_back = [*without, MatchDecision(low, high, SameVerdict.TAKEN_BACK)]
    for party in range(1, 9):
        assert person_of(party, taken_back) == person_of(party, without)


@given(words)
def test_everybody_belongs_to_one_person_and_all_of_it_agree(there: list[MatchDecision]) -> None:
    for party in range(1, 9):
        person = person_of(party, there)
        assert party in person.parties
        assert {person_of(each, there) for each in person.parties} == {person}


def test_unsure_and_not_same_join_nobody() -> None:
    for verdict in (UNSURE, NOT_SAME, SameVerdict.TAKEN_BACK):
        assert person_of(1, [MatchDecision(1, 2, verdict)]).parties == (1,)


def test_a_no_between_two_whom_other_words_join_is_a_conflict_and_stays_one_person() -> None:
    there = [MatchDecision(1, 2, SAME), MatchDecision(2, 3, SAME), MatchDecision(1, 3, NOT_SAME)]
    person = person_of(3, there)
    assert (person.parties, person.conflicts) == ((1, 2, 3), ((1, 3),))
    assert person_of(3, there[:2]).conflicts == ()


def test_a_rules_word_lapses_for_a_person_who_has_ever_been_a_victim() -> None:
    by_rule = MatchDecision(1, 2, SAME, by_rule=True)
    assert person_of(1, [by_rule]).parties == (1, 2)
    assert person_of(1, [by_rule, MatchDecision(2, 3, SAME)], victims=[3]).parties == (1,)
    assert person_of(3, [by_rule, MatchDecision(2, 3, SAME)], victims=[3]).parties == (2, 3)
