"""Two conferences of the demonstration as records: one from its agenda to agreed minutes, one for today."""

from __future__ import annotations

from datetime import timedelta

from cli.demonstration.conference_stories import conference_day, decide, next_conference, open_conference
from cli.demonstration.stage import RecordedConference, Stage, StagedReferral, Story, at
from engine.clock import LONDON
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.minutes import MinutesPhase
from engine.services.conference import agenda, agreeing, meetings, quorum, session
from engine.services.context import AgencyContext

_AGO = timedelta(days=63)
"""The scene with overdue actions is at this conference."""
_FIRST_ITEM, _ITEM, _DISCUSSED = timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=12)
_PLACE = "Room 4, and by video call"
_OF_TODAY = ("overdue actions", "ready for conference", "an agency is overdue", "an agency failed")
"""Scenes whose cases are on the agenda of today."""


def to_conference(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: the chair opens the case on the next conference day, and the panel decides then."""
    yield conference_day(stage, referral)
    if stage.clock.today() == next_conference(stage.end - _AGO).date():
        yield from _in_recorded_conference(stage, referral)
        return
    open_conference(stage, referral)
    yield stage.clock.now() + timedelta(minutes=25)
    decide(stage, referral)


def _in_recorded_conference(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: the case comes on the agenda, its item is on the screen, the panel decides."""
    there = stage.recorded or _begun(stage)
    there.referrals.append(referral)
    place, began = len(there.referrals), stage.clock.now()
    agenda.add_cases(_chair(stage), conference=there.reference, cases=[referral.reference])
    yield began + _FIRST_ITEM + (place - 1) * _ITEM
    if place == 1:
        session.start_conference(_chair(stage), conference=there.reference)
    for code in stage.codes:
        _arrives(stage, there, referral.practitioner(stage, code).user)
    session.show_item(_chair(stage), conference=there.reference, place=place)
    yield stage.clock.now() + _DISCUSSED
    decide(stage, referral)


def conference_of_today(stage: Stage) -> Story:
    """Yield the moment when the conference of today is planned, with the cases of some scenes."""
    yield stage.end - timedelta(minutes=5)
    cases = [stage.scenes[name].reference for name in _OF_TODAY if name in stage.scenes]
    stage.planned = _created(stage)
    agenda.add_cases(_chair(stage), conference=stage.planned, cases=cases)


def _begun(stage: Stage) -> RecordedConference:
    stage.recorded = RecordedConference(_created(stage))
    stage.begin(_minutes(stage, stage.recorded))
    return stage.recorded


def _minutes(stage: Stage, there: RecordedConference) -> Story:
    """Yield moments: it closes, its minutes are prepared, corrected once, and agreed."""
    chair, here = _chair(stage), there.reference
    day = stage.clock.now().astimezone(LONDON).date()
    yield at(day, 17)
    session.close_conference(chair, conference=here)
    yield at(day + timedelta(days=1), 10)
    agreeing.move_minutes(chair, conference=here, to=MinutesPhase.PREPARED)
    yield at(day + timedelta(days=2), 10)
    agreeing.move_minutes(chair, conference=here, to=MinutesPhase.CORRECTIONS)
    yield at(day + timedelta(days=3), 10)
    first = there.referrals[0]
    proposed = agreeing.propose_correction(
        stage.runtime.context(first.practitioner(stage, stage.codes[0])),
        conference=here,
        case=first.reference,
        text="The first of our reports is from the Tuesday, as in our record.",
    )
    agreeing.answer_correction(_chair(stage), correction=proposed, accepted=True)
    yield at(day + timedelta(days=12), 10)
    agreeing.move_minutes(_chair(stage), conference=here, to=MinutesPhase.AGREED)


def _created(stage: Stage) -> str:
    given = ConferenceGiven(
        held_on=stage.clock.today(), place=_PLACE, minute_taker=stage.cast.coordinator.user
    )
    return meetings.create_conference(_chair(stage), given=given).reference


def _arrives(stage: Stage, there: RecordedConference, user: str) -> None:
    if user in there.present:
        return
    there.present.add(user)
    arrived = AttendanceGiven(act=AttendanceAct.ARRIVED, user=user)
    quorum.record_attendance(_chair(stage), conference=there.reference, given=arrived)


def _chair(stage: Stage) -> AgencyContext:
    return stage.runtime.context(stage.cast.chair)
