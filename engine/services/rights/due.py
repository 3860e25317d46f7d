"""Parts of closed cases whose retention may be reviewed: clock and schedules say when, at each read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.due import OF_DESK, Waits, of_agency
from engine.domain.cases.lifecycle import State
from engine.domain.rights.retention import DESK_OWNER, RetentionAct, RetentionDecision
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work

_Part = tuple[str, str]
"""A case and whose part of it."""
_READS = frozenset(
    {
        "move",
        "request",
        "answer",
        "victim_outcome",
        "victim_description",
        "outcome_return",
        "retention_word",
        "erasure",
    }
)


def never_reviewed(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each owner's part without a decision, since its case ended."""
    parts = dict(_parts(work, cases, given))
    ended = work.retention.ended_at(sorted({case for case, _ in parts}))
    for (case, owner), decided in parts.items():
        if decided is None and case in ended:
            yield Waits(case=case, about=owner, whom=of_owner(owner), since=ended[case])


def decided_on(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each part that was decided on: since it may be erased, or since its next review date."""
    for (case, owner), decided in _parts(work, cases, given):
        if decided is None:
            continue
        since = decided.at
        if decided.act is RetentionAct.KEEP:
            if decided.review_on is None:
                continue
            since = datetime.combine(decided.review_on, time(), LONDON)
        yield Waits(case=case, about=owner, whom=of_owner(owner), since=since, version=decided.act.value)


def of_owner(owner: str) -> str:
    """Return the code for those who have the part of an owner to decide on."""
    return OF_DESK if owner == DESK_OWNER else of_agency(owner)


def owned_by(acting: Acting) -> str:
    """Return the code of the parts that this person decides on."""
    return of_agency(acting.agency) if acting.agency else OF_DESK


def _parts(
    work: Work, cases: Sequence[str], given: DueGiven
) -> Iterator[tuple[tuple[str, str], RetentionDecision | None]]:
    """Yield each part of those that are closed with its newest decision, but not what is held or erased."""
    closed = [case for case, (state, _) in given.states(work, cases).items() if state is State.CLOSED]
    owners, newest, held = work.retention.owners(closed), dict[_Part, RetentionDecision](), set[_Part]()
    for said in work.retention.words(closed):
        part = (said.involvement, said.owner)
        if said.act in (RetentionAct.KEEP, RetentionAct.ERASE):
            newest[part] = said
        elif said.act is RetentionAct.HOLD:
            held.add(part)
        else:
            held.discard(part)
    without = held | {(each.involvement, each.owner) for each in work.retention.certificates(closed)}
    for case in closed:
        for owner in (DESK_OWNER, *sorted(owners.get(case, ()))):
            if (case, owner) not in without:
                yield (case, owner), newest.get((case, owner))


RETENTION = DueKind("retention", reads=_READS, of=never_reviewed, version=2)
RETENTION_AGAIN = DueKind("retention again", reads=_READS, of=decided_on, version=2)
