"""Kinds of what waits about the questions that a case's first alarm opens, and their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.alarm_questions import (
    AlarmQuestion,
    PartyFacts,
    QuestionAnswered,
    end_of_day,
    is_works_for_answered,
)
from engine.domain.alarms import RaisedAlarm
from engine.domain.cases.due import PEOPLE_OF_CASE, Waits, of_role
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.sharing import DESK
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.due.lines import due_lines
from engine.store.repositories.alarms.whose import TABLES as WHOSE
from engine.store.unit_of_work import Work


class _FirstAlarm(NamedTuple):
    """The first alarm of a case among those that the same people may read."""

    about: str
    at: datetime
    release_class: int | None = None
    is_for_people: bool = True
    """True if not only coordinators and chair have it."""


def answered_works_for(work: Work, cases: Sequence[str]) -> frozenset[str]:
    """Return those of these cases where it is answered whether a party works for one of the agencies."""
    if not cases:
        return frozenset()
    return _answered(cases, work.alarm_questions.facts(cases), work.alarm_questions.of(cases))


def later_alarms(work: Work, cases: Sequence[str], given: DueGiven) -> Mapping[str, tuple[RaisedAlarm, ...]]:
    """Return by case what was answered about alarm topics since the referral, read once for several kinds."""
    there = given.added.with_any("topics_asked", cases)
    return given.once("later alarms", there, work.raised_alarms.of)


def _answered(
    cases: Sequence[str],
    facts: Mapping[str, PartyFacts],
    answers: Mapping[str, Sequence[QuestionAnswered]],
) -> frozenset[str]:
    return frozenset(case for case in cases if is_works_for_answered(facts.get(case), answers.get(case, ())))


def _facts_and_answers(
    work: Work, cases: Sequence[str], given: DueGiven
) -> tuple[Mapping[str, PartyFacts], Mapping[str, tuple[QuestionAnswered, ...]]]:
    if not cases:
        return {}, {}
    return (
        given.once("party facts", cases, work.alarm_questions.facts),
        given.once("alarm questions", given.added.with_any("alarm_question", cases), work.alarm_questions.of),
    )


def child_safeguarding(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each case with an alarm and a child, or a party who may be under 18, until it is recorded."""
    firsts = _first_alarms(work, cases, given)
    facts, answers = _facts_and_answers(work, list(firsts), given)
    open_ = [
        case
        for case in firsts
        if case in facts
        and facts[case].may_need_safeguarding()
        and not any(each.question is AlarmQuestion.CHILD_SAFEGUARDING for each in answers.get(case, ()))
    ]
    restricted = given.restricted(work, open_)
    for case in open_:
        yield from _rows(case, firsts[case], case in restricted)


def ask_works_for(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each case with an alarm where it is not answered whether a party works for an agency.

    On a restricted case its people have the alarm already, and nothing more waits for the answer.
    """
    firsts = _first_alarms(work, cases, given)
    answered = _answered(list(firsts), *_facts_and_answers(work, list(firsts), given))
    not_answered = [case for case in firsts if case not in answered]
    restricted = given.restricted(work, not_answered)
    for case in not_answered:
        if case not in restricted:
            yield from _rows(case, firsts[case], False)


def _rows(case: str, alarms: Sequence[_FirstAlarm], is_restricted: bool) -> Iterator[Waits]:
    """Yield them for coordinators; of a restricted case for the chair and its named people too."""
    readers = (of_role(Role.COORDINATOR), of_role(Role.CHAIR), PEOPLE_OF_CASE)
    for alarm in alarms:
        whom_asked = readers if is_restricted else readers[:1]
        for whom in whom_asked if alarm.is_for_people else whom_asked[:2]:
            yield Waits(
                case,
                alarm.about,
                whom,
                since=alarm.at,
                due=end_of_day(alarm.at),
                release_class=alarm.release_class,
            )


def _first_alarms(work: Work, cases: Sequence[str], given: DueGiven) -> dict[str, tuple[_FirstAlarm, ...]]:
    """Return by case its first alarm; where all are withheld from some, the first of each class.

    An alarm of a referral from before these questions has no time and opens none, and no more does that of a
    referral whose topics were all taken back.
    """
    later = later_alarms(work, cases, given)
    by_referral = given.once("alarms of referrals", cases, work.alarm_questions.raised_by_referrals)
    found: dict[str, tuple[_FirstAlarm, ...]] = {}
    for case in cases:
        first: dict[int | None, _FirstAlarm] = {}
        if case in by_referral:
            first[None] = _FirstAlarm(case, by_referral[case])
        for each in later.get(case, ()):
            alarm = _of_panel(each)
            there = first.get(alarm.release_class) if alarm else None
            if alarm is not None and (there is None or alarm.at < there.at):
                first[alarm.release_class] = alarm
        if first:
            found[case] = (first[None],) if None in first else tuple(first.values())
    return found


def _of_panel(alarm: RaisedAlarm) -> _FirstAlarm | None:
    """Return an alarm that coordinators may know of; None for one that asks them nothing yet.

    What only an agency's people have asks when the panel has it, and a breach of an order on another case
    asks nothing: a coordinator may not know of that case.
    """
    is_the_desks = alarm.known_to is None or DESK in alarm.known_to or alarm.disclosed is not None
    is_here = not alarm.needs or alarm.case in alarm.needs
    if not alarm.is_alarm or alarm.told_at is None or not is_the_desks or not is_here:
        return None
    is_for_people = alarm.known_to is None or alarm.disclosed is not None
    return _FirstAlarm(alarm.reference, alarm.told_at, alarm.class_shown, is_for_people)


def child_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the cases where it must be recorded whether child safeguarding was informed."""
    why = "The case has an alarm, and a child is in a household or a party may be under 18."
    what = "Child safeguarding: referred, or not and why"
    return due_lines(
        CHILD_SAFEGUARDING, work, acting, clock, write=_writer(what, why, CHILD_SAFEGUARDING, clock)
    )


def works_for_lines(work: Work, acting: Acting, clock: Clock) -> LongLines:
    """Return the cases where both parties' employers must be asked about."""
    why = "The case has an alarm. Until it is answered for both, only coordinators and chair have its alarms."
    what = "Ask whether a party works for one of the agencies"
    return due_lines(ASK_WORKS_FOR, work, acting, clock, write=_writer(what, why, ASK_WORKS_FOR, clock))


def _writer(
    what: str, why: str, kind: DueKind, clock: Clock
) -> Callable[[Sequence[Waits]], Iterator[WorkItem]]:
    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            yield WorkItem(
                reference=each.case,
                what=what,
                why=why,
                due_at=each.due,
                since=each.since,
                is_overdue=each.due is not None and each.due < clock.now(),
                is_alarm=False,
                kind=kind.name,
            )

    return write


OF_ALARMS = WHOSE | {
    "involvement",
    "topics_asked",
    "alarm_step",
    "incident",
    "incident_report",
    "incident_rule",
    "request",
    "answer",
    "item_rule",
    "ledger",
}
"""The tables that alarms of later reports are made of."""
_READS = OF_ALARMS | frozenset(
    {
        "involvement",
        "alarm",
        "topics_asked",
        "alarm_step",
        "incident_report",
        "incident_rule",
        "restriction",
        "referral_version",
        "alarm_question",
    }
)
CHILD_SAFEGUARDING = DueKind("child safeguarding", reads=_READS, of=child_safeguarding, with_episodes=True)
ASK_WORKS_FOR = DueKind("ask works for", reads=_READS, of=ask_works_for, with_episodes=True)
