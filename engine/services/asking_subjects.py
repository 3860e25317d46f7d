"""Asking one controller what it holds of a person who asks. No transaction is open while it works."""

from __future__ import annotations

from engine.domain.answers import Failed
from engine.domain.asking import PersonAsked
from engine.domain.subject_access import OUR_RECORD, Step, ToldByController
from engine.hooks.questions import SUBJECT_ACCESS
from engine.services.context import AgencyContext
from engine.services.subject_access import keep_told, our_record_tells, person_to_ask


def ask_controller(context: AgencyContext, *, request: str, controller: str) -> Step:
    """Ask one agency by its own question, or this record; a failure is kept as one and is never "nothing"."""
    described = person_to_ask(context, request=request)
    if controller == OUR_RECORD:
        told = our_record_tells(context, request=request)
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
            says = f"{answer.reason.value}; ask it by hand"
            told = ToldByController(controller=controller, failed=says)
        else:
            told = ToldByController(controller=controller, told=answer)
    return keep_told(context, request=request, told=told)
