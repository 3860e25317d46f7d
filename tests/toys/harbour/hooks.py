"""Answers with whatever stands in its records folder, or hangs when given to."""

from __future__ import annotations

import json
import time

from engine.domain.responses.answers import ANSWER
from engine.hooks.v1 import (
    ActionsProposed,
    AgencyRecords,
    AnswerSeen,
    CaseAsked,
    Contribution,
    Domain,
    Level,
    NilReturn,
    OutcomesFound,
    OutcomeWindow,
    ProposedAction,
    RefusalGround,
    Refused,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """The answer written in ``answer.json``; without the file, a nil return."""
    file = records.folder / "answer.json"
    if not file.exists():
        return NilReturn(looked_in=("register",), says="Nothing was held.")
    answer = json.loads(file.read_text())
    if answer.get("kind") == "hang":
        time.sleep(60)
    return ANSWER.validate_python(answer)  # type: ignore[return-value]


@hookimpl
def stac_propose_actions(
    case: CaseAsked, answers: tuple[AnswerSeen, ...], records: AgencyRecords
) -> ActionsProposed | Refused:
    """What ``actions.json`` says: always, and when another agency is seen with a high level on violence."""
    file = records.folder / "actions.json"
    given = json.loads(file.read_text()) if file.exists() else {}
    if "raise" in given:
        raise ValueError("Petronella Mustnotshow")
    if "refuse" in given:
        return Refused(ground=RefusalGround.CONFIDENTIAL, says="The toy does not propose.")
    others = [each for each in answers if each.agency != "harbour"]
    is_high = any(each.level_on(Domain.VIOLENCE) is Level.HIGH for each in others)
    wanted = [*given.get("always", []), *(given.get("when high", []) if is_high else [])]
    return ActionsProposed(actions=tuple(ProposedAction.model_validate(each) for each in wanted))


@hookimpl
def stac_outcomes(
    case: CaseAsked, window: OutcomeWindow, records: AgencyRecords
) -> OutcomesFound | NilReturn | Refused:
    """The outcomes written in ``outcomes.json``; without the file, a nil return."""
    file = records.folder / "outcomes.json"
    if not file.exists():
        return NilReturn(looked_in=("register",), says="Nothing was held.")
    given = json.loads(file.read_text())
    if "raise" in given:
        raise ValueError("Petronella Mustnotshow")
    if "refuse" in given:
        return Refused(ground=RefusalGround.CONFIDENTIAL, says="The toy does not say.")
    return OutcomesFound.model_validate(given)
