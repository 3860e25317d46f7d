"""Kinds of what waits about alarms and incidents: to acknowledge, to act, to ask the topics, to review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.domain.accounts.acting import Role
from engine.domain.alarms import MUST_BE_ASKED, RaisedAlarm, topics_opened
from engine.domain.cases.due import PEOPLE_OF_CASE, Waits, of_agency, of_role, of_user
from engine.domain.cases.lifecycle import State
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.sharing import DESK
from engine.services.alarms.questions_due import OF_ALARMS, answered_works_for, later_alarms
from engine.services.alarms.raising import STAC
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.repositories.alarms.raised import IncidentEntered
from engine.store.unit_of_work import Work

_DESK = (of_role(Role.COORDINATOR), of_role(Role.CHAIR))
_REVIEWED_ANYWAY = frozenset({State.DECIDED, State.IN_DELIVERY})
"""Here a new incident brings the review of the plan forward, which is a line of its own."""


def to_acknowledge(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each raised alarm of a referral: for coordinators, and for the chair once late or restricted."""
    due, states = work.alarms.to_acknowledge(cases), given.states(work, cases)
    restricted = given.restricted(work, due)
    for case, due_at in due.items():
        since = states[case][1]
        yield Waits(case, case, of_role(Role.COORDINATOR), since, due_at)
        starts = None if case in restricted else due_at
        yield Waits(case, case, of_role(Role.CHAIR), since, due_at, starts=starts)


