"""A conference for tests: its people, its cases, and the acts of a morning in one line each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.minutes import MinutesPhase
from engine.services.conference import agenda, agreeing, decisions, meetings, minutes, quorum, session
from engine.services.context import AgencyContext
from engine.services.referrals import screening
from tests.builders import (
    Desk,
    a_decision,
    a_person,
    a_referral,
    a_screening,
    add_toy_workers,
    load_toys,
)
from tests.prepared import prepared

SEATS = {"harbour": "investigation", "lantern": "treatment", "voice": "victim-voice"}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Room:
    """A desk with a conference on its day, and three cases that are ready."""

    desk: Desk
    workers: dict[str, Acting]
    deputy: Acting
    conference: str
    cases: tuple[str, ...]

    def context(self, acting: Acting | None = None) -> AgencyContext:
        """What use cases are given, with agencies on their seats."""
        context = self.desk.context(acting or self.desk.chair)
        return replace(context, describe_agencies=lambda: _seated(self.desk.runtime.agencies_known))

    def here(self, acting: Acting | None = None) -> dict[str, Any]:
        """What a use case on the conference is given."""
        return {"context": self.context(acting), "conference": self.conference}

    def view(self, acting: Acting | None = None) -> meetings.ConferenceView:
        """The conference as this person sees it."""
        return meetings.view_conference(**self.here(acting))

    def started(self, *cases: str) -> Room:
        """The conference in session, with these cases on its agenda."""
        agenda.add_cases(**self.here(), cases=cases or self.cases)
        session.start_conference(**self.here())
        return self

    def next(self, acting: Acting | None = None, seen: int | None = None) -> session.OnScreen:
        """The next item, a minute later."""
        self.desk.clock.forward(MINUTE)
        return session.turn_to(**self.here(acting), turn=session.Turn.NEXT, seen=seen)

    def attend(self, user: str, act: AttendanceAct = AttendanceAct.ARRIVED, **more: Any) -> None:
        """What is recorded of a user, now."""
        quorum.record_attendance(**self.here(), given=AttendanceGiven(act=act, user=user, **more))

    def decide(self, case: str, acting: Acting | None = None, **changes: Any) -> decisions.Decided:
        """A decision on a case."""
        return decisions.decide(self.context(acting), reference=case, decision=a_decision(**changes))

    def minuted(self, *phases: MinutesPhase, by: Acting | None = None, **more: Any) -> None:
        """Its minutes in these phases, one after the other; agreed on the day after corrections."""
        for phase in phases:
            if phase is MinutesPhase.AGREED:
                last = max(
                    (step.until for step in minutes.read_minutes(**self.here()).steps if step.until),
                    default=date.min,
                )
                if last >= self.desk.clock.today():
                    self.desk.clock.forward(last - self.desk.clock.today() + timedelta(days=1))
            agreeing.move_minutes(**self.here(by), to=phase, **more)

    def closed(self) -> Room:
        """The conference after its end."""
        session.close_conference(**self.here())
        return self


def _seated(agencies: tuple[AgencyKnown, ...]) -> tuple[AgencyKnown, ...]:
    return tuple(agency.model_copy(update={"seat": SEATS.get(agency.code)}) for agency in agencies)


def a_room(desk: Desk) -> Room:
    """Three cases that are screened, and a conference of today with a deputy; no agenda yet."""
    load_toys(desk)
    return Room(desk, *prepared(desk, _set_up))


def _set_up(desk: Desk) -> tuple[dict[str, Acting], Acting, str, tuple[str, ...]]:
    workers = add_toy_workers(desk)
    deputy = desk.add("deputy", Role.CHAIR)
    cases = []
    for number in "123":
        referral = a_referral(
            number,
            perpetrator=a_person("Daniel", f"Roe{number}", pnc=None),
            victim=a_person("Amira", f"Kent{number}"),
        )
        (reference,) = desk.refer(referral).referrals
        screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
        cases.append(reference)
    for agency in ("harbour", "lantern"):  # came later, and so are named on no case
        workers[agency] = desk.add(f"{agency}-later", Role.PRACTITIONER, agency)
    screening.name_people(desk.context(desk.chair), reference=cases[0], people=["harbour-later"])
    given = ConferenceGiven(held_on=desk.clock.today(), deputy="deputy", place="Room 4")
    planned = meetings.create_conference(desk.context(desk.chair), given=given)
    return workers, deputy, planned.reference, tuple(cases)
