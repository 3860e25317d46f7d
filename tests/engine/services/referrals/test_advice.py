"""Advice is sent, answered and closed by those who may, and each refusal is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.referrals.advice import AdviceState, SentHow, SlipAnswer, SlipEntry, SlipGiven
from engine.domain.vault.marks import MarkOf
from engine.services.access.restrictions import restrict
from engine.services.cases.worklists import worklist
from engine.services.context import AgencyContext
from engine.services.referrals.advice import close_advice, list_advice, record_sent, record_slip
from engine.services.referrals.screening import end_involvement, screen
from engine.services.referrals.stepping_up import step_up
from tests.builders import SAFE_HOUSE, Desk, a_referral, a_screening, with_toys

OFFICER = "officer in the case"
YES = SlipEntry(answer=SlipAnswer.YES, on=date(2026, 3, 2), by="PC A. Example")
NO = SlipEntry(answer=SlipAnswer.NO, why="The supervisor decides on Thursday.")
WHOLE = SlipGiven(contacted=YES, spo=NO, risk=YES)
KINDS = ("advice not sent", "advice contact", "advice slip", "advice slip to read")


@pytest.fixture
def context(desk: Desk) -> AgencyContext:
    return desk.context(desk.coordinator)


def advised(desk: Desk, number: str = "1", outcome: TriageOutcome = TriageOutcome.ADVICE) -> str:
    (case,) = desk.refer(a_referral(number)).referrals
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening(outcome))
    return case


def sent(desk: Desk, number: str = "1") -> str:
    case = advised(desk, number)
    record_sent(desk.context(desk.coordinator), reference=case, how=SentHow.EMAIL, to=OFFICER)
    return case


def go_to(desk: Desk, when: str) -> None:
    desk.clock.move_to(datetime.fromisoformat(when).replace(tzinfo=LONDON).astimezone(UTC))


def kinds(desk: Desk, acting: Acting) -> list[str]:
    """Return the kinds of lines about advice on a worklist, and hold the rows against the facts."""
    assert not any(desk.runtime.due.differences(desk.runtime.uow).values())
    return [each.kind for each in worklist(desk.context(acting)).items if each.kind in KINDS]


def test_advice_goes_from_made_to_closed(desk: Desk, context: AgencyContext) -> None:
    case = advised(desk)
    assert [each.state for each in list_advice(context)] == [AdviceState.MADE]
    record_sent(context, reference=case, how=SentHow.BY_HAND, to=OFFICER)
    some = record_slip(context, reference=case, slip=SlipGiven(contacted=YES))
    assert (some.state, len(some.missing)) == (AdviceState.SENT, 2)
    assert record_slip(context, reference=case, slip=WHOLE).state is AdviceState.RETURNED
    closed = close_advice(context, reference=case)
    assert (closed.state, closed.closed is not None and closed.closed.reason) == (AdviceState.CLOSED, None)
    assert list_advice(context) == ()
    assert list_advice(context, state=AdviceState.CLOSED) == (closed,)
    assert kinds(desk, desk.coordinator) == []


def test_a_later_answer_replaces_an_earlier_one_and_both_stay(desk: Desk, context: AgencyContext) -> None:
    case = sent(desk)
    record_slip(context, reference=case, slip=SlipGiven(contacted=NO))
    view = record_slip(context, reference=case, slip=SlipGiven(contacted=YES))
    assert [each.answer for each in view.slip] == [SlipAnswer.YES]
    with desk.runtime.uow.unrecorded() as work:
        (advice,) = work.advice.of([case])[case]
    assert [each.answer for each in advice.slip] == [SlipAnswer.NO, SlipAnswer.YES]


def test_sent_again_stops_no_clock(desk: Desk, context: AgencyContext) -> None:
    case = sent(desk)
    due = list_advice(context)[0].slip_due
    desk.clock.forward(timedelta(days=1))
    again = record_sent(context, reference=case, how=SentHow.EMAIL, to="detective sergeant")
    assert (len(again.sent), again.slip_due) == (2, due)


def test_screened_again_the_earlier_advice_is_superseded_and_nothing_of_it_waits(
    desk: Desk, context: AgencyContext
) -> None:
    case = sent(desk)
    go_to(desk, "2026-03-09T09:00")
    assert kinds(desk, desk.chair) == ["advice slip"]
    screen(context, reference=case, screening=a_screening(TriageOutcome.ADVICE, base_version=1))
    assert (kinds(desk, desk.coordinator), kinds(desk, desk.chair)) == (["advice not sent"], [])
    states = [each.state for each in list_advice(context, reference=case)]
    assert states == [AdviceState.SUPERSEDED, AdviceState.MADE]
    with pytest.raises(InvalidInputError, match="not sent yet"):
        record_slip(context, reference=case, slip=WHOLE)


@pytest.mark.parametrize("way", ["step up", "close"])
def test_a_case_that_goes_on_takes_its_lines_with_it(desk: Desk, context: AgencyContext, way: str) -> None:
    case = sent(desk)
    go_to(desk, "2026-03-05T09:00")
    assert kinds(desk, desk.coordinator) == ["advice contact", "advice slip"]
    if way == "step up":
        step_up(context, reference=case, reason="A knife was found.")
    else:
        end_involvement(context, reference=case, act=Act.CLOSE, why="Over.")
    assert kinds(desk, desk.coordinator) == []
    assert [each.state for each in list_advice(context, reference=case)] == [AdviceState.ENDED]
    with pytest.raises(InvalidInputError, match="it has ended: its case is"):
        close_advice(context, reference=case)


def test_a_no_is_an_answer_and_ends_the_line_of_its_question(desk: Desk, context: AgencyContext) -> None:
    case = sent(desk)
    go_to(desk, "2026-03-03T09:00")
    record_slip(context, reference=case, slip=SlipGiven(spo=NO))
    assert kinds(desk, desk.coordinator) == ["advice contact"], "another question's answer ends nothing"
    record_slip(context, reference=case, slip=SlipGiven(contacted=NO))
    assert kinds(desk, desk.coordinator) == ["advice slip to read"]


def test_a_no_on_contact_waits_for_a_person_until_it_is_yes(desk: Desk, context: AgencyContext) -> None:
    case = sent(desk)
    go_to(desk, "2026-03-03T09:00")
    record_slip(context, reference=case, slip=SlipGiven(contacted=NO))
    (line,) = [each for each in worklist(context).items if each.kind == "advice slip to read"]
    assert line.what == "Decide what follows: the victim was not contacted safely"
    assert line.why == "No to: victim contacted safely."
    record_slip(context, reference=case, slip=SlipGiven(contacted=YES))
    assert kinds(desk, desk.coordinator) == []


@pytest.mark.parametrize(
    ("spo", "why"), [(NO, "No to: Stalking Protection Order considered."), (YES, "Yes to each question.")]
)
def test_a_whole_slip_waits_for_a_person_until_the_advice_is_closed(
    desk: Desk, context: AgencyContext, spo: SlipEntry, why: str
) -> None:
    case = sent(desk)
    record_slip(context, reference=case, slip=SlipGiven(contacted=YES, spo=spo))
    assert kinds(desk, desk.coordinator) == []
    record_slip(context, reference=case, slip=SlipGiven(risk=YES))
    (line,) = [each for each in worklist(context).items if each.kind == "advice slip to read"]
    assert (line.what, line.why) == ("Read the slip and close the advice", why)
    assert kinds(desk, desk.chair) == []
    close_advice(context, reference=case)
    assert kinds(desk, desk.coordinator) == []


def test_of_a_restricted_case_the_chair_has_each_line_when_the_coordinators_have_theirs(desk: Desk) -> None:
    case = advised(desk)
    restrict(desk.context(desk.chair), reference=case, why="A colleague is a party.")
    assert kinds(desk, desk.chair) == ["advice not sent"]
    record_sent(desk.context(desk.chair), reference=case, how=SentHow.EMAIL, to=OFFICER)
    go_to(desk, "2026-03-04T17:01")
    assert kinds(desk, desk.chair) == ["advice contact", "advice slip"]
    other = desk.add("colin", desk.coordinator.role)
    assert kinds(desk, other) == []
    assert list_advice(desk.context(other)) == ()


def test_only_the_chair_closes_advice_without_its_whole_slip_and_with_a_reason(desk: Desk) -> None:
    case, chair = sent(desk), desk.context(desk.chair)
    with pytest.raises(InvalidInputError, match="no answer to 'victim contacted safely', 'Stalking"):
        close_advice(chair, reference=case)
    with pytest.raises(NotPermittedError, match="close advice whose slip is not whole; chair may"):
        close_advice(desk.context(desk.coordinator), reference=case, reason="On leave.")
    assert close_advice(chair, reference=case, reason="On leave.").closed is not None


def test_practitioners_may_not(desk: Desk, context: AgencyContext) -> None:
    workers = with_toys(desk)
    case = advised(desk)
    screen(
        context,
        reference=case,
        screening=a_screening(
            TriageOutcome.ADVICE, base_version=1, people=tuple(each.user for each in workers.values())
        ),
    )
    worker = desk.context(workers["voice"])
    for attempt in (
        lambda: list_advice(worker),
        lambda: list_advice(worker, reference=case),
        lambda: record_sent(worker, reference=case, how=SentHow.EMAIL, to=OFFICER),
        lambda: record_slip(worker, reference=case, slip=WHOLE),
        lambda: close_advice(worker, reference=case),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


Attempt = Callable[[AgencyContext, str], object]


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda c, case: record_slip(c, reference=case, slip=WHOLE), "it is not sent yet"),
        (lambda c, case: close_advice(c, reference=case), "it is not sent yet and its slip has no answer"),
        (
            lambda c, case: record_sent(
                c, reference=case, how=SentHow.EMAIL, to=OFFICER, on=date(2026, 3, 3)
            ),
            "on: this date is in the future",
        ),
        (
            lambda c, case: record_sent(
                c, reference=case, how=SentHow.EMAIL, to=OFFICER, on=date(2026, 3, 1)
            ),
            "on: the advice was made on 2 March 2026",
        ),
        (
            lambda c, case: record_sent(c, reference=case, how=SentHow.EMAIL, to="x" * 121),
            "to: write the role",
        ),
        (lambda c, case: record_sent(c, reference=case, how=SentHow.EMAIL, to="a\nb"), "to: write the role"),
        (
            lambda c, case: record_slip(
                c, reference=case, slip=SlipGiven(risk=YES.model_copy(update={"on": date(2026, 3, 3)}))
            ),
            "risk assessment done, date: this date is in the future",
        ),
        (lambda c, case: list_advice(c, state=AdviceState.SUPERSEDED), "state: .* give its REF"),
    ],
)
def test_a_refusal_is_one_sentence_and_nothing_is_stored(
    desk: Desk, context: AgencyContext, attempt: Attempt, sentence: str
) -> None:
    case = advised(desk)
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        attempt(context, case)
    assert "\n" not in str(refused.value)
    assert [each.state for each in list_advice(context, reference=case)] == [AdviceState.MADE]


@pytest.mark.parametrize("outcome", [TriageOutcome.CONSULTATION, TriageOutcome.REDIRECT])
def test_a_case_without_advice_is_refused_and_has_no_line(
    desk: Desk, context: AgencyContext, outcome: TriageOutcome
) -> None:
    case = advised(desk, outcome=outcome)
    with pytest.raises(InvalidInputError, match="its newest screening gave no advice"):
        record_sent(context, reference=case, how=SentHow.EMAIL, to=OFFICER)
    assert kinds(desk, desk.coordinator) == []
    assert list_advice(context, reference=case) == ()


def test_closed_advice_is_not_changed(desk: Desk, context: AgencyContext) -> None:
    case = sent(desk)
    record_slip(context, reference=case, slip=WHOLE)
    close_advice(context, reference=case)
    for attempt in (
        lambda: record_sent(context, reference=case, how=SentHow.EMAIL, to="another officer"),
        lambda: record_slip(context, reference=case, slip=SlipGiven(risk=NO)),
        lambda: close_advice(context, reference=case),
    ):
        with pytest.raises(InvalidInputError, match="it is already closed"):
            attempt()


def test_an_unknown_case_is_not_there(context: AgencyContext) -> None:
    with pytest.raises(NotFoundError):
        list_advice(context, reference="R-7K3M9QV")


def test_a_protected_value_in_a_slip_is_masked_for_another_reader(desk: Desk, context: AgencyContext) -> None:
    case = sent(desk)
    place = SAFE_HOUSE.partition(",")[0]
    said = context.saying({place: MarkOf.OTHER})
    entry = SlipEntry(answer=SlipAnswer.NO, why=f"Calls at {place}.")
    own = record_slip(said, reference=case, slip=SlipGiven(contacted=entry))
    theirs = list_advice(desk.context(desk.chair), reference=case)[0]
    assert place in str(own.slip[0].why)
    assert place not in theirs.model_dump_json()


def test_the_most_pressing_advice_is_listed_first(desk: Desk, context: AgencyContext) -> None:
    returned = sent(desk, "1")
    record_slip(context, reference=returned, slip=WHOLE)
    overdue = sent(desk, "2")
    go_to(desk, "2026-03-05T09:00")
    made, fresh = advised(desk, "3"), sent(desk, "4")
    assert [each.reference for each in list_advice(context)] == [overdue, made, fresh, returned]
