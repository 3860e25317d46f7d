"""Reasons for opening a restricted case: given once for each task of a day, read by chair and advocate."""

from __future__ import annotations

from engine.access.policy import May
from engine.clock import LONDON
from engine.domain.access.need_to_know import ReasonGiven
from engine.domain.errors import InvalidInputError
from engine.domain.ids import read_reference
from engine.services.access.checks import open_case
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import must_be_chair_or_advocate, written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work


def reason_is_due(context: Context, *, reference: str) -> bool:
    """Return whether this person still owes a reason for this restricted case, for their task of today.

    A person who restricted it today has done so. Pages ask this where they open the case. For a case that is
    not open to them nothing is due.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    reference = read_reference("involvement", reference)
    with context.uow.unrecorded() as work:
        if not owes_reason(work, context, reference):
            return False
    with context.reading("ask why a restricted case is opened") as work:
        open_case(work, context.acting, reference, May.VIEW_CASE)
    return True


def owes_reason(work: Work, context: Context, reference: str) -> bool:
    """Return whether this person gives a reason before this case opens to them; part of a larger use case."""
    if not work.need_to_know.is_restricted(reference):
        return False
    given = work.opened_reasons.of([reference], user=context.acting.user)
    said = [
        restriction.at
        for restriction in work.need_to_know.restrictions([reference])
        if restriction.by == context.acting.user
    ]
    said += [each.at for each in given if each.purpose == context.acting.purpose]
    return not any(at.astimezone(LONDON).date() == context.clock.today() for at in said)


def say_why_opened(context: Context, *, reference: str, why: str) -> ReasonGiven:
    """Record why a restricted case is opened, for this task and day; chair and advocate read it.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the case is not restricted.
    """
    reason = written_reason(why)
    with context.writing("say why a restricted case is opened") as work:
        involvement = open_case(work, context.acting, reference, May.VIEW_CASE)
        if not work.need_to_know.is_restricted(involvement.reference):
            raise InvalidInputError(f"referral {involvement.reference}", "it is not restricted")
        given = ReasonGiven(
            involvement=involvement.reference,
            user=context.acting.user,
            purpose=context.acting.purpose,
            why=reason,
            at=context.clock.now(),
        )
        work.opened_reasons.keep(given)
        return given


def reasons_given(context: Context, *, reference: str) -> tuple[ReasonGiven, ...]:
    """Return why people opened this case while it was restricted, oldest first: for chair and advocate.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotPermittedError
        Only the chair and the victim's advocate may do this.
    """
    agencies = context.agencies_known
    with context.reading("see why a case was opened") as work:
        case = open_case(work, context.acting, reference, May.SEE_LOOKS).reference
        must_be_chair_or_advocate(May.SEE_LOOKS, context.acting, agencies)
        masker = masker_for(work=work, involvements=work.cases.together(case), reader=context.acting.user)
        return tuple(
            each.model_copy(update={"why": masker.masked(each.why, by=each.user)})
            for each in work.opened_reasons.of(work.cases.together(case))
        )
