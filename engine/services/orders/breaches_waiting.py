"""Likely breaches that wait for a person: kinds of rows, for cases that all viewers see alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.domain.cases.due import OF_DESK, Waits, of_agency
from engine.domain.orders.breaches import BreachResult, StoredBreach
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work

_READS = frozenset(
    {
        "episode_judgement",
        "likely_breach",
        "likely_breach_result",
        "likely_breach_review",
        "incident",
        "incident_report",
        "referral_version",
        "court_order",
        "court_order_case",
    }
)


def likely(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each likely breach that waits, for those who may confirm or reject it."""
    yield from _waits(work, cases, given, are_likely=True)


def unclear(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each that may be a breach depending on a missing fact, for the same people."""
    yield from _waits(work, cases, given, are_likely=False)


def to_work_out(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each case with one that waits whose viewers see different incidents: each has their own."""
    stored = [each for each in _stored(work, cases, given) if each.is_open]
    there = list(dict.fromkeys(each.case for each in stored))
    alike = _seen_alike(work, there)
    for case in there:
        if case not in alike:
            since = min(each.newest.at for each in stored if each.case == case)
            for whom in _whom(given):
                yield Waits(case=case, about="breaches", whom=whom, since=since)


def told_of(
    stored: Sequence[StoredBreach],
    *,
    now: Mapping[str, str],
    shown: Collection[str],
    served: Mapping[str, Collection[str]],
    together: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """Return, for each that is shown to a viewer, the reference that its incident has now.

    ``now`` has that of each incident that they see, ``shown`` those with any version that is shown to them,
    ``served`` the cases of each order among those that they see, ``together`` the episode of each case.
    """
    of_first = {
        (each.incident, each.order, each.condition) for each in stored if each.is_open or each.reviews
    }
    found: dict[str, str] = {}
    for each in stored:
        if set(served.get(each.order, ())).isdisjoint(together.get(each.case, ())):
            continue
        first = now.get(each.incident)
        is_told_by_first = first != each.incident and (first, each.order, each.condition) in of_first
        if (first is not None and not is_told_by_first) or (each.reviews and each.incident in shown):
            found[each.reference] = first or each.incident
    return found


def _waits(work: Work, cases: Sequence[str], given: DueGiven, *, are_likely: bool) -> Iterator[Waits]:
    there = {each.case for each in _stored(work, cases, given) if each.is_open}
    alike = _seen_alike(work, sorted(there))
    stored = work.likely_breaches.of(sorted(alike)) if alike else ()
    shown_first = _told_to_all(work, stored, sorted(alike)) if stored else {}
    for each in stored:
        is_likely = each.newest.result is BreachResult.LIKELY
        if each.is_open and each.reference in shown_first and is_likely is are_likely:
            for whom in _whom(given):
                yield Waits(case=each.case, about=each.reference, whom=whom, since=each.newest.at)


def _stored(work: Work, cases: Sequence[str], given: DueGiven) -> Sequence[StoredBreach]:
    there = given.added.with_any("likely_breach", cases)
    return given.once("likely breaches", there, work.likely_breaches.of)


def _told_to_all(work: Work, stored: Sequence[StoredBreach], cases: Sequence[str]) -> dict[str, str]:
    now: dict[str, str] = {}
    for known in work.incidents.in_short({case: (case,) for case in cases}, shown=()).values():
        for incident in known:
            now |= dict.fromkeys((incident.reference, *incident.others), incident.reference)
    return told_of(
        stored,
        now=now,
        shown=work.likely_breaches.shown(cases, classes=()),
        served=work.orders.served(cases),
        together={case: (case,) for case in cases},
    )


def _seen_alike(work: Work, cases: Sequence[str]) -> frozenset[str]:
    """Return those of these cases whose episode has no other case, and whose reports all viewers see."""
    if not cases:
        return frozenset()
    together = work.cases.together_with_each(cases)
    alone = [case for case in cases if set(together[case]) == {case}]
    return frozenset(alone) - work.incidents.classes_on(alone).keys()


def _whom(given: DueGiven) -> list[str]:
    return [OF_DESK, *sorted(of_agency(each.code) for each in given.agencies if each.investigates)]


LIKELY = DueKind("likely breach", reads=_READS, of=likely, given=_whom)
UNCLEAR = DueKind("breach cannot be said", reads=_READS, of=unclear, given=_whom)
OF_VIEWER = DueKind("breach to work out", reads=_READS, of=to_work_out, given=_whom)
