"""The state of an act of the register in a record: in it, lacking, or of which it is not known."""

from __future__ import annotations

import pytest

from engine.domain.system.registered_acts import ActState, EntryOf, Fate, RegisteredAct, in_doubt
from engine.domain.system.repeated_acts import AgencySuspended
from tests.builders import MONDAY

ACT = AgencySuspended(agency="harbour", is_suspended=True, by="cora", at=MONDAY)
ITS, OTHER, LATER = EntryOf(number=5, hash="of five"), "of another five", EntryOf(number=7, hash="of seven")


@pytest.mark.parametrize(
    ("fate", "there", "repeated_in", "state"),
    [
        (Fate.RECORDED, ITS.hash, (), ActState.IN_RECORD),
        (None, ITS.hash, (), ActState.IN_RECORD),
        (Fate.RECORDED, None, (), ActState.LACKING),
        (Fate.RECORDED, OTHER, (), ActState.LACKING),
        (None, None, (), ActState.IN_DOUBT),
        (None, OTHER, (), ActState.IN_DOUBT),
        (None, OTHER, (LATER,), ActState.IN_DOUBT),
        (Fate.LEFT, OTHER, (), ActState.LEFT),
        (Fate.RECORDED, OTHER, (LATER,), ActState.IN_RECORD),
        (Fate.RECORDED, OTHER, (EntryOf(number=7, hash="gone too"),), ActState.LACKING),
    ],
)
def test_an_act_state_by_its_entry_what_became_of_it_and_what_was_repeated_since(
    fate: Fate | None, there: str | None, repeated_in: tuple[EntryOf, ...], state: ActState
) -> None:
    act = RegisteredAct(entry=ITS, act=ACT, fate=fate, repeated_in=repeated_in)
    chain = {7: "of seven"} | ({5: there} if there else {})
    assert act.state_in(chain, newest=9) is state


def test_what_an_older_version_registered_is_in_the_record_from_its_entry_on() -> None:
    act = RegisteredAct(entry=EntryOf(number=5, hash=None), act=ACT, fate=None)
    assert act.state_in({}, newest=5) is ActState.IN_RECORD
    assert act.state_in({}, newest=4) is ActState.LACKING


def test_a_doubt_names_the_entry_and_what_its_acts_are_about() -> None:
    act = RegisteredAct(entry=ITS, act=ACT, fate=None)
    (doubt,) = in_doubt([act, act])
    assert doubt.sentence == "5-of five: agency suspended, harbour, 2026-03-02 09:00 UTC"
