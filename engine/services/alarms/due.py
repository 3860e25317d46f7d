"""Kinds of what waits about alarms and incidents: to acknowledge, to act, to ask the topics, to review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain.accounts.acting import Role
from engine.domain.alarms import MUST_BE_ASKED, RaisedAlarm
from engine.domain.cases.due import PEOPLE_OF_CASE, Waits, of_agency, of_role, of_user
from engine.domain.cases.lifecycle import State
from engine.services.alarms.raising import STAC
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.repositories.alarms.raised import IncidentEntered
from engine.store.unit_of_work import Work

_DESK = (of_role(Role.COORDINATOR), of_role(Role.CHAIR))
_REVIEWED_ANYWAY = frozenset({State.DECIDED, State.IN_DELIVERY})
"""Here a new incident brings the review of the plan forward, which is a line of its own."""


def to_acknowledge(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each raised alarm: of the referral for coordinators, for the chair once it is late or restricted.

    That of a later report is for coordinators, chair and the people of the case at once; while its owner
    withholds what was reported, it is for that agency's people on the case.
    """
    restricted, states = work.need_to_know.restricted_among(cases), work.cases.states(cases)
    for case, alarm in work.alarms.many(cases).items():
        if not alarm.answers.raised or alarm.acknowledged_by is not None or alarm.due_at is None:
            continue
        since = states[case][1]
        yield Waits(case, case, of_role(Role.COORDINATOR), since, alarm.due_at)
        starts = None if case in restricted else alarm.due_at
        yield Waits(case, case, of_role(Role.CHAIR), since, alarm.due_at, starts=starts)
    for alarms in work.raised_alarms.of(cases).values():
        for raised in alarms:
            yield from _rows(raised)


def _rows(alarm: RaisedAlarm) -> Iterator[Waits]:
    if (
        not alarm.is_alarm
        or alarm.ended is not None
        or (alarm.done is not None and alarm.acknowledged is not None)
    ):
        return
    if alarm.told_at is None:
        if alarm.refused is None:
            yield Waits(alarm.case, alarm.reference, of_agency(alarm.owner), since=alarm.at, due=alarm.due_at)
        return
    held, everyone = alarm.held, (*_DESK, PEOPLE_OF_CASE)
    for whom in everyone if held is None else _DESK:
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


def to_act(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each alarm that one person has, for that person, until they record what was done."""
    for alarms in work.raised_alarms.of(cases).values():
        for alarm in alarms:
            held = alarm.held
            if not alarm.is_alarm or held is None or alarm.done is not None or alarm.ended is not None:
                continue
            if alarm.told_at is None:
                continue
            yield Waits(
                alarm.case,
                alarm.reference,
                of_user(held.to or held.by),
                since=held.at,
                due=held.until,
                release_class=alarm.class_shown,
                version=str(len(alarm.steps)),
            )


def to_decide(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield for coordinators each alarm that something was done about, where no panel is to come."""
    states = work.cases.states(cases)
    for case, alarms in work.raised_alarms.of(cases).items():
        if states[case][0] not in _NO_PANEL_TO_COME:
            continue
        for alarm in alarms:
            if alarm.told_at is None or not alarm.is_alarm:
                continue
            if alarm.done is not None and alarm.ended is None:
                yield Waits(
                    case,
                    alarm.reference,
                    of_role(Role.COORDINATOR),
                    since=alarm.done.at,
                    release_class=alarm.class_shown,
                )


_NO_PANEL_TO_COME = frozenset(
    {State.ADVICE_GIVEN, State.REDIRECTED, State.IN_CONSULTATION, State.IN_FOLLOW_UP, State.CLOSED}
)


def to_ask(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each threat or assault entered without an alarm topic, for who entered it and coordinators."""
    for each in work.raised_alarms.entered(cases):
        if each.kind in MUST_BE_ASKED and not each.is_asked:
            entered_by = () if each.owner == STAC else (of_user(each.told_by),)
            for whom in (*entered_by, of_role(Role.COORDINATOR)):
                yield Waits(each.case, each.reference, whom, since=each.at, release_class=each.release_class)


def to_review(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield for each case, in any state, the entered incidents that no one has acted on since.

    Where a plan is delivered they bring the review of the plan forward instead. Those that their owner
    withholds are for that agency's people on the case. ``version`` is their number, ``about`` the first.
    """
    states, acted = work.cases.states(cases), work.raised_alarms.last_acted(cases)
    found: dict[tuple[str, str, int | None], list[IncidentEntered]] = {}
    for each in work.raised_alarms.entered(cases):
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


_TOPICS = frozenset({"involvement", "topics_asked", "alarm_step", "incident_report", "incident_rule"})
_RELEASED = _TOPICS | {"incident", "request", "answer", "item_rule", "ledger"}
"""Facts that decide when the panel has an alarm, and which of its people."""
ALARM = DueKind("alarm", reads=_RELEASED | {"alarm", "restriction"}, of=to_acknowledge)
ALARM_OWNER = DueKind("alarm owner", reads=_RELEASED, of=to_act)
ALARM_DONE = DueKind("alarm done", reads=_RELEASED, of=to_decide)
ASK_TOPICS = DueKind("ask topics", reads=_TOPICS | {"incident"}, of=to_ask)
INCIDENT = DueKind(
    "incident", reads=frozenset({"involvement", "move", "incident_report", "incident_review"}), of=to_review
)
