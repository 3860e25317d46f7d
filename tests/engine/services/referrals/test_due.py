"""Referrals that wait for a screening: for coordinators, and for the chair where they are restricted."""

from __future__ import annotations

from engine.domain.accounts.acting import Acting
from engine.services.access.restrictions import lift, restrict
from engine.services.cases.worklists import worklist
from tests.builders import Desk, a_referral


def to_screen(desk: Desk, acting: Acting) -> list[str]:
    """The cases on a person's lines, after the rows were found to agree with the facts."""
    differ = desk.runtime.due.differences(desk.runtime.uow)
    assert not any(differ.values())
    return [each.reference for each in worklist(desk.context(acting)).items if each.kind == "screen"]


def test_the_chair_has_a_referral_to_screen_while_it_is_restricted(desk: Desk) -> None:
    other, reference = desk.refer(a_referral("1"), a_referral("2")).referrals
    chair = desk.context(desk.chair)
    assert to_screen(desk, desk.chair) == []
    restrict(chair, reference=reference, why="A party works here.")
    assert to_screen(desk, desk.chair) == [reference]
    assert to_screen(desk, desk.coordinator) == [other]
    lift(chair, reference=reference, why="They left.")
    assert to_screen(desk, desk.chair) == []
    assert sorted(to_screen(desk, desk.coordinator)) == sorted([other, reference])
