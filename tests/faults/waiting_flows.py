"""Homes in which flows wait, for tests that kill what runs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.domain.conference.risk import Attendance
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import NilReturn
from engine.services.conference import decisions
from engine.services.responses import agency_answers, reassessment
from engine.services.responses import requests as response_requests
from tests.builders import SAFE_HOUSE, a_contribution, a_decision, a_desk, ask_all, let_answer
from tests.flows.draining import Draining, Ended
from tests.flows.given import screened, toys_for

CHUNKS = 6


@dataclass(frozen=True)
class Prepared:
    """A home in which flows of every kind wait, and the server for them."""

    home: Path
    url: str

    def drain(self, home: Path, at: datetime, *, step: int = 0, where: str = "") -> Ended:
        """Drain a home in a process of its own."""
        return Draining(home, at, self.url, step=step, where=where).ended()

    def drain_until_killed(self, home: Path, at: datetime, *, after: float) -> Ended:
        """Drain a home in a process of its own, which is killed after so many seconds."""
        return Draining(home, at, self.url).killed(after)


def have_live_flows(home: Path) -> None:
    """Make a home with referrals to be asked about, one that every other agency answered, and one that was
    decided on.
    """
    with a_desk(home) as desk:
        workers = toys_for(desk, "raises")
        _, second, third = (screened(desk, number) for number in ("asked", "last", "decided"))
        ask_all(desk, third)
        desk_given: dict[str, Any] = {"context": desk.context(desk.chair), "reference": third}
        decisions.open_conference(**desk_given)
        attendance = (Attendance(agency="lantern"), Attendance(agency="harbour"))
        decisions.decide(**desk_given, decision=a_decision(attendance=attendance))
        response_requests.open_requests(**{**desk_given, "reference": second})
        for code in ("lantern", "voice", "raises"):
            agency_answers.answer_by_hand(
                desk.context(workers[code]),
                reference=second,
                agency=code,
                answer=NilReturn(looked_in=("register",), says="Nothing was held."),
            )
        whereabouts = (ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),)
        let_answer(desk, "lantern", a_contribution("Seen in March.", protected=whereabouts))
        let_answer(desk, "harbour", a_contribution("Two reports were held."))


def have_bulk(home: Path) -> None:
    """Make a home in which a batch waits, one chunk for each of its cases."""
    with a_desk(home) as desk:
        toys_for(desk, "raises")
        for number in range(CHUNKS):
            ask_all(desk, screened(desk, str(number)))
        let_answer(desk, "harbour", a_contribution("A report came in."))
        context = desk.context(desk.coordinator)
        reassessment.open_batch(context, reason="New extracts.", parts=CHUNKS)
