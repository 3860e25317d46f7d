"""Alarm topics learnt after a referral: how, about what, and what people did. Knows no storage.

The topics of the referral itself are in ``referrals.intake``. A person answers a topic: no text is read for
one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from engine.domain.absence import YesNo
from engine.domain.base import Frozen, Instant
from engine.domain.cases.incidents import IncidentKind, IncidentReported
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic


class Door(StrEnum):
    """A way to learn an alarm topic after the referral."""

    INCIDENT = "incident"
    RESPONSE = "response"
    REMARK = "remark"
    VICTIM_WORDS = "victim's words"
    OUTCOME = "outcome"
    BREACH = "breach of order"
    CORRECTION = "corrected referral"


WORDS, ACCOUNT = "words ", "account "
"""The beginnings of the references of the victim's words, and of the victim's account at one moment."""
IS_TOPIC: Mapping[IncidentKind, AlarmTopic] = {
    IncidentKind.ENTRY: AlarmTopic.ENTRY,
    IncidentKind.BREACH: AlarmTopic.BREACH,
    IncidentKind.SUICIDAL_STATEMENT: AlarmTopic.SUICIDAL_TALK,
}
"""Kinds of incident that are themselves a topic: recording one answers it with yes."""
_ALWAYS = (AlarmTopic.CONTACT_TODAY, AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED)
_OPENS: Mapping[IncidentKind, tuple[AlarmTopic, ...]] = {
    IncidentKind.THREAT: (AlarmTopic.THREAT_TO_KILL, AlarmTopic.WEAPON, AlarmTopic.SUICIDAL_TALK),
    IncidentKind.ASSAULT: (AlarmTopic.STRANGULATION, AlarmTopic.WEAPON, AlarmTopic.THREAT_TO_KILL),
    IncidentKind.SEXUAL_ASSAULT: (AlarmTopic.STRANGULATION, AlarmTopic.WEAPON, AlarmTopic.THREAT_TO_KILL),
    IncidentKind.ENTRY: (AlarmTopic.WEAPON,),
    IncidentKind.BREACH: (AlarmTopic.WEAPON, AlarmTopic.ENTRY),
    IncidentKind.SUICIDAL_STATEMENT: (AlarmTopic.THREAT_TO_KILL, AlarmTopic.WEAPON),
    IncidentKind.FOLLOWING: (AlarmTopic.WEAPON,),
    IncidentKind.LOITERING: (AlarmTopic.WEAPON,),
    IncidentKind.INTERFERING: (AlarmTopic.ENTRY, AlarmTopic.WEAPON),
}
STAC_OWNER = "stac"
"""The owner of what coordinators and chair record."""
LASTING = frozenset(_ALWAYS)
"""Topics of the victim's situation, not of one act: they alarm when they become yes, not each time."""
MUST_BE_ASKED = frozenset({IncidentKind.THREAT, IncidentKind.ASSAULT, IncidentKind.SEXUAL_ASSAULT})
"""Kinds that leave their gravest topics open: until they are answered, a line asks."""


def topics_opened(kind: IncidentKind) -> tuple[AlarmTopic, ...]:
    """Return the topics that a form asks about an incident of this kind, the gravest first."""
    return (*_OPENS.get(kind, ()), *_ALWAYS)


def answers_about(kind: IncidentKind, given: Mapping[AlarmTopic, YesNo]) -> AlarmAnswers:
    """Return the answers of a report: as given, with the topic that the kind itself is."""
    itself = {IS_TOPIC[kind]: YesNo.YES} if kind in IS_TOPIC else {}
    return AlarmAnswers(answers={**given, **itself})


class TopicsGiven(Frozen):
    """Alarm topics as they are written in a file, beside what they are about."""

    topics: dict[AlarmTopic, YesNo] = {}


class IncidentGiven(IncidentReported):
    """An incident as a person enters it, with the alarm topics that were asked about it."""

    topics: dict[AlarmTopic, YesNo] = {}

    def reported(self) -> IncidentReported:
        """Return the incident without its topics, as its report is stored."""
        return IncidentReported.model_validate(self.model_dump(exclude={"topics"}))


class AlarmAct(StrEnum):
    """An act of a person on an alarm."""

    ACKNOWLEDGED = "acknowledged"
    HANDED_OVER = "handed over"
    DONE = "recorded what was done"
    ENDED = "ended without a conference"
    OWNER_LEFT = "the owner left"
    REFUSED = "refused to share"
    DISCLOSED = "disclosed for immediate danger"


class AlarmStep(Frozen):
    """One act on an alarm. ``to`` is the person who has it from then on, ``until`` then."""

    act: AlarmAct
    to: str | None = None
    until: Instant | None = None
    why: str | None = None
    by: str
    at: Instant

    @property
    def holder(self) -> str:
        """The person who has the alarm from an act on that gives it to one."""
        return self.to or self.by


