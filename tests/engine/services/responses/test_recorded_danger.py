"""A recorded danger that an agency releases proposes "urgent": a line until a person has screened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import MAY_BE_SCREENED, State, TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.referrals.screening import Screening
from engine.domain.responses.answers import Contribution
from engine.domain.responses.formal import FormalKind
from engine.domain.sharing import AudienceKind
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.due.kinds import DueGiven
from engine.services.referrals.screening import screen
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.responses.recorded_danger import recorded_danger
from engine.services.responses.withdrawal import withdraw
from engine.store.tables.cases.involvements import InvolvementRow
from tests.builders import Desk, a_contribution, a_screening, ask_all, in_one_entry, with_toys
from tests.dashboard.visits import opened
from tests.engine.facts.test_agencies import a_finding
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.sharing.test_release_rules import a_rule, ruled

pytestmark = pytest.mark.whose_is_said

HARBOUR = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
VERY_HIGH = a_finding(FormalKind.ROSH, "very high", on="2026-02-20")


def answered(desk: Desk, *findings: object) -> str:
    """A case on which a practitioner released these findings."""
    reference = screened(desk)
    ask_all(desk, reference)
    released(desk, reference, a_contribution(findings=findings))
    return reference


def released(desk: Desk, reference: str, answer: Contribution) -> None:
    desk.clock.forward(timedelta(hours=1))
    answer_by_hand(desk.context(HARBOUR), reference=reference, agency="harbour", answer=answer)


def again(outcome: TriageOutcome = TriageOutcome.CONFERENCE) -> Screening:
    """A second screening."""
    return a_screening(outcome).model_copy(update={"base_version": 1})


def lines(desk: Desk, acting: Acting | None = None) -> list[WorkItem]:
    assert not any(desk.runtime.due.differences(desk.runtime.uow).values())
    found = worklist(desk.context(acting or desk.coordinator)).items
    return [each for each in found if each.kind == "recorded danger"]


@pytest.fixture
def toys(desk: Desk) -> Desk:
    assert with_toys(desk)["harbour"].user == HARBOUR.user
    return desk


def test_it_waits_from_its_release_until_the_case_is_screened_again(toys: Desk) -> None:
    reference = answered(toys, VERY_HIGH)
    (line,) = lines(toys)

    assert (line.reference, line.what) == (reference, "Screen it again: urgent, or not and why")
    assert line.why == "Harbour Office released a recorded danger. It is on top of the case."
    assert line.due_at is not None
    assert lines(toys, toys.chair) == [], "a coordinator screens"
    view = view_case(toys.context(toys.chair), reference=reference)
    assert any(
        fact.short and fact.short.startswith("RoSH very high (Harbour Office, 20 Feb") for fact in view.facts
    )

    toys.clock.forward(timedelta(hours=1))
    screen(toys.context(toys.coordinator), reference=reference, screening=again())
    assert lines(toys) == [], "the screening has its reason"


def test_a_new_danger_waits_again_and_an_equal_release_does_not(toys: Desk) -> None:
    reference = answered(toys, VERY_HIGH)
    toys.clock.forward(timedelta(hours=1))
    screen(toys.context(toys.coordinator), reference=reference, screening=again())
    released(toys, reference, a_contribution("Another fact.", findings=(VERY_HIGH,)))
    assert lines(toys) == []
    recall = a_finding(FormalKind.RECALL).model_copy(update={"key": "recall"})
    released(toys, reference, a_contribution(findings=(VERY_HIGH, recall)))
    assert len(lines(toys)) == 1
    released(toys, reference, a_contribution("Nothing formal."))
    assert lines(toys) == []


@pytest.mark.parametrize(
    "finding",
    [a_finding(FormalKind.ROSH, "high"), a_finding(FormalKind.LICENCE, "until 2028"), a_finding(None)],
    ids=["another value", "a kind that proposes nothing", "not formal"],
)
def test_what_is_not_in_the_table_makes_no_line(toys: Desk, finding: object) -> None:
    answered(toys, finding)

    assert lines(toys) == []


def test_a_case_that_is_urgent_already_waits_for_nothing(toys: Desk) -> None:
    reference = screened(toys)
    screen(toys.context(toys.coordinator), reference=reference, screening=again(TriageOutcome.URGENT))
    ask_all(toys, reference)
    released(toys, reference, a_contribution(findings=(VERY_HIGH,)))

    assert lines(toys) == []


def test_the_panel_has_it_before_it_once_the_conference_is_open(toys: Desk) -> None:
    reference = answered(toys, VERY_HIGH)
    opened(toys, reference)

    assert lines(toys) == []


@pytest.mark.parametrize("state", State)
def test_every_state_has_the_line_where_a_screening_may_still_make_it_urgent(
    toys: Desk, state: State
) -> None:
    reference = answered(toys, VERY_HIGH)
    with in_one_entry(toys.runtime) as work:
        at = col(InvolvementRow.ref) == reference
        work.cases._session.execute(update(InvolvementRow).where(at).values(state=state.value))
    with toys.runtime.uow.unrecorded() as work:
        given = DueGiven(toys.runtime.settings, lambda: toys.runtime.agencies_described)
        rows = list(recorded_danger(work, [reference], given))

    assert bool(rows) is (state in MAY_BE_SCREENED and state is not State.NOT_SCREENED)


def test_of_a_restricted_case_the_chair_has_the_line_too(toys: Desk) -> None:
    reference = answered(toys, VERY_HIGH)
    restrict(toys.context(toys.chair), reference=reference, why="A party works for an agency.")

    assert len(lines(toys, toys.chair)) == 1


def test_what_its_owner_narrows_or_withdraws_makes_no_line(toys: Desk) -> None:
    narrowed = answered(toys, VERY_HIGH)
    ruled(toys, HARBOUR, narrowed, a_rule("classified", AudienceKind.OWNER))
    assert lines(toys) == []
    ruled(toys, HARBOUR, narrowed, a_rule("classified", AudienceKind.PANEL))
    assert len(lines(toys)) == 1
    withdraw(toys.context(HARBOUR), reference=narrowed, agency="harbour", item="classified")
    assert lines(toys) == []
