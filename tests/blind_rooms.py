"""Two conferences that differ in the levels and reasons of one agency and in nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.domain.conference.risk import Domain, Level
from engine.domain.drafts import DraftForm
from engine.services.conference import agenda, session
from engine.services.responses import requests as response_requests
from tests.builders import a_desk, load_toys, type_draft
from tests.conferences import Room, a_room
from tests.dashboard.visits import a_view, answers

ONE = dict.fromkeys(Domain, (Level.HIGH, "Three threats in two weeks, each at the door."))
OTHER = {
    Domain.VIOLENCE: (Level.LOW, "Not one threat so far."),
    Domain.PERSISTENCE: (Level.UNABLE_TO_SAY, "We know too little."),
    Domain.RECURRENCE: (Level.DOES_NOT_APPLY, "It goes on."),
    Domain.PSYCHOSOCIAL_HARM: (Level.MODERATE, "Sleep is worse."),
}
"""Two sets of views of one agency that differ in every level and every reason."""


@contextmanager
def two_rooms(place: Path) -> Iterator[tuple[Room, Room]]:
    """The same conference twice. Only what one agency thinks of the first case differs, also in its draft."""
    with a_desk(place / "made") as desk:
        made = a_room(desk)
        case = made.cases[0]
        response_requests.open_requests(made.context(desk.coordinator), reference=case)
        answers(desk, made.workers["voice"], case, a_view(Level.MODERATE))
        agenda.add_cases(**made.here(), cases=made.cases)
        session.start_conference(**made.here())
        desk.runtime.agencies.close()
    with (
        a_desk(place / "one", like=place / "made") as one,
        a_desk(place / "other", like=place / "made") as other,
    ):
        load_toys(one)
        for name in ("agencies", "agencies_described"):
            if name in one.runtime.__dict__:
                other.runtime.__dict__[name] = one.runtime.__dict__[name]
        rooms = replace(made, desk=one), replace(made, desk=other)
        for there, views in zip(rooms, (ONE, OTHER), strict=True):
            given = [a_view(level, domain, reasons=why) for domain, (level, why) in views.items()]
            harbour = there.workers["harbour"]
            answers(there.desk, harbour, case, *given)
            typed = "; ".join(
                f"{domain.value} {level.value}: {why}" for domain, (level, why) in views.items()
            )
            type_draft(there.desk, harbour, case, DraftForm.ANSWER, typed)
        yield rooms


REASONS = tuple(why for views in (ONE, OTHER) for _, why in views.values())
"""What no one else reads before the item opens."""
