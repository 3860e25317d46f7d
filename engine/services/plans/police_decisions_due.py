"""Decisions of police that are awaited, and those that the victim is to be informed of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from engine.access.release import classes_for_agency
from engine.domain.agencies.directory import investigators
from engine.domain.cases.due import Waits, of_agency
from engine.domain.cases.police_decisions import (
    CRIMES,
    INFORMS_VICTIM,
    StoredPoliceDecision,
    needs_decision,
)
from engine.domain.cases.worklists import POLICE_DECISION
from engine.domain.plans.reviews import IncidentKnown
from engine.domain.sharing import ReleaseClass
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work

_FACTS = frozenset({"incident", "incident_report", "referral_version", "police_decision"})


class _Known(NamedTuple):
    """An incident of a case as an agency's people read it, with those that are one with it."""

    case: str
    incident: IncidentKnown
    release_class: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """Every reference that it has."""
        return (self.incident.reference, *self.incident.others)


def awaited(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each case with incidents that await a decision of police, in every state, for who investigates.

    One that others reported and did not release to them yields none: a row would say that it is there. Those
    that the same people may read are one row: ``about`` is the one reported first, ``version`` their number.
    """
    codes = investigators(given.agencies)
    confirmed = _Confirmed(work, given.added.with_any("likely_breach", cases))
    decided = _decisions(work, cases, given)
    for code in codes:
        found: dict[tuple[str, int | None], list[_Known]] = {}
        for each in _known_to(work, cases, code, investigators=None if confirmed.has_any else codes):
            if decided.keys().isdisjoint(each.names) and needs_decision(
                each.incident.kinds,
                reported_by=each.incident.owners,
                is_recorded_crime=each.incident.is_recorded_crime,
                investigators=codes,
                is_confirmed=confirmed.is_one(each),
            ):
                found.setdefault((each.case, each.release_class), []).append(each)
        for of_case in found.values():
            first = min(of_case, key=lambda each: (each.incident.reported_at, each.incident.reference))
            at, number = first.incident.reported_at, str(len(of_case))
            yield _row(first, code, since=at, version=number)


def to_inform_of(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each decision that the victim is to be informed of, until a notice of it is recorded.

    For the agencies that speak for the victim, or, where none of them may know of the incident, for those
    that investigate. A notice has a line of its own until the victim is reached.
    """
    speaking = tuple(sorted(agency.code for agency in given.agencies if agency.speaks_for_victim))
    informed: set[tuple[str, str]] = set()
    for codes in (speaking, investigators(given.agencies)):
        now: set[tuple[str, str]] = set()
        for code in codes:
            for each, decision in _decided(work, cases, code, given):
                if informed.isdisjoint((each.case, name) for name in each.names):
                    now.update((each.case, name) for name in each.names)
                    yield _row(each, code, since=decision.at, version=decision.action.value)
        informed |= now


def _decided(
    work: Work, cases: Sequence[str], code: str, given: DueGiven
) -> Iterator[tuple[_Known, StoredPoliceDecision]]:
    decided = _decisions(work, cases, given)
    if not decided:
        return
    there = _known_to(work, cases, code)
    notices = {
        (notice.case, notice.given.event, notice.given.on)
        for notice in work.victim_notices.of(sorted({each.case for each in there}))
    }
    for each in there:
        decisions = [decided[name] for name in each.names if name in decided]
        newest = max(decisions, key=lambda decision: decision.at, default=None)
        event = INFORMS_VICTIM.get(newest.action) if newest else None
        if newest and event and (each.case, event, newest.decided_on) not in notices:
            yield each, newest


def _decisions(work: Work, cases: Sequence[str], given: DueGiven) -> Mapping[str, StoredPoliceDecision]:
    there = given.added.with_any("police_decision", cases, names_case=False)
    return given.once("police decisions", there, work.reviews.police_decisions_by_incident)


def _known_to(
    work: Work, cases: Sequence[str], code: str, *, investigators: Collection[str] | None = None
) -> list[_Known]:
    """Return the incidents of these cases that an agency's people may read, those that are one as one.

    With ``investigators``, only those that can be a crime.
    """
    classes, groups = work.sharing.classes(), {case: (case,) for case in cases}
    shown = classes_for_agency(code, classes)
    found = (
        work.incidents.in_short(groups, shown=shown)
        if investigators is None
        else work.incidents.crimes_in_short(groups, shown=shown, kinds=CRIMES, owners=investigators)
    )
    return [
        _Known(case, incident, _longest(incident.classes, classes))
        for case, there in found.items()
        for incident in sorted(there, key=lambda each: each.reference)
    ]


def _longest(numbers: Collection[int | None], classes: Mapping[int, ReleaseClass]) -> int | None:
    """Return the class of the report that is read for longest."""
    if None in numbers or not numbers:
        return None
    return max(
        (number for number in numbers if number is not None),
        key=lambda number: (classes[number].until or date.max, -number),
    )


class _Confirmed:
    """Incidents that a person confirmed as a breach, by case: read together they would depend on each other.

    The few cases that may have any are found first.
    """

    def __init__(self, work: Work, cases: Sequence[str]) -> None:
        self._work, self._by_case = work, dict[str, frozenset[str]]()
        self._may_be = work.likely_breaches.confirmed(cases)

    @property
    def has_any(self) -> bool:
        """True if there may be one on these cases."""
        return bool(self._may_be)

    def is_one(self, known: _Known) -> bool:
        """Return whether this incident is confirmed as a breach."""
        if self._may_be.isdisjoint(known.names):
            return False
        if known.case not in self._by_case:
            self._by_case[known.case] = self._work.likely_breaches.confirmed([known.case])
        return not self._by_case[known.case].isdisjoint(known.names)


def _row(each: _Known, code: str, *, since: datetime, version: str) -> Waits:
    return Waits(
        case=each.case,
        about=each.incident.reference,
        whom=of_agency(code),
        since=since,
        release_class=each.release_class,
        version=version,
    )


AWAITED = DueKind(
    POLICE_DECISION,
    reads=_FACTS | {"likely_breach", "likely_breach_review"},
    of=awaited,
    version=2,
    given=lambda given: investigators(given.agencies),
)
INFORM_OF_DECISION = DueKind(
    "inform of decision",
    reads=_FACTS | {"victim_notice"},
    of=to_inform_of,
    given=lambda given: sorted((each.code, each.seat) for each in given.agencies if each.seat),
)
