"""An agency that was asked and has nobody on the case is a line for who can name somebody."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.access.need_to_know import SaidBy
from engine.domain.accounts.acting import Acting, Role, User
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.services.access import conflicts
from engine.services.access.restrictions import restrict
from engine.services.accounts import users
from engine.services.cases import worklists
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from tests.builders import Desk, a_contribution, a_referral, a_screening, ask_all, with_toys


def lines(desk: Desk, acting: Acting) -> list[WorkItem]:
    day = worklists.worklist(desk.context(acting))
    return [item for item in day.items if item.kind == "name people"]


def agencies(desk: Desk, acting: Acting) -> list[str | None]:
    return [item.agency for item in lines(desk, acting)]


def asked_with_one_added_later(desk: Desk) -> tuple[dict[str, Acting], str]:
    """Lantern's practitioner is added after the screening, as those of an agency that adds itself are."""
    workers = with_toys(desk)
    users.set_active(desk.context(desk.coordinator), name="lantern-worker", active=False)
    reference = desk.refer(a_referral()).referrals[0]
    given: dict[str, Any] = {"context": desk.context(desk.coordinator), "reference": reference}
    screening.screen(**given, screening=a_screening())
    users.set_active(desk.context(desk.coordinator), name="lantern-worker", active=True)
    ask_all(desk, reference)
    return workers, reference


def test_an_agency_added_later_is_a_line_until_somebody_of_it_is_named_and_is_then_heard(desk: Desk) -> None:
    workers, reference = asked_with_one_added_later(desk)
    release: dict[str, Any] = {
        "context": desk.context(workers["lantern"]),
        "reference": reference,
        "agency": "lantern",
    }
    with pytest.raises(NotFoundError):
        agency_answers.release(**release)
    for acting in (desk.coordinator, desk.chair):
        (line,) = lines(desk, acting)
        assert (line.reference, line.agency) == (reference, "lantern")
        assert line.what == "Name a practitioner of lantern on the case"
        assert "prepared" not in line.why
    assert lines(desk, workers["harbour"]) == []
    named = screening.name_people(desk.context(desk.chair), reference=reference, people=["lantern-worker"])
    assert "lantern-worker" in named
    assert lines(desk, desk.coordinator) == lines(desk, desk.chair) == []
    agency_answers.release(**release)


def test_whoever_left_or_is_connected_can_release_nothing_and_only_the_chair_learns_of_a_connection(
    desk: Desk,
) -> None:
    workers, reference = asked_with_one_added_later(desk)
    given: dict[str, Any] = {"reference": reference}
    screening.name_people(desk.context(desk.coordinator), **given, people=["lantern-worker"])
    users.set_active(desk.context(desk.coordinator), name="lantern-worker", active=False)
    assert agencies(desk, desk.coordinator) == ["lantern"]
    said = conflicts.say_own(desk.context(workers["voice"]), **given, is_connected=True)
    assert said.said_by is SaidBy.SELF
    assert agencies(desk, desk.coordinator) == ["lantern"]
    assert sorted(agencies(desk, desk.chair), key=str) == ["lantern", "voice"]


def test_another_role_cannot_release_even_if_an_agency_is_stored_with_it(desk: Desk) -> None:
    """No use case stores an agency with another role; what can be released does not depend on that."""
    _, reference = asked_with_one_added_later(desk)
    lead = User(name="lantern-lead", display_name="lantern-lead", role=Role.MANAGER, agency="lantern")
    at = desk.clock.now()
    with desk.runtime.uow.writing(acting=desk.coordinator, what="add user", at=at) as work:
        work.users.add(lead, at=at)
    screening.name_people(desk.context(desk.chair), reference=reference, people=[lead.name])
    assert agencies(desk, desk.coordinator) == ["lantern"]
    with pytest.raises(NotPermittedError):
        agency_answers.release(desk.context(lead.acting()), reference=reference, agency="lantern")


def test_an_answer_that_is_released_needs_nobody(desk: Desk) -> None:
    workers, reference = asked_with_one_added_later(desk)
    agency_answers.answer_by_hand(
        desk.context(workers["voice"]),
        reference=reference,
        agency="voice",
        answer=a_contribution("The victim is afraid."),
    )
    users.set_active(desk.context(desk.coordinator), name="voice-worker", active=False)
    assert agencies(desk, desk.chair) == ["lantern"]


def test_of_a_case_that_is_hidden_from_a_coordinator_nothing_is_said(desk: Desk) -> None:
    _, reference = asked_with_one_added_later(desk)
    other = desk.add("other-desk", Role.COORDINATOR)
    assert agencies(desk, other) == ["lantern"]
    restrict(desk.context(desk.chair), reference=reference, why="Invented reason.")
    assert agencies(desk, other) == []
    assert agencies(desk, desk.chair) == ["lantern"]
