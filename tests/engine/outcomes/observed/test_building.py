"""What agencies found becomes one case: equal outcomes count once, and nothing is left out without a
reason."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Ending, FurtherAct, ObservedCase
from engine.outcomes.observed.building import (
    ActFound,
    Ended,
    InCustody,
    LeftOut,
    Search,
    observed_case,
)
from engine.outcomes.observed.windows import acts_within, time_in_custody
from tests.engine.outcomes.observed.cases import ANCHOR, day, found


def built(
    acts: Sequence[ActFound] = (),
    *,
    searches: Sequence[Search] = (),
    endings: Sequence[Ended] = (),
    custody: Sequence[InCustody] = (),
) -> tuple[ObservedCase, tuple[LeftOut, ...]]:
    return observed_case(
        "R-1",
        person="P-1",
        anchor=ANCHOR,
        searches=searches,
        acts=acts,
        endings=endings,
        custody=custody,
    )


def reported(case: ObservedCase) -> tuple[FurtherAct, ...]:
    return case.measures[Measure.REPORTED].acts


def test_the_same_outcome_of_two_agencies_counts_once_and_says_so() -> None:
    case, reasons = built([found(30, "harbour", harm=10.0), found(30, "lighthouse")])
    assert [(act.day, act.harm) for act in reported(case)] == [(30, 10.0)]
    assert reasons == (LeftOut.SAME_AS_ANOTHER,)


@pytest.mark.parametrize(
    "other",
    [
        found(31, "lighthouse"),
        found(30, "lighthouse", against=AgainstWhom.NEW_VICTIM),
        found(30, "harbour"),
        found(30, "lighthouse", happened=PartialDate("2024-01")),
    ],
)
def test_another_day_target_precision_or_act_of_the_same_agency_is_another_act(other: ActFound) -> None:
    case, reasons = built([found(30, "harbour"), other])
    assert (len(reported(case)), reasons) == (2, ())


def test_measures_do_not_mix() -> None:
    case, _ = built([found(30), found(30, measure=Measure.RECORDED)])
    assert [len(each.acts) for each in case.measures.values()] == [1, 1, 0]


ACTS = st.lists(
    st.builds(
        found,
        st.integers(-5, 40),
        st.sampled_from(["harbour", "lighthouse", "ferry"]),
        against=st.sampled_from(AgainstWhom),
        harm=st.sampled_from([None, 1.0, 10.0, 365.0]),
    ),
    max_size=25,
)


@given(ACTS, st.randoms())
@settings(max_examples=80, deadline=None)
def test_each_act_counts_once_in_any_order_and_none_is_lost_without_a_reason(
    acts: list[ActFound], random: object
) -> None:
    case, reasons = built(acts)
    of_source = Counter((act.happened, act.against, act.source) for act in acts if act.happened >= day(0))
    most = Counter[tuple[PartialDate, AgainstWhom]]()
    for (happened, against, _), number in of_source.items():
        most[happened, against] = max(most[happened, against], number)
    assert len(reported(case)) == sum(most.values())
    assert len(reported(case)) + len(reasons) == len(acts)
    assert sorted(act.day for act in reported(case)) == [act.day for act in reported(case)]
    shuffled = list(acts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert built(shuffled)[0] == case


def test_an_act_before_the_decision_is_left_out_and_one_of_its_day_counts() -> None:
    case, reasons = built([found(-1), found(0)])
    assert ([act.day for act in reported(case)], reasons) == ([0], (LeftOut.BEFORE_ANCHOR,))


def test_a_month_that_began_before_the_decision_counts_as_after_it_with_a_reservation() -> None:
    case, reasons = observed_case(
        "R-1",
        person="P-1",
        anchor=ANCHOR.replace(day=15),
        searches=[],
        acts=[found(0, happened=PartialDate("2024-01"))],
    )
    assert ([act.day for act in reported(case)], reasons) == ([16], (LeftOut.MAYBE_BEFORE_ANCHOR,))


def test_a_date_is_never_after_the_day_on_which_it_was_recorded() -> None:
    case, _ = built([found(0, happened=PartialDate("2024"), recorded_on=day(40).earliest)])
    assert [act.day for act in reported(case)] == [40]


def test_no_search_is_no_nought() -> None:
    case, _ = built(searches=[Search(Measure.RECORDED, day(90)), Search(Measure.RECORDED, day(30))])
    assert [each.looked_until for each in case.measures.values()] == [None, 90, None]


def test_a_search_that_ended_before_the_decision_is_none() -> None:
    case, reasons = built(searches=[Search(Measure.REPORTED, day(-1))])
    assert case.measures[Measure.REPORTED].looked_until is None
    assert reasons == (LeftOut.SEARCH_BEFORE_ANCHOR,)


def test_a_search_until_a_month_covers_only_what_is_certain() -> None:
    case, _ = built(searches=[Search(Measure.REPORTED, PartialDate("2024-03"))])
    assert case.measures[Measure.REPORTED].looked_until == 60


def test_the_first_ending_ends_observation_and_what_is_after_it_is_left_out() -> None:
    case, reasons = built(
        [found(50), found(51), found(52)],
        endings=[Ended(Ending.MOVED_AWAY, day(90)), Ended(Ending.DIED, day(51))],
    )
    assert (case.ended_day, case.ending) == (51, Ending.DIED)
    assert [act.day for act in reported(case)] == [50, 51]
    assert reasons == (LeftOut.AFTER_ENDING,)


def test_a_breach_of_an_order_is_one_only_where_that_is_known() -> None:
    case, _ = built(
        [found(1, is_order_breach=None), found(2, is_order_breach=False), found(3, is_order_breach=True)]
    )
    assert [act.is_order_breach for act in reported(case)] == [None, False, True]


def test_a_proven_offence_counts_where_it_is_not_known_whether_it_is_a_breach_and_a_reason_says_so() -> None:
    proven = {"measure": Measure.PROVEN}
    case, reasons = built(
        [
            found(1, **proven),
            found(2, is_order_breach=False, **proven),
            found(3, is_order_breach=True, **proven),
        ]
    )
    assert [act.day for act in acts_within(case, Measure.PROVEN, None)] == [1, 2]
    assert reasons == (LeftOut.MAYBE_ORDER_BREACH,)
    case, reasons = built([found(1, **proven), found(1, "lantern", is_order_breach=False, **proven)])
    assert LeftOut.MAYBE_ORDER_BREACH not in reasons


def test_an_offence_that_one_agency_knows_to_be_a_breach_is_one() -> None:
    case, _ = built([found(1), found(1, "lantern", is_order_breach=True)])
    assert [act.is_order_breach for act in reported(case)] == [True]


SPANS = st.lists(st.tuples(st.integers(-30, 100), st.none() | st.integers(0, 60)), max_size=6)


@given(SPANS, st.integers(0, 120))
@settings(max_examples=80, deadline=None)
def test_each_whole_day_in_custody_counts_once_however_spans_overlap(
    spans: list[tuple[int, int | None]], until: int
) -> None:
    custody = [
        InCustody(day(since), None if length is None else day(since + length)) for since, length in spans
    ]
    case, _ = built(custody=custody)
    expected = {
        each
        for since, length in spans
        for each in range(max(since + 1, 0), until if length is None else min(since + length, until))
    }
    assert time_in_custody(case, until) == len(expected)
    ends = [(begin, end) for begin, end in case.custody]
    assert all(end is not None and end < after for (_, end), (after, _) in itertools.pairwise(ends))


def test_the_day_of_an_arrest_and_that_of_a_release_are_no_days_in_custody() -> None:
    case, _ = built(custody=[InCustody(day(10), day(20))])
    assert case.custody == ((11, 20),)
