"""An involvement and its parts: alarm, requests, answers, screenings, moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from engine.clock import LONDON
from engine.domain.base import Frozen, Instant
from engine.domain.cases.lifecycle import BEING_ASKED, Act, State, TriageOutcome, state_after
from engine.domain.conference.risk import Decision
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.referrals.screening import Screening
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    Failed,
    FailureReason,
    NilReturn,
    Refused,
    Stage,
)
from engine.domain.responses.due_dates import BroughtForward


class Involvement(Frozen):
    """One referral's passage through the STAC; it carries the state."""

    reference: str
    episode: str
    own_episode: str
    source: str
    source_reference: str
    state: State
    triage_outcome: TriageOutcome | None
    received_at: Instant
    version: int

    def moved(self, act: Act, *, triage: TriageOutcome | None = None) -> Involvement:
        """Return the involvement after an act. Raises IllegalTransitionError, which says what is allowed."""
        after = state_after(self.reference, self.state, act, triage)
        return self.model_copy(
            update={
                "state": after,
                "triage_outcome": TriageOutcome.CONFERENCE
                if act is Act.STEP_UP
                else triage or self.triage_outcome,
                "version": self.version + 1,
            }
        )

    @property
    def is_screened(self) -> bool:
        """True once a person has screened it."""
        return self.state is not State.NOT_SCREENED

    @property
    def agencies_may_be_asked(self) -> bool:
        """True if its state allows asking agencies."""
        return self.state in BEING_ASKED


class TakenBack(Frozen):
    """An alarm topic that a referral raised and a correction of it no longer does."""

    topic: AlarmTopic
    by: str
    """The source of the referral."""
    at: Instant

    @property
    def in_words(self) -> str:
        """The date when it was withdrawn, and the source."""
        day = self.at.astimezone(LONDON)
        return f"withdrawn on {day.day} {day:%B %Y} by {self.by}"


class Alarm(Frozen):
    """The alarm topics of one involvement, and who acknowledged them."""

    answers: AlarmAnswers
    was_raised: bool = False
    """True if any version of the referral raised a topic."""
    taken_back: tuple[TakenBack, ...] = ()
    due_at: Instant | None = None
    acknowledged_by: str | None = None
    acknowledged_at: Instant | None = None
    escalated_at: Instant | None = None

    @property
    def is_raised(self) -> bool:
        """True if a topic was ever raised: one that was taken back waits to be acknowledged all the same."""
        return self.was_raised or bool(self.answers.raised)

    def is_past_due(self, at: datetime) -> bool:
        """Return whether a raised alarm was not acknowledged in time. Worked out at every read."""
        return self.due_at is not None and self.acknowledged_by is None and at > self.due_at


class OpenAlarm(NamedTuple):
    """A raised alarm that no one has acknowledged. A worklist has thousands after an import."""

    raised: tuple[AlarmTopic, ...]
    due_at: datetime | None
    escalated_at: datetime | None
    taken_back: tuple[TakenBack, ...] = ()

    def is_past_due(self, at: datetime) -> bool:
        """Return whether it was not acknowledged in time. Worked out at every read."""
        return self.due_at is not None and at > self.due_at


class Request(Frozen):
    """One agency asked about one involvement.

    ``due_at`` is the date that applies. As stored it is the one that was given; ``brought_forward`` is what
    an alarm changed of it, worked out when it is read.
    """

    involvement: str
    agency: str
    asked_at: Instant
    due_at: Instant
    was_shown: tuple[str, ...]
    brought_forward: BroughtForward | None = None


class Unreleased(Frozen):
    """A request without a released answer, and the active practitioners of its agency named on the case."""

    involvement: str
    agency: str
    asked_at: Instant
    due_at: Instant
    named: tuple[str, ...]
    brought_forward: BroughtForward | None = None


class WaitingRequest(NamedTuple):
    """A request of one agency that awaits a release or has no good answer, without its answers."""

    involvement: str
    state: State
    asked_at: datetime
    due_at: datetime
    awaits_release: bool
    """True if an answer is prepared that no release has included or replaced."""
    answered_at: datetime | None
    """When an answer that did not fail was first released; None if none was."""
    failed: FailureReason | None
    """The reason of the newest answer, where it failed and no other is prepared; None if none failed."""
    brought_forward: BroughtForward | None = None

    @property
    def is_answered(self) -> bool:
        """True if an earlier answer that did not fail was released."""
        return self.answered_at is not None

    @property
    def is_screened(self) -> bool:
        """True once a person has screened its case."""
        return self.state is not State.NOT_SCREENED

    def is_overdue(self, at: datetime) -> bool:
        """Return whether its time has passed without a released answer, as of ``Returns``."""
        return not self.is_answered and at > self.due_at