class RaisedAlarm(Frozen):
    """Topics that one report raised after the referral, and what was done about them since.

    ``about`` is the reference of what was reported; of an answer it is the agency and the version.
    ``release_class`` is that of the report: who may not see it learns of no alarm. ``known_to`` None is
    everyone on the case; else only these agencies' people on the case know of it. ``released_at`` is when
    coordinators and chair had it, None while only its owner has it. ``due_at`` counts from then.
    ``for_all_at`` is when what was reported was for everyone on the case; None: as ``released_at``.
    """

    reference: str
    case: str
    door: Door
    about: str
    answers: AlarmAnswers
    owner: str
    by: str
    at: Instant
    due_at: Instant | None
    release_class: int | None = None
    known_to: tuple[str, ...] | None = None
    released_at: Instant | None
    for_all_at: Instant | None = None
    is_withheld: bool = False
    """True once its agency decided not to release it."""
    needs: tuple[str, ...] = ()
    """Cases that a broken order serves: who knows of the alarm can view one of them."""
    answer_version: int | None = None
    steps: tuple[AlarmStep, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """The agencies whose people on the case have it until it is the panel's."""
        return self.known_to or (self.owner,)

    @property
    def disclosed(self) -> AlarmStep | None:
        """The first disclosure of its topics by its owner, for immediate danger; None if there is none."""
        return next((step for step in self.steps if step.act is AlarmAct.DISCLOSED), None)

    @property
    def refused(self) -> AlarmStep | None:
        """The last refusal of its owner to share it, with the reason; None if there is none."""
        return next((step for step in reversed(self.steps) if step.act is AlarmAct.REFUSED), None)

    @property
    def told_at(self) -> datetime | None:
        """When it became the panel's alarm; None while it is that of its owner's people on the case."""
        disclosed_at = self.disclosed.at if self.disclosed else None
        return min((at for at in (self.released_at, disclosed_at) if at is not None), default=None)

    def open_to_all_at(self, classes: Collection[int]) -> datetime | None:
        """Return when everyone on the case could know of it; None while some of them may not.

        ``classes`` are those of items for everyone on a case. An order of another case only is not theirs to
        know of.
        """
        if self.needs and self.case not in self.needs:
            return None
        disclosed_at = self.disclosed.at if self.disclosed else None
        is_for_all = self.known_to is None and (self.release_class is None or self.release_class in classes)
        released_at = self.for_all_at or self.released_at if is_for_all and self.released_at else None
        return min((at for at in (released_at, disclosed_at) if at is not None), default=None)

    @property
    def class_shown(self) -> int | None:
        """The release class that cuts it; None for everyone on the case, as once its topics are disclosed."""
        return None if self.disclosed else self.release_class

    def without_report(self) -> RaisedAlarm:
        """Return it for those who may not read what was reported: topics, owner and time, no more."""
        return self.model_copy(
            update={
                "about": self.owner,
                "at": self.told_at or self.at,
                "by": self.disclosed.by if self.disclosed else self.by,
                "answer_version": None,
            }
        )

    def without_refusals(self) -> RaisedAlarm:
        """Return it for all but its owner's people."""
        shown = tuple(step for step in self.steps if step.act is not AlarmAct.REFUSED)
        return self.model_copy(update={"steps": shown})

    @property
    def raised(self) -> tuple[AlarmTopic, ...]:
        """The topics answered with yes."""
        return self.answers.raised

    @property
    def is_alarm(self) -> bool:
        """True if it has to be acknowledged: it raised a topic, and not only one that was yes before."""
        return self.due_at is not None and bool(self.raised) and not self.is_withheld

    @property
    def acknowledged(self) -> AlarmStep | None:
        """The first acknowledgement; None if there is none."""
        return next((step for step in self.steps if step.act is AlarmAct.ACKNOWLEDGED), None)

    @property
    def held(self) -> AlarmStep | None:
        """The step that gave the alarm to the person who has it now; None if no person has."""
        given = [step for step in self.steps if step.act in _GIVES or step.act is AlarmAct.OWNER_LEFT]
        return given[-1] if given and given[-1].act in _GIVES else None

    @property
    def done(self) -> AlarmStep | None:
        """The newest record that something was done; None if there is none."""
        return next((step for step in reversed(self.steps) if step.act is AlarmAct.DONE), None)

    @property
    def done_before(self) -> tuple[AlarmStep, ...]:
        """The records that something was done, before the newest."""
        return tuple(step for step in self.steps if step.act is AlarmAct.DONE)[:-1]

    @property
    def ended(self) -> AlarmStep | None:
        """The step that ended it, with a reason; None if it has not ended."""
        return next((step for step in self.steps if step.act is AlarmAct.ENDED), None)

    def is_open(self, at: datetime) -> bool:
        """Return whether one must acknowledge it: none has, or who had it did nothing in their time.

        While only its owner has it, it is open until the owner releases, refuses or discloses it.
        """
        if not self.is_alarm or self.ended is not None:
            return False
        if self.told_at is None:
            return self.refused is None
        if self.done is not None and self.acknowledged is not None:
            return False
        held = self.held
        return held is None or (held.until is not None and held.until <= at)


_GIVES = frozenset({AlarmAct.ACKNOWLEDGED, AlarmAct.HANDED_OVER})


class ActDone(Frozen):
    """Something that was done about an alarm, and the person who recorded it."""

    what: str
    by: str
    at: Instant


class AlarmSinceView(Frozen):
    """Alarm topics that one report raised after the referral, and what was done since.

    It stays on top of the case until the panel has decided after it, or a person ended it with a reason.
    """

    reference: str
    door: Door
    about: str
    raised: tuple[AlarmTopic, ...]
    by: str
    at: Instant
    due_at: Instant | None
    is_open: bool
    is_past_due: bool
    acknowledged_by: str | None = None
    acknowledged_at: Instant | None = None
    held_by: str | None = None
    held_until: Instant | None = None
    done: str | None = None
    done_by: str | None = None
    done_at: Instant | None = None
    done_before: tuple[ActDone, ...] = ()
    """Acts that were recorded before that one: two people may have acted at once."""
    ended_because: str | None = None
    is_owners_alone: bool = False
    """True while only its owner's people on the case have it."""
    owner: str
    refused_because: str | None = None
    disclosed_because: str | None = None
    disclosed_by: str | None = None
    is_decided: bool = False
    """True if the panel has recorded a decision since."""

    @property
    def stays_on_top(self) -> bool:
        """True until the panel has decided since, or it was ended."""
        if self.is_owners_alone:
            return self.is_open
        return self.is_open or not (self.is_decided or self.ended_because)
