"""Stage of the invented past: the record, a clock that is moved, who acts, how agencies are asked.

Knows no story; every act is one of the services that people use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cli.demonstration.cast import Cast
from engine.clock import LONDON, SetClock
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.cases.views import CaseView
from engine.domain.errors import NotFoundError
from engine.domain.invented import InventedEpisode
from engine.domain.plans.views import PlanView
from engine.domain.responses.answers import Contribution, Refused
from engine.runtime import Runtime
from engine.services.cases import parts
from engine.services.cases import views as case_views
from engine.services.cases.parts import ReferralToScreen
from engine.services.conference import decisions
from engine.services.responses import agency_answers
from engine.services.responses import requests as response_requests
from engine.services.system import outbox
from engine.services.system.invented_city import refusal_of, strikes_of

Story = Iterator[datetime]
"""Events of one story, in order: it stops at each moment that it waits for."""

_TAKER = "demo"


@dataclass(frozen=True)
class StagedReferral:
    """One referral of the demonstration: the invented truth behind it, and its place in the record."""

    episode: InventedEpisode
    source_reference: str
    reference: str
    received: datetime
    raises_alarm: bool

    @property
    def key(self) -> str:
        """By which its chances are drawn; a reference is another in every build."""
        return self.source_reference

    def practitioner(self, stage: Stage, agency: str) -> Acting:
        """Return who of that agency has this case."""
        return stage.cast.practitioner(agency, stage.drawn(self.key, f"who of {agency}", 2))


@dataclass
class RecordedConference:
    """A conference with a record of its own, while it is built: its cases in order and the people in it."""

    reference: str
    referrals: list[StagedReferral] = field(default_factory=list)
    present: set[str] = field(default_factory=set)


@dataclass
class Stage:
    """Context of every story: the record, the clock that is moved, who acts, when the invented past ends.

    ``through_flows`` are the source references that go through a flow run each; ``run_flows`` runs what waits
    for some subjects. ``scenes`` are the newest referrals by the name of their scene, ``releases`` the users
    with an answer to release in the one that is left so. ``recorded`` is the conference with agreed minutes,
    ``planned`` the one of today.
    """

    runtime: Runtime
    clock: SetClock
    seed: int
    cast: Cast
    end: datetime
    run_flows: Callable[[Sequence[str]], None]
    through_flows: frozenset[str] = frozenset()
    begun: list[Story] = field(default_factory=list)
    scenes: dict[str, StagedReferral] = field(default_factory=dict)
    releases: list[str] = field(default_factory=list)
    recorded: RecordedConference | None = None
    planned: str | None = None
    with_counter: frozenset[str] = frozenset()
    """Episodes that are a counter-allegation or that one answers: one person works on one side only."""
    newest_orders: list[str] = field(default_factory=list)
    """Cases whose orders leave something to do at the end of the invented past."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The installed agencies."""
        return tuple(agency.code for agency in self.runtime.agencies_known)

    @property
    def seats(self) -> dict[str, str]:
        """Seat of each agency that has one."""
        return {agency.code: agency.seat for agency in self.runtime.agencies_known if agency.seat}

    def begin(self, story: Story) -> None:
        """Let another story run from now on."""
        self.begun.append(story)

    @property
    def folder(self) -> Path:
        """Folder of the demonstration's own files."""
        return demo_folder(self.runtime.settings.home)

    def case(self, acting: Acting, reference: str) -> CaseView:
        """Return the case as this person sees it."""
        return case_views.view_case(self.runtime.context(acting), reference=reference)

    def for_screening(self, acting: Acting, reference: str) -> ReferralToScreen:
        """Return the facts that this person needs to screen it."""
        return parts.view_for_screening(self.runtime.context(acting), reference=reference)

    def plan(self, acting: Acting, reference: str) -> PlanView | None:
        """Return the plan as this person sees it."""
        return parts.view_plan(self.runtime.context(acting), reference=reference)

    def ask(self, referral: StagedReferral) -> None:
        """Ask every agency: by a flow run of its own, or by the same services without one."""
        reference = referral.reference
        if referral.source_reference in self.through_flows:
            self.run_flows([reference])
            return
        runtime, acting = self.runtime, flow_acting("case work", self.cast.coordinator.user)
        waiting = self._taken(reference)
        to_ask = response_requests.open_requests(
            replace(runtime.context(acting), clock=self.clock), reference=reference
        )
        for code in to_ask.agencies:
            response_requests.ask_agency(
                replace(runtime.context(acting), clock=self.clock), to_ask=to_ask, agency=code
            )
        response_requests.note_answers_in(
            replace(runtime.context(acting), clock=self.clock), reference=reference
        )
        self._finish(waiting)

    def follow_decision(self, referral: StagedReferral, decision: str) -> None:
        """Run the automatic follow-up of a decision, in the same two ways."""
        if referral.source_reference in self.through_flows:
            self.run_flows([decision])
            return
        waiting = self._taken(decision)
        acting = flow_acting("case work", self.cast.chair.user)
        decisions.after_decision(self.runtime.context(acting), decision=decision)
        self._finish(waiting)

    def release(self, referral: StagedReferral, agency: str, *, refusing: bool = True) -> None:
        """Do what the practitioner does with what waits: refuse it, or release it, perhaps not all of it."""
        practitioner = referral.practitioner(self, agency)
        refusal = refusal_of(self.seed, referral.key, agency) if refusing else None
        if refusal is not None:
            self.refuse(referral, agency, refusal)
            return
        waiting = self.prepared(referral.reference, agency, practitioner)
        agency_answers.release(
            self.runtime.context(practitioner),
            reference=referral.reference,
            agency=agency,
            strike=strikes_of(self.seed, referral.key, agency, _keys_of(waiting)),
            expected_version=waiting.version,
        )

    def refuse(self, referral: StagedReferral, agency: str, refusal: Refused) -> None:
        """Refuse, as the practitioner, instead."""
        agency_answers.refuse(
            self.runtime.context(referral.practitioner(self, agency)),
            reference=referral.reference,
            agency=agency,
            refusal=refusal,
        )

    def prepared(self, reference: str, agency: str, practitioner: Acting) -> StoredAnswer:
        """Return the answer that waits for this practitioner."""
        return agency_answers.prepared_answer(
            self.runtime.context(practitioner), reference=reference, agency=agency
        )

    def is_waiting(self, referral: StagedReferral, agency: str) -> bool:
        """Return whether an answer of that agency waits for its practitioner."""
        try:
            self.prepared(referral.reference, agency, referral.practitioner(self, agency))
        except NotFoundError:
            return False
        return True

    def drawn(self, key: str, what: str, choices: int) -> int:
        """Return a number from 0 on, below ``choices``: the same for the same seed, key and purpose."""
        text = f"{self.seed}:{key}:{what}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8]) % choices

    def _taken(self, subject: str) -> int | None:
        item = outbox.take_next(uow=self.runtime.uow, clock=self.clock, by=_TAKER, subjects=(subject,))
        return item.id if item else None

    def _finish(self, item: int | None) -> None:
        if item is not None:
            outbox.finish(uow=self.runtime.uow, clock=self.clock, item_id=item, by=_TAKER)


def demo_folder(home: Path) -> Path:
    """Return the folder of a demonstration's own files."""
    return home / "demo"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return that time of the day in London."""
    return datetime.combine(day, time(hour, minute), LONDON)


def in_office_hours(moment: datetime) -> datetime:
    """Return the moment itself if it is in office hours, else the next working morning."""
    local = moment.astimezone(LONDON)
    if local.hour >= 18:
        local = at(local.date() + timedelta(days=1), 9, local.minute)
    elif local.hour < 8:
        local = at(local.date(), 9, local.minute)
    while local.weekday() >= 5:
        local = at(local.date() + timedelta(days=1), 9, local.minute)
    return local


def _keys_of(stored: StoredAnswer) -> list[str]:
    return (
        [finding.key for finding in stored.answer.findings] if isinstance(stored.answer, Contribution) else []
    )
