"""The gate and the approval through the services: who records, signs, approves, and who reads what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli.plans.plan_lines import plan_lines
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import State
from engine.domain.errors import ConflictError, InvalidInputError, NotPermittedError, StillNeededError
from engine.domain.plans.actions import ActionStatus, DepartureReason, PlanGiven, PlannedAction
from engine.domain.plans.approval import (
    ApprovalGiven,
    Informs,
    Need,
    NeedRecorded,
    NeedSignedNot,
    SafetyResult,
    WhyNot,
)
from engine.domain.plans.versions import PlanState
from engine.domain.plans.views import NeedStatus, NeedView, PlanView
from engine.domain.responses.voices import EVERYONE, Agreement
from engine.services.cases.parts import view_plan
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.plans.actions import act
from engine.services.plans.approval import approve_plan, record_need, sign_why_not
from engine.services.plans.versions import make_plan
from engine.services.referrals.screening import name_people
from tests.builders import SAFE_HOUSE, TOY_CODES, Desk, a_plan, approve, with_toys
from tests.dashboard.visits import decided, opened, screened
from tests.databases import drop_triggers
from tests.differential import statements_of
from tests.prepared import prepared

pytestmark = [
    pytest.mark.both("full"),
    pytest.mark.whose_is_said,
]
"""Both databases: for the whole way, what is refused twice and what is counted."""

FOR_ADVOCATE = (Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES, Need.SAFETY_CHECK)


def _decided_case(desk: Desk) -> str:
    reference = screened(desk)
    opened(desk, reference)
    decided(desk, reference)
    return reference


class OnCase:
    """A case that was decided, with everybody on it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.workers = with_toys(desk)
        self.reference = prepared(desk, _decided_case)

    def save(self, plan: PlanGiven | None = None) -> tuple[str, ...]:
        plan = plan or a_plan(agency="harbour")
        context = self.desk.context(self.desk.coordinator)
        return make_plan(context, reference=self.reference, plan=plan, agencies=TOY_CODES).actions

    def record(self, need: Need, by: Acting | None = None, version: int = 1, **changes: Any) -> None:
        if need is Need.SAFETY_CHECK:
            changes.setdefault("result", SafetyResult.SAFE)
        given = NeedRecorded(need=need, plan_version=version, **changes)
        record_need(self.desk.context(by or self.workers["voice"]), reference=self.reference, need=given)

    def approve(self, version: int = 1) -> None:
        approve_plan(
            self.desk.context(self.desk.chair),
            reference=self.reference,
            approval=ApprovalGiven(version=version),
        )

    def plan(self, reader: Acting | None = None) -> PlanView:
        plan = view_plan(self.desk.context(reader or self.desk.chair), reference=self.reference)
        assert plan is not None
        return plan

    def lines(self, reader: Acting) -> list[tuple[str, str]]:
        items = worklist(self.desk.context(reader)).items
        return [(item.kind, item.why) for item in items if "plan" in item.kind or item.kind == "record voice"]


@pytest.fixture
def case(desk: Desk) -> OnCase:
    return OnCase(desk)


def an_urgent(plan: PlanGiven, **changes: object) -> PlanGiven:
    urgent = plan.actions[0].model_copy(
        update={"what": "Change the locks today.", "is_urgent": True, "reference": None}
    )
    return plan.model_copy(update={"actions": (*plan.actions, urgent), **changes})


@pytest.mark.both
def test_a_plan_is_in_delivery_once_the_victims_voice_is_recorded_and_the_chair_approves(
    case: OnCase,
) -> None:
    (action,) = case.save()
    assert case.plan().state is PlanState.DRAFT
    with pytest.raises(StillNeededError) as refused:
        case.approve()
    assert len(refused.value.needed) == 3
    assert str(refused.value).endswith("Urgent safety actions do not wait for this.")
    with pytest.raises(InvalidInputError, match="waits for approval by the chair"):
        act(case.desk.context(case.workers["harbour"]), action=action, status=ActionStatus.DONE)
    for need in FOR_ADVOCATE:
        case.record(need)
    case.approve()
    plan = case.plan()
    assert (plan.state, plan.in_delivery_version, plan.still_needed) == (PlanState.IN_DELIVERY, 1, ())
    assert plan.approval is not None
    assert plan.approval.by == "chair"
    assert (
        act(case.desk.context(case.workers["harbour"]), action=action, status=ActionStatus.DONE).status
        is ActionStatus.DONE
    )
    with pytest.raises(InvalidInputError, match="approved already"):
        case.approve()


