"""Of what an agency was asked, only what waits for its people is read for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

from sqlalchemy import select
from sqlmodel import col

from engine.domain.cases.involvement import LateRequest, Request, Returns, WaitingRequest
from engine.domain.cases.lifecycle import State
from engine.domain.responses.answers import AnswerState, Failed, FailureReason, NilReturn, Stage
from engine.store.tables.responses.answers import AnswerRow, RequestRow
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_referral, in_one_entry

STEPS = ("prepared", "released", "by hand", "failed")
HISTORIES = [history for length in range(4) for history in product(STEPS, repeat=length)]
"""Every history of up to three steps: 85 of them, each of an agency of its own on one case."""


def lived(work: Work, reference: str, agency: str, history: tuple[str, ...]) -> None:
    prepared: int | None = None
    for number, step in enumerate(history, start=1):
        answer: NilReturn | Failed = NilReturn(looked_in=("register",), says=f"Nothing was held, {number}.")
        if step == "failed":
            answer = Failed(reason=FailureReason.TIME_LIMIT, says=f"It was too slow, {number}.")
        version = work.answers.add(
            reference,
            agency,
            answer,
            stage=Stage.PREPARED if step == "prepared" else Stage.RELEASED,
            author="harbour-1",
            plugin_version=None,
            at=MONDAY + timedelta(hours=number),
            prepared_version=prepared if step == "released" else None,
        )
        prepared = version if step == "prepared" else prepared


def waits(returns: Returns, reference: str, state: State) -> WaitingRequest | None:
    """Return what waits for the agency's people, as worked out from all answers in full; None if nothing."""
    released, awaits = returns.released(), returns.waiting_for_release() is not None
    failed = released.answer if released is not None and isinstance(released.answer, Failed) else None
    if not awaits and released is not None and failed is None:
        return None
    return WaitingRequest(
        involvement=reference,
        state=state,
        asked_at=returns.request.asked_at,
        due_at=returns.request.due_at,
        awaits_release=awaits,
        answered_at=returns.first_released_at(),
        failed=failed.reason if failed is not None and not awaits else None,
    )


def late(returns: Returns, at: datetime) -> LateRequest | None:
    """Return what is late or failed, as worked out from all answers in full; None if it is neither."""
    failed = returns.state(at, seen_by_owner=False) is AnswerState.FAILED
    if not failed and not returns.is_overdue(at):
        return None
    return LateRequest(returns.request.agency, returns.request.asked_at, returns.request.due_at, failed)


def _add_erased_failure(
    work: Work, reference: str, *, like: str, agency: str, asked: dict[str, object]
) -> None:
    """As an erasure leaves it, of a case that is asked about again."""
    work.answers.ask([Request.model_validate({**asked, "agency": agency})])
    session, of = work.answers._session, col(RequestRow.agency)
    number = session.execute(select(col(RequestRow.id)).where(of == agency)).scalar_one()
    row = session.execute(
        select(AnswerRow).join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id)).where(of == like)
    ).scalar_one()
    content = {**row.content, "erased_by": "X-1"}
    session.add(AnswerRow(**{**row.model_dump(exclude={"id"}), "request_id": number, "content": content}))
    session.flush()


def test_what_is_late_or_failed_is_read_without_answers_as_with_them_in_every_history(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral()).referrals
    agencies = {f"agency-{number:02}": history for number, history in enumerate(HISTORIES)}
    with in_one_entry(desk.runtime) as work:
        due = MONDAY + timedelta(days=5)
        asked = {"asked_at": MONDAY, "due_at": due, "was_shown": (), "involvement": reference}
        work.answers.ask([Request.model_validate({**asked, "agency": agency}) for agency in agencies])
        for agency, history in agencies.items():
            lived(work, reference, agency, history)
        _add_erased_failure(work, reference, like="agency-04", agency="erased", asked=asked)
        whole = work.answers.returns([reference])[reference]
        for at in (due, due + timedelta(seconds=1)):
            wanted = [each for returns in whole if (each := late(returns, at)) is not None]
            there = work.answers.unanswered([reference], states=[State.NOT_SCREENED])[reference]
            assert [each for each in there if each.has_failed or each.is_overdue(at)] == wanted
            assert {each.has_failed for each in wanted} == ({True} if at == due else {True, False})
        assert work.answers.unanswered([reference], states=[State.IN_CONFERENCE]) == {}


def test_what_waits_is_read_without_answers_as_with_them_in_every_history(desk: Desk) -> None:
    reference, closed_to_her = desk.refer(a_referral(), a_referral("2")).referrals
    agencies = {f"agency-{number}": history for number, history in enumerate(HISTORIES)}
    with in_one_entry(desk.runtime) as work:
        work.cases.name_people(reference, ["ana"], by="cora", at=MONDAY)
        due = MONDAY + timedelta(days=5)
        asked = {"asked_at": MONDAY, "due_at": due, "was_shown": ()}
        for case in (reference, closed_to_her):
            about = {**asked, "involvement": case}
            work.answers.ask([Request.model_validate({**about, "agency": agency}) for agency in agencies])
        for agency, history in agencies.items():
            lived(work, reference, agency, history)
        found, not_released = set(), list(work.answers.not_released([reference]))
        for agency, history in agencies.items():
            (whole,) = work.answers.returns([reference], agency=agency)[reference]
            wanted = waits(whole, reference, State.NOT_SCREENED)
            there = work.answers.waiting([reference], agency=agency)
            assert there == ((wanted,) if wanted is not None else ()), history
            again = work.answers.answered_again("ana", agency=agency)
            to_read = {*again, *(each.case for each in not_released if each.agency == agency)}
            assert reference in to_read or wanted is None, history
            for each in there:
                for at in (due, due + timedelta(seconds=1)):
                    assert each.is_overdue(at) == whole.is_overdue(at), history
            found |= {bool(there)}
            assert work.answers.answered_again("ben", agency=agency) == []
    assert found == {True, False}
