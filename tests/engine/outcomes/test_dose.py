"""The dose of plans: what is not recorded is in no sum, and is not nought."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.outcomes.dose import ActionDose, CaseDose, Spread, Total
from engine.domain.plans.actions import ActionStatus, Side
from engine.outcomes.dose import dose

DECIDED = date(2025, 1, 1)
DONE, OPEN = ActionStatus.DONE, ActionStatus.IN_PROGRESS


def an_action(
    *,
    offered: int | None = None,
    delivered: int | None = None,
    minutes: int | None = None,
    after: int | None = 30,
    status: ActionStatus = OPEN,
    side: Side | None = Side.INTERVENTION,
    agency: str = "harbour",
) -> ActionDose:
    on = None if after is None else DECIDED + timedelta(days=after)
    return ActionDose(agency, side, status, offered, delivered, minutes, on)


def a_case(*actions: ActionDose, ended_after: int | None = None) -> CaseDose:
    ended = None if ended_after is None else DECIDED + timedelta(days=ended_after)
    return CaseDose("R-1", DECIDED, actions, ended)


def test_sessions_offered_delivered_and_missed_each_have_their_own_cases() -> None:
    found = dose(
        [
            a_case(an_action(offered=10, delivered=7)),
            a_case(an_action(offered=6)),
            a_case(an_action(delivered=3)),
            a_case(an_action()),
            a_case(an_action(side=Side.VICTIM_SAFETY, offered=99, delivered=99)),
            a_case(),
        ]
    )
    assert (found.cases, found.without_plan, found.with_intervention) == (6, 1, 4)
    assert found.sessions_offered == Total(16, 2, 2)
    assert found.sessions_delivered == Total(10, 2, 2)
    assert found.sessions_missed == Total(3, 1, 3)


def test_a_case_that_recorded_one_action_and_not_the_other_is_in_no_count_of_missed_sessions() -> None:
    found = dose([a_case(an_action(offered=10, delivered=7), an_action(offered=4))])
    assert found.sessions_missed == Total(0, 0, 1)


def test_no_longer_possible_and_not_done_are_different() -> None:
    found = dose(
        [
            a_case(
                an_action(status=ActionStatus.NOT_POSSIBLE),
                an_action(status=ActionStatus.NOT_DONE),
                an_action(status=DONE, side=None),
            )
        ]
    )
    of_intervention = found.actions[Side.INTERVENTION]
    assert (of_intervention[ActionStatus.NOT_POSSIBLE], of_intervention[ActionStatus.NOT_DONE]) == (1, 1)
    assert found.actions[None][DONE] == 1
    assert Side.OTHERS_AT_RISK not in found.actions


def test_minutes_are_by_agency() -> None:
    found = dose([a_case(an_action(minutes=50), an_action(minutes=0, agency="lantern")), a_case(an_action())])
    assert found.minutes == {"harbour": Total(50, 1, 1), "lantern": Total(0, 1, 0)}


def test_first_contact_is_a_session_or_a_thing_done_and_no_mere_report() -> None:
    found = dose(
        [
            a_case(an_action(after=9), an_action(after=20, delivered=1), an_action(after=30, status=DONE)),
            a_case(an_action(after=5, delivered=0)),
            a_case(an_action(after=-3, status=DONE)),
        ]
    )
    assert found.first_contact == Spread(2, 1, 0, 0, 20)


def test_the_end_of_service_is_not_known_while_delivery_goes_on() -> None:
    found = dose([a_case(an_action(), ended_after=each) for each in (10, 20, 30, None)])
    assert found.end_of_service == Spread(3, 1, 10, 20, 30)


@given(
    st.lists(
        st.lists(
            st.builds(
                an_action,
                offered=st.none() | st.integers(0, 20),
                delivered=st.none() | st.integers(0, 20),
                side=st.sampled_from([*Side, None]),
                status=st.sampled_from(ActionStatus),
            ),
            max_size=4,
        ),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_each_case_is_in_a_sum_or_counted_as_not_recorded(cases: list[list[ActionDose]]) -> None:
    found = dose([a_case(*actions) for actions in cases])
    for total in (found.sessions_offered, found.sessions_delivered, found.sessions_missed):
        assert total.cases + total.not_recorded == found.with_intervention
    assert sum(sum(of.values()) for of in found.actions.values()) == sum(map(len, cases))
