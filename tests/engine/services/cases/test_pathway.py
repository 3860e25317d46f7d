"""From a referral to a plan and an outcome, through the services that every door uses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.risk import Domain, Level
from engine.domain.dates import PartialDate
from engine.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, OutcomeFound, OutcomeGiven
from engine.domain.plans.actions import ActionStatus
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import (
    AnswerState,
    DomainView,
    Finding,
    Nature,
    NilReturn,
    Professional,
    RefusalGround,
    Refused,
)
from engine.domain.responses.reported import RecordPointer
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.outcomes import follow_up
from engine.services.plans import actions as plan_actions
from engine.services.plans import versions as plan_versions
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from tests.builders import (
    MONDAY,
    SAFE_HOUSE,
    Desk,
    a_contribution,
    a_decision,
    a_plan,
    a_referral,
    a_screening,
    approve,
    ask_all,
    let_answer,
    with_toys,
)
from tests.due_rows import lines

pytestmark = pytest.mark.whose_is_said

A_VIEW = DomainView(
    domain=Domain.VIOLENCE,
    level=Level.HIGH,
    reasons="He was arrested with a knife.",
    recorded_by=Professional(name="J. Hale", post="practitioner"),
    recorded_on=MONDAY.date(),
)


def screened(desk: Desk, outcome: TriageOutcome = TriageOutcome.CONFERENCE, **referral: object) -> str:
    reference = desk.refer(a_referral(**referral)).referrals[0]  # type: ignore[arg-type]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))
    return reference


def seen(desk: Desk, reference: str, acting: Acting | None = None) -> CaseView:
    return case_views.view_case(desk.context(acting or desk.coordinator), reference=reference)


def column(view: CaseView, agency: str) -> AgencyAnswerView:
    return next(answer for answer in view.answers if answer.agency == agency)


def test_the_whole_pathway_in_one_day(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    let_answer(desk, "lantern", a_contribution("He was known to the service.", views=(A_VIEW,)))
    reference = screened(desk)
    ask_all(desk, reference)
    assert seen(desk, reference).state is State.AGENCIES_ASKED
    for code in ("lantern", "voice"):
        agency_answers.release(desk.context(workers[code]), reference=reference, agency=code)
    assert seen(desk, reference).state is State.READY_FOR_CONFERENCE
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decided = decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    planned = plan_versions.make_plan(
        desk.context(desk.chair), reference=reference, plan=a_plan(agency="harbour"), agencies=("harbour",)
    )
    approve(desk, reference)
    plan_actions.act(desk.context(workers["harbour"]), action=planned.actions[0], status=ActionStatus.DONE)
    follow_up.record_outcome(
        desk.context(desk.coordinator),
        reference=reference,
        outcome=OutcomeGiven(
            measure=Measure.REPORTED,
            found=OutcomeFound.FURTHER_STALKING,
            against=AgainstWhom.SAME_VICTIM,
            happened=PartialDate("2026-03-02"),
            looked_until=PartialDate("2026-03-02"),
            says="A further letter was reported.",
        ),
    )
    view = seen(desk, reference)
    assert view.decision is not None
    assert view.decision.reference == decided.decision
    assert set(view.decision.saw) == {"harbour", "lantern", "voice"}
    assert view.plan is not None
    assert view.plan.actions[0].status is ActionStatus.DONE
    assert [outcome.measure for outcome in view.outcomes] == [Measure.REPORTED]
    assert view.orders == "not recorded"
    assert [move.act for move in view.history] == [
        "refer",
        "screen",
        Act.ANSWERS_IN.value,
        "open conference",
        "decide",
        "plan",
        "approve plan",
    ]


def test_a_hanging_agency_is_a_failure_and_silences_nobody(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", None)
    reference = screened(desk)
    ask_all(desk, reference)
    view = seen(desk, reference)
    failed = column(view, "harbour")
    assert failed.state is AnswerState.FAILED
    assert "This is not a nil return" in failed.says
    assert column(view, "lantern").state is AnswerState.AWAITED
    assert view.state is State.AGENCIES_ASKED


def test_a_restarted_run_asks_nobody_twice_and_asking_again_confirms(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution())
    reference = screened(desk)
    ask_all(desk, reference)
    ask_all(desk, reference)
    assert column(seen(desk, reference), "harbour").version == 1
    desk.clock.forward(timedelta(hours=2))
    ask_all(desk, reference, again=True)
    again = column(seen(desk, reference), "harbour")
    assert (again.version, again.at) == (1, desk.clock.now())


def test_levels_and_opinions_wait_for_the_conference_and_facts_do_not(desk: Desk) -> None:
    workers = with_toys(desk)
    opinion = Finding(
        key="opinion",
        says="He was thought to be fixated.",
        nature=Nature.OPINION,
        records=(RecordPointer(record="R9", kind="note"),),
    )
    answer = a_contribution("Two reports were held.", views=(A_VIEW,), in_own_words=("RoSH: high.",))
    answer = answer.model_copy(update={"findings": (*answer.findings, opinion)})
    let_answer(desk, "lantern", answer)
    reference = screened(desk)
    ask_all(desk, reference)
    agency_answers.release(desk.context(workers["lantern"]), reference=reference, agency="lantern")
    before = column(seen(desk, reference, workers["harbour"]), "lantern")
    assert [finding.says for finding in before.findings] == ["Two reports were held."]
    assert before.levels_hidden
    assert not before.views
    assert before.in_own_words == ("RoSH: high.",), "formal: it travels when it is released"
    own = column(seen(desk, reference, workers["lantern"]), "lantern")
    assert own.views == (A_VIEW,)
    assert not own.levels_hidden
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    after = column(seen(desk, reference, workers["harbour"]), "lantern")
    assert after.views == (A_VIEW,)
    assert len(after.findings) == 2
    assert not after.levels_hidden


def test_a_prepared_answer_is_its_agencys_alone(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution("A secret of Lantern House."))
    reference = screened(desk)
    ask_all(desk, reference)
    for acting in (desk.coordinator, desk.chair, workers["harbour"]):
        assert "secret of Lantern" not in seen(desk, reference, acting).model_dump_json()
    prepared = agency_answers.prepared_answer(
        desk.context(workers["lantern"]), reference=reference, agency="lantern"
    )
    assert "A secret of Lantern House." in prepared.model_dump_json()
    with pytest.raises(NotPermittedError, match="a practitioner of lantern"):
        agency_answers.prepared_answer(
            desk.context(workers["harbour"]), reference=reference, agency="lantern"
        )


def test_a_struck_item_is_seen_by_nobody_and_counted_for_all(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution("He was known.", "He was seen on the ward."))
    reference = screened(desk)
    ask_all(desk, reference)
    released = agency_answers.release(
        desk.context(workers["lantern"]), reference=reference, agency="lantern", strike={"finding-2"}
    )
    assert released.held_back == 1
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    for acting in (desk.coordinator, desk.chair, *workers.values()):
        view = seen(desk, reference, acting)
        assert "the ward" not in view.model_dump_json()
        assert [(held.agency, held.count) for held in view.withheld] == [("lantern", 1)]
        assert view.withheld[0].ask == "lantern@example.invalid"


def test_striking_what_is_not_there_is_refused_and_releases_nothing(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    reference = screened(desk)
    ask_all(desk, reference)
    with pytest.raises(InvalidInputError, match="choose one of: finding-1"):
        agency_answers.release(
            desk.context(workers["lantern"]), reference=reference, agency="lantern", strike={"finding-7"}
        )
    assert column(seen(desk, reference), "lantern").state is AnswerState.AWAITED


def test_refusing_is_not_a_nil_return_and_a_nil_return_is_not_silence(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    agency_answers.refuse(
        desk.context(workers["lantern"]),
        reference=reference,
        agency="lantern",
        refusal=Refused(ground=RefusalGround.CONFIDENTIAL, says="Confidence outweighed the need."),
    )
    view = seen(desk, reference)
    assert column(view, "lantern").state is AnswerState.REFUSED
    assert "duty of confidence outweighs" in column(view, "lantern").says
    assert column(view, "harbour").state is AnswerState.NIL_RETURN
    assert column(view, "voice").state is AnswerState.AWAITED


def test_an_answer_by_hand_has_a_person_as_its_author(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    agency_answers.answer_by_hand(
        desk.context(workers["voice"]),
        reference=reference,
        agency="voice",
        answer=a_contribution("She is very frightened."),
    )
    answer = column(seen(desk, reference), "voice")
    assert (answer.author, answer.released_by, answer.plugin) == ("voice-worker", "voice-worker", None)


def test_protected_values_of_an_answer_go_to_the_vault_and_are_masked_in_every_text(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    agency_answers.answer_by_hand(
        desk.context(workers["voice"]),
        reference=reference,
        agency="voice",
        answer=a_contribution(
            "She stays at 9 Quince Row for now.",
            protected=(ProtectedValue(kind=ProtectedKind.ADDRESS, value="9 Quince Row"),),
        ),
    )
    for acting in (desk.coordinator, desk.chair, workers["harbour"], workers["lantern"]):
        text = seen(desk, reference, acting).model_dump_json()
        assert "Quince" not in text
        assert "[protected]" in text


def test_low_needs_each_gap_weighed_while_somebody_has_not_answered(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    given: dict[str, Any] = {"context": desk.context(desk.chair)}
    low = a_decision(Level.LOW)
    with pytest.raises(InvalidInputError, match="cannot be low over a gap: awaited: lantern; awaited: voice"):
        decisions.decide(**given, reference=reference, decision=low)
    weighed = low.model_copy(
        update={
            "weighed": tuple(gap.name for gap in seen(desk, reference, desk.chair).gaps),
            "low_despite_unknown": "Both told the chair by telephone.",
        }
    )
    decided = decisions.decide(**given, reference=reference, decision=weighed)
    assert decided.not_seen == {"lantern": AnswerState.AWAITED, "voice": AnswerState.AWAITED}


def test_an_urgent_referral_is_safeguarded_before_any_conference(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk, TriageOutcome.URGENT)
    with pytest.raises(IllegalTransitionError, match=r"allowed now: .*record safeguarding"):
        decisions.open_conference(desk.context(desk.chair), reference=reference)
    screening.record_safeguarding(
        desk.context(desk.coordinator), reference=reference, done="Locks changed at noon."
    )
    decisions.open_conference(desk.context(desk.chair), reference=reference)


@pytest.mark.parametrize("outcome", [TriageOutcome.ADVICE, TriageOutcome.REDIRECT])
def test_no_agency_is_asked_about_advice_or_a_redirected_referral(desk: Desk, outcome: TriageOutcome) -> None:
    with_toys(desk)
    reference = screened(desk, outcome)
    with pytest.raises(IllegalTransitionError, match="agencies cannot be asked"):
        ask_all(desk, reference)
    assert {answer.state for answer in seen(desk, reference).answers} == {AnswerState.NOT_ASKED}


def test_nothing_of_an_agency_is_shown_before_screening(desk: Desk) -> None:
    with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    view = seen(desk, reference)
    assert view.answers == ()
    assert view.warning == "not screened: not known to be safe"
    with pytest.raises(IllegalTransitionError):
        ask_all(desk, reference)


def test_advice_comes_from_an_allow_list_and_holds_no_name(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    done = screening.screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=reference,
        screening=a_screening(TriageOutcome.ADVICE),
    )
    assert done.advice is not None
    assert "Do not issue a Police Information Notice." in done.advice
    for secret in ("Daniel", "Amira", "Roe", "Kent", "separation"):
        assert secret not in done.advice


def test_two_people_who_edit_one_plan_do_not_overwrite_each_other(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    common: dict[str, Any] = {"reference": reference, "agencies": ("harbour",)}
    plan_versions.make_plan(desk.context(desk.chair), **common, plan=a_plan(agency="harbour"))
    with pytest.raises(ConflictError, match=r"recorded version 1 at .* was made on version 0 and was not"):
        plan_versions.make_plan(desk.context(desk.coordinator), **common, plan=a_plan(agency="harbour"))
    assert (
        plan_versions.make_plan(
            desk.context(desk.coordinator), **common, plan=a_plan(agency="harbour", base_version=1)
        ).version
        == 2
    )


def test_a_masked_text_that_comes_back_unchanged_does_not_overwrite_what_was_written(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    common: dict[str, Any] = {
        "context": desk.context(desk.chair),
        "reference": reference,
        "agencies": ("harbour",),
    }
    given = a_plan(agency="harbour")
    action = given.actions[0].model_copy(update={"what": f"Alarm at {SAFE_HOUSE}."})
    plan_versions.make_plan(**common, plan=given.model_copy(update={"actions": (action,)}))
    page = seen(desk, reference).plan
    assert page is not None
    shown = page.actions[0]
    assert "Larkfield" not in shown.what
    back = action.model_copy(update={"reference": shown.reference, "what": shown.what})
    common["context"] = desk.context(desk.coordinator)  # who typed it reads it as typed, and sends that back
    plan_versions.make_plan(**common, plan=given.model_copy(update={"actions": (back,), "base_version": 1}))
    with desk.runtime.uow.unrecorded() as work:
        assert work.plans.action(shown.reference).what == f"Alarm at {SAFE_HOUSE}."
    changed = back.model_copy(update={"what": "Alarm and camera."})
    plan_versions.make_plan(
        **common, plan=given.model_copy(update={"actions": (changed,), "base_version": 2})
    )
    with desk.runtime.uow.unrecorded() as work:
        assert work.plans.action(shown.reference).what == "Alarm and camera."


def test_an_agency_reports_on_its_own_actions_alone_and_not_done_needs_a_reason(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    action = plan_versions.make_plan(
        desk.context(desk.chair), reference=reference, plan=a_plan(agency="harbour"), agencies=("harbour",)
    ).actions[0]
    approve(desk, reference)
    with pytest.raises(NotPermittedError, match="a practitioner of harbour, a coordinator or the chair"):
        plan_actions.act(desk.context(workers["lantern"]), action=action, status=ActionStatus.DONE)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        plan_actions.act(desk.context(workers["harbour"]), action=action, status=ActionStatus.NOT_DONE)


def test_an_answer_to_an_unasked_request_is_refused(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    with pytest.raises(NotFoundError, match="this agency was not asked"):
        agency_answers.answer_by_hand(
            desk.context(workers["lantern"]),
            reference=reference,
            agency="lantern",
            answer=NilReturn(looked_in=("register",), says="Nothing was held."),
        )


def test_a_recovered_agency_is_awaited_and_nothing_is_said_to_be_shown_that_is_not(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", None)
    reference = screened(desk)
    ask_all(desk, reference)
    assert column(seen(desk, reference), "lantern").state is AnswerState.FAILED
    let_answer(desk, "lantern", a_contribution())
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference)
    recovered = column(seen(desk, reference), "lantern")
    assert (recovered.state, recovered.failed_since) == (AnswerState.AWAITED, None)
    assert column(seen(desk, reference, workers["lantern"]), "lantern").state is AnswerState.WAITING_RELEASE
    chased = [item for item in late_lines(desk) if "lantern" in item]
    assert chased == []

    let_answer(desk, "lantern", None)
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    again = column(seen(desk, reference), "lantern")
    assert again.state is AnswerState.AWAITED
    assert again.failed_since == (
        f"Asked again on {desk.clock.now():%-d %B %Y}, and it failed: no answer within the time limit."
    )
    agency_answers.release(desk.context(workers["lantern"]), reference=reference, agency="lantern")
    let_answer(desk, "lantern", None)
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    shown = column(seen(desk, reference), "lantern").failed_since
    assert shown is not None
    assert shown.endswith("The earlier response is shown.")


def late_lines(desk: Desk) -> list[str]:
    return [f"{item.what} {item.why}" for item in lines(desk, desk.coordinator, "chase")]
