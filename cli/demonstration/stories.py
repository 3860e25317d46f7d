"""Story of one invented referral from its alarm to its screening, and which way it goes from there.

A story stops at each moment that it waits for, and goes on when the clock is there; a moment that has
not come yet leaves the referral as it is. People decide as the invented panel does; no rule is here.
"""

from __future__ import annotations

from datetime import timedelta

from cli.demonstration.cast import watchman
from cli.demonstration.conference_stories import after_conference
from cli.demonstration.recorded_conferences import to_conference
from cli.demonstration.responsible import record_responsible
from cli.demonstration.stage import Stage, StagedReferral, Story, in_office_hours
from cli.demonstration.victims import record_account, voice_of
from engine.domain.absence import YesNo
from engine.domain.alarm_questions import PARTIES, may_be_under_age
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.outcomes.victims import Moment
from engine.domain.referrals.intake import AlarmAnswers
from engine.services.alarms import questions
from engine.services.cases import worklists
from engine.services.referrals import screening
from engine.services.system.invented_city import keeps_waiting, release_delay_hours, screening_of

ASKING = frozenset({TriageOutcome.CONSULTATION, TriageOutcome.CONFERENCE, TriageOutcome.URGENT})
_DUE_HOURS = 120.0
_TAKEN_UP_OF_5 = 2


def referral_story(stage: Stage, referral: StagedReferral) -> Story:
    """Yield the moments of one whole referral; it begins when the referral has been imported."""
    if referral.raises_alarm:
        yield from taking_up_the_alarm(stage, referral)
    minutes = 20 if referral.raises_alarm else 60 + stage.drawn(referral.key, "screened after", 24 * 60)
    yield in_office_hours(max(referral.received + timedelta(minutes=minutes), stage.clock.now()))
    outcome = screen(stage, referral)
    match outcome:
        case TriageOutcome.ADVICE:
            has_advocate = _with_advocate(stage, referral, outcome)
            if has_advocate:
                record_account(stage, referral, Moment.INTAKE)
            yield in_office_hours(stage.clock.now() + timedelta(days=28))
            if has_advocate:
                record_account(stage, referral, Moment.EXIT)
            _end(stage, referral, Act.CLOSE, "The advice was given and followed.")
        case TriageOutcome.REDIRECT:
            yield from _ending(
                stage, referral, Act.CLOSE, 7, "The other service has confirmed that it has the case."
            )
        case TriageOutcome.CONSULTATION:
            yield from asking(stage, referral)
            record_account(stage, referral, Moment.INTAKE)
            yield in_office_hours(stage.clock.now() + timedelta(days=2))
            record_account(stage, referral, Moment.EXIT)
            _end(stage, referral, Act.END_CONSULTATION, "The question was answered in consultation.")
        case TriageOutcome.CONFERENCE | TriageOutcome.URGENT:
            if outcome is TriageOutcome.URGENT:
                yield from _safeguarding(stage, referral)
            yield from asking(stage, referral)
            yield from to_conference(stage, referral)
            yield from after_conference(stage, referral)


