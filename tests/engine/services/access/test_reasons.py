"""A task is chosen once and carried; a restricted case asks for a reason, once for each task and day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.accounts.sign_ins import SignIn, SignInWay
from engine.domain.accounts.tasks import CASE_WORK, Task, purpose_given, purpose_of
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.services.access import emergency as emergency_access
from engine.services.access import reasons as access_reasons
from engine.services.access import restrictions
from engine.services.accounts import sign_ins
from engine.services.cases.views import view_case
from tests.builders import SAFE_HOUSE, Desk, with_toys
from tests.engine.services.cases.test_pathway import screened

pytestmark = pytest.mark.whose_is_said


def signed_in(desk: Desk, token: str) -> SignIn:
    """What a token stands for."""
    found = sign_ins.look_at_sign_in(**desk.common, token=token, lock_after=timedelta(hours=1)).sign_in
    assert found is not None
    return found


def begun(desk: Desk, name: str = "chair") -> str:
    """A token of somebody who signed in."""
    return sign_ins.begin_sign_in(
        **desk.common, name=name, way=SignInWay.DEVELOPMENT, lasts=timedelta(hours=8)
    )


def newest_purpose(desk: Desk) -> str:
    """The purpose of the newest entry."""
    with desk.runtime.uow.unrecorded() as work:
        *_, last = work.audit.entries()
    return str(json.loads(last.body)["purpose"])


def test_what_was_begun_once_is_the_purpose_until_another_is_begun(desk: Desk) -> None:
    token = begun(desk)
    first = sign_ins.look_at_sign_in(**desk.common, token=token, lock_after=timedelta(hours=1))
    acting = first.acting()
    assert acting is not None
    assert acting.purpose == CASE_WORK
    said = sign_ins.begin_task(**desk.common, sign_in=signed_in(desk, token), task=Task.CONFERENCE)
    assert said == "case conference of 2 March 2026" == newest_purpose(desk)
    again = sign_ins.look_at_sign_in(**desk.common, token=token, lock_after=timedelta(hours=1)).acting()
    assert again is not None
    assert again.purpose == said
    other = signed_in(desk, begun(desk))
    assert other.task is None
    sign_ins.begin_task(**desk.common, sign_in=signed_in(desk, token), task=None)
    assert (signed_in(desk, token).task, newest_purpose(desk)) == (None, CASE_WORK)


def test_a_sign_in_that_has_ended_begins_nothing(desk: Desk) -> None:
    token = begun(desk)
    there = signed_in(desk, token)
    sign_ins.end_sign_in(**desk.common, token=token)
    with pytest.raises(NotFoundError, match="sign in again"):
        sign_ins.begin_task(**desk.common, sign_in=there, task=Task.TRIAGE)


def test_a_task_by_its_name_is_that_of_today_and_own_words_stay() -> None:
    day = date(2026, 3, 2)
    assert purpose_given("Triage", day) == purpose_of(Task.TRIAGE, day) == "triage of 2 March 2026"
    for words in (CASE_WORK, "triage of the backlog"):
        assert purpose_given(words, day) == words


def test_a_task_in_own_words_is_masked_before_the_audit_keeps_it(desk: Desk) -> None:
    reference = screened(desk)
    for words, stored_text in (
        (f"a visit to {SAFE_HOUSE}", "a visit to [protected]"),
        (f"triage of {SAFE_HOUSE}", "triage of [protected]"),
        ("triage of the backlog", "triage of the backlog"),
    ):
        acting = desk.chair.model_copy(update={"purpose": words, "account": "chair (1000)"})
        view_case(desk.context(acting).with_agencies(()), reference=reference)
        assert newest_purpose(desk) == stored_text
    asked = desk.chair.model_copy(update={"purpose": "a call to 07700 900999", "account": "chair (1000)"})
    with pytest.raises(NotFoundError), desk.runtime.refusals.noted(asked):
        view_case(desk.context(asked).with_agencies(()), reference="R-7K3M9QV")
    assert newest_purpose(desk) == "a call to [protected]"


def test_a_restricted_case_asks_why_once_for_each_task_of_a_day(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    worker = workers["harbour"]

    def is_due(purpose: str = CASE_WORK) -> bool:
        acting = worker.model_copy(update={"purpose": purpose})
        return access_reasons.reason_is_due(desk.context(acting), reference=reference)

    assert not is_due()
    restrictions.restrict(
        desk.context(desk.chair).with_agencies(()), reference=reference, why="Her brother works here."
    )
    assert is_due()
    assert not access_reasons.reason_is_due(desk.context(desk.chair), reference=reference)
    here: dict[str, Any] = {"context": desk.context(worker), "reference": reference}
    with pytest.raises(InvalidInputError, match="reason: write"):
        access_reasons.say_why_opened(**here, why="  ")
    access_reasons.say_why_opened(**here, why=f"To plan a visit to {SAFE_HOUSE}.")
    assert not is_due()
    assert is_due("triage of 2 March 2026")
    desk.clock.forward(timedelta(days=1))
    assert is_due()

    answer: dict[str, Any] = {"reference": reference}
    (given,) = access_reasons.reasons_given(desk.context(desk.chair), **answer)
    assert given.user == "harbour-worker"
    assert SAFE_HOUSE not in given.why
    with pytest.raises(NotPermittedError):
        access_reasons.reasons_given(desk.context(worker), **answer)
    stranger = desk.add("stranger", worker.role, "harbour")
    with pytest.raises(NotFoundError):
        access_reasons.reason_is_due(desk.context(stranger), reference=reference)
    with pytest.raises(NotFoundError):
        emergency_access.break_glass(desk.context(stranger), reference=reference, why="Now.")
