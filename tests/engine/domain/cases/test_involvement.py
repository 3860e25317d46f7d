"""What is shown for an agency: absences stay apart, and a failure hides no earlier answer."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.cases.involvement import Request, Returns, StoredAnswer
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    Failed,
    FailureReason,
    NilReturn,
    RefusalGround,
    Refused,
    Stage,
)
from tests.builders import MONDAY, a_contribution

DUE = MONDAY + timedelta(days=10)
FAILED = Failed(reason=FailureReason.TIME_LIMIT, says="It gave no answer in time.")


def returns(*answers: tuple[Stage, Contribution | NilReturn | Refused | Failed], **more: object) -> Returns:
    stored = tuple(
        StoredAnswer.model_validate(
            {
                "agency": "harbour",
                "version": number,
                "stage": stage,
                "answer": answer,
                "digest": str(number),
                "author": "plugin harbour",
                "at": MONDAY + timedelta(hours=number),
                **(more if number == 1 else {}),
            }
        )
        for number, (stage, answer) in enumerate(answers, start=1)
    )
    request = Request(involvement="R-1", agency="harbour", asked_at=MONDAY, due_at=DUE, was_shown=())
    return Returns(request=request, answers=stored)


def test_awaited_becomes_overdue_by_the_clock_alone() -> None:
    asked = returns()
    assert asked.state(DUE, seen_by_owner=False) is AnswerState.AWAITED
    assert asked.state(DUE + timedelta(seconds=1), seen_by_owner=False) is AnswerState.OVERDUE


def test_a_prepared_answer_is_seen_by_its_agency_and_awaited_for_all_others() -> None:
    prepared = returns((Stage.PREPARED, a_contribution()))
    assert prepared.state(MONDAY, seen_by_owner=True) is AnswerState.WAITING_RELEASE
    assert prepared.state(MONDAY, seen_by_owner=False) is AnswerState.AWAITED
    assert prepared.released() is None


def test_each_kind_of_answer_reads_as_itself() -> None:
    nil = NilReturn(looked_in=("register",), says="Nothing was held.")
    refused = Refused(ground=RefusalGround.CONFIDENTIAL, says="Confidence outweighed.")
    states = [
        returns((Stage.RELEASED, answer)).state(MONDAY, seen_by_owner=False)
        for answer in (a_contribution(), nil, refused, FAILED)
    ]
    assert states == [
        AnswerState.CONTRIBUTION,
        AnswerState.NIL_RETURN,
        AnswerState.REFUSED,
        AnswerState.FAILED,
    ]


def test_a_failure_does_not_hide_an_earlier_good_answer_and_is_told() -> None:
    again = returns((Stage.RELEASED, a_contribution()), (Stage.RELEASED, FAILED))
    shown = again.released()
    assert shown is not None
    assert shown.version == 1
    assert again.failed_after_good() is not None


def test_a_confirmed_answer_clears_the_failure_before_it() -> None:
    confirmed = returns(
        (Stage.RELEASED, a_contribution()),
        (Stage.RELEASED, FAILED),
        confirmed_at=MONDAY + timedelta(hours=5),
    )
    assert confirmed.failed_after_good() is None


def test_an_answer_that_was_prepared_ends_a_failure_before_or_after_it() -> None:
    for answers in (
        ((Stage.RELEASED, FAILED), (Stage.PREPARED, a_contribution())),
        ((Stage.PREPARED, a_contribution()), (Stage.RELEASED, FAILED)),
    ):
        recovered = returns(*answers)
        assert recovered.released() is None
        assert recovered.state(DUE, seen_by_owner=False) is AnswerState.AWAITED
        assert recovered.state(DUE + timedelta(seconds=1), seen_by_owner=False) is AnswerState.OVERDUE
        assert recovered.state(DUE, seen_by_owner=True) is AnswerState.WAITING_RELEASE


def test_a_failure_alone_is_overdue_like_silence() -> None:
    failed = returns((Stage.RELEASED, FAILED))
    assert failed.is_overdue(DUE + timedelta(seconds=1))
    assert not failed.is_overdue(DUE)


def test_a_released_answer_waits_no_more_but_a_newer_prepared_one_does() -> None:
    one = returns((Stage.PREPARED, a_contribution()))
    assert one.waiting_for_release() is not None
    released = one.answers[0].model_copy(
        update={"version": 2, "stage": Stage.RELEASED, "prepared_version": 1}
    )
    two = one.model_copy(update={"answers": (*one.answers, released)})
    assert two.waiting_for_release() is None
    newer = one.answers[0].model_copy(update={"version": 3})
    three = two.model_copy(update={"answers": (*two.answers, newer)})
    waiting = three.waiting_for_release()
    assert waiting is not None
    assert waiting.version == 3
