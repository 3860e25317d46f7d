"""The two questions of a case's first alarm, answered from its page: a reason, both parties, and a yes."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.alarm_questions import PARTIES, AlarmQuestion, QuestionAnswered
from engine.domain.cases.incidents import IncidentKind
from engine.services.cases.views import view_case
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people
from tests.builders import Desk, an_incident
from tests.dashboard.visits import Visits, screened


@pytest.fixture
def entered(desk: Desk, workers: dict[str, Acting]) -> str:
    """A screened case, with practitioners on it, in which an entry was recorded: its first alarm."""
    reference = screened(desk)
    people = [worker.user for worker in workers.values()]
    name_people(desk.context(desk.coordinator), reference=reference, people=people)
    incident = an_incident("2026-03-02", kind=IncidentKind.ENTRY)
    record_incident(desk.context(desk.chair), reference=reference, incident=incident)
    return reference


def answered(desk: Desk, reference: str) -> dict[AlarmQuestion, QuestionAnswered]:
    view = view_case(desk.context(desk.chair), reference=reference)
    return {each.question: each for each in view.alarm_questions}


def test_only_coordinator_and_chair_have_the_questions_and_only_with_an_alarm(
    desk: Desk, entered: str, visits: Visits, workers: dict[str, Acting]
) -> None:
    for acting, has_them in ((desk.coordinator, True), (desk.chair, True), (workers["harbour"], False)):
        visit = visits(acting, Place.CASE, entered)
        assert {visit.offers(key) for key in ("child-safeguarding", "works-for")} == {has_them}
    without = screened(desk, "2")
    assert not visits(desk.coordinator, Place.CASE, without).offers("works-for")


def test_child_safeguarding_is_recorded_with_its_reason_and_nothing_without(
    desk: Desk, entered: str, visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.CASE, entered).open("child-safeguarding")
    visit.press(f"child-safeguarding-{entered}-save")
    assert "choose whether it was referred" in visit.words
    visit.app.radio(key=f"child-safeguarding-{entered}-referred").set_value("Not referred")
    visit.press(f"child-safeguarding-{entered}-save")
    assert "Write it." in visit.words
    assert answered(desk, entered) == {}
    visit.type(f"child-safeguarding-{entered}-why", "No child lives there.")
    visit = visits(desk.coordinator, Place.CASE, entered).open("child-safeguarding")
    assert visit.app.radio(key=f"child-safeguarding-{entered}-referred").value == "Not referred", "refreshed"
    visit.finish(f"child-safeguarding-{entered}-save")
    assert f"Child safeguarding is recorded on {entered}." in visit.words
    assert "Child safeguarding: not referred. Cora, 2 Mar, 09:00. No child lives there." in visit.words
    answer = answered(desk, entered)[AlarmQuestion.CHILD_SAFEGUARDING]
    assert (answer.answer, answer.why) == (YesNo.NO, "No child lives there.")


def test_no_for_both_parties_is_recorded_and_the_case_stays_open(
    desk: Desk, entered: str, visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.CASE, entered).open("works-for")
    visit.press(f"works-for-{entered}-save")
    assert "answer" in visit.words
    assert answered(desk, entered) == {}
    for party in ("perpetrator", "victim"):
        visit.app.radio(key=f"works-for-{entered}-{party}").set_value(YesNo.NO)
    visit.finish(f"works-for-{entered}-save")
    assert f"It is recorded on {entered}." in visit.words
    assert {answered(desk, entered)[party].answer for party in PARTIES} == {YesNo.NO}
    with desk.runtime.uow.unrecorded() as work:
        assert not work.need_to_know.restricted_among([entered])


@pytest.mark.parametrize("agency", ["harbour", None])
def test_a_yes_restricts_the_case_at_once_also_where_the_agency_is_not_known(
    desk: Desk, entered: str, visits: Visits, agency: str | None
) -> None:
    visit = visits(desk.coordinator, Place.CASE, entered).open("works-for")
    choices = {str(box.key) for box in visit.app.selectbox}
    assert f"works-for-{entered}-agency" not in choices, "only with a yes"
    assert "The alleged perpetrator works for one of the agencies" in visit.words
    visit.app.radio(key=f"works-for-{entered}-perpetrator").set_value(YesNo.YES)
    visit.run()
    if agency:
        choice = visit.app.selectbox(key=f"works-for-{entered}-agency")
        assert "Harbour Office" in choice.options
        choice.set_value(agency)
    visit.finish(f"works-for-{entered}-save")
    assert f"{entered} is restricted." in visit.words
    assert "Restricted case." in visit.words
    assert answered(desk, entered)[PARTIES[0]].agency == agency
    said = "agencies: yes (Harbour Office)." if agency else "agencies: yes."
    assert f"The alleged perpetrator works for one of the {said}" in visit.words
    with desk.runtime.uow.unrecorded() as work:
        assert work.need_to_know.restricted_among([entered]) == {entered}
