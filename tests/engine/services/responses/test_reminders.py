"""Late answers are chased, and go to the chair, by the clock alone; a chase says who, when and how."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.responses.answers import NilReturn, RefusalGround, Refused
from engine.services.cases import worklists
from engine.services.referrals.screening import screen
from engine.services.responses import agency_answers, reminders
from engine.services.responses import requests as response_requests
from tests.builders import Desk, a_contribution, a_referral, a_screening, ask_all, let_answer, with_toys

NIL = NilReturn(looked_in=("register",), says="Nothing was held.")


def items(desk: Desk, acting: Acting, kind: str) -> list[WorkItem]:
    work = worklists.worklist(desk.context(acting))
    return [item for item in work.items if item.kind == kind]


def asked(desk: Desk, outcome: TriageOutcome = TriageOutcome.CONFERENCE) -> str:
    reference = desk.refer(a_referral()).referrals[0]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))
    response_requests.open_requests(desk.context(desk.coordinator), reference=reference)
    return reference


def chase(
    desk: Desk, reference: str, acting: Acting | None = None, how: ChasedHow = ChasedHow.TELEPHONE
) -> None:
    reminders.chase(desk.context(acting or desk.coordinator), reference=reference, agency="harbour", how=how)


def answer(desk: Desk, worker: Acting, reference: str, given: NilReturn | Refused = NIL) -> None:
    agency_answers.answer_by_hand(
        desk.context(worker), reference=reference, agency=str(worker.agency), answer=given
    )


def go_to(desk: Desk, day: str, hour: int, minute: int = 0) -> None:
    local = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=LONDON)
    desk.clock.move_to(local.astimezone(UTC))


def test_an_answer_is_late_when_its_time_is_over_and_not_a_minute_before(desk: Desk) -> None:
    with_toys(desk)
    asked(desk)  # Monday 2 March, for the conference: ten working days
    go_to(desk, "2026-03-16", 17)
    assert items(desk, desk.coordinator, "chase") == []
    go_to(desk, "2026-03-16", 17, 1)
    assert [item.agency for item in items(desk, desk.coordinator, "chase")] == ["harbour", "lantern", "voice"]


def test_a_late_answer_reaches_the_chair_at_the_second_time_and_not_a_minute_before(desk: Desk) -> None:
    with_toys(desk)
    asked(desk)
    go_to(desk, "2026-03-18", 17)
    assert items(desk, desk.chair, "late answer") == []
    assert not any("chair" in item.why for item in items(desk, desk.coordinator, "chase"))
    go_to(desk, "2026-03-18", 17, 1)
    late = items(desk, desk.chair, "late answer")
    assert [item.what for item in late] == [
        f"Follow up the response of {c}" for c in ("harbour", "lantern", "voice")
    ]
    assert late[0].why == "The agency has not responded in time. It has not been chased."
    assert "The chair sees it too." in items(desk, desk.coordinator, "chase")[0].why


def test_an_urgent_referral_is_answered_the_same_day_or_is_the_chair_s(desk: Desk) -> None:
    with_toys(desk)
    asked(desk, TriageOutcome.URGENT)
    go_to(desk, "2026-03-02", 23, 59)
    assert items(desk, desk.chair, "late answer") == []
    go_to(desk, "2026-03-03", 0)
    assert len(items(desk, desk.chair, "late answer")) == 3


def test_a_chase_is_told_to_the_desk_and_to_that_agency_s_own_practitioners(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    go_to(desk, "2026-03-17", 9)
    chase(desk, reference)
    go_to(desk, "2026-03-18", 9)
    chase(desk, reference, desk.chair, ChasedHow.EMAIL)
    text = "Chased 2 times, last on 18 March 2026 by chair, by email."
    by_agency = {item.agency: item.why for item in items(desk, desk.coordinator, "chase")}
    assert text in by_agency["harbour"]
    assert "Chased" not in by_agency["lantern"]
    assert text in items(desk, workers["harbour"], "answer")[0].why
    assert "Chased" not in items(desk, workers["lantern"], "answer")[0].why


def test_the_day_of_a_chase_is_london_s(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    desk.clock.move_to(datetime(2026, 6, 1, 23, 30, tzinfo=UTC))  # half past midnight in London
    chase(desk, reference)
    assert "Chased once on 2 June 2026 by cora, by phone." in items(desk, desk.coordinator, "chase")[0].why


def test_what_is_answered_is_chased_no_more_and_leaves_every_list(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    go_to(desk, "2026-04-20", 9)
    answer(desk, workers["harbour"], reference)
    refusal = Refused(ground=RefusalGround.CONFIDENTIAL, says="It would break a confidence.")
    answer(desk, workers["lantern"], reference, refusal)
    assert [item.agency for item in items(desk, desk.chair, "late answer")] == ["voice"]
    with pytest.raises(InvalidInputError, match="'harbour' has responded; there is nothing to chase"):
        chase(desk, reference)


def test_a_plugin_that_fails_is_chased_at_once_and_is_the_chair_s_only_when_it_is_late(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", None)
    reference = asked(desk)
    ask_all(desk, reference)
    (failed,) = items(desk, desk.coordinator, "chase")
    assert "could not be asked; this is not a nil return" in failed.why
    assert items(desk, desk.chair, "late answer") == []
    chase(desk, reference)
    own = items(desk, workers["harbour"], "answer")
    assert [item.what for item in own] == ["Respond by hand"]
    assert "could not be asked: no answer within the time limit." in own[0].why


def test_a_newer_response_that_waits_for_release_is_not_overdue_and_the_first_one_was_not(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution("Two reports were held."))
    reference = asked(desk)
    ask_all(desk, reference)
    go_to(desk, "2026-03-17", 9)
    (late,) = items(desk, workers["lantern"], "release")
    assert (late.is_overdue, late.why) == (True, "Your agency was asked and its response is prepared.")
    answer(desk, workers["lantern"], reference)
    let_answer(desk, "lantern", a_contribution("A third report was held."))
    ask_all(desk, reference, again=True)
    (newer,) = items(desk, workers["lantern"], "release")
    said = "Your agency has prepared a newer response than the one it released."
    assert (newer.is_overdue, newer.why) == (False, said)


@pytest.mark.usefixtures("any_clock")
def test_the_clock_alone_makes_it_late_and_nothing_is_written_for_it(desk: Desk) -> None:
    with_toys(desk)
    asked(desk)
    go_to(desk, "2026-03-30", 9)
    assert items(desk, desk.chair, "late answer")
    go_to(desk, "2026-03-02", 10)
    assert items(desk, desk.chair, "late answer") == []


def test_only_the_desk_chases_and_only_what_was_asked(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    with pytest.raises(NotPermittedError, match="chair or coordinator may"):
        chase(desk, reference, workers["lantern"])
    with pytest.raises(NotFoundError, match="this agency was not asked"):
        reminders.chase(
            desk.context(desk.coordinator), reference=reference, agency="somebody", how=ChasedHow.OTHER
        )


def test_a_case_that_is_closed_to_a_person_cannot_be_chased_by_them(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    stranger = desk.add("una", desk.coordinator.role.ANALYST)
    with pytest.raises(NotFoundError, match="you cannot view referral"):
        chase(desk, reference, stranger)


def test_a_referral_that_is_stepped_up_is_due_the_sooner(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    desk.clock.forward(timedelta(hours=3))
    screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening(TriageOutcome.URGENT, base_version=1),
    )
    response_requests.open_requests(desk.context(desk.coordinator), reference=reference)
    go_to(desk, "2026-03-03", 8)
    assert len(items(desk, desk.coordinator, "chase")) == 3


def test_asking_again_never_lengthens_the_time(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    go_to(desk, "2026-03-13", 9)
    response_requests.open_requests(desk.context(desk.coordinator), reference=reference)
    go_to(desk, "2026-03-17", 9)
    assert len(items(desk, desk.coordinator, "chase")) == 3
