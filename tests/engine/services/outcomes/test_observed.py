"""Cases as they are observed, from a record: incidents, follow-ups, custody, and who is judged to be whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.cases.custody import CustodyChange
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.orders.orders import OrderAct, OrderGiven, StepGiven
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound, OutcomeGiven
from engine.domain.outcomes.observed import Ending, ObservedCase, ObservedRecord
from engine.domain.people.same_person import SameVerdict
from engine.services.access import conflicts, restrictions
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.orders.recording import create_order, record_step
from engine.services.outcomes.follow_up import record_outcome
from engine.services.outcomes.observed import observed_cases, served_period
from engine.services.people import same_person
from engine.services.plans import reviews
from engine.services.referrals import screening
from engine.services.referrals.incidents import record_incident
from engine.services.responses import requests as response_requests
from tests.builders import Desk, a_decision, a_person, a_referral, a_screening, an_incident
from tests.engine.orders.test_on_record import an_order
from tests.prepared import prepared

SAME, OTHER = AgainstWhom.SAME_VICTIM, AgainstWhom.NEW_VICTIM


def decided(desk: Desk, reference: str) -> str:
    acting = desk.context(desk.coordinator)
    screening.screen(acting, reference=reference, screening=a_screening())
    response_requests.open_requests(acting, reference=reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    return reference


@pytest.fixture
def case(desk: Desk) -> str:
    return prepared(desk, _decided_case)


def _decided_case(desk: Desk) -> str:
    return decided(desk, desk.refer(a_referral()).referrals[0])


def day(desk: Desk, after: int) -> PartialDate:
    return PartialDate.of(desk.clock.today() + timedelta(days=after))


def found(desk: Desk, reference: str, **changes: object) -> str:
    """A follow-up that found further stalking, as of today."""
    given: dict[str, object] = {
        "measure": Measure.REPORTED,
        "found": OutcomeFound.FURTHER_STALKING,
        "against": SAME,
        "happened": day(desk, -1),
        "looked_until": day(desk, 0),
        "looked_in": ("police",),
        "says": "A further letter was reported.",
        **changes,
    }
    return record_outcome(
        desk.context(desk.coordinator), reference=reference, outcome=OutcomeGiven.model_validate(given)
    )


def observed(desk: Desk) -> ObservedRecord:
    return observed_cases(desk.context(desk.coordinator))


def only(desk: Desk) -> ObservedCase:
    (case,) = observed(desk).cases
    return case


def acts(case: ObservedCase, measure: Measure = Measure.REPORTED) -> list[tuple[int, AgainstWhom]]:
    return [(act.day, act.against) for act in case.measures[measure].acts]


def test_a_case_without_a_follow_up_is_there_and_nothing_is_known_of_it(desk: Desk, case: str) -> None:
    observed = only(desk)
    assert (observed.reference, observed.anchor) == (case, desk.clock.today())
    assert {each.looked_until for each in observed.measures.values()} == {None}
    assert acts(observed) == []  # the incidents of the referral came before the decision


def test_an_incident_after_the_decision_is_reported_and_a_follow_up_of_it_counts_no_second_time(
    desk: Desk, case: str
) -> None:
    desk.clock.forward(timedelta(days=40))
    record_incident(desk.context(desk.coordinator), reference=case, incident=an_incident(str(day(desk, -1))))
    assert acts(only(desk)) == [(39, SAME)]
    assert only(desk).measures[Measure.REPORTED].looked_until is None  # nobody looked: it came by itself
    found(desk, case)
    assert acts(only(desk)) == [(39, SAME)]
    assert only(desk).measures[Measure.REPORTED].looked_until == 40
    assert any("counted once" in sentence for sentence in observed(desk).sentences)


def test_an_incident_that_its_owner_withholds_is_in_no_figure(desk: Desk, case: str) -> None:
    desk.clock.forward(timedelta(days=40))
    record_incident(
        desk.context(desk.coordinator),
        reference=case,
        incident=an_incident(str(day(desk, -1))),
        kept_with_us="The victim does not agree.",
    )
    assert acts(only(desk)) == []


def test_harm_agency_breach_and_proof_come_from_the_outcome(desk: Desk, case: str) -> None:
    desk.clock.forward(timedelta(days=300))
    found(
        desk,
        case,
        measure=Measure.PROVEN,
        happened=day(desk, -200),
        agency="police",
        offence="195/94",
        is_order_breach=False,
        proved=day(desk, -20),
    )
    (act,) = only(desk).measures[Measure.PROVEN].acts
    assert (act.day, act.proved_day, act.is_order_breach) == (100, 280, False)
    assert act.harm is not None


def test_custody_comes_from_its_changes_and_ends_nothing(desk: Desk, case: str) -> None:
    desk.clock.forward(timedelta(days=50))
    for change, back in ((CustodyChange.TAKEN, 30), (CustodyChange.RELEASED, 10)):
        reviews.record_custody_change(
            desk.context(desk.coordinator),
            reference=case,
            change=change,
            on=desk.clock.today() - timedelta(days=back),
        )
    observed = only(desk)
    assert (observed.custody, observed.ending) == (((21, 40),), None)


@pytest.mark.parametrize(
    ("censored", "ending"),
    [
        (Censoring.DIED, Ending.DIED),
        (Censoring.DEPORTED, Ending.DEPORTED),
        (Censoring.LEFT_AREA, Ending.MOVED_AWAY),
        (Censoring.WITHDRAWN, Ending.WITHDRAWN),
    ],
)
def test_each_ending_is_its_own(desk: Desk, case: str, censored: Censoring, ending: Ending) -> None:
    desk.clock.forward(timedelta(days=50))
    found(
        desk, case, found=OutcomeFound.NONE_FOUND, against=None, happened=None, censored=censored,
        ended_on=day(desk, -20),
    )  # fmt: skip
    assert (only(desk).ending, only(desk).ended_day) == (ending, 30)


def test_a_corrected_outcome_counts_in_no_figure(desk: Desk, case: str) -> None:
    desk.clock.forward(timedelta(days=50))
    wrong = found(desk, case)
    right = found(desk, case, happened=day(desk, -7), replaces=wrong)
    assert acts(only(desk)) == [(43, SAME)]
    with pytest.raises(InvalidInputError, match="corrected before"):
        found(desk, case, replaces=wrong)
    with pytest.raises(NotFoundError):
        found(desk, case, replaces="T-2222222")
    view = case_views.view_case(desk.context(desk.coordinator), reference=case)
    assert {each.reference: each.replaced_by for each in view.outcomes} == {wrong: right, right: None}


def test_what_is_wrong_with_an_outcome_is_said(desk: Desk, case: str) -> None:
    with pytest.raises(InvalidInputError, match="before the panel's first decision"):
        found(desk, case)
    desk.clock.forward(timedelta(days=50))
    for changes, words in (
        ({"happened": day(desk, 1)}, "future"),
        ({"agency": "nobody-here"}, "no agency has this code"),
        ({"offence": "999/99"}, "does not hold its code"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            found(desk, case, **changes)


class TestOnePersonInTwoCases:
    @pytest.fixture
    def two(self, desk: Desk) -> tuple[str, str]:
        first, other = desk.refer(
            a_referral("1", perpetrator=a_person("Daniel", "Roe")),
            a_referral("2", perpetrator=a_person("Dan", "Roe"), victim=a_person("Nadia", "Lowe")),
        ).referrals
        decided(desk, first)
        desk.clock.forward(timedelta(days=60))
        record_incident(
            desk.context(desk.coordinator), reference=other, incident=an_incident(str(day(desk, -3)))
        )
        return first, other

    def judge(self, desk: Desk, *references: str) -> tuple[str, str]:
        context = desk.context(desk.coordinator)
        one, other = (
            case_views.view_case(context.with_agencies(()), reference=each).perpetrator.reference
            for each in references
        )
        same_person.judge_same(context, one=one, other=other, verdict=SameVerdict.SAME, why="A photograph.")
        return one, other

    def test_an_act_in_the_other_case_counts_while_both_are_judged_to_be_one(
        self, desk: Desk, two: tuple[str, str]
    ) -> None:
        assert acts(only(desk)) == []
        one, other = self.judge(desk, *two)
        assert acts(only(desk)) == [(57, OTHER)]
        assert any("against a new victim" in sentence for sentence in observed(desk).sentences)
        same_person.take_back_same(desk.context(desk.coordinator), one=one, other=other, why="Two brothers.")
        assert acts(only(desk)) == []
        assert any("undone" in sentence for sentence in observed(desk).sentences)

    def test_two_decided_cases_are_of_one_person(self, desk: Desk, two: tuple[str, str]) -> None:
        decided(desk, two[1])
        assert len({case.person for case in observed(desk).cases}) == 2
        self.judge(desk, *two)
        assert len({case.person for case in observed(desk).cases}) == 1

    def test_a_restricted_case_changes_nothing(self, desk: Desk, two: tuple[str, str]) -> None:
        before = observed(desk)
        self.judge(desk, *two)
        restrictions.restrict(desk.context(desk.chair), reference=two[1], why="A colleague.")
        assert observed(desk) == before


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MANAGER, Role.ANALYST, Role.ADMINISTRATOR])
def test_exact_figures_are_for_who_may_open_every_case(desk: Desk, case: str, role: Role) -> None:
    who = desk.add("pia", role, "police" if role is Role.PRACTITIONER else None)
    with pytest.raises(NotPermittedError):
        observed_cases(desk.context(who))


def test_who_is_connected_to_a_party_sees_no_exact_figures(desk: Desk, case: str) -> None:
    connected = desk.add("cyd", Role.COORDINATOR)
    assert observed_cases(desk.context(connected)).cases
    conflicts.say_own(desk.context(connected), reference=case, is_connected=True)
    with pytest.raises(NotPermittedError):
        observed_cases(desk.context(connected))


@pytest.mark.parametrize(
    ("later", "kind", "terms", "period"),
    [
        ((), "spo", {"years": 2}, None),
        (((OrderAct.SERVED, "2026-03-20"),), "spo", {"years": 2}, ("2026-03-20", "2028-03-01")),
        (
            ((OrderAct.SERVED, "2026-03-20"), (OrderAct.DISCHARGED, "2026-05-01")),
            "spo",
            {"years": 2},
            ("2026-03-20", "2026-05-01"),
        ),
        ((), "court-bail", {"ends": "2026-06-01"}, ("2026-03-02", "2026-06-01")),
    ],
)
def test_an_order_counts_from_its_service_where_its_type_has_one(
    later: tuple[tuple[OrderAct, str], ...],
    kind: str,
    terms: dict[str, object],
    period: tuple[str, str] | None,
) -> None:
    expected = [tuple(map(date.fromisoformat, period))] if period else []
    assert list(served_period(an_order(*later, kind=kind, **terms))) == expected


def test_a_case_has_the_times_of_its_served_orders_in_days_since_the_decision(desk: Desk, case: str) -> None:
    assert only(desk).orders == ()
    there = OrderGiven.model_validate(
        {
            "type": "spo",
            "made": desk.clock.today() - timedelta(days=5),
            "years": 2,
            "conditions": [{"code": "no-contact", "means": ["any means"]}],
        }
    )
    order = create_order(desk.context(desk.chair), reference=case, given=there).reference
    assert only(desk).orders == ()  # it is not served
    desk.clock.forward(timedelta(days=7))
    served = {"act": "served", "on": desk.clock.today(), "how": "in person"}
    record_step(desk.context(desk.chair), order=order, step=StepGiven.model_validate(served))
    (times,) = only(desk).orders or ()
    assert times[0] == (desk.clock.today() - only(desk).anchor).days
    assert times[1] is not None
