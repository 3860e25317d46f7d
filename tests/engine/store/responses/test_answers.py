"""Of what an agency was asked, only what waits for its people is read for them."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from engine.domain.cases.involvement import Request, Returns, WaitingRequest
from engine.domain.cases.lifecycle import State
from engine.domain.responses.answers import Failed, FailureReason, NilReturn, Stage
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
        due_at=returns.request.due_at,
        awaits_release=awaits,
        is_answered=released is not None and failed is None,
        failed=failed.reason if failed is not None and not awaits else None,
    )


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
        found = set()
        for agency, history in agencies.items():
            (whole,) = work.answers.returns([reference], agency=agency)[reference]
            wanted = waits(whole, reference, State.NOT_SCREENED)
            there = work.answers.waiting("ana", agency=agency)
            assert there == ((wanted,) if wanted is not None else ()), history
            for each in there:
                for at in (due, due + timedelta(seconds=1)):
                    assert each.is_overdue(at) == whole.is_overdue(at), history
            found |= {bool(there)}
            assert work.answers.waiting("ben", agency=agency) == ()
    assert found == {True, False}
