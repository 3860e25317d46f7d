"""Actions that victim advocacy proposes: what it offers. Includes only what the victim agreed to.

It offers; the victim decides. No action says where the victim is or how the victim is reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.hooks.v1 import (
    ActionsProposed,
    AnswerSeen,
    CaseAsked,
    Domain,
    ItemState,
    Level,
    ProposedAction,
    Refused,
    Side,
)
from plugins.advocacy.assessor import file_of, refusal
from plugins.advocacy.records import AdvocacyRecords, ClientLine, Topic

OWN = "advocacy"
_AT_THE_HOME = frozenset({Topic.FREQUENT_VISITS, Topic.LOITERING, Topic.PROPERTY_DAMAGE})


def propose(
    case: CaseAsked, answers: Sequence[AnswerSeen], held: AdvocacyRecords
) -> ActionsProposed | Refused:
    """Return what victim advocacy offers its client; nothing for a person who is not one for certain."""
    file = file_of(case, held)
    if file is None:
        return ActionsProposed()
    if file.refuse_on is not None:
        return refusal(file.refuse_on)
    others = [each for each in answers if each.agency != OWN]
    return ActionsProposed(actions=(*_from_file(case, file), *_from_answers(others)))


def _from_file(case: CaseAsked, file: ClientLine) -> Iterator[ProposedAction]:
    yield ProposedAction(
        says="Victim advocacy offers to write the safety plan with the victim, or to review it.",
        library="safety-plan",
        serves=Domain.VIOLENCE,
        owner=OWN,
        side=Side.VICTIM_SAFETY,
    )
    present = _topics_for_everyone(case, file)
    if present & _AT_THE_HOME:
        yield ProposedAction(
            says="Victim advocacy offers to arrange a home security visit with the victim.",
            library="home-security",
            serves=Domain.VIOLENCE,
            owner=OWN,
            side=Side.VICTIM_SAFETY,
        )
    if Topic.THIRD_PARTIES in present:
        yield ProposedAction(
            says="Victim advocacy asks the panel to plan for the safety of others whom the person contacts.",
            library="others-at-risk-warned",
            serves=Domain.VIOLENCE,
            side=Side.OTHERS_AT_RISK,
        )


def _topics_for_everyone(case: CaseAsked, file: ClientLine) -> frozenset[Topic]:
    """Return the topics that are present and that the victim agreed everyone on the case can read."""
    if file.topics_on is None or file.topics_on > case.on or not file.topics_agreed.is_for_everyone:
        return frozenset()
    return frozenset(topic for topic, state in file.topics.items() if state is ItemState.PRESENT)


def _from_answers(others: Sequence[AnswerSeen]) -> Iterator[ProposedAction]:
    if any(each.proposes("threat-to-life-warning") for each in others):
        yield ProposedAction(
            says="Victim advocacy offers to be with the victim when the victim is informed.",
            library="stalking-advocate",
            serves=Domain.PSYCHOSOCIAL_HARM,
            owner=OWN,
            side=Side.VICTIM_SAFETY,
        )
    if any(each.level_on(Domain.VIOLENCE) is Level.HIGH for each in others):
        yield ProposedAction(
            says="Victim advocacy offers the victim a personal alarm.",
            library="personal-alarm",
            serves=Domain.VIOLENCE,
            owner=OWN,
            side=Side.VICTIM_SAFETY,
        )
