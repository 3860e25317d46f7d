"""Opening protected values: one item at a time, for a task on the case, for some minutes, notified to others.

The value goes only to the person who opened it. Every act is in the audit log with ids and kinds; a refused
try is there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.access.policy import May, require
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.vault.openings import Basis, OpenedItem, Opening
from engine.services.access.checks import open_case, open_for_life_door
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.vault.access_requests import agreed_ask, item_on_case, read_task
from engine.services.vault.notifications import to_be_told
from engine.services.vault.permissions import cases_here, stands_alone_as
from engine.store.unit_of_work import Work

_WHO = (
    "the victim's advocate or the safe-contact officer named on the case, or a person named on it, after "
    "a second person of another agency agrees,"
)


def open_item(context: Context, *, reference: str, item: str, task: str) -> OpenedItem:
    """Open one item to this person for some minutes; what was open to them before is closed.

    The same item again within its time is the same opening: its time is not made longer.

    Raises
    ------
    InvalidInputError
        A reference or the task is malformed.
    NotFoundError
        The case is not open to the person who acts, or has no such item.
    NotPermittedError
        The role does not permit it, or the person may not open values alone and no second person agreed.
    """
    agencies = context.agencies_known
    at = context.clock.now()
    with context.writing("open protected value", at=at) as work:
        case = open_case(work, context.acting, reference, May.OPEN_ITEM).reference
        held = item_on_case(work, context.acting, case, item)
        work.notes(item=held.reference, kind=held.kind)
        there = work.openings.newest_of(context.acting.user)
        if there is not None and there.until > at and there.item == held.reference:
            work.notes(opening=there.reference)
            return OpenedItem(opening=there, value=_value(work, context.acting, case, held.reference))
        basis = stands_alone_as(work, context.acting, case, agencies)
        asked = agreed_ask(work, context.acting, case, held.reference, at=at) if basis is None else None
        if basis is not None or asked is not None:
            opening = Opening(
                reference="",
                involvement=case,
                item=held.reference,
                kind=held.kind,
                user=context.acting.user,
                agency=context.acting.agency,
                basis=basis or Basis.AGREED,
                asked=asked.reference if asked else None,
                task=asked.task if asked else read_task(work, case, task),
                why=asked.why if asked else None,
                at=at,
                until=at + timedelta(minutes=context.settings.vault_open_minutes),
            )
            stored_opening = work.openings.add(
                opening,
                texts=to_be_told(work, opening, agencies, context.settings, held.told_by),
            )
            work.notes(opening=stored_opening.reference, basis=stored_opening.basis.name.lower())
            return OpenedItem(
                opening=stored_opening, value=_value(work, context.acting, case, held.reference)
            )
        work.notes(refused=1)
    raise NotPermittedError(May.OPEN_ITEM.value, who_may=_WHO)


def open_for_life(context: Context, *, reference: str, kind: ProtectedKind, why: str) -> OpenedItem:
    """Open the newest value of a kind alone, for a threat to life; others learn of it immediately.

    Only the duty responder may, with a written reason, and one at a time: no second one while the first is
    open.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, an opening is current, or the case has no value of that
        kind.
    NotFoundError
        The case does not exist, or the person who acts is not the duty responder.
    """
    agencies = context.agencies_known
    require(May.OPEN_FOR_LIFE, context.acting)
    reason = written_reason(why)
    at = context.clock.now()
    with context.writing("open protected value for life", at=at) as work:
        case = open_for_life_door(
            work, context.acting, reference, is_duty=context.acting.user == context.settings.duty_responder
        )
        work.notes(kind=kind.value)
        here = cases_here(work, context.acting, case)
        held = next((each for each in reversed(work.protected.items_on(here)) if each.kind == kind), None)
        there = work.openings.newest_of(context.acting.user)
        is_busy = there is not None and there.until > at and there.basis is Basis.THREAT_TO_LIFE
        if held is not None and not is_busy:
            opening = Opening(
                reference="",
                involvement=case,
                item=held.reference,
                kind=held.kind,
                user=context.acting.user,
                agency=context.acting.agency,
                basis=Basis.THREAT_TO_LIFE,
                asked=None,
                task=context.acting.purpose,
                why=masker_for(work=work, involvements=here, reader=None).masked(reason, by=None),
                at=at,
                until=at + timedelta(minutes=context.settings.vault_open_minutes),
            )
            stored_opening = work.openings.add(
                opening,
                texts=to_be_told(work, opening, agencies, context.settings, held.told_by),
            )
            work.notes(
                item=stored_opening.item,
                opening=stored_opening.reference,
                basis=stored_opening.basis.name.lower(),
            )
            return OpenedItem(
                opening=stored_opening, value=_value(work, context.acting, case, held.reference, here)
            )
        work.notes(refused=1)
    if is_busy and there is not None:
        raise InvalidInputError(
            f"opening {there.reference}", "it is still open; wait until it closes, then open another item"
        )
    raise InvalidInputError("kind", "no value of that kind is held on this case")


def shown_again(context: Context, *, opening: str) -> OpenedItem:
    """Return the value of an opening again, to the person who made it and within its time.

    Another person's opening, one whose time is over and one that does not exist are answered alike.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The person who acts has not made the opening, its time is over, or the case is not open to them.
    """
    opening = read_reference("opening", opening)
    at = context.clock.now()
    with context.writing("see opened value", at=at) as work:
        there = work.openings.newest_of(context.acting.user)
        work.notes(opening=opening)
        if there is not None and there.reference == opening and there.until > at:
            if there.basis is Basis.THREAT_TO_LIFE:
                is_duty = context.acting.user == context.settings.duty_responder
                case = open_for_life_door(work, context.acting, there.involvement, is_duty=is_duty)
            else:
                case = open_case(work, context.acting, there.involvement, May.OPEN_ITEM).reference
            work.notes(item=there.item, kind=there.kind)
            return OpenedItem(opening=there, value=_value(work, context.acting, case, there.item))
        work.notes(refused=1)
    raise NotFoundError("opening", opening, instead="it may have expired; open the item again")


def _value(work: Work, acting: Acting, case: str, item: str, here: Sequence[str] | None = None) -> str:
    content = work.protected.value(item, here or cases_here(work, acting, case))
    if content is None:
        raise NotFoundError("protected detail", item)
    return content.decode()
