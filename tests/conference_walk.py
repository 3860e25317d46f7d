"""A conference for a random walk: what it should be, and what everyone reads of it on a real record."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from engine.domain.accounts.acting import Acting
from engine.domain.conference.attendance import Quorum
from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.risk import Level
from engine.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.services.cases.views import view_case
from engine.services.conference import minutes, session
from engine.services.context import AgencyContext
from tests.builders import CHAIR, a_desk, load_toys
from tests.conferences import MINUTE, Room, a_room

REFUSALS = (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
POLICE, ADVOCATE = "harbour-later", "voice-worker"
PRESIDING = ("chair", "deputy")
EVERYONE = (*PRESIDING, POLICE, ADVOCATE)
NAMED = {POLICE: {0}}
"""The police officer is named on the first case only, everyone else on all three."""
SEATS = {POLICE: "harbour", "harbour-worker": "harbour", "lantern-worker": "lantern", ADVOCATE: "voice"}
MARKERS = ("Alder", "Birch", "Cedar")
"""A word in each text about a case, by which it is found where it must not be."""

Done = TypeVar("Done")


@dataclass(frozen=True)
class Recorded:
    """A decision that was recorded, its quorum, and whether it was recorded in an item."""

    reference: str
    level: Level
    quorum: Quorum | None
    in_item: bool

    @property
    def provisional(self) -> str | None:
        return self.quorum.in_words if self.quorum is not None and not self.quorum.is_quorate else None


@cache
def _made_once() -> tuple[Path, Room]:
    folder = Path(tempfile.mkdtemp(prefix="stac-machine-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with a_desk(folder / "home") as desk:
        return folder / "home", a_room(desk)


class WatchedConference(RuleBasedStateMachine):
    """One conference from its agenda to its end, beside what is expected of it."""

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        home, room = _made_once()
        desk = self.resources.enter_context(a_desk(folder / "home", like=home))
        load_toys(desk)
        self.room = replace(room, desk=desk)
        self.people: dict[str, Acting] = {"chair": CHAIR.acting(), "deputy": room.deputy}
        with desk.runtime.uow.unrecorded() as work:
            self.people |= {name: work.users.get(name).acting() for name in (POLICE, ADVOCATE)}
        (file,) = (folder / "home").glob("*.db")
        self.database = sqlite3.connect(file)
        self.resources.callback(self.database.close)

        self.state = ConferenceState.PLANNED
        self.order: list[int] = []
        self.screen: int | None = None
        self.taken: set[int] = set()
        self.began: set[int] = set()
        self.decided: dict[int, list[Recorded]] = {}
        self.out: set[tuple[str, int]] = set()
        self.there: set[str] = set()
        self.minuted: set[str] = set()
        self.wrote: set[str] = set()
        self.versions = (0, 0, 0)
        self.acts = 0

    def teardown(self) -> None:
        try:
            if self.acts:
                self.everyone_reads_minutes()
        finally:
            self.resources.close()

    def shows(self, by: str, shown: session.OnScreen | None) -> None:
        """The screen after an act: of its chair or deputy, in session; each item opens its case once."""
        if shown is None:
            return
        assert by in PRESIDING
        assert self.is_in_session
        self.screen = self.order[shown.place - 1] if shown.place is not None else None
        if self.screen is not None:
            self.taken.add(self.screen)
            opens = self.opens(by, self.screen) and self.screen not in self.began
            assert shown.opened == (self.named(self.screen)[0] if opens else None)
            self.began |= {self.screen} if opens else set()
        self.everyone_reads()

    def require_quorum(self, recorded: Quorum | None, case: int) -> None:
        """Agencies in the room or in writing make the quorum, without those in a conflict of interest."""
        assert (recorded is not None) == self.is_in_session
        if recorded is not None:
            there = {SEATS.get(user) for user in self.there if (user, case) not in self.out}
            missing = {"harbour", "lantern", "voice"} - there - self.wrote
            assert len(recorded.missing) == len(missing), (recorded.missing, missing)

    def everyone_reads(self) -> None:
        """The conference, by each: one item at most is open, and a private one is its place and minutes."""
        for who in EVERYONE:
            if not self.has_part(who):
                with pytest.raises(NotFoundError):
                    self.room.view(self.people[who])
                continue
            view = self.room.view(self.people[who])
            self.require_private(who, view.model_dump_json())
            place = self.order.index(self.screen) + 1 if self.screen is not None else None
            assert view.on_screen == place
            assert [item.place for item in view.items if item.is_on_screen] == [place] * (place is not None)
            read = [item.case for item in view.items]
            known = zip(self.order, self.named(*self.order), strict=True)
            assert read == [case if self.opens(who, index) else None for index, case in known]
            for item in view.items:
                if item.case is None:
                    shown = {"is_on_screen", *(["was_on_screen", "used_minutes"] if who in PRESIDING else [])}
                    left = set(item.model_dump(exclude_defaults=True)) - shown
                    assert left == {"place", "minutes", "is_private"}
            if who == "chair":
                versions = (view.conference.version, view.agenda, view.screen)
                assert all(now >= before for now, before in zip(versions, self.versions, strict=True))
                self.versions = versions
        with self.room.desk.runtime.uow.unrecorded() as work:
            references = dict(enumerate(self.room.cases))
            for stored in work.conferences.items(self.room.conference).values():
                timer = work.conferences.timer(self.room.conference, stored.number)
                on_screen = self.screen is not None and references[self.screen] == stored.case
                assert on_screen or timer is None or not timer.is_running

    def everyone_reads_of(self, case: int) -> None:
        """A case after its decision, by each, and the minutes: provisional everywhere, or nowhere."""
        (reference,) = self.named(case)
        for who in EVERYONE:
            if not self.opens(who, case):
                with pytest.raises(NotFoundError):
                    view_case(self.context(who), reference=reference)
                continue
            view = view_case(self.context(who), reference=reference)
            assert view.decision is not None
            newest = self.decided[case][-1]
            assert (view.decision.reference, view.decision.version) == (
                newest.reference,
                len(self.decided[case]),
            )
            assert view.decision.provisional == newest.provisional
        self.everyone_reads_minutes()

    def everyone_reads_minutes(self) -> None:
        """The minutes, by each: the items of the cases open to them, each with its newest decision, once."""
        for who in EVERYONE:
            here = self.here(who)
            if self.state is ConferenceState.PLANNED or not self.has_part(who):
                with pytest.raises((InvalidInputError, NotFoundError)):
                    minutes.read_minutes(**here)
                continue
            copy = minutes.read_minutes(**here)
            self.require_private(who, copy.model_dump_json())
            visible = [case for case in self.order if self.opens(who, case)]
            assert [item.number for item in copy.items] == list(range(1, len(visible) + 1))
            for case, item in zip(visible, copy.items, strict=True):
                assert (item.case,) == self.named(case)
                inside = [each for each in self.decided.get(case, ()) if each.in_item]
                assert (item.decision is not None) == bool(inside)
                if item.decision is not None:
                    assert item.decision.reference == inside[-1].reference
                    assert item.decision.provisional == inside[-1].provisional
            inside_all = {case for case, each in self.decided.items() if each[-1].in_item}
            assert inside_all <= set(self.order), "no decision of the conference is outside its minutes"

    def require_private(self, who: str, text: str) -> None:
        for case, (reference, marker) in enumerate(zip(self.room.cases, MARKERS, strict=True)):
            if not self.opens(who, case):
                for secret in (reference, marker, f"Roe{case + 1}", f"Kent{case + 1}"):
                    assert secret not in text, f"{who} reads {secret}"

    def attempt(self, act: Callable[[], Done]) -> Done | None:
        """What an act gives; None where it was refused in one line of ids, and wrote nothing."""
        self.acts += 1
        self.room.desk.clock.forward(MINUTE)
        before = self.record()
        try:
            return act()
        except REFUSALS as refused:
            line = str(refused)
            assert line
            assert "\n" not in line
            assert len(line) < 600
            assert not [name for name in (*MARKERS, "Roe", "Kent", "Amira", "Daniel") if name in line]
            assert self.record() == before, "what is refused changes nothing"
            return None

    def record(self) -> bytes:
        """A digest of all tables."""
        return blake2b(self.database.serialize()).digest()

    def opens(self, who: str, case: int) -> bool:
        return case in NAMED.get(who, {0, 1, 2}) and (who, case) not in self.out

    def has_part(self, who: str) -> bool:
        return who in PRESIDING or who in self.minuted or any(self.opens(who, case) for case in self.order)

    def is_item(self, case: int) -> bool:
        return self.is_in_session and case in self.taken and case in self.order

    def meant(self, case: int | None) -> int:
        on_screen = self.screen if self.screen is not None else self.order[0] if self.order else 0
        return case if case is not None else on_screen

    def named(self, *indexes: int) -> tuple[str, ...]:
        return tuple(self.room.cases[index] for index in indexes)

    def context(self, who: str) -> AgencyContext:
        return self.room.context(self.people[who])

    def here(self, who: str) -> dict[str, Any]:
        return self.room.here(self.people[who])

    @property
    def is_in_session(self) -> bool:
        return self.state is ConferenceState.IN_SESSION

    @property
    def has_ended(self) -> bool:
        return self.state is ConferenceState.CLOSED
