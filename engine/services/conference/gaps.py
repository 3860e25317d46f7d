"""The gaps over which a panel says "low", within the access of who records it. Parts of use cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from engine.access.policy import WHO_MAY, May
from engine.access.release import is_member
from engine.clock import LONDON, Clock
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import INVESTIGATION, AgencyKnown, investigators
from engine.domain.alarms import RaisedAlarm
from engine.domain.cases.incidents import IncidentsKeptBack
from engine.domain.cases.involvement import Alarm, Involvement
from engine.domain.cases.police_decisions import NONE_RECORDED
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.differences import Compared, Why, compared, gave
from engine.domain.conference.gaps import (
    FEWEST_WORDS,
    SHORTEST_REASON,
    Gap,
    GapKind,
    gap,
    is_own_reason,
    is_written,
)
from engine.domain.conference.risk import AgencyGap, Decision, Domain, Judgement, Level, reads_as_safe
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import AnswerState
from engine.domain.responses.held_reports import Elsewhere
from engine.domain.responses.voices import VictimVoice
from engine.services.access.checks import open_cases
from engine.services.alarms.acts import alarms_seen
from engine.services.plans.reviews_due import not_decided_on
from engine.services.responses.victim_voice import victim_voice
from engine.services.sharing.incident_rules import incidents_for
from engine.services.sharing.response_visibility import Viewer
from engine.store.unit_of_work import Work

_STATES = {
    AnswerState.NOT_ASKED: GapKind.NOT_ASKED,
    AnswerState.AWAITED: GapKind.AWAITED,
    AnswerState.OVERDUE: GapKind.OVERDUE,
    AnswerState.REFUSED: GapKind.REFUSED,
    AnswerState.FAILED: GapKind.FAILED,
    AnswerState.ERASED: GapKind.ERASED,
}
_CANNOT = {Level.LOW: "cannot be low", Level.DOES_NOT_APPLY: "cannot be said to not apply"}
_OWED = {
    Why.REASONS: "give the panel's reasons: the agencies do not share this level, or only one gave it",
    Why.EITHER: "agencies differ; give the reasons, or how the difference was settled",
    Why.SETTLED: "agencies differ by two levels; give in 'settled' how the difference was settled",
}
_INSTEAD = "weigh each with the panel and name it in 'weighed', or choose 'unable to say'"


def gaps_on(
    work: Work,
    involvement: Involvement,
    answers: Sequence[AgencyAnswerView],
    *,
    acting: Acting,
    agencies: Sequence[AgencyKnown],
    clock: Clock,
) -> tuple[Gap, ...]:
    """Return the gaps of one involvement, read again."""
    reference = involvement.reference
    together = work.cases.of_episode(involvement.episode)
    open_to_them = {each.reference for each in open_cases(work, acting, together)}
    there = [each.reference for each in together if each.reference in open_to_them | {reference}]
    viewer = Viewer(
        acting=acting, on=clock.today(), is_member=is_member(acting, work.cases.people_on(reference))
    )
    _, kept_back = incidents_for(work, there, viewer, agencies)
    return gaps_of(
        answers,
        alarm=work.alarms.of(reference),
        later=alarms_seen(work, acting, reference, at=clock.now()),
        voice=victim_voice(answers, agencies, offers=()),
        kept_back=kept_back,
        agencies=agencies,
    )


def gaps_for(
    involvement: Involvement,
    acting: Acting,
    answers: Sequence[AgencyAnswerView],
    alarm: Alarm,
    later: Sequence[RaisedAlarm],
    voice: VictimVoice,
    kept_back: Sequence[IncidentsKeptBack],
    agencies: Sequence[AgencyKnown],
) -> tuple[Gap, ...]:
    """Return the gaps on a page for a person who may decide; none before a screening."""
    if not involvement.is_screened or acting.role not in WHO_MAY[May.DECIDE]:
        return ()
    return gaps_of(answers, alarm=alarm, later=later, voice=voice, kept_back=kept_back, agencies=agencies)


def gaps_of(
    answers: Sequence[AgencyAnswerView],
    *,
    alarm: Alarm,
    later: Sequence[RaisedAlarm] = (),
    voice: VictimVoice,
    kept_back: Sequence[IncidentsKeptBack],
    agencies: Sequence[AgencyKnown],
) -> tuple[Gap, ...]:
    """Return all that the four-domains frame would have a professional find out or weigh.

    An answer that its owner hides from this person demands nothing: its content, such as a nil return, makes
    no difference to what is asked of them.
    """
    return (
        *(found for answer in answers for found in _of_answer(answer)),
        *_of_incidents(kept_back),
        *_of_alarms(alarm, {topic: each.at for each in later for topic in each.raised}),
        *_of_voice(answers, voice, agencies),
    )


def check_decision(
    decision: Decision,
    answers: Sequence[AgencyAnswerView],
    gaps: Sequence[Gap],
    *,
    may_be_missing: Sequence[AgencyGap],
) -> None:
    """Refuse a decision without the texts or the confidence that it owes, and one that is low over a gap.

    ``answers``, ``gaps`` and ``may_be_missing`` are those that the person who records it can see.

    Raises
    ------
    InvalidInputError
        A text is missing or not legible, an entry names no gap, or "low" is recorded over a gap that was not
        weighed.
    """
    for judgement in decision.judgements:
        owed = compared_on(judgement.domain, answers).owes(judgement.domain, judgement.level)
        if not gave(judgement, owed):
            raise InvalidInputError("judgements", f"{judgement.domain.value}: {_OWED[owed]}")
        if judgement.settled is not None and not is_written(judgement.settled):
            raise InvalidInputError(
                "judgements",
                f"{judgement.domain.value}: say how the difference was settled in at least "
                f"{SHORTEST_REASON} characters",
            )
    for number, each in enumerate(decision.missing, start=1):
        if each not in may_be_missing:
            raise InvalidInputError(
                "missing", f"entry {number} is not what the agency recorded as missing; choose again"
            )
    check_low(decision, gaps)
    if decision.confidence is None:
        raise InvalidInputError("confidence", "give the panel's confidence: low, moderate or high")
    if decision.alternatives is None and departs(decision.judgements, answers):
        raise InvalidInputError(
            "alternatives", "the panel departs from the agencies; give what else it considered"
        )


def may_matter(
    answers: Sequence[AgencyAnswerView], agencies: Sequence[AgencyKnown], *, awaits_police: bool
) -> tuple[AgencyGap, ...]:
    """Return the missing information that the panel may mark as what matters to its decision.

    It is what each agency recorded as missing. Where a police decision is awaited on an incident that this
    person sees, it is that too: it belongs to the agency that investigates.
    """
    recorded = [AgencyGap(agency=answer.agency, says=gap) for answer in answers for gap in answer.gaps]
    investigates = investigators(agencies)[:1] if awaits_police else ()
    return (*recorded, *(AgencyGap(agency=code, says=NONE_RECORDED) for code in investigates))


def departs(judgements: Iterable[Judgement], answers: Sequence[AgencyAnswerView]) -> bool:
    """Return whether a level of the panel is another than the one that all agencies share."""
    return any(compared_on(each.domain, answers).is_departed_from_by(each.level) for each in judgements)


def missing_on(
    work: Work,
    acting: Acting,
    case: str,
    answers: Sequence[AgencyAnswerView],
    *,
    agencies: Sequence[AgencyKnown],
    clock: Clock,
) -> tuple[AgencyGap, ...]:
    """Return the same for a case, read again."""
    undecided = not_decided_on(work, acting, [case], on=clock.today(), agencies=agencies)
    return may_matter(answers, agencies, awaits_police=bool(undecided[case]))


def compared_on(domain: Domain, answers: Sequence[AgencyAnswerView]) -> Compared:
    """Return how the levels compare that these answers show on a domain."""
    return compared([view.level for answer in answers for view in answer.views if view.domain is domain])


def check_low(decision: Decision, gaps: Sequence[Gap]) -> None:
    """Refuse "low" with reasons that are not legible, and over a gap that was not weighed with a reason.

    A domain said not to apply is treated like "low": a domain that is left out reads as safe too.

    Raises
    ------
    InvalidInputError
        Reasons are not legible, an entry names no gap, a gap is not weighed, or the reason over them is
        missing.
    """
    safe = [each for each in decision.judgements if reads_as_safe(each.domain, each.level)]
    for judgement in safe:
        texts = [text for text in (judgement.reasons, judgement.settled) if text is not None]
        if texts and not any(is_written(text) for text in texts):
            raise InvalidInputError(
                "judgements",
                f"{judgement.domain.value} {_is(judgement.level)} and needs reasons of at least "
                f"{SHORTEST_REASON} characters",
            )
    names = [each.name for each in gaps]
    for number, name in enumerate(decision.weighed, start=1):
        if name not in names:
            raise InvalidInputError(
                "weighed",
                f"entry {number} does not name a current gap of this case; weigh the current gaps",
            )
    if not safe or not gaps:
        return
    cannot = "; ".join(
        f"{', '.join(each.domain.value for each in safe if each.level is level)} {_CANNOT[level]}"
        for level in _CANNOT
        if any(each.level is level for each in safe)
    )
    left = [name for name in names if name not in decision.weighed]
    if left:
        raise InvalidInputError("weighed", f"{cannot} over a gap: {'; '.join(left)}; {_INSTEAD}")
    reasons = [text for each in decision.judgements for text in (each.reasons, each.settled) if text]
    others = [decision.summary, *reasons]
    if not is_own_reason(decision.low_despite_unknown or "", gaps=names, others=others):
        raise InvalidInputError(
            "low_despite_unknown",
            f"{cannot} over what was weighed without a reason: give one of at least "
            f"{FEWEST_WORDS} words besides the names of the gaps, or choose 'unable to say'",
        )


def _is(level: Level) -> str:
    return "is low" if level is Level.LOW else "is said to not apply"


def _of_answer(answer: AgencyAnswerView) -> Iterator[Gap]:
    match answer.state:
        case AnswerState.ANSWERED_ASK_AGENCY:
            pass
        case AnswerState.NIL_RETURN:
            yield from _of_not_compared(answer)
            yield from _of_other_forces(answer)
        case AnswerState.WAITING_RELEASE if answer.version is None:
            yield gap(GapKind.AWAITED, answer.agency, answer.says)
        case AnswerState.CONTRIBUTION | AnswerState.WAITING_RELEASE:
            yield from _of_contribution(answer)
            yield from _of_other_forces(answer)
        case (
            AnswerState.NOT_ASKED
            | AnswerState.AWAITED
            | AnswerState.OVERDUE
            | AnswerState.REFUSED
            | AnswerState.FAILED
            | AnswerState.ERASED
        ):
            yield gap(_STATES[answer.state], answer.agency, answer.says)
        case _:
            assert_never(answer.state)
    if answer.failed_since and answer.state is not AnswerState.ANSWERED_ASK_AGENCY:
        yield gap(GapKind.FAILED_SINCE, answer.agency, f"{answer.agency_name}: {answer.failed_since}")
    if answer.before_step_up:
        yield gap(GapKind.BEFORE_STEP_UP, answer.agency, f"{answer.agency_name}: {answer.before_step_up}")


def _of_contribution(answer: AgencyAnswerView) -> Iterator[Gap]:
    if answer.match_is_confirmed is False:
        sentence = f"{answer.agency_name} has not confirmed its match of the person: {answer.matched_on}"
        yield gap(GapKind.UNCONFIRMED, answer.agency, sentence)
    count = answer.held_back + answer.stubs
    if count:
        items = f"{count} item{'s' if count != 1 else ''}"
        sentence = f"{answer.agency_name} withholds {items}: ask this agency."
        yield gap(GapKind.WITHHELD, answer.agency, sentence)


def _of_not_compared(answer: AgencyAnswerView) -> Iterator[Gap]:
    """Yield what a nil return could not compare with the person: the agency has to check it."""
    if answer.gaps:
        sentence = f"{answer.agency_name} found no record. {' '.join(answer.gaps)}"
        yield gap(GapKind.NOT_COMPARED, answer.agency, sentence)


def _of_other_forces(answer: AgencyAnswerView) -> Iterator[Gap]:
    """Yield that another force may hold records, where who investigates did not say that it searched them."""
    if answer.seat == INVESTIGATION and answer.reports_elsewhere is not Elsewhere.SEARCHED:
        stated = "not stated" if answer.reports_elsewhere is None else "not asked"
        sentence = (
            f"Another force may hold records: {stated}. Ask {answer.agency_name} to search them, and ask "
            "this agency again."
        )
        yield gap(GapKind.ELSEWHERE, answer.agency, sentence)


def _of_incidents(kept_back: Sequence[IncidentsKeptBack]) -> Iterator[Gap]:
    for owner in sorted({each.owner for each in kept_back}):
        sentence = "; ".join(each.in_words for each in kept_back if each.owner == owner)
        yield gap(GapKind.INCIDENTS_WITHHELD, owner, f"{sentence}.")


def _of_alarms(alarm: Alarm, since: Mapping[AlarmTopic, datetime]) -> Iterator[Gap]:
    """Yield the topics that are raised, not known or not asked; one that was recorded since is raised."""
    for topic, answer in alarm.answers.answers.items():
        if topic in since and answer is not YesNo.YES:
            day = since[topic].astimezone(LONDON)
            sentence = f"'{topic.value}': {answer.value} at referral; recorded since: {day.day} {day:%B %Y}."
            yield gap(GapKind.ALARM_RAISED, topic.value, sentence)
            continue
        match answer:
            case YesNo.NO:
                pass
            case YesNo.YES:
                yield gap(GapKind.ALARM_RAISED, topic.value, f"The referral answers yes to '{topic.value}'.")
            case YesNo.NOT_KNOWN:
                sentence = f"It is not known if there was '{topic.value}'."
                yield gap(GapKind.ALARM_NOT_KNOWN, topic.value, sentence)
            case YesNo.NOT_ASKED:
                sentence = f"The referrer was not asked about '{topic.value}'. That is not a no."
                yield gap(GapKind.ALARM_NOT_ASKED, topic.value, sentence)
            case _:
                assert_never(answer)


def _of_voice(
    answers: Sequence[AgencyAnswerView], voice: VictimVoice, agencies: Sequence[AgencyKnown]
) -> Iterator[Gap]:
    seats = {agency.code for agency in agencies if agency.speaks_for_victim}
    hides = any(a.agency in seats and a.state is AnswerState.ANSWERED_ASK_AGENCY for a in answers)
    if not voice.speaks and not hides:
        yield gap(GapKind.NO_VOICE, None, "No agency represents the victim on this case.")