def taking_up_the_alarm(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: mostly within the hour; now and then too late, and then the chair was notified."""
    is_late = stage.drawn(referral.key, "alarm late", 20) == 0
    minutes = 3 + stage.drawn(referral.key, "alarm", 45)
    if is_late:
        minutes = stage.runtime.settings.alarm_within_minutes + 1
        yield referral.received + timedelta(minutes=minutes)
        worklists.record_escalations(stage.runtime.context(watchman()))
        minutes += 10
    yield referral.received + timedelta(minutes=minutes)
    screening.acknowledge_alarm(
        stage.runtime.context(stage.cast.chair if is_late else stage.cast.coordinator),
        reference=referral.reference,
    )


def screen(stage: Stage, referral: StagedReferral, *, outcome: TriageOutcome | None = None) -> TriageOutcome:
    """Screen as the coordinator, on the page; join an earlier episode that is proposed."""
    view = stage.for_screening(stage.cast.coordinator, referral.reference)
    decided = screening_of(
        referral.episode,
        [incident.reference for incident in view.incidents],
        seed=stage.seed,
        people=(),
        alarms=AlarmAnswers(answers=view.alarms.answers),
        outcome=outcome,
    )
    people = (*(referral.practitioner(stage, code).user for code in stage.codes), "analyst")
    if view.is_restricted:  # later steps name no person there, so who reports on actions is named now
        people += tuple(stage.cast.practitioner(code, 0).user for code in stage.codes)
    screening.screen(
        stage.runtime.context(stage.cast.coordinator),
        reference=referral.reference,
        screening=decided.model_copy(
            update={
                "people": _people(stage, referral, decided.outcome, people),
                "same_episode_as": view.offers[0].episode if view.offers else None,
            }
        ),
    )
    record_responsible(stage, referral)
    if referral.raises_alarm:
        _answer_questions_of_alarm(stage, referral)
    return decided.outcome


def _answer_questions_of_alarm(stage: Stage, referral: StagedReferral) -> None:
    """Answer, as the coordinator, what the referral leaves open: the parties' employers, and the children."""
    context = stage.runtime.context(stage.cast.coordinator)
    view = stage.case(stage.cast.coordinator, referral.reference)
    if view.party_works_for not in {YesNo.YES, YesNo.NO}:
        neither = dict.fromkeys(PARTIES, YesNo.NO)
        questions.record_works_for(context, reference=referral.reference, answers=neither)
    born = (view.victim.described.date_of_birth, view.perpetrator.described.date_of_birth)
    has_child = YesNo.YES in {view.children.in_victim_household, view.children.in_perpetrator_household}
    if has_child or any(each and may_be_under_age(each, on=referral.received.date()) for each in born):
        is_referred = stage.drawn(referral.key, "child safeguarding", 5) > 0
        why = "The duty social worker, by telephone." if is_referred else "They were informed last week."
        questions.record_child_safeguarding(
            context, reference=referral.reference, referred=is_referred, why=why
        )


def _people(
    stage: Stage, referral: StagedReferral, outcome: TriageOutcome, people: tuple[str, ...]
) -> tuple[str, ...]:
    if outcome in ASKING:
        return people
    voice = voice_of(stage) if _with_advocate(stage, referral, outcome) else None
    return () if voice is None else (referral.practitioner(stage, voice).user,)


def _with_advocate(stage: Stage, referral: StagedReferral, outcome: TriageOutcome) -> bool:
    """Return whether the victim of a case of advice accepts an advocate: about 2 in 5 do."""
    is_advice = outcome is TriageOutcome.ADVICE and referral.episode.key not in stage.with_counter
    return is_advice and stage.drawn(referral.key, "an advocate beside advice", 5) < _TAKEN_UP_OF_5


def asking(stage: Stage, referral: StagedReferral) -> Story:
    """Yield moments: the agencies are asked a few minutes later.

    Practitioners release in time, late, or not.
    """
    yield stage.clock.now() + timedelta(minutes=5)
    stage.ask(referral)
    asked_at = stage.clock.now()
    releases = []
    for code in waiting_for_release(stage, referral):
        delay = release_delay_hours(stage.seed, referral.key, code, due_hours=_DUE_HOURS)
        if not keeps_waiting(stage.seed, referral.key, code):
            releases.append((in_office_hours(asked_at + timedelta(hours=delay)), code))
    for moment, code in sorted(releases):
        yield moment
        stage.release(referral, code)


def waiting_for_release(stage: Stage, referral: StagedReferral) -> tuple[str, ...]:
    """Return the agencies with an answer that waits for one of their practitioners."""
    return tuple(code for code in stage.codes if stage.is_waiting(referral, code))


def _safeguarding(stage: Stage, referral: StagedReferral) -> Story:
    yield stage.clock.now() + timedelta(hours=2)
    screening.record_safeguarding(
        stage.runtime.context(stage.cast.coordinator),
        reference=referral.reference,
        done="The advocate spoke to the victim today, gave them a number to call, and checked the home.",
    )


def _ending(stage: Stage, referral: StagedReferral, how: Act, days: int, why: str) -> Story:
    yield in_office_hours(stage.clock.now() + timedelta(days=days))
    _end(stage, referral, how, why)


def _end(stage: Stage, referral: StagedReferral, how: Act, why: str) -> None:
    screening.end_involvement(
        stage.runtime.context(stage.cast.coordinator), reference=referral.reference, act=how, why=why
    )
