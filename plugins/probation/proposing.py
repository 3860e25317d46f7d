"""Actions that probation proposes, from its own records and from what it may see. Forms no view.

An action leaves out which other agency's item led to it: who reads the action may not read the item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.hooks.v1 import (
    ActionsProposed,
    AnswerSeen,
    CaseAsked,
    Domain,
    FoundOne,
    Level,
    PartialDate,
    ProposedAction,
    sentence,
)
from plugins.probation.records import BreachRow, ProbationRecords, SupervisedOn, SupervisionRow

OWN = "probation"
_RECENTLY = timedelta(days=365)
_COMING = timedelta(days=90)
_WORRYING = (Domain.VIOLENCE, Domain.PERSISTENCE)


def propose(case: CaseAsked, answers: Sequence[AnswerSeen], held: ProbationRecords) -> ActionsProposed:
    """Return what probation proposes for a person who is or was under supervision; else nothing."""
    found = held.index.find(case.perpetrator)
    if not isinstance(found, FoundOne):
        return ActionsProposed()
    periods = [row for row in held.supervision[found.key] if row.started <= case.on]
    running = [row for row in periods if row.ends is None or row.ends >= case.on]
    breaches = [row for row in held.breaches.get(found.key, []) if _is_recent(row, case)]
    others = [each for each in answers if each.agency != OWN]
    if not running:
        return ActionsProposed(actions=tuple(_after_supervision(periods, others)))
    return ActionsProposed(
        actions=(*_on_compliance(running, breaches, others), *_on_supervision(case, running, others))
    )


def _after_supervision(
    periods: Sequence[SupervisionRow], others: Sequence[AnswerSeen]
) -> Iterator[ProposedAction]:
    """Propose public protection for a person who was convicted before, at another agency's high level."""
    if periods and any(each.level_on(Domain.VIOLENCE) is Level.HIGH for each in others):
        yield ProposedAction(
            says="Decide on a referral to Multi-Agency Public Protection Arrangements (MAPPA).",
            library="public-protection-referral",
            serves=Domain.VIOLENCE,
            owner=OWN,
        )


def _on_compliance(
    running: Sequence[SupervisionRow], breaches: Sequence[BreachRow], others: Sequence[AnswerSeen]
) -> Iterator[ProposedAction]:
    on_licence = any(row.kind is SupervisedOn.LICENCE for row in running)
    if not on_licence:
        return
    unanswered = [row for row in breaches if row.outcome is None]
    if unanswered:
        action = "decide on recall for the breach that has no outcome recorded, or record why not"
    elif any(each.proposes("arrest-for-breach") for each in others):
        action = "decide on recall, or record why not"
    else:
        return
    yield ProposedAction(says=sentence(action), library="recall-decision", serves=Domain.VIOLENCE, owner=OWN)


def _on_supervision(
    case: CaseAsked, running: Sequence[SupervisionRow], others: Sequence[AnswerSeen]
) -> Iterator[ProposedAction]:
    bare = [row for row in running if not row.conditions]
    if any(row.kind is SupervisedOn.LICENCE for row in bare):
        yield ProposedAction(
            says="Ask for licence conditions that protect the victim: none is recorded.",
            library="licence-conditions",
            serves=Domain.RECURRENCE,
            owner=OWN,
        )
    ending = [row.ends for row in running if row.ends is not None and row.ends - case.on <= _COMING]
    if ending:
        day = PartialDate.of(min(ending)).in_words()
        yield ProposedAction(
            says=f"Name who informs the victim that supervision ends on {day}.",
            library="inform-of-release",
            serves=Domain.RECURRENCE,
            owner=OWN,
        )
    if bare or any(each.level_on(domain) is Level.HIGH for each in others for domain in _WORRYING):
        yield ProposedAction(
            says="Review how the person is supervised, with what conditions.",
            library="supervision-review",
            serves=Domain.RECURRENCE,
            owner=OWN,
        )


def _is_recent(row: BreachRow, case: CaseAsked) -> bool:
    """Return whether a breach happened in the year before asking; one without a date is not."""
    return row.happened is not None and case.on - _RECENTLY <= row.happened.earliest <= case.on