def test_an_urgent_safety_action_starts_at_once(case: OnCase) -> None:
    ordinary, urgent = case.save(an_urgent(a_plan(agency="harbour")))
    plan = case.plan()
    assert [action.reference for action in plan.in_delivery] == [urgent]
    assert {action.reference: action.is_live for action in plan.actions} == {ordinary: False, urgent: True}
    assert (
        act(case.desk.context(case.workers["harbour"]), action=urgent, status=ActionStatus.DONE).status
        is ActionStatus.DONE
    )


def test_the_approved_version_stays_in_delivery_beside_a_newer_one(case: OnCase) -> None:
    (action,) = case.save()
    approve(case.desk, case.reference)
    moved = PlannedAction.model_validate(
        {**a_plan(agency="harbour").actions[0].model_dump(), "reference": action, "due": "2026-04-30"}
    )
    plan = a_plan(agency="harbour", base_version=1).model_copy(update={"actions": (moved,)})
    case.save(an_urgent(plan, asks_approval=True))
    view = case.plan()
    assert (view.version, view.state, view.in_delivery_version) == (2, PlanState.WAITING, 1)
    dues = {each.reference: str(each.due) for each in view.in_delivery}
    assert dues[action] == "2026-03-20"
    assert len(dues) == 2
    assert {each.reference: str(each.due) for each in view.actions}[action] == "2026-04-30"
    with case.desk.runtime.uow.unrecorded() as work:  # the worklist reads what the page shows
        live = work.plans.of([case.reference])[case.reference].live
        assert set(work.plans.open_actions()) == set(live)
    act(case.desk.context(case.workers["harbour"]), action=action, status=ActionStatus.IN_PROGRESS)
    view = case.plan()
    assert {str(each.due) for each in view.actions if each.reference == action} == {"2026-04-30"}
    assert {each.status for each in view.actions if each.reference == action} == {ActionStatus.IN_PROGRESS}
    approve(case.desk, case.reference)
    assert {str(each.due) for each in case.plan().in_delivery if each.reference == action} == {"2026-04-30"}


def test_an_agency_is_named_on_the_case_once_its_action_is_in_delivery(desk: Desk) -> None:
    case = OnCase(desk)
    desk.add("new-at-harbour", Role.PRACTITIONER, "harbour")
    desk.add("new-at-lantern", Role.PRACTITIONER, "lantern")
    plan = an_urgent(a_plan(agency="harbour"))
    urgent = plan.actions[1].model_copy(update={"agency": "lantern"})
    case.save(plan.model_copy(update={"actions": (plan.actions[0], urgent)}))
    named = {"new-at-harbour", "new-at-lantern"} & set(people_on(case))
    assert named == {"new-at-lantern"}
    approve(desk, case.reference)
    assert {"new-at-harbour", "new-at-lantern"} <= set(people_on(case))


def noted(desk: Desk, act: str) -> list[dict[str, Any]]:
    with desk.runtime.uow.unrecorded() as work:
        bodies = [json.loads(entry.body) for entry in work.audit.entries()]
    return [body["facts"] for body in bodies if body["what"] == act]


def people_on(case: OnCase) -> tuple[str, ...]:
    return view_case(case.desk.context(case.desk.chair), reference=case.reference).people_on_case


def test_what_departs_from_the_wishes_stays_as_it_was_typed_when_its_masked_form_comes_back(
    case: OnCase,
) -> None:
    typed = f"No visit to {SAFE_HOUSE}."
    plan = a_plan(agency="harbour").model_copy(update={"departs_from_wishes": typed})
    case.save(plan)
    shown = case.plan(case.desk.chair).departs_from_wishes
    assert shown is not None
    assert "Larkfield" not in shown
    back = plan.model_copy(update={"departs_from_wishes": shown, "base_version": 1})
    by_chair = case.desk.context(case.desk.chair)  # who typed it reads it as typed, and sends that back
    make_plan(by_chair, reference=case.reference, plan=back, agencies=TOY_CODES)
    with case.desk.runtime.uow.unrecorded() as work:
        assert work.plans.of([case.reference])[case.reference].departs_from_wishes == typed


