"""Asking one controller what it holds of a requester. No transaction is open while it works."""

from __future__ import annotations

from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.responses.answers import Failed
from engine.domain.responses.requests import PersonAsked
from engine.domain.rights.subject_access import OUR_RECORD, ControllerResult, Step
from engine.hooks.questions import SUBJECT_ACCESS
from engine.services.context import AgencyContext
from engine.services.rights.subject_access import (
    held_here,
    person_to_ask,
    record_controller_result,
)
from engine.services.rights.subject_access_outcomes import joined


def ask_controller(context: AgencyContext, *, request: str, controller: str) -> Step:
    """Ask one agency by its own question, or this record; a failure is stored as one and is never "nothing".

    Raises
    ------
    InvalidInputError
        The reference is malformed, something that must come before is not recorded, or the reply was
        released.
    """
    described = person_to_ask(context, request=request)
    own = held_here(context, request=request, controller=controller)
    if controller == OUR_RECORD:
        result = ControllerResult(controller=OUR_RECORD, told=own)
    else:
        answer = context.agencies.ask(
            controller,
            SUBJECT_ACCESS,
            PersonAsked(
                forename=described.forename,
                surname=described.surname,
                date_of_birth=described.date_of_birth,
                sex=described.sex,
                identifiers=described.identifiers,
            ),
        )
        if isinstance(answer, Failed):
            sentence = f"{answer.reason.value}; ask the agency directly"
            result = (
                ControllerResult(controller=controller, failed=sentence)
                if own is None
                else ControllerResult(controller=controller, told=_without_its_own_records(own, sentence))
            )
        else:
            result = ControllerResult(
                controller=controller, told=answer if own is None else joined([answer, own])
            )
    return record_controller_result(context, request=request, result=result)


def _without_its_own_records(own: SubjectAccessResult, why: str) -> SubjectAccessResult:
    """Return the entries in this record; that the agency's own records were not searched is not nothing."""
    gap = f"Its own records were not searched: {why}. This is not a nil return."
    return own.model_copy(update={"gaps": (*own.gaps, gap)})
