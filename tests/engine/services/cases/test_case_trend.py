"""The tests of a trend on a case: for analysts, over the incidents that they see; no list knows of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lists import CaseRow
from engine.domain.cases.plain_facts import FactKind
from engine.domain.cases.views import CaseView
from engine.domain.dates import PartialDate
from engine.domain.links.trends import CaseTrendView
from engine.services.accounts.users import users_for_sign_in
from engine.services.cases.views import view_case
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people, screen
from tests.builders import Desk, a_referral, a_screening, an_incident

FASTER = (60, 50, 40, 30, 20, 12, 6, 3)


def the_case(desk: Desk, reference: str) -> CaseView:
    return view_case(desk.context(desk.coordinator), reference=reference)


def trend_of(desk: Desk, reference: str) -> CaseTrendView:
    """The trend as an analyst has it who is named on the case, which a person has screened."""
    context = desk.context(desk.coordinator).with_agencies(())
    if the_case(desk, reference).screening is None:
        screen(context, reference=reference, screening=a_screening())
    if not any(user.name == "ana" for user in users_for_sign_in(uow=desk.runtime.uow)):
        desk.add("ana", Role.ANALYST)
    name_people(context, reference=reference, people=["ana"])
    analyst = Acting(user="ana", role=Role.ANALYST, purpose="case work")
    trend = view_case(desk.context(analyst), reference=reference).trend
    assert trend is not None
    return trend


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHAIR])
def test_the_panel_has_facts_and_no_test(desk: Desk, role: Role) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    acting = desk.coordinator if role is Role.COORDINATOR else desk.chair
    case = view_case(desk.context(acting), reference=reference)
    assert case.trend is None
    assert case.facts


def test_incidents_that_came_faster_are_told_on_the_case(desk: Desk) -> None:
    day, days = date(2025, 3, 1), []
    for gap in FASTER:
        days.append(an_incident(day.isoformat()))
        day += timedelta(days=gap)
    reference = desk.refer(a_referral(incidents=tuple(days))).referrals[0]
    trend = trend_of(desk, reference)
    assert (trend.events, trend.alarm) == (8, True)
    assert "The gaps between the 8 reported events" in trend.measures[0].says


def test_an_incident_that_is_recorded_later_counts_at_the_next_look(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    before = trend_of(desk, reference)
    assert (before.events, before.alarm) == (2, None)
    for day in ("2026-02-28", "2026-03-01"):
        record_incident(desk.context(desk.coordinator), reference=reference, incident=an_incident(day))
    after = trend_of(desk, reference)
    assert (after.events, after.alarm) == (4, None)
    assert (after.reason, after.smallest) == ("too few to judge", 6)
    assert after.measures[0].says.startswith("Too few to judge: 4 events with a date; with fewer than 6")


def test_what_may_have_fallen_in_the_last_weeks_is_counted_both_ways(desk: Desk) -> None:
    pair = ("2026-02-20", "2026-02", "2026", None, "2025")
    incidents = tuple(an_incident().model_copy(update={"happened": d and PartialDate(d)}) for d in pair)
    case = the_case(desk, desk.refer(a_referral(incidents=incidents)).referrals[0])
    assert (case.incidents_last_28_days, case.incidents_last_28_days_at_most) == (1, 4)
    assert case.lately_in_words == "1 to 4"
    (said,) = (fact.says for fact in case.facts if fact.kind is FactKind.UNDATED)
    assert said.startswith("4 reported acts have no full date")


def test_a_contact_that_no_incident_caused_is_the_start_and_a_first_report_is_none(desk: Desk) -> None:
    caused = desk.refer(a_referral("1", incidents=(an_incident("2026-02-20"),))).referrals[0]
    assert trend_of(desk, caused).observed_from is None
    undated = an_incident().model_copy(update={"happened": None})
    unsure = desk.refer(a_referral("2", incidents=(undated,))).referrals[0]
    assert trend_of(desk, unsure).observed_from is None
    uncaused = desk.refer(a_referral("3", incidents=())).referrals[0]
    desk.clock.forward(timedelta(days=40))
    for day in ("2026-03-20", "2026-04-01"):
        record_incident(desk.context(desk.coordinator), reference=uncaused, incident=an_incident(day))
    assert trend_of(desk, uncaused).observed_from == date(2026, 3, 2)
    record_incident(desk.context(desk.coordinator), reference=uncaused, incident=an_incident("2026-03-01"))
    assert trend_of(desk, uncaused).observed_from is None, "it may have caused the contact"


def test_a_later_contact_is_no_start_and_leaves_out_nothing_that_was_observed_before_it(desk: Desk) -> None:
    day, days = date(2025, 3, 1), []
    for gap in FASTER:
        days.append(an_incident(day.isoformat()))
        day += timedelta(days=gap)
    first = desk.refer(a_referral("1", incidents=tuple(days))).referrals[0]
    alone = trend_of(desk, first)
    assert alone.alarm is True
    desk.clock.forward(timedelta(days=40))
    again = desk.refer(a_referral("2", incidents=())).referrals[0]
    screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=again,
        screening=a_screening(same_episode_as=the_case(desk, first).episode),
    )
    both = trend_of(desk, again)
    assert (both.observed_from, both.alarm, both.events) == (None, True, alone.events)


def test_no_list_of_cases_knows_a_trend() -> None:
    known = {str(field.annotation) for field in CaseRow.model_fields.values()}
    assert not any(CaseTrendView.__name__ in each for each in known)
