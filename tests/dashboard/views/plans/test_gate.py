"""The plan on its case: two sides, the victim's voice before approval, and the chair's approval."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.plans.actions import PlanGiven, PlannedAction, Side
from engine.domain.plans.approval import Need, NeedRecorded, NeedSignedNot, SafetyResult, WhyNot
from engine.domain.plans.conflicts import PLACES_ARE_CHECKED
from engine.domain.plans.versions import PlanState
from engine.domain.plans.views import NeedStatus, PlanView
from engine.domain.responses.voices import EVERYONE, Agreement
from engine.services.cases.views import view_case
from engine.services.plans.approval import record_need, sign_why_not
from engine.services.plans.conflicts import conflicts_on
from engine.services.plans.versions import make_plan
from tests.builders import TOY_CODES, Desk
from tests.dashboard.visits import Visits, asked, decided, opened


def an_action(what: str, side: Side | None, **changes: Any) -> PlannedAction:
    given = {"what": what, "agency": "harbour", "owner": "A. Officer", "due": "2026-03-20", "side": side}
    return PlannedAction.model_validate({**given, **changes})


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case whose plan waits for approval, with an action on each side and an urgent one."""
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    plan = PlanGiven(
        actions=(
            an_action("Check the locks.", Side.VICTIM_SAFETY, is_urgent=True, evidence="checklist returned."),
            an_action("Agree a school plan.", Side.OTHERS_AT_RISK),
            an_action("Check the firearms licence.", Side.INTERVENTION),
        ),
        reason="Agreed.",
        asks_approval=True,
    )
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
    return reference


def plan_of(desk: Desk, reference: str) -> PlanView:
    plan = view_case(desk.context(desk.chair), reference=reference).plan
    assert plan is not None
    return plan


def need_of(desk: Desk, reference: str, need: Need) -> NeedStatus:
    return next(each.status for each in plan_of(desk, reference).gate if each.need is need)


def test_a_plan_is_drawn_by_its_sides_with_what_will_show_that_it_was_done(
    desk: Desk, case: str, visits: Visits
) -> None:
    words = visits(desk.chair, Place.CASE, case).words
    order = [
        "Plan, version 1: waiting for approval",
        "Safety of the victim",
        "Check the locks.",
        "Done when: checklist returned.",
        "Others at risk",
        "Agree a school plan.",
        "Intervention with the alleged perpetrator",
        "Check the firearms licence.",
        "Before approval",
    ]
    places = [words.index(said) for said in order]
    assert places == sorted(places)
    assert "3 records of the victim's voice are missing. Urgent safety actions do not wait for this." in words


