"""The policy through the command line: each role is let through exactly where the printed table says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.access.policy import FOR_ADVOCATES_ALONE, WHO_MAY, May
from engine.domain.acting import Role
from tests.cli.command import PEOPLE, Stac, Told, a_row, asked, referred, screened

WHY = ("--why", "So.")
ROLES = [role for role in Role if role is not Role.SYSTEM]
OTHERS = {
    Role.AUDITOR: "audrey",
    Role.ADMINISTRATOR: "adam",
    Role.DATA_PROTECTION: "dora",
}
KNOWN = {Role.COORDINATOR: "demo", Role.PRACTITIONER: "police-1"} | {
    Role(options[1]): name for name, options in PEOPLE.items()
}


def commands(reference: str) -> dict[May, tuple[str, ...]]:
    """A command for each act; one that would change the case is refused for its words or the case's state."""
    return {
        May.SEE_REJECTED: ("rejected",),
        May.VIEW_CASE: ("show", reference),
        May.ACKNOWLEDGE: ("alarm", "ack", reference),
        May.SEE_LEDGER: ("sharing", "ledger", reference),
        May.ASK_CHANGE: ("rectify", "list", reference),
        May.SEE_RETENTION: ("retention", "list", reference),
        May.HOLD: ("retention", "hold", reference, *WHY),
        May.SEE_REQUESTS: ("victim-request", "list", reference),
        May.DRAFT_REQUEST: (
            *("victim-request", "ask", reference, "--agency", "advocacy", "--what", "So."),
            *(*WHY, "--necessary", "So.", "--handled", "So."),
        ),
        May.ASSESS_ROLES: ("roles", "assess", reference, "--primary", *WHY),
        May.RECORD_ACCESS: ("subject-access", "open", "--surname", "Nobody"),
        May.CLEAR_ACCESS: ("subject-access", "clear"),
        May.DECIDE_ACCESS: ("subject-access", "list"),
        May.SEE_HELD: ("vault", "held", reference),
        May.SEE_LOOKS: ("looks", reference),
        May.RESTRICT: ("restriction", "on", reference, "--why", ""),
        May.LIFT: ("restriction", "lift", reference, *WHY),
        May.REVIEW_GLASS: ("break-glass", "list"),
        May.CHASE: ("chase", reference, "--agency", "police", "--how", "telephone"),
        May.END: ("end", reference, "--how", "close", *WHY),
    }


def let_through(told: Told) -> bool:
    """Whether policy let it through; what the case's state or the words of it refuse came past the policy."""
    return "you may not" not in told.err and "is open to you" not in told.err


@pytest.fixture
def office(stac: Stac, tmp_path: Path) -> tuple[Stac, str]:
    """Somebody of every role, and a case on which each is named."""
    for role, name in OTHERS.items():
        assert stac("user", "add", name, "--role", role.value).code == 0
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    asked(stac, reference)
    named = [*KNOWN.values(), *OTHERS.values()]
    with stac.runtime() as runtime, runtime.uow.unrecorded(will_write=True) as work:
        work.cases.name_people(reference, named, by="chair", at=runtime.clock.now())
    return stac, reference


@pytest.mark.slow
def test_the_command_lets_each_role_through_where_the_table_says_so(office: tuple[Stac, str]) -> None:
    stac, reference = office
    for role in ROLES:
        user = {**KNOWN, **OTHERS}[role]
        for act, command in commands(reference).items():
            if act is May.RESTRICT and role is not Role.CHAIR:
                continue  # an empty reason is refused before anybody is asked who they are
            expected = role in WHO_MAY[act]
            if role is Role.PRACTITIONER and act in FOR_ADVOCATES_ALONE:
                expected = False  # this one is not the advocate
            told = stac(*command, user=user)
            assert let_through(told) is expected, (role, act, told)