@pytest.mark.both
def test_an_action_cannot_be_given_twice(case: OnCase) -> None:
    (action,) = case.save()
    again = a_plan(agency="harbour", base_version=1)
    twice = again.actions[0].model_copy(update={"reference": action})
    with pytest.raises(InvalidInputError, match="is given more than once"):
        case.save(again.model_copy(update={"actions": (twice, twice)}))


def test_only_the_advocate_records_only_the_desk_signs_and_only_the_chair_approves(case: OnCase) -> None:
    case.save()
    with pytest.raises(NotPermittedError, match="the victim's advocate on the case may"):
        case.record(Need.SAFETY_CHECK, by=case.workers["harbour"])
    with pytest.raises(NotPermittedError):
        case.record(Need.SAFETY_CHECK, by=case.desk.chair)
    signed = NeedSignedNot(need=Need.SAFETY_CHECK, plan_version=1, why=WhyNot.OTHER, says="So.")
    with pytest.raises(NotPermittedError):
        sign_why_not(case.desk.context(case.workers["voice"]), reference=case.reference, need=signed)
    with pytest.raises(NotPermittedError):
        approve_plan(
            case.desk.context(case.desk.coordinator),
            reference=case.reference,
            approval=ApprovalGiven(version=1),
        )


def test_what_is_recorded_or_approved_is_about_the_version_that_was_read(case: OnCase) -> None:
    case.save()
    case.save(a_plan(agency="harbour", base_version=1))
    with pytest.raises(ConflictError, match="recorded version 2"):
        case.record(Need.SAFETY_CHECK)
    with pytest.raises(ConflictError, match="recorded version 2"):
        case.approve()


BECAUSE = "The letter goes to the home."
SHOWN = {
    SafetyResult.SAFE: ("safe", None),
    SafetyResult.NOT_SAFE: ("not safe", BECAUSE),
    SafetyResult.NOT_DONE: ("could not be done", BECAUSE),
}
"""By result what the chair reads of it, and why."""


@pytest.mark.parametrize("result", SafetyResult)
def test_each_result_of_a_safety_check_is_on_the_plan_in_the_command_and_in_the_audit_log(
    case: OnCase, result: SafetyResult
) -> None:
    case.save()
    in_words, because = SHOWN[result]
    for need in (Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES):
        case.record(need)
    case.record(Need.SAFETY_CHECK, result=result, because=because)
    line = next(each for each in case.plan().gate if each.need is Need.SAFETY_CHECK)
    assert (line.result, line.because) == (result, because)
    assert in_words in "\n".join(plan_lines(case.plan()))
    assert noted(case.desk, "record need of a plan")[-1]["result"] == in_words
    assert case.plan(case.workers["harbour"]).gate == ()
    if result is SafetyResult.NOT_SAFE:
        with pytest.raises(StillNeededError, match="found version 1 not safe"):
            case.approve()
    else:
        case.approve()
        line = next(each for each in case.plan().gate if each.need is Need.SAFETY_CHECK)
        assert (line.result, line.because) == (result, because)


def test_a_plan_found_not_safe_waits_for_an_action_and_no_signature_answers_it(case: OnCase) -> None:
    case.save()
    for need in (Need.ADVOCATES_VIEW, Need.VICTIMS_WISHES):
        case.record(need)
    case.record(Need.SAFETY_CHECK, result=SafetyResult.NOT_SAFE, because=BECAUSE)
    here: dict[str, Any] = {"context": case.desk.context(case.desk.chair), "reference": case.reference}
    signed = NeedSignedNot(need=Need.SAFETY_CHECK, plan_version=1, why=WhyNot.OTHER, says="So.")
    with pytest.raises(InvalidInputError, match="no signature answers that"):
        sign_why_not(**here, need=signed)
    (first,) = [action.reference for action in case.plan().actions]
    same = a_plan(agency="harbour", base_version=1)
    unchanged = same.actions[0].model_copy(update={"reference": first})
    added = same.actions[0].model_copy(update={"what": "Hand the letter over in person."})
    case.save(same.model_copy(update={"actions": (unchanged,)}))
    assert "found version 1 not safe: add" in case.plan().still_needed[0]
    case.save(same.model_copy(update={"actions": (unchanged, added), "base_version": 2}))
    assert case.plan().still_needed == (
        "The safety check found version 1 not safe, and actions have changed since: record it again.",
    )
    sign_why_not(**here, need=signed.model_copy(update={"plan_version": 3}))
    line = next(each for each in case.plan().gate if each.need is Need.SAFETY_CHECK)
    assert (line.status, line.not_safe_on) == (NeedStatus.SIGNED_NOT, 1)
    case.record(Need.SAFETY_CHECK, version=3)
    case.approve(version=3)
    line = next(each for each in case.plan().gate if each.need is Need.SAFETY_CHECK)
    assert (line.result, line.not_safe_on) == (SafetyResult.SAFE, None)