def raised_since(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each raised alarm of a later report, for coordinators, chair and the people of the case at once.

    Only coordinators and chair have it until it is answered whether a party works for one of the agencies.
    Apart from those of referrals: any number of these that wait hides none of the others.
    """
    later = later_alarms(work, cases, given)
    if not later:
        return
    restricted, answered = given.restricted(work, later), answered_works_for(work, list(later))
    for case, alarms in later.items():
        for raised in alarms:
            is_open_to_people = case in restricted or case in answered
            yield from _rows(raised, people_may_have_it(raised, is_open_to_people))


def people_may_have_it(alarm: RaisedAlarm, is_open_to_people: bool) -> bool:
    """Return whether the people of the case have this alarm, and not only coordinators and chair.

    ``is_open_to_people``: the case is restricted, and so open to its named people only, or it is answered
    that no party works for an agency. What its owner withholds is for that agency's people, whatever is not
    answered: else no one would have it.
    """
    return is_open_to_people or alarm.release_class is not None or alarm.known_to is not None


def _rows(alarm: RaisedAlarm, for_people: bool) -> Iterator[Waits]:
    if (
        not alarm.is_alarm
        or alarm.ended is not None
        or (alarm.done is not None and alarm.acknowledged is not None)
    ):
        return
    if alarm.told_at is None:
        for code in alarm.owners if alarm.refused is None else ():
            yield Waits(alarm.case, alarm.reference, of_agency(code), since=alarm.at, due=alarm.due_at)
        return
    held = alarm.held
    for whom in _whom(alarm, for_people):
        yield Waits(
            alarm.case,
            alarm.reference,
            whom,
            since=alarm.told_at,
            due=alarm.due_at if held is None else held.until,
            starts=None if held is None else held.until,
            release_class=alarm.class_shown,
            version=str(len(alarm.steps)),
        )


def _whom(alarm: RaisedAlarm, for_people: bool) -> tuple[str, ...]:
    """Return whose an alarm is; once a person had it in vain, no longer everyone's on the case."""
    if alarm.held is not None:
        return _DESK
    if alarm.known_to is None or alarm.disclosed is not None:
        return (*_DESK, PEOPLE_OF_CASE) if for_people else _DESK
    agencies = tuple(of_agency(code) for code in alarm.known_to if code != DESK)
    return (*_DESK, *agencies) if DESK in alarm.known_to else agencies


def to_act(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each alarm that one person has, for that person, until they record what was done."""
    for alarms in later_alarms(work, cases, given).values():
        for alarm in alarms:
            held = alarm.held
            if not alarm.is_alarm or held is None or alarm.done is not None or alarm.ended is not None:
                continue
            if alarm.told_at is None:
                continue
            yield Waits(
                alarm.case,
                alarm.reference,
                of_user(held.holder),
                since=held.at,
                due=held.until,
                release_class=alarm.class_shown,
                version=str(len(alarm.steps)),
            )


def to_decide(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield for coordinators each alarm that something was done about, where no panel is to come."""
    states = given.states(work, cases)
    for case, alarms in later_alarms(work, cases, given).items():
        if states[case][0] not in _NO_PANEL_TO_COME:
            continue
        for alarm in alarms:
            if alarm.told_at is None or not alarm.is_alarm:
                continue
            if alarm.done is not None and alarm.ended is None:
                is_everyones = not alarm.needs or case in alarm.needs
                yield Waits(
                    case,
                    alarm.reference,
                    # A coordinator may not know of the case that the order serves: who acted does.
                    of_role(Role.COORDINATOR) if is_everyones else of_user(alarm.done.by),
                    since=alarm.done.at,
                    release_class=alarm.class_shown,
                )


_NO_PANEL_TO_COME = frozenset(
    {State.ADVICE_GIVEN, State.REDIRECTED, State.IN_CONSULTATION, State.IN_FOLLOW_UP, State.CLOSED}
)


def to_ask(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each threat or assault entered without an alarm topic, for who entered it and coordinators."""
    entered = _entered(work, cases, given)
    not_asked = [each for each in entered if each.kind in MUST_BE_ASKED and not each.is_asked]
    answered = _answered(later_alarms(work, cases, given)) if not_asked else {}
    for each in not_asked:
        if not _asked_with(each, entered, answered):
            entered_by = () if each.owner == STAC else (of_user(each.told_by),)
            for whom in (*entered_by, of_role(Role.COORDINATOR)):
                yield Waits(each.case, each.reference, whom, since=each.at, release_class=each.release_class)


def _entered(work: Work, cases: Sequence[str], given: DueGiven) -> Sequence[IncidentEntered]:
    """Return the incidents that people entered, read once for several kinds; none came with a referral."""
    there = given.added.with_any("incident_report", cases, where=lambda row: row["referral_version"] is None)
    return given.once("entered", there, work.raised_alarms.entered)


def _answered(later: Mapping[str, Sequence[RaisedAlarm]]) -> dict[str, set[AlarmTopic]]:
    """Return by incident the topics that were asked about it."""
    found: dict[str, set[AlarmTopic]] = {}
    for alarms in later.values():
        for each in alarms:
            found.setdefault(each.about, set()).update(set(each.answers.answers) - {*each.answers.not_asked})
    return found


def _asked_with(
    each: IncidentEntered, entered: Sequence[IncidentEntered], answered: Mapping[str, set[AlarmTopic]]
) -> bool:
    """Return whether the gravest topic of its kind was asked about an incident that is one with it.

    One that its owner withholds from others does not answer for them.
    """
    gravest = topics_opened(each.kind)[0]
    return any(
        gravest in answered.get(other.reference, ())
        for other in entered
        if (other.case, other.one_with) == (each.case, each.one_with)
        and other.release_class in (None, each.release_class)
    )


def to_review(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield for each case, in any state, the entered incidents that no one has acted on since.

    Where a plan is delivered they bring the review of the plan forward instead. Those that their owner
    withholds are for that agency's people on the case. ``version`` is their number, ``about`` the first.
    """
    entered = _entered(work, cases, given)
    if not entered:
        return
    states, acted = given.states(work, cases), work.raised_alarms.last_acted({each.case for each in entered})
    found: dict[tuple[str, str, int | None], list[IncidentEntered]] = {}
    for each in entered:
        considered = acted.get(each.case)
        if each.is_reviewed or states[each.case][0] in _REVIEWED_ANYWAY:
            continue
        if considered is not None and considered >= each.at:
            continue
        is_withheld = each.release_class is not None and each.owner != STAC
        whom = of_agency(each.owner) if is_withheld else of_role(Role.COORDINATOR)
        found.setdefault((each.case, whom, each.release_class), []).append(each)
    for (case, whom, release), incidents in found.items():
        first = incidents[0]
        count = str(len(incidents))
        yield Waits(case, first.reference, whom, since=first.at, release_class=release, version=count)


ALARM = DueKind(
    "alarm",
    reads=frozenset({"involvement", "alarm", "restriction"}),
    of=to_acknowledge,
    version=2,
    with_episodes=True,  # a restriction is of the whole case, with each referral of its episode
)
ALARM_SINCE = DueKind(
    "alarm since",
    reads=OF_ALARMS | {"restriction", "referral_version", "alarm_question"},
    of=raised_since,
    with_episodes=True,
)
ALARM_OWNER = DueKind("alarm owner", reads=OF_ALARMS, of=to_act)
ALARM_DONE = DueKind("alarm done", reads=OF_ALARMS, of=to_decide)
ASK_TOPICS = DueKind("ask topics", reads=OF_ALARMS | {"incident_review"}, of=to_ask)
INCIDENT = DueKind(
    "incident",
    reads=frozenset(
        {"involvement", "move", "incident", "incident_report", "incident_review", "topics_asked"}
    ),
    of=to_review,
)
