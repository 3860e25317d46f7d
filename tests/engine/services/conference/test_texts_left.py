"""What a deputy leaves of a text that they read masked stays the original, and unread by them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.conference.risk import Decision, Dissent, Judgement
from engine.domain.errors import InvalidInputError
from engine.services.cases.views import view_case
from engine.services.conference import amending
from engine.services.conference.minutes import read_minutes
from tests.builders import SAFE_HOUSE, a_decision
from tests.conferences import Room

pytestmark = pytest.mark.whose_is_said

WROTE = f"The victim moved to {SAFE_HOUSE}."
READ = "The victim moved to [protected]."
GUESS = "The victim moved to 9 Elm Road."
NOTED = Dissent(agency="voice", who="V. Worker", reasons=f"He knows {SAFE_HOUSE}.")


@pytest.fixture
def case(room: Room) -> str:
    """A decision of the chair whose texts repeat a protected address."""
    room.started().next()
    room.decide(room.cases[0], **dict(a_decision(summary=WROTE, judgements=judged(WROTE), dissent=(NOTED,))))
    return room.cases[0]


def judged(reasons: str) -> tuple[Judgement, ...]:
    return tuple(each.model_copy(update={"reasons": reasons}) for each in a_decision().judgements)


def read_by(room: Room, case: str, acting: Acting) -> str:
    """The decision on the case and in the minutes, as this person reads both."""
    view = view_case(room.context(acting), reference=case)
    assert view.decision is not None
    return view.decision.model_dump_json() + read_minutes(**room.here(acting)).items[0].model_dump_json()


def amended_by(room: Room, case: str, acting: Acting, **changes: Any) -> None:
    decision: Decision = a_decision(amended_because="A slip.", **changes)
    amending.amend_decision(room.context(acting), reference=case, decision=decision)


def test_what_is_left_as_it_was_read_stays_the_original_of_its_author(room: Room, case: str) -> None:
    assert SAFE_HOUSE not in read_by(room, case, room.deputy)
    amended_by(room, case, room.deputy, summary=READ, judgements=judged(READ), review_on="2026-04-01")
    chair, deputy = (read_by(room, case, each) for each in (room.desk.chair, room.deputy))
    assert "[protected]" not in chair
    assert chair.count(SAFE_HOUSE) == 2 * (1 + 4 + 1)  # the summary, four reasons and what was noted
    assert SAFE_HOUSE not in deputy
    assert "as noted by chair" in deputy
    amended_by(room, case, room.desk.chair, summary=WROTE, judgements=judged(WROTE))
    assert "[protected]" not in read_by(room, case, room.desk.chair)
    assert SAFE_HOUSE not in read_by(room, case, room.deputy)


def test_another_text_is_the_deputys_own_and_a_right_guess_reads_like_a_wrong_one(
    room: Room, case: str
) -> None:
    amended_by(room, case, room.deputy, summary=GUESS, judgements=judged(READ))
    assert GUESS in read_by(room, case, room.deputy)
    amended_by(room, case, room.deputy, summary=WROTE, judgements=judged(READ))
    assert WROTE in read_by(room, case, room.deputy)
    decision = view_case(room.context(), reference=case).decision
    assert decision is not None
    assert decision.summary == READ  # it is the deputy's, and so the chair reads it masked


@pytest.mark.parametrize("summary", [f"{READ} It is far.", "He went to [protected] twice."])
def test_a_mask_in_another_text_is_refused_and_nothing_is_recorded(
    room: Room, case: str, summary: str
) -> None:
    with pytest.raises(InvalidInputError, match=r"^summary: it has \[protected\] in it; leave the text as"):
        amended_by(room, case, room.deputy, summary=summary)
    assert view_case(room.context(), reference=case).decision.version == 1  # type: ignore[union-attr]


def test_a_text_without_a_protected_detail_keeps_its_author_too(room: Room, case: str) -> None:
    amended_by(room, case, room.deputy, summary=READ, judgements=judged(READ), review_on="2026-04-01")
    with room.desk.runtime.uow.unrecorded() as work:
        stored = work.decisions.of([case])[case][-1]
    assert stored.by == "deputy"
    assert stored.writer_of("violence: settled") == "chair"
    assert stored.decision.summary == WROTE
