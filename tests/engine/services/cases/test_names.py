"""Names on a worklist: read once for all its lines, only where the case is open; texts masked as there."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkGroup, WorkItem, Worklist, line_of, section_of
from engine.services.cases import names, worklists
from engine.services.plans.versions import make_plan
from tests.builders import SAFE_HOUSE, Desk, a_person, a_plan, approve, with_toys
from tests.dashboard.visits import decided, opened, screened
from tests.differential import statements_of

pytestmark = pytest.mark.whose_is_said


def named(desk: Desk, acting: Acting) -> Worklist:
    view = worklists.worklist(desk.context(acting))
    return view.model_copy(update={"items": names.name_items(desk.context(acting), items=view.items)})


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def late_action(desk: Desk, what: str, number: str = "1") -> str:
    """A case whose plan has one action of harbour, due on the day on which the list is read."""
    reference = screened(desk, number, victim=a_person("Amira", f"Kent-{number}"))
    opened(desk, reference)
    decided(desk, reference)
    plan = a_plan(agency="harbour", due=str(desk.clock.today()))
    plan = plan.model_copy(update={"actions": (plan.actions[0].model_copy(update={"what": what}),)})
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=("harbour",))
    approve(desk, reference)
    return reference


def test_an_action_says_what_it_is_and_who_the_case_is_about(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = late_action(desk, "Arrange a safety visit.")
    (item,) = named(desk, workers["harbour"]).of(WorkGroup.ACTION)
    assert (item.reference, item.what, item.agency) == (reference, "Arrange a safety visit.", "harbour")
    assert item.names is not None
    assert (item.names.victim, item.names.perpetrator) == ("Amira K.", "Daniel R.")


def test_a_protected_detail_in_an_action_is_masked_on_the_worklist_too(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    late_action(desk, f"Visit {SAFE_HOUSE} today.")
    (item,) = named(desk, workers["harbour"]).of(WorkGroup.ACTION)
    assert "Larkfield" not in item.what
    assert item.what.startswith("Visit ")


def test_a_line_of_a_case_that_is_not_open_stays_without_names(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = screened(desk)
    outsider = desk.add("pat", Role.PRACTITIONER, "harbour")
    line = WorkItem(
        reference=reference, what="x", why="y", due_at=None, is_overdue=False, is_alarm=False, kind="answer"
    )
    assert names.name_items(desk.context(outsider), items=[line]) == (line,)
    officer = desk.add("dpo", Role.DATA_PROTECTION)
    assert names.name_items(desk.context(officer), items=[line]) == (line,)


def test_the_names_of_a_hundred_lines_are_read_at_once(desk: Desk, workers: dict[str, Acting]) -> None:
    references = [screened(desk, str(number)) for number in range(3)]
    lines = [
        WorkItem(
            reference=ref, what="x", why="y", due_at=None, is_overdue=False, is_alarm=False, kind="answer"
        )
        for ref in references * 30
    ]
    with statements_of(desk) as few:
        names.name_items(desk.context(desk.coordinator), items=lines[:1])
    with statements_of(desk) as many:
        names.name_items(desk.context(desk.coordinator), items=lines)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ({"kind": "alarm", "is_alarm": True}, WorkGroup.ALARM),
        ({"kind": "chair"}, WorkGroup.DECIDE),
        ({"kind": "screen"}, WorkGroup.TASK),
        ({"kind": "a kind of tomorrow"}, WorkGroup.TASK),
        ({"kind": "action"}, WorkGroup.ACTION),
        ({"kind": "chase"}, WorkGroup.CHASE),
        ({"kind": "look"}, WorkGroup.READ),
        ({"kind": "correction"}, WorkGroup.TASK),
        ({"kind": "correction", "only_to_read": True}, WorkGroup.READ),
        ({"kind": "correction", "only_to_read": True, "is_alarm": True}, WorkGroup.ALARM),
        ({"kind": "retention", "can_wait": True}, WorkGroup.CAN_WAIT),
    ],
)
def test_a_line_is_in_the_group_of_what_it_asks(line: dict[str, object], group: WorkGroup) -> None:
    given = {"reference": "R-7K3M9QV", "what": "x", "why": "y", "due_at": None, "is_overdue": False}
    item = WorkItem.model_validate({**given, "is_alarm": False, **line})
    assert item.group is group
    assert line_of(item).section == section_of(group)
