"""A case that is restricted is refused by the same work as one that does not exist."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.referrals.screening import name_people
from tests.builders import Desk
from tests.dashboard.visits import screened

NOWHERE = "R-7K3M9QV"
AT_MOST = 0.03
"""Of the calls: a row that is there and not open is read, and one that is not there is not."""


def calls_until_refused(desk: Desk, acting: Acting, reference: str) -> int:
    """Count the calls of functions until it is refused, by the interpreter: no clock, no chance."""
    counted = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    context = desk.context(acting)
    with pytest.raises(NotFoundError):
        view_case(context, reference=reference)  # what is made once in a process is made
    sys.setprofile(count)
    try:
        view_case(context, reference=reference)
    except NotFoundError:
        return counted
    finally:
        sys.setprofile(None)
    raise AssertionError("it was not refused")


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.COORDINATOR])
def test_a_restricted_case_is_refused_by_the_work_of_one_that_does_not_exist(desk: Desk, role: Role) -> None:
    named = [desk.add(f"worker-{number}", Role.PRACTITIONER, "harbour").user for number in range(12)]
    outside = desk.add("outside", role, "harbour" if role is Role.PRACTITIONER else None)
    case = screened(desk)
    name_people(desk.context(desk.coordinator), reference=case, people=named)
    restrict(desk.context(desk.chair), reference=case, why="Works for the agency.")
    there = calls_until_refused(desk, outside, case)
    nowhere = calls_until_refused(desk, outside, NOWHERE)
    assert abs(there - nowhere) <= AT_MOST * nowhere, (there, nowhere)
