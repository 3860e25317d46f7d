"""The count of acts, people and cases of one alleged perpetrator, and its sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.cases.person_acts import ActShared, ActsShared, ActsToShare, MayBeSame, PersonActs
from engine.domain.cases.plain_facts import FactKind
from engine.domain.dates import PartialDate
from engine.facts.person import of_person
from engine.facts.person_counts import CaseOfPerson, CountedAct, count_acts
from tests.engine.facts.builders import TODAY, ago
from tests.engine.facts.test_of_case import NEGATIVE


def act(number: int, happened: str | None, crime: str | None = None) -> CountedAct:
    names = frozenset({f"I-{number}", *([f"crime {crime}"] if crime else [])})
    return CountedAct(f"I-{number}", PartialDate(happened) if happened else None, names)


def case(
    number: int, *acts: CountedAct, episode: str | None = None, victim: int | None = None
) -> CaseOfPerson:
    return CaseOfPerson(f"R-{number}", episode or f"E-{number}", victim or number, acts)


def sentence(*cases: CaseOfPerson, may_be_one: tuple[tuple[int, int], ...] = ()) -> str:
    counted = count_acts(cases, may_be_one=may_be_one)
    (fact,) = of_person(counted, today=TODAY)
    start, not_in_it, end = (
        "The alleged perpetrator, in cases that you can open: ",
        " Reports that agencies shared about the other cases are not in it.",
        " More may exist.",
    )
    assert fact.says.startswith(start)
    assert fact.says.endswith(end)
    assert (not_in_it in fact.says) is (len({case.episode for case in cases}) > 1)
    return fact.says.removeprefix(start).removesuffix(end).removesuffix(not_in_it).removesuffix(".")


def test_acts_against_three_people_in_three_cases() -> None:
    said = sentence(
        case(1, act(1, "2026-03-06"), act(2, "2026-03-20")),
        case(2, act(3, "2026-03-12")),
        case(3, act(4, "2026-03-25"), act(5, "2026-03-30")),
    )
    days = "25 days (6 March 2026 to 30 March 2026)"
    assert said == f"5 reported acts against 3 people in {days}, in 3 cases"


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ((case(1),), "no reported act is recorded, in 1 case"),
        (
            (case(1, act(1, "2026-03-06")),),
            "1 reported act against 1 person on 1 day (6 March 2026), in 1 case",
        ),
        (
            (case(1, act(1, None)),),
            "1 reported act against 1 person, in 1 case; 1 of the acts has no full date",
        ),
        (
            (case(1, act(1, "2026-03-06"), act(2, "2026-03")), case(2)),
            "2 reported acts against 1 person on 1 day (6 March 2026), in 1 case, and 1 more without a "
            "recorded act; 1 of the acts has no full date",
        ),
    ],
    ids=["no act", "one", "no date", "a month, and a case without acts"],
)
def test_what_is_not_known_is_said(cases: tuple[CaseOfPerson, ...], said: str) -> None:
    assert sentence(*cases) == said


def test_one_crime_reported_on_two_cases_is_one_act() -> None:
    counted = count_acts([
        case(1, act(1, "2026-03-06", crime="cr/1")),
        case(2, act(2, "2026-03-06", crime="cr/1"), act(3, "2026-03-07", crime="cr/2")),
    ])  # fmt: skip
    assert (counted.acts, counted.cases, counted.records) == (2, 2, ("I-1", "I-3"))


def test_referrals_of_one_episode_are_one_case_about_one_person() -> None:
    cases = [case(1, act(1, "2026-03-06"), episode="E-1"), case(2, act(2, "2026-03-07"), episode="E-1")]
    counted = count_acts(cases)
    assert (counted.acts, counted.people, counted.cases) == (2, 1, 1)


def test_a_victim_who_is_decided_to_be_the_same_is_one_person_and_else_both_numbers_are_said() -> None:
    cases = (case(1, act(1, "2026-03-06"), victim=7), case(2, act(2, "2026-03-07"), victim=8))
    assert "against 2 people in" in sentence(*cases)
    assert "against 1 to 2 people (not decided which are the same) in" in sentence(
        *cases, may_be_one=((7, 8),)
    )
    same = (cases[0], cases[1]._replace(victim=7))
    assert "against 1 person in" in sentence(*same)


def test_cases_that_are_not_decided_are_named_and_counted_apart() -> None:
    may_be = tuple(MayBeSame(reference=f"R-{n}", person=f"P-{n}", acts=n % 3) for n in (5, 4, 3, 2, 1))
    counted = count_acts([case(9, act(1, "2026-03-06"))]).model_copy(update={"may_be_same": may_be})
    first, fact = of_person(counted, today=TODAY)
    assert "1 reported act against 1 person" in first.says
    assert fact.kind is FactKind.MAY_BE_SAME
    assert fact.says == (
        "Not in that count: 2 more if R-5 is of the same person, 1 more if R-4 is of the same person and no "
        "recorded act more if R-3 is of the same person, and 2 more cases. Possible duplicate, not decided."
    )
    assert {"R-1", "P-5"} <= {*fact.records}


def test_what_was_shared_is_said_with_who_shared_it_and_when() -> None:
    acts = (
        ActShared(happened=PartialDate("2026-03-01"), kinds=("threat", "entry")),
        ActShared(happened=None, kinds=("following",)),
    )
    shared = ActsShared(
        content=ActsToShare(people=1, acts=acts),
        by="c",
        role="coordinator",
        at=datetime(2026, 3, 29, 10, tzinfo=UTC),
    )
    (_, fact) = of_person(PersonActs(shared=shared), today=TODAY)
    assert fact.says == (
        "Shared by the coordinator on 29 March 2026: 2 reported acts against 1 other person (threat and "
        "entry, 1 March 2026; following, date not recorded). Some may be in your own count too."
    )


_ACTS = st.lists(
    st.builds(
        lambda number, days, crime: CountedAct(
            f"I-{number}", PartialDate.of(ago(days)), frozenset({f"I-{number}", *crime})
        ),
        st.integers(0, 10**9),
        st.integers(0, 800),
        st.sets(st.sampled_from(["crime 1", "crime 2"]), max_size=1),
    ),
    max_size=4,
)
_CASES = st.lists(
    st.builds(
        lambda acts, episode, victim: CaseOfPerson("R", f"E-{episode}", victim, tuple(acts)),
        _ACTS,
        st.integers(1, 3),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)


@given(_CASES, st.integers(0, 4))
def test_a_later_act_lowers_no_count_and_the_newest_takes_none_with_it(
    cases: list[CaseOfPerson], at: int
) -> None:
    later = CountedAct("I-new", PartialDate.of(TODAY + timedelta(days=1)), frozenset({"I-new"}))
    place = at % len(cases)
    more = [
        each._replace(acts=(*each.acts, later)) if number == place else each
        for number, each in enumerate(cases)
    ]
    before, after = count_acts(cases), count_acts(more)
    assert after.acts == before.acts + 1
    assert after.cases >= before.cases
    assert after.people >= before.people
    assert (after.days or 0) >= (before.days or 0)
    assert len([*of_person(before, today=TODAY)]) == len([*of_person(after, today=TODAY)])


@given(_CASES)
def test_no_sentence_of_a_person_denies_a_danger(cases: list[CaseOfPerson]) -> None:
    for fact in of_person(count_acts(cases), today=TODAY):
        assert not NEGATIVE.search(f"{fact.says} {fact.short}"), fact.says


def test_four_hundred_acts_are_counted_once_each() -> None:
    acts = [act(number, str(ago(number))) for number in range(400)]
    counted = count_acts([case(1, *acts), case(2, *acts)])
    assert (counted.acts, counted.people, counted.days) == (400, 2, 400)
