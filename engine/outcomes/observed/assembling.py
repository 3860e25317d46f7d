"""All cases of a record as they were observed. Pure.

An involvement is one referral; a case is its episode, and day 0 is the panel's first decision on any of its
involvements. An act in another case of the same person is an act against a new victim in this one, as long as
both are judged to be of one person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from engine.domain.cases.custody import StoredCustodyChange
from engine.domain.cases.views import OutcomeView
from engine.domain.outcomes.follow_up import AgainstWhom
from engine.domain.outcomes.observed import Ending, ObservedCase, ObservedRecord
from engine.outcomes.observed.building import (
    ActFound,
    Ended,
    Groups,
    InCustody,
    LeftOut,
    observed_case,
)
from engine.outcomes.observed.from_record import acts_of, custody_of, endings_of, searches_of

PLANNED_WITHIN_DAYS = 28
"""An intervention is one of the case's if it was planned by then: a later one could not be known at the
start."""


@dataclass(frozen=True)
class InvolvementParts:
    """One involvement with everything that its case is observed by."""

    reference: str
    episode: str
    person: str
    """The alleged perpetrator; the involvement itself, where no one is named."""
    decided_on: date | None
    outcomes: Sequence[OutcomeView] = ()
    custody: Sequence[StoredCustodyChange] = ()
    incidents: Sequence[ActFound] = ()
    """Incidents of the case as acts, whenever they happened."""
    interventions: Sequence[tuple[str, date]] = ()
    """Each item of the library that was planned as an intervention, and when it first was."""
    first_sessions: Sequence[tuple[str, date]] = ()
    """Each such item with a session that was delivered, and when the first was."""
    orders: Sequence[tuple[date, date | None]] = ()
    """The first and the last date of each order that was served."""
    typology: str | None = None
    borough: str | None = None


@dataclass
class _Counts:
    reasons: Counter[LeftOut] = field(default_factory=Counter)
    of_other_cases: int = 0


def observed_record(involvements: Sequence[InvolvementParts], *, judgements_undone: int) -> ObservedRecord:
    """Return every case with a decision, by reference, and sentences on what counts and what does not."""
    of_episode: dict[str, list[InvolvementParts]] = defaultdict(list)
    of_person: dict[str, list[InvolvementParts]] = defaultdict(list)
    for each in involvements:
        of_episode[each.episode].append(each)
        of_person[each.person].append(each)
    counts = _Counts()
    cases = []
    for own in of_episode.values():
        decided = sorted((each.decided_on, each.reference) for each in own if each.decided_on is not None)
        if not decided:
            continue
        persons = dict.fromkeys(each.person for each in own)
        others = [each for person in persons for each in of_person[person] if each.episode != own[0].episode]
        cases.append(_case(decided[0], own, others, counts))
    cases.sort(key=lambda case: case.reference)
    return ObservedRecord(
        tuple(cases),
        tuple(_sentences(cases, counts, judgements_undone)),
        frozenset(each.reference for each in involvements),
    )


def _case(
    decided: tuple[date, str],
    own: Sequence[InvolvementParts],
    others: Sequence[InvolvementParts],
    counts: _Counts,
) -> ObservedCase:
    anchor, reference = decided
    acts = [act for each in own for act in _since(anchor, each.incidents)]
    acts += [act for each in own for act in acts_of(each.outcomes)]
    of_others = list(_acts_elsewhere(anchor, others))
    first = min(own, key=lambda each: (each.reference != reference, each.reference))
    case, reasons = observed_case(
        reference,
        person=first.person,
        anchor=anchor,
        searches=[search for each in own for search in searches_of(each.outcomes)],
        acts=acts + of_others,
        endings=[*_endings(own), *(end for end in _endings(others) if end.ending is not Ending.WITHDRAWN)],
        custody=_custody([*own, *others]),
        groups=Groups(
            typology=first.typology,
            borough=first.borough,
            interventions=frozenset(
                item
                for each in own
                for item, planned in each.interventions
                if (planned - anchor).days <= PLANNED_WITHIN_DAYS
            ),
            first_sessions=dict(sorted((pair for each in own for pair in each.first_sessions), reverse=True)),
            orders=tuple(sorted({each for part in own for each in part.orders}, key=_by_dates)),
        ),
    )
    counts.reasons.update(reasons)
    counts.of_other_cases += len(of_others)
    return case


def _by_dates(order: tuple[date, date | None]) -> tuple[date, date]:
    first, last = order
    return first, last or date.max


def _since(anchor: date, incidents: Sequence[ActFound]) -> Iterator[ActFound]:
    """Yield incidents that came to notice after the decision; what led to it is not an outcome."""
    for act in incidents:
        if act.happened.latest >= anchor and act.recorded_on >= anchor:
            yield act


def _acts_elsewhere(anchor: date, others: Sequence[InvolvementParts]) -> Iterator[ActFound]:
    for each in others:
        for act in _since(anchor, (*acts_of(each.outcomes), *each.incidents)):
            yield replace(act, against=AgainstWhom.NEW_VICTIM, source=f"{each.reference}: {act.source}")


def _endings(parts: Sequence[InvolvementParts]) -> Iterator[Ended]:
    for each in parts:
        yield from endings_of(each.outcomes)


def _custody(parts: Sequence[InvolvementParts]) -> Iterator[InCustody]:
    yield from custody_of(
        [change for each in parts for change in each.custody],
        [outcome for each in parts for outcome in each.outcomes],
    )


_REASONS: Mapping[LeftOut, str] = {
    LeftOut.BEFORE_ANCHOR: "before the panel's first decision on its case: left out",
    LeftOut.AFTER_ENDING: "after the observation of its case ended: left out",
    LeftOut.SAME_AS_ANOTHER: "recorded by a second source for the same day and target: counted once",
    LeftOut.MAYBE_BEFORE_ANCHOR: (
        "in a month or year that began before the panel's first decision: counted as after it"
    ),
    LeftOut.MAYBE_ORDER_BREACH: (
        "of proven reoffending without a record of whether it is the breach of an order: counted as proven"
    ),
    LeftOut.SEARCH_BEFORE_ANCHOR: "with a search that ended before the panel's first decision: left out",
}


def _sentences(cases: Sequence[ObservedCase], counts: _Counts, undone: int) -> Iterator[str]:
    for reason in LeftOut:
        if number := counts.reasons[reason]:
            yield f"{_counted(number, 'outcome')} {_REASONS[reason]}."
    sizes = Counter(case.person for case in cases)
    if shared := sum(size for size in sizes.values() if size > 1):
        persons = sum(size > 1 for size in sizes.values())
        yield (
            f"{_counted(shared, 'case')} are of {_counted(persons, 'person', 'people')} with several cases, "
            "as records are judged to be of the same person today."
        )
    if counts.of_other_cases:
        yield (
            f"{_counted(counts.of_other_cases, 'act')} in another case of the same person counted as against "
            "a new victim."
        )
    if undone:
        yield (
            f"{_counted(undone, 'judgement')} of same person undone: those cases count as different "
            "people's, and no act of one counts in the other."
        )


def _counted(number: int, one: str, more: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"