def test_approving_answers_with_everything_that_is_still_needed(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = visits(desk.chair, Place.CASE, case).press("approve-plan")
    assert "The plan cannot be approved yet." in visit.words
    for sentence in plan_of(desk, case).still_needed:
        assert sentence in visit.words
    assert plan_of(desk, case).state is PlanState.WAITING


def test_the_chair_signs_why_not_and_approves(desk: Desk, case: str, visits: Visits) -> None:
    for need in (Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES, Need.SAFETY_CHECK):
        code = need.name.lower()
        visit = visits(desk.chair, Place.CASE, case).open(f"sign-{code.replace('_', '-')}")
        visit.app.radio(key=f"sign-{code}-{case}-why").set_value(WhyNot.NOT_IN_CONTACT)
        visit.type(f"sign-{code}-{case}-text", "No service is in contact.")
        visit.finish(f"sign-{code}-{case}-save")
        assert need_of(desk, case, need) is NeedStatus.SIGNED_NOT
    visit = visits(desk.chair, Place.CASE, case).press("approve-plan")
    assert "Version 1 of the plan is approved and in delivery." in visit.words
    assert plan_of(desk, case).state is PlanState.IN_DELIVERY
    assert not visit.offers("approve-plan")


def test_a_signature_without_a_sentence_is_refused(desk: Desk, case: str, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, case).open("sign-safety-check")
    visit.app.radio(key=f"sign-safety_check-{case}-why").set_value(WhyNot.OTHER)
    visit.press(f"sign-safety_check-{case}-save")
    assert "Add one sentence." in visit.words
    assert need_of(desk, case, Need.SAFETY_CHECK) is NeedStatus.NOT_RECORDED


def test_the_advocate_records_the_wishes_as_the_victim_agreed(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    visit = visits(workers["voice"], Place.CASE, case).open("record-victims-wishes")
    visit.app.radio(key="need-victims_wishes-agreed").set_value(Agreement.YES)
    visit.run()
    visit.app.multiselect(key="need-victims_wishes-whom").set_value([EVERYONE])
    visit.type(f"approval-{case}-need-victims_wishes-text", "Wants the order.")
    visit.app.radio(key="need-victims_wishes-departs").set_value("It follows them")
    visit.finish("need-victims_wishes-save")
    assert need_of(desk, case, Need.VICTIMS_WISHES) is NeedStatus.RECORDED
    assert "The plan follows them. Wants the order." in visits(desk.chair, Place.CASE, case).words


RECORD = "record-safety-check"
BECAUSE = "The letter goes to the home."
DRAWN = {
    SafetyResult.SAFE: "Safe.",
    SafetyResult.NOT_SAFE: f"Not safe: {BECAUSE}",
    SafetyResult.NOT_DONE: f"Could not be done: {BECAUSE}",
}


@pytest.mark.parametrize("result", SafetyResult)
def test_each_result_of_a_safety_check_is_chosen_and_shown_to_the_chair(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits, result: SafetyResult
) -> None:
    visit = visits(workers["voice"], Place.CASE, case).open("record-safety-check")
    visit.app.radio(key="need-safety_check-agreed").set_value(Agreement.NOT_ASKED)
    visit.press("need-safety_check-save")
    assert "choose safe, not safe or could not be done" in visit.words
    visit.app.radio(key="need-safety_check-result").set_value(result)
    visit.run()
    if result is not SafetyResult.SAFE:
        visit.press("need-safety_check-save")
        assert f"{result.value}: say why in one sentence" in visit.words
        visit.type(f"approval-{case}-need-safety_check-because", BECAUSE)
    visit.finish("need-safety_check-save")
    said = visits(desk.chair, Place.CASE, case).words
    assert DRAWN[result] in said
    assert ("The safety check found the plan not safe." in said) == (result is SafetyResult.NOT_SAFE)


def test_who_replaces_a_check_that_found_the_plan_not_safe_reads_it_first(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    assert "You replace this record" not in visits(workers["voice"], Place.CASE, case).open(RECORD).words
    found = NeedRecorded(
        need=Need.SAFETY_CHECK, plan_version=1, result=SafetyResult.NOT_SAFE, because=BECAUSE
    )
    record_need(desk.context(workers["voice"]), reference=case, need=found)
    visit = visits(workers["voice"], Place.CASE, case).open(RECORD)
    assert f"You replace this record. voice-worker, 2 Mar. {DRAWN[SafetyResult.NOT_SAFE]}" in visit.words
    visit.app.radio(key="need-safety_check-agreed").set_value(Agreement.NOT_ASKED)
    visit.app.radio(key="need-safety_check-result").set_value(SafetyResult.SAFE)
    visit.run().finish("need-safety_check-save")
    assert DRAWN[SafetyResult.SAFE] in visits(desk.chair, Place.CASE, case).words


def test_a_signature_is_offered_only_where_a_record_is_missing(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    assert visits(desk.chair, Place.CASE, case).offers("sign-victims-wishes")
    wishes = NeedRecorded(need=Need.VICTIMS_WISHES, plan_version=1, plan_departs=True)
    record_need(desk.context(workers["voice"]), reference=case, need=wishes)
    visit = visits(desk.chair, Place.CASE, case)
    assert not visit.offers("sign-victims-wishes")
    assert visit.offers("sign-safety-check")


def test_only_the_advocate_records_and_only_coordinator_and_chair_sign(
    desk: Desk, workers: dict[str, Acting], case: str, visits: Visits
) -> None:
    advocate, other = visits(workers["voice"], Place.CASE, case), visits(workers["harbour"], Place.CASE, case)
    assert advocate.offers("record-safety-check")
    assert not advocate.offers("sign-safety-check")
    assert not other.offers("record-safety-check")
    assert not other.offers("sign-safety-check")
    assert not other.offers("approve-plan")


@pytest.fixture
def conflicting(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case whose plan lacks nothing but for one conflict: nothing says how the victim may be contacted."""
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    action = an_action("Send the victim a letter about the court date.", Side.VICTIM_SAFETY)
    plan = PlanGiven(actions=(action,), reason="Agreed.", asks_approval=True)
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
    for need in (Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES, Need.SAFETY_CHECK):
        signed = NeedSignedNot(need=need, plan_version=1, why=WhyNot.NO_ADVOCATE, says="None is named.")
        sign_why_not(desk.context(desk.chair), reference=reference, need=signed)
    return reference


def test_the_chair_sees_each_conflict_and_accepts_it_only_with_a_reason(
    desk: Desk, conflicting: str, visits: Visits
) -> None:
    found = conflicts_on(desk.context(desk.chair), reference=conflicting)
    assert found
    visit = visits(desk.chair, Place.CASE, conflicting)
    assert PLACES_ARE_CHECKED in visit.words
    visit.open("check-conflicts")
    for each in found:
        assert each.says in visit.words
        assert each.resolve in visit.words

    visit = visits(desk.chair, Place.CASE, conflicting)
    visit.open("approve-plan").press("accept-conflicts-save")
    assert "give a reason for each, or leave and resolve it first" in visit.words
    assert plan_of(desk, conflicting).state is PlanState.WAITING

    for each in found:
        field = f"accept-conflicts-{each.key.replace(':', '-')}"
        visit.type(f"approval-{conflicting}-{field}", "The advocate hands it over.")
    visit.finish("accept-conflicts-save")
    assert "Version 1 of the plan is approved and in delivery." in visit.words
    assert plan_of(desk, conflicting).state is PlanState.IN_DELIVERY


def test_a_plan_without_a_conflict_says_so_and_that_places_are_checked_separately(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = visits(desk.chair, Place.CASE, case)
    assert PLACES_ARE_CHECKED in visit.words
    words = visit.open("check-conflicts").words
    assert "No conflict found in the text and dates of the actions." in words


def test_the_conflict_check_is_for_those_who_write_the_plan(
    desk: Desk, workers: dict[str, Acting], conflicting: str, visits: Visits
) -> None:
    visit = visits(workers["harbour"], Place.CASE, conflicting)
    assert "Plan, version 1" in visit.words
    assert not visit.offers("check-conflicts")


def test_a_plan_that_is_not_approved_never_reads_as_done(
    desk: Desk, conflicting: str, visits: Visits
) -> None:
    words = visits(desk.chair, Place.CASE, conflicting).words
    assert "No action is in delivery. 1 action written: waiting for approval." in words
    assert "are closed" not in words