def test_a_safety_check_does_not_cover_a_plan_that_an_action_was_removed_from(case: OnCase) -> None:
    one, two = case.save(an_urgent(a_plan(agency="harbour"), base_version=0))
    for need in FOR_ADVOCATE:
        case.record(need)
    assert case.plan().still_needed == ()
    plan = an_urgent(a_plan(agency="harbour", base_version=1))
    case.save(plan.model_copy(update={"actions": (plan.actions[1].model_copy(update={"reference": two}),)}))
    assert one not in {action.reference for action in case.plan().actions}
    assert case.plan().still_needed == (
        "The safety check was made on version 1, and actions have changed since: record it again.",
    )


def test_a_departure_names_its_reason_and_who_informs_the_victim(case: OnCase) -> None:
    departs = {"departs_from_wishes": "No contact was wished for.", "departure_reason": DepartureReason.CHILD}
    case.save(a_plan(agency="harbour").model_copy(update=departs))
    for need in FOR_ADVOCATE:
        case.record(need)
    with pytest.raises(StillNeededError, match="record who informs the victim"):
        case.approve()
    with pytest.raises(InvalidInputError, match="'elsewhere' is not installed"):
        case.record(Need.WHO_INFORMS, informs=Informs(agency="elsewhere", person="W. Dale"))
    informs = Informs(agency="voice", person="W. Dale")
    case.record(Need.WHO_INFORMS, by=case.desk.coordinator, informs=informs)
    case.approve()
    line = next(each for each in case.plan(case.workers["harbour"]).gate if each.need is Need.WHO_INFORMS)
    assert (line.informs_agency, line.informs_person) == ("voice", "W. Dale")


def test_the_victims_words_are_read_only_by_whom_the_victim_agreed_to(case: OnCase) -> None:
    case.save()
    shared: dict[str, Any] = {"says": "Nobody is to come by car.", "agreed_to_sharing": Agreement.YES}
    case.record(Need.VICTIMS_WISHES, with_whom=("harbour",), plan_departs=False, **shared)
    read = {
        name: {line.need: line for line in case.plan(reader).gate}
        for name, reader in {"chair": case.desk.chair, **case.workers}.items()
    }
    wishes = {name: lines.get(Need.VICTIMS_WISHES) for name, lines in read.items()}
    assert wishes["lantern"] is None
    assert len(read["lantern"]) == 0
    assert wishes["harbour"] is not None
    assert wishes["harbour"].says == wishes["voice"].says == "Nobody is to come by car."  # type: ignore[union-attr]
    assert wishes["chair"] is not None
    assert (wishes["chair"].status, wishes["chair"].says) == (NeedStatus.RECORDED, None)
    assert wishes["chair"].ask == "voice"
    assert case.plan(case.workers["lantern"]).still_needed == ()
    case.record(Need.VICTIMS_WISHES, with_whom=(EVERYONE,), **shared)
    assert [line.says for line in case.plan(case.workers["lantern"]).gate] == ["Nobody is to come by car."]


def test_a_plan_that_waits_is_on_the_worklists_of_those_whom_it_waits_for(case: OnCase) -> None:
    case.save()
    assert case.lines(case.desk.chair) == case.lines(case.workers["voice"]) == []  # a draft
    case.save(a_plan(agency="harbour", base_version=1).model_copy(update={"asks_approval": True}))
    waits = "Version 2."
    voice = f"{waits} Advocate's view, victim's wishes, safety check."
    assert case.lines(case.workers["voice"]) == [("record voice", voice)]
    ((kind, why),) = case.lines(case.desk.coordinator)
    assert kind == "complete plan"
    assert why.startswith(f"{waits} Still needed: 3. The advocate's view")
    assert case.lines(case.workers["harbour"]) == []
    for need in FOR_ADVOCATE:
        case.record(need, version=2)
    assert case.lines(case.workers["voice"]) == case.lines(case.desk.coordinator) == []
    ready = f"{waits} Everything that an approval needs of the victim's voice is recorded or signed."
    assert case.lines(case.desk.chair) == [("approve plan", ready)]
    case.approve(version=2)
    assert case.lines(case.desk.chair) == []