class LateRequest(NamedTuple):
    """A request to an agency without a good released answer, late or failed, without its answers."""

    agency: str
    asked_at: datetime
    due_at: datetime
    has_failed: bool
    """True if the newest answer failed, and none is prepared."""
    brought_forward: BroughtForward | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Return whether its time has passed, as of ``Returns``."""
        return at > self.due_at


class StoredAnswer(Frozen):
    """One version of one agency's answer."""

    agency: str
    version: int
    stage: Stage
    answer: Contribution | NilReturn | Refused | Failed
    digest: str
    author: str
    plugin_version: str | None = None
    released_by: str | None = None
    prepared_version: int | None = None
    at: Instant
    confirmed_at: Instant | None = None

    @property
    def typed_by(self) -> str | None:
        """The person who typed it; None for what a plugin prepared."""
        return self.author if self.plugin_version is None else None


class Returns(Frozen):
    """One agency's request with all versions of its answers, oldest first."""

    request: Request
    answers: tuple[StoredAnswer, ...]

    def released(self) -> StoredAnswer | None:
        """Return the newest released answer other than a failure, else the newest failure, else None.

        A failed answer does not hide an earlier good one. Nor does it stay when an answer is prepared: then
        the agency has answered, and its release is awaited.
        """
        released = [answer for answer in self.answers if answer.stage is Stage.RELEASED]
        good = [answer for answer in released if not isinstance(answer.answer, Failed)]
        if good:
            return good[-1]
        return released[-1] if released and self.waiting_for_release() is None else None

    def first_released_at(self) -> datetime | None:
        """Return when an answer that did not fail was first released; None if none was."""
        released = (
            answer.at
            for answer in self.answers
            if answer.stage is Stage.RELEASED and not isinstance(answer.answer, Failed)
        )
        return next(released, None)

    def last_good_at(self) -> datetime | None:
        """Return when a good answer of either stage was last given or confirmed; None if there is none."""
        good = [answer for answer in self.answers if not isinstance(answer.answer, Failed)]
        return max((answer.confirmed_at or answer.at for answer in good), default=None)

    def failed_after_good(self) -> StoredAnswer | None:
        """Return the failure that came after a good answer was last given or confirmed, if there is one."""
        failures = [answer for answer in self.answers if isinstance(answer.answer, Failed)]
        last_good = self.last_good_at()
        if not failures or last_good is None:
            return None
        newest = failures[-1]
        return newest if (newest.confirmed_at or newest.at) > last_good else None

    def waiting_for_release(self) -> StoredAnswer | None:
        """Return the newest prepared answer that no release has included or replaced."""
        dealt_with = {answer.prepared_version for answer in self.answers if answer.stage is Stage.RELEASED}
        prepared = [a for a in self.answers if a.stage is Stage.PREPARED and a.version not in dealt_with]
        last_release = max((v for v in dealt_with if v is not None), default=0)
        waiting = [answer for answer in prepared if answer.version > last_release]
        return waiting[-1] if waiting else None

    def is_overdue(self, at: datetime) -> bool:
        """Return whether its time has passed without a released answer. Derived, never stored."""
        shown = self.released()
        return (shown is None or isinstance(shown.answer, Failed)) and at > self.request.due_at

    def state(self, at: datetime, *, seen_by_owner: bool) -> AnswerState:
        """Return what is shown for this agency now; only its own agency sees a prepared answer."""
        shown = self.released()
        if seen_by_owner and self.waiting_for_release() is not None:
            return AnswerState.WAITING_RELEASE
        if shown is not None and shown.answer.erased_by:
            return AnswerState.ERASED
        if shown is not None:
            return AnswerState(shown.answer.kind)
        return AnswerState.OVERDUE if at > self.request.due_at else AnswerState.AWAITED


class ScreeningRecord(Frozen):
    """One screening as recorded."""

    version: int
    screening: Screening
    by: str
    at: Instant


class Move(Frozen):
    """One move through the states."""

    act: str
    before: State | None
    after: State
    by: str
    why: str
    at: Instant


def last_stepped_up(moves: Iterable[Move]) -> datetime | None:
    """Return when a person last stepped the involvement up; None if that was not done."""
    return max((move.at for move in moves if move.act == Act.STEP_UP.value), default=None)


class EpisodeVerdict(StrEnum):
    """A person's decision about an involvement and an episode."""

    JOINED = "joined"
    TAKEN_BACK = "taken back"


class EpisodeOffer(Frozen):
    """An earlier episode of the same two people, proposed for joining: on what it was found."""

    episode: str
    involvements: tuple[str, ...]
    says: str


class StoredDecision(Frozen):
    """One recorded decision, with the versions that the panel saw and what it did not have.

    ``writers`` are by place the authors of texts that an amendment left as they were.
    """

    reference: str
    version: int
    decision: Decision
    saw: dict[str, int]
    not_seen: dict[str, AnswerState]
    by: str
    at: Instant
    writers: dict[str, str] = {}

    def writer_of(self, place: str) -> str:
        """Return the author of the text at a place."""
        return self.writers.get(place, self.by)
