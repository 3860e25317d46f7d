"""Why reviews are brought forward, for the people of each agency: rows that the Plans page counts.

Where a case shows several agencies other reports, each has the reasons of what it sees. So no reader's count
or time depends on what they do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from engine.access.release import shown_classes
from engine.clock import LONDON
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.cases.due import Waits
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger, is_brought_forward
from engine.domain.sharing import DESK, ReleaseClass
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.plans.reviews_waiting import A_DAY, READS, ReviewedCase, facts_of, reviewed, start_of
from engine.store.unit_of_work import Work


class _Sight(NamedTuple):
    """The reports of a case that some readers see from a date on: those of these release classes."""

    begins: date
    classes: frozenset[int]


def sight_of(acting: Acting) -> str:
    """Return the code of the rows for this person: of the co-ordinators and chair, or of their agency."""
    if acting.role in COORDINATOR_AND_CHAIR:
        return f"sight of {DESK}"
    return f"sight of agency {acting.agency}" if acting.agency else "sight of no agency"


def readers(agencies: Iterable[str]) -> dict[str, Acting]:
    """Return by code one of each group of readers that has rows: those of a group see the same reports."""
    there = (
        Acting(user=DESK, role=Role.COORDINATOR),
        Acting(user=DESK, role=Role.ANALYST),
        *(Acting(user=code, role=Role.PRACTITIONER, agency=code) for code in sorted(agencies)),
    )
    return {sight_of(each): each for each in there}


def has_rows(acting: Acting, agencies: Iterable[str]) -> bool:
    """Return whether there are rows for this person: not for one of an agency that is not installed."""
    reader = readers(agencies).get(sight_of(acting))
    return reader is not None and (reader.role is acting.role or acting.role in COORDINATOR_AND_CHAIR)


def trigger_of(about: str) -> ReviewTrigger:
    """Return the reason that a row is about."""
    return ReviewTrigger(about.rpartition(" ")[0])


def reasons(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each kind of reason why a review is due before its date, as long as it is one.

    The other cases of an episode are left out: whoever sees one has the reasons worked out.
    """
    dates = reviewed(work, cases, given)
    if not dates:
        return
    facts, classes = facts_of(work, dates), work.sharing.classes()
    of_case = work.incidents.classes_on(list(dates))
    seen = {
        (case, code): tuple(
            _sights_of(reader, {each: classes[each] for each in of_case.get(case, ())}, facts[case])
        )
        for case in dates
        for code, reader in readers(each.code for each in given.agencies).items()
    }
    shown = _as_shown(work, facts, seen)
    found: dict[tuple[str, tuple[_Sight, ...]], tuple[Waits, ...]] = {}  # most cases show all the same
    for (case, code), there in seen.items():
        if (case, there) not in found:
            cut = [(sight.begins, shown[case, sight.classes]) for sight in there]
            found[case, there] = tuple(_rows(cut, given))
        yield from (each._replace(whom=code) for each in found[case, there])


def _sights_of(reader: Acting, classes: Mapping[int, ReleaseClass], case: ReviewedCase) -> Iterator[_Sight]:
    """Yield what a reader sees since the last review: something else after the end date of each class."""
    since = case.dates.since.astimezone(LONDON).date()
    ends = {each.until + A_DAY for each in classes.values() if each.until is not None}
    for day in (since, *sorted(day for day in ends if day > since)):
        yield _Sight(day, shown_classes(reader, classes, on=day))


def _as_shown(
    work: Work,
    facts: Mapping[str, ReviewedCase],
    seen: Mapping[tuple[str, str], tuple[_Sight, ...]],
) -> dict[tuple[str, frozenset[int]], ReviewedCase]:
    """Return each case with the incidents that these classes show, in one query for each set of them."""
    groups: dict[frozenset[int], set[str]] = {}
    for (case, _), there in seen.items():
        for sight in there:
            groups.setdefault(sight.classes, set()).add(case)
    return {
        (case, classes): facts[case]._replace(incidents=incidents)
        for classes, of in groups.items()
        for case, incidents in work.incidents.in_short(
            {case: (case,) for case in sorted(of)}, shown=classes
        ).items()
    }


def _rows(cut: Sequence[tuple[date, ReviewedCase]], given: DueGiven) -> Iterator[Waits]:
    """Yield each time that a kind of reason applies, before the date of the review."""
    settings, (_, first) = given.settings.reviews, cut[0]
    days = sorted({day for begins, case in cut for day in (begins, *case.days(settings))})
    begun: dict[ReviewTrigger, date] = {}
    times = dict.fromkeys(ReviewTrigger, 0)
    for day in days:
        case = next(case for begins, case in reversed(cut) if begins <= day)
        now = _forward(case.causes(settings, on=day))
        for trigger in [each for each in begun if each not in now]:
            times[trigger] += 1
            yield _row(first, trigger, times[trigger], begun.pop(trigger), ends=day)
        begun = {**dict.fromkeys(now, day), **begun}
    for trigger, day in begun.items():
        yield _row(first, trigger, times[trigger] + 1, day)


def _forward(causes: Sequence[ReviewCause]) -> frozenset[ReviewTrigger]:
    return frozenset(each.trigger for each in causes) if is_brought_forward(causes) else frozenset()


def _row(
    case: ReviewedCase, trigger: ReviewTrigger, number: int, begins: date, *, ends: date | None = None
) -> Waits:
    return Waits(
        case=case.reference,
        about=f"{trigger.value} {number}",
        whom="",
        since=case.dates.since,
        starts=start_of(begins),
        ends=start_of(ends) - datetime.resolution if ends is not None else None,
    )


def _given(given: DueGiven) -> object:
    reviews = given.settings.reviews.model_dump(mode="json")
    return {"reviews": reviews, "agencies": sorted(each.code for each in given.agencies)}


REASON = DueKind("reason for review", reads=READS, of=reasons, given=_given)
