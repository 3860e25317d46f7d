"""Of what an agency was asked, only what waits for its people is read for them."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from engine.domain.cases.involvement import Request, Returns
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


def waits(returns: Returns) -> bool:
    released = returns.released()
    return (
        returns.waiting_for_release() is not None or released is None or isinstance(released.answer, Failed)
    )


def test_what_waits_is_read_whole_and_nothing_else_in_every_history(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    agencies = {f"agency-{number}": history for number, history in enumerate(HISTORIES)}
    with in_one_entry(desk.runtime) as work:
        due = MONDAY + timedelta(days=5)
        asked = {"involvement": reference, "asked_at": MONDAY, "due_at": due, "was_shown": ()}
        work.answers.ask([Request.model_validate({**asked, "agency": agency}) for agency in agencies])
        for agency, history in agencies.items():
            lived(work, reference, agency, history)
        found = set()
        for agency, history in agencies.items():
            whole = work.answers.returns([reference], agency=agency)[reference]
            there = work.answers.waiting([reference], agency=agency)[reference]
            assert there == tuple(each for each in whole if waits(each)), history
            found |= {bool(there)}
    assert found == {True, False}