@pytest.mark.both
def test_more_plans_that_wait_cost_a_worklist_no_more_statements(case: OnCase) -> None:
    given = a_plan(agency="harbour").model_copy(update={"asks_approval": True})
    case.save(given)
    case.desk.runtime.uow.derive_all()  # once in a process
    with statements_of(case.desk) as for_one:
        assert len(case.lines(case.desk.coordinator)) == 1
    for number in ("2", "3"):
        case.reference = screened(case.desk, number)
        opened(case.desk, case.reference)
        decided(case.desk, case.reference)
        case.save(given)
    with statements_of(case.desk) as for_three:
        assert len(case.lines(case.desk.coordinator)) == 3
    assert len(for_three) == len(for_one)


@pytest.mark.both
def test_a_plan_of_before_plans_were_approved_is_in_delivery(case: OnCase) -> None:
    (action,) = case.save()
    with case.desk.runtime.uow._engine.begin() as connection:
        drop_triggers(connection, "plan")
        connection.exec_driver_sql("UPDATE plan SET asks_approval = NULL")
        connection.exec_driver_sql("UPDATE involvement SET state = 'plan in delivery'")
    plan = case.plan()
    assert (plan.state, plan.in_delivery_version, plan.gate) == (PlanState.IN_DELIVERY, 1, ())
    assert [each.reference for each in plan.in_delivery] == [action]
    assert State.IN_DELIVERY.value == "plan in delivery"


def test_a_check_that_found_the_plan_not_safe_is_replaced_only_by_who_read_it(case: OnCase) -> None:
    colleague = case.desk.add("voice-2", Role.PRACTITIONER, "voice")
    name_people(case.desk.context(case.desk.coordinator), reference=case.reference, people=[colleague.user])
    case.save()
    case.record(Need.SAFETY_CHECK)
    case.record(Need.SAFETY_CHECK, by=colleague, result=SafetyResult.NOT_SAFE, because=BECAUSE)
    not_done: dict[str, Any] = {"result": SafetyResult.NOT_DONE, "because": "No answer."}
    for changes in ({}, not_done):
        with pytest.raises(InvalidInputError, match="recorded as not safe on version 1; read that first"):
            case.record(Need.SAFETY_CHECK, **changes)
    assert _line(case, Need.SAFETY_CHECK).result is SafetyResult.NOT_SAFE
    case.record(Need.SAFETY_CHECK, replaces=True)
    assert _line(case, Need.SAFETY_CHECK).result is SafetyResult.SAFE


def test_a_check_of_a_version_whose_actions_changed_replaces_nothing_that_counts(case: OnCase) -> None:
    case.save()
    case.record(Need.SAFETY_CHECK, result=SafetyResult.NOT_SAFE, because=BECAUSE)
    case.save(an_urgent(a_plan(agency="harbour", base_version=1)))
    case.record(Need.SAFETY_CHECK, version=2)
    assert _line(case, Need.SAFETY_CHECK).result is SafetyResult.SAFE


def test_wishes_that_the_plan_departs_from_are_neither_replaced_unread_nor_signed_over(case: OnCase) -> None:
    case.save()
    case.record(Need.VICTIMS_WISHES, plan_departs=True)
    with pytest.raises(InvalidInputError, match="recorded as departing from them on version 1"):
        case.record(Need.VICTIMS_WISHES, plan_departs=False)
    signed = NeedSignedNot(need=Need.VICTIMS_WISHES, plan_version=1, why=WhyNot.DECLINED, says="Not wanted.")
    context = case.desk.context(case.desk.chair)
    with pytest.raises(InvalidInputError, match="is recorded on version 1, so nothing is missing"):
        sign_why_not(context, reference=case.reference, need=signed)
    assert _line(case, Need.VICTIMS_WISHES).plan_departs is True
    missing = signed.model_copy(update={"need": Need.SAFETY_CHECK})
    sign_why_not(context, reference=case.reference, need=missing)
    assert _line(case, Need.SAFETY_CHECK).status is NeedStatus.SIGNED_NOT


def _line(case: OnCase, need: Need) -> NeedView:
    return next(each for each in case.plan().gate if each.need is need)
