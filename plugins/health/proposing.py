"""Actions that health proposes: care. Says no diagnosis, and nothing that may not be shared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.hooks.v1 import (
    ActionsProposed,
    AnswerSeen,
    CaseAsked,
    Domain,
    FoundOne,
    Level,
    ProposedAction,
    Refused,
)
from plugins.health.assessor import refusal
from plugins.health.records import HealthRecords
from plugins.health.sharing import declines_on, position
from plugins.health.stored_records import FlagKept, Kept

OWN = "health"
_ASSESSED_FOR = frozenset({"crisis-contact", "suicidal-talk", "talk-of-harm"})
_ACTED_ON = (Domain.PERSISTENCE, Domain.PSYCHOSOCIAL_HARM)


def propose(case: CaseAsked, answers: Sequence[AnswerSeen], held: HealthRecords) -> ActionsProposed | Refused:
    """Return what health can offer a person whom it found; nothing for any other person.

    A person who refused sharing has no action from their own record. If a clinician declines to answer about
    the person, so does this.
    """
    found = held.index.find(case.perpetrator)
    if not isinstance(found, FoundOne):
        return ActionsProposed()
    records = held.about(found.key)
    ground = declines_on(records, on=case.on)
    if ground is not None:
        return refusal(ground)
    others = [each for each in answers if each.agency != OWN]
    return ActionsProposed(actions=(*_from_records(case, records), *_from_answers(others)))


def _from_records(case: CaseAsked, records: Sequence[Kept]) -> Iterator[ProposedAction]:
    known = [each for each in records if each.known_by(case.on)]
    sharing = position(known, on=case.on)
    noted = {
        each.word
        for each in known
        if isinstance(each, FlagKept) and each.active and sharing.because(each.sharing) is not None
    }
    if noted & _ASSESSED_FOR:
        yield ProposedAction(
            says="Health offers an assessment by a mental-health professional.",
            library="mental-health-assessment",
            serves=Domain.PSYCHOSOCIAL_HARM,
            owner=OWN,
        )
    if "substance-use" in noted:
        yield ProposedAction(
            says="Health offers a referral for alcohol or drug treatment.",
            library="substance-treatment",
            serves=Domain.VIOLENCE,
            owner=OWN,
        )
    if "missed-appointments" in noted:
        yield ProposedAction(
            says="Health offers to contact the person again after the appointments that were missed.",
            serves=Domain.PSYCHOSOCIAL_HARM,
            owner=OWN,
            need="health",
        )


def _from_answers(others: Sequence[AnswerSeen]) -> Iterator[ProposedAction]:
    if any(each.level_on(domain) is Level.HIGH for each in others for domain in _ACTED_ON):
        yield ProposedAction(
            says="Health offers to see whether a psychological intervention for stalking is suitable.",
            library="psychological-intervention",
            serves=Domain.PERSISTENCE,
            owner=OWN,
        )
