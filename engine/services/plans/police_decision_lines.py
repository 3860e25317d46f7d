"""Lines of a worklist about decisions of police: that are awaited, and that the victim is informed of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.clock import LONDON, Clock
from engine.domain.access.primary_roles import NO_RIGHT
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.due import Waits
from engine.domain.cases.incidents import kinds_in_words
from engine.domain.cases.worklists import LongLines, WorkItem, days_in_words
from engine.domain.plans.reviews import IncidentKnown
from engine.services.access.checks import classes_shown
from engine.services.access.primary_roles import standing_of
from engine.services.due.lines import due_lines
from engine.services.plans.police_decisions_due import AWAITED, INFORM_OF_DECISION
from engine.store.unit_of_work import Work

_CONTESTED = (
    "The role of the victim is contested: until the panel has assessed it, do not inform anyone by right."
)


def police_decision_lines(
    work: Work, acting: Acting, clock: Clock, agencies: Sequence[AgencyKnown]
) -> Iterator[LongLines]:
    """Yield, for practitioners of who investigates or speaks for the victim, what waits on their cases."""
    own = (
        [each for each in agencies if acting.speaks_for(each.code)]
        if acting.role is Role.PRACTITIONER
        else []
    )
    if any(each.investigates for each in own):
        yield _awaited(work, acting, clock)
    if any(each.investigates or each.speaks_for_victim for each in own):
        yield _to_inform_of(work, acting, clock)


def _awaited(work: Work, acting: Acting, clock: Clock) -> LongLines:
    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        there = _incidents(work, acting, clock, rows)
        for each in rows:
            reported, more = days_in_words(each.since, on=clock.today()), int(each.version) - 1
            if more:
                what = "Record the police decisions"
                said = f"and {more:,} more. The first was reported {reported}."
                why = f"{_in_words(each.about, there)} {said}"
            else:
                what = "Record the police decision"
                why = f"{_in_words(each.about, there)}. Reported {reported}."
            yield _item(each, what, why, AWAITED.name)

    return due_lines(AWAITED, work, acting, clock, write=write)


def _to_inform_of(work: Work, acting: Acting, clock: Clock) -> LongLines:
    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        there = _incidents(work, acting, clock, rows)
        decided = work.reviews.police_decisions_by_incident({each.case for each in rows})
        for each in rows:
            decisions = [decided[name] for name in _names(each.about, there) if name in decided]
            newest = max(decisions, key=lambda decision: decision.at, default=None)
            day = newest.decided_on if newest else each.since.astimezone(LONDON).date()
            why = f"Police decision: {each.version}, {day:%-d %B %Y}. {_in_words(each.about, there)}."
            then = "Record a notice to the victim for that date."
            if standing_of(work, each.case) in NO_RIGHT:
                then = _CONTESTED
            yield _item(
                each,
                "Inform the victim, and of the right to review",
                f"{why} {then}",
                INFORM_OF_DECISION.name,
            )

    return due_lines(INFORM_OF_DECISION, work, acting, clock, write=write)


def _incidents(work: Work, acting: Acting, clock: Clock, rows: Sequence[Waits]) -> dict[str, IncidentKnown]:
    """Return the incidents of these rows as this person reads them, by each reference that they have."""
    shown = classes_shown(work, acting, on=clock.today())
    found = work.incidents.in_short({each.case: (each.case,) for each in rows}, shown=shown)
    return {
        name: incident
        for of_case in found.values()
        for incident in of_case
        for name in (incident.reference, *incident.others)
    }


def _names(about: str, there: dict[str, IncidentKnown]) -> tuple[str, ...]:
    incident = there.get(about)
    return (incident.reference, *incident.others) if incident else (about,)


def _in_words(about: str, there: dict[str, IncidentKnown]) -> str:
    incident = there.get(about)
    if incident is None:
        return f"Incident {about}"
    when = incident.happened.in_words() if incident.happened else "date not recorded"
    kind = kinds_in_words(incident.kinds)
    return f"{kind[:1].upper()}{kind[1:]}, {when} ({about})"


def _item(each: Waits, what: str, why: str, kind: str) -> WorkItem:
    return WorkItem(
        reference=each.case,
        what=what,
        why=why,
        due_at=each.due,
        since=each.since,
        is_overdue=False,
        is_alarm=False,
        kind=kind,
    )
