"""Who may answer for an agency whether it dissents: every role by every kind of attendance."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.attendance import AttendanceAct, AttendanceRecord, Stay
from engine.domain.conference.dissent import may_dissent, to_ask_aloud
from engine.domain.conference.risk import AgencyPosition, DissentEntry, Position, positions_of
from tests.builders import MONDAY


def record(act: AttendanceAct, user: str | None = "ann", **more: Any) -> AttendanceRecord:
    given = {"name": None, "agency": "harbour", "is_observer": False, **more}
    return AttendanceRecord(act=act, user=user, happened_at=MONDAY, by="chair", at=MONDAY, **given)


ARRIVED = record(AttendanceAct.ARRIVED)
ATTENDANCE = {
    "no conference": (None, True),
    "no record": ((), False),
    "arrived": ((ARRIVED,), True),
    "arrived and left": ((ARRIVED, record(AttendanceAct.LEFT)), True),
    "arrived as an observer": ((record(AttendanceAct.ARRIVED, is_observer=True),), False),
    "signed as an observer": ((record(AttendanceAct.SIGNED, is_observer=True),), False),
    "sent apologies": ((record(AttendanceAct.APOLOGIES),), False),
    "the agency wrote": ((record(AttendanceAct.WRITTEN, user=None),), False),
    "a colleague arrived": ((record(AttendanceAct.ARRIVED, user="ben"),), False),
}


@pytest.mark.parametrize(("role", "attended"), list(itertools.product(Role, ATTENDANCE)))
def test_only_a_practitioner_who_took_part_answers_for_their_agency(role: Role, attended: str) -> None:
    records, may = ATTENDANCE[attended]
    acting = Acting(user="ann", role=role, agency="harbour" if role is Role.PRACTITIONER else None)
    assert may_dissent(acting, records) is (may and role is Role.PRACTITIONER)


def test_a_practitioner_without_an_agency_answers_for_none() -> None:
    assert not may_dissent(Acting(user="ann", role=Role.PRACTITIONER), (ARRIVED,))


def stay(agency: str | None, **more: Any) -> Stay:
    given = {"user": agency or "chair", "name": None, "is_observer": False, "has_signed": False, **more}
    return Stay(agency=agency, arrived_at=MONDAY, **given)


def position(agency: str, stated: Position) -> AgencyPosition:
    return AgencyPosition(agency=agency, position=stated)


def test_the_victims_advocate_is_asked_first_and_an_observer_and_the_chair_are_not() -> None:
    present = [stay("force"), stay("voice"), stay("trust", is_observer=True), stay(None), stay("arms")]
    assert to_ask_aloud(present, [], first=["voice"]) == ("voice", "arms", "force")


@pytest.mark.parametrize("stated", Position)
def test_an_agency_with_a_position_of_its_own_or_noted_for_it_is_not_asked(stated: Position) -> None:
    asked = to_ask_aloud([stay("force")], [position("force", stated)])
    assert asked == (("force",) if stated is Position.NOT_ASKED else ())


def entry(agency: str, by: str, reasons: str | None = None, **more: Any) -> DissentEntry:
    return DissentEntry(agency=agency, by=by, reasons=reasons, at=MONDAY, **more)


ALOUD = entry("force", "chair", states_none=True, is_aloud=True)


@pytest.mark.parametrize(
    ("entries", "position"),
    [
        ([ALOUD], "no dissent voiced when asked aloud by chair"),
        ([ALOUD, entry("force", "ann", states_none=True)], "no dissent stated by ann"),
        ([entry("force", "ann", states_none=True), ALOUD], "no dissent stated by ann"),
        ([ALOUD, entry("force", "ann", "Too much.")], "dissent"),
        ([], "position not recorded"),
    ],
)
def test_an_agencys_own_entry_replaces_that_it_was_asked_aloud(
    entries: list[DissentEntry], position: str
) -> None:
    (force,) = positions_of(["force"], [], entries)
    assert force.in_words == position
