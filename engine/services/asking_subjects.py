"""Asking one controller what it holds of a person who asks. No transaction is open while it works."""

from __future__ import annotations

from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.answers import Failed
from engine.domain.asking import PersonAsked
from engine.domain.subject_access import OUR_RECORD, Step, ToldByController
from engine.hooks.registry import Agencies
from engine.services.subject_access import keep_told, our_record_tells, person_to_ask
from engine.store.unit_of_work import UnitOfWork


def ask_controller(
    *, uow: UnitOfWork, clock: Clock, acting: Acting, agencies: Agencies, request: str, controller: str
) -> Step:
    """Ask one agency by its own question, or this record; a failure is kept as one and is never "nothing"."""
    described = person_to_ask(uow=uow, clock=clock, acting=acting, request=request)
    if controller == OUR_RECORD:
        told = our_record_tells(uow=uow, clock=clock, acting=acting, request=request)
    else:
        answer = agencies.subject_access(
            controller,
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
    return keep_told(uow=uow, clock=clock, acting=acting, request=request, told=told)
