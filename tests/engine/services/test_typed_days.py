"""Wherever somebody types a day, one that can only be a slip is refused and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.domain.cases.incidents import IncidentKind, IncidentReported
from engine.domain.conference.risk import Level
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import PlanGiven, PlannedAction
from engine.domain.responses.answers import NilReturn
from engine.domain.responses.voices import AdvocateOffer
from engine.services.accounts.users import find_user
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.plans import versions as plan_versions
from engine.services.referrals import incidents as referral_incidents
from engine.services.responses import agency_answers
from tests.builders import Desk, a_contribution, a_decision, with_toys
from tests.dashboard.visits import a_view, asked, decided, opened, planned
from tests.prepared import prepared


@pytest.fixture
def reference(desk: Desk) -> str:
    """A case whose conference is open."""
    with_toys(desk)
    return prepared(desk, _open)


def _open(desk: Desk) -> str:
    made = asked(desk)
    opened(desk, made)
    return made


def _incident(desk: Desk, reference: str, day: str) -> Any:
    return referral_incidents.record_incident(
        desk.context(desk.coordinator),
        reference=reference,
        incident=IncidentReported(happened=PartialDate(day), kind=IncidentKind.GIFT, what="A ring."),
    )


def _review(desk: Desk, reference: str, day: str) -> Any:
    return decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision(review_on=day))


def _new_action(desk: Desk, reference: str, day: str) -> Any:
    decided(desk, reference)
    return planned(desk, reference, due=day)


def _moved_action(desk: Desk, reference: str, day: str) -> Any:
    decided(desk, reference)
    planned(desk, reference)
    agencies = desk.runtime.agencies_known
    view = case_views.view_case(desk.context(desk.chair), reference=reference)
    assert view.plan is not None
    action = view.plan.actions[0]
    moved = PlannedAction(
        what=action.what,
        agency=action.agency,
        owner=action.owner,
        due=date.fromisoformat(day),
        reference=action.reference,
    )
    plan = PlanGiven(actions=(moved,), reason="It is moved.", base_version=1)
    return plan_versions.make_plan(
        desk.context(desk.chair), reference=reference, plan=plan, agencies=[a.code for a in agencies]
    )


def _by_hand(desk: Desk, reference: str, answer: Any) -> Any:
    return agency_answers.answer_by_hand(
        desk.context(find_user(uow=desk.runtime.uow, name="harbour-worker").acting()),
        reference=reference,
        agency="harbour",
        answer=answer,
    )


def _view(desk: Desk, reference: str, day: str) -> Any:
    return _by_hand(
        desk, reference, a_contribution("It was seen.", views=(a_view(Level.LOW, recorded_on=day),))
    )


def _offer(desk: Desk, reference: str, day: str) -> Any:
    offered = AdvocateOffer(offered_on=PartialDate(day))
    nil = NilReturn(looked_in=("register",), says="Nothing is held.", advocate_offered=offered)
    return _by_hand(desk, reference, nil)


@pytest.mark.parametrize(
    ("record", "day", "sentence"),
    [
        (_incident, "2026-12", "in the future"),
        (_incident, "1899-12-31", "before 1900"),
        (_review, "1203-01-01", "before today"),
        (_review, "2126-01-01", "10 years ahead"),
        (_review, "next Tuesday", "this is not a date"),
        (_new_action, "2126-01-01", "10 years ahead"),
        (_moved_action, "1203-01-01", "before today"),
        (_moved_action, "2126-01-01", "10 years ahead"),
        (_view, "2026-03-20", "in the future"),
        (_offer, "2027", "in the future"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    desk: Desk, reference: str, record: Callable[[Desk, str, str], Any], day: str, sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        record(desk, reference, day)
