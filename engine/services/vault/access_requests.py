"""Asking to open a protected value, and the second person's agreement. Shows kinds and ids, never a value."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.access.policy import May, require
from engine.access.vault_policy import may_agree_to
from engine.domain.access.approvals import AccessApproval
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.plans.actions import OPEN_STATUSES
from engine.domain.vault.openings import (
    OWN_REASON,
    ItemHeld,
    OpeningAsked,
    SafeContactNamed,
    VaultTask,
)
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import finding_part, open_case
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.vault.permissions import cases_here, may_still_act
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work


def name_safe_contact(context: Context, *, reference: str, user: str) -> SafeContactNamed:
    """Name the one safe-contact officer, by the chair, of the people on the case; the newest applies.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the user is not on the case.
    NotFoundError
        The case is not open to the person who acts, or the user does not exist.
    """
    with context.writing("name safe-contact officer") as work:
        case = open_case(work, context.acting, reference, May.NAME_SAFE_CONTACT).reference
        officer = work.users.get(user).name
        if not may_still_act(work, officer, case):
            raise InvalidInputError("user", "this user is not named on this case; choose a user who is")
        named = SafeContactNamed(
            involvement=case, user=officer, by=context.acting.user, at=context.clock.now()
        )
        work.openings.name_officer(named)
        work.notes(officer=officer)
        return named


def ask_to_open(context: Context, *, reference: str, item: str, task: str, why: str) -> OpeningAsked:
    """Ask for one item, for a task on the case and with a reason, as a person named on it.

    Raises
    ------
    InvalidInputError
        A reference, the task or the reason is malformed, or the person has asked for it already.
    NotFoundError
        The case is not open to the person who acts, or has no such item.
    NotPermittedError
        The role does not permit it, or the person is not named on the case.
    """
    reason, at = written_reason(why), context.clock.now()
    with context.writing("ask to open protected value", at=at) as work:
        involvement = open_case(work, context.acting, reference, May.ASK_OPENING)
        case = involvement.reference
        if context.acting.user not in work.cases.people_on(case):
            raise NotPermittedError(May.ASK_OPENING.value, who_may="a person who is named on the case")
        held = item_on_case(work, context.acting, case, item)
        alive = work.openings.asks_alive(at=at, involvements=[case])
        if any(ask.user == context.acting.user and ask.item == held.reference for ask in alive):
            raise InvalidInputError(f"protected detail {held.reference}", "you have already asked for it")
        stored_text = work.openings.ask(
            case,
            item=held.reference,
            kind=held.kind,
            user=context.acting.user,
            agency=context.acting.agency,
            task=read_task(work, case, task),
            why=masker_for(
                work=work, involvements=cases_here(work, context.acting, case), reader=None
            ).masked(reason, by=None),
            at=at,
            lapses_at=at + timedelta(hours=context.settings.vault_ask_hours),
        )
        check_typed(
            work, involvement, TypedWhere.REASON, [reason], acting=context.acting, clock=context.clock
        )
        work.notes(ask=stored_text, item=held.reference, kind=held.kind)
        return work.openings.asked(stored_text).model_copy(update={"why": OWN_REASON})


def agree(context: Context, *, asked: str, agrees: bool = True) -> OpeningAsked:
    """Record a second person's agreement to a request, or undo it. The requester may only withdraw it.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the request was used, withdrawn, or is past its time.
    NotPermittedError
        The role does not permit it, or it takes a second person of another agency who is on the case.
    """
    require(May.ASK_OPENING, context.acting)
    asked, at = read_reference("opening request", asked), context.clock.now()
    with context.writing("say word on an ask", at=at) as work:
        with finding_part(work, context.acting):
            ask = work.openings.asked(asked)
        try:
            open_case(work, context.acting, ask.involvement, May.VIEW_CASE)
        except NotFoundError:
            raise NotFoundError("opening request", asked) from None
        work.notes(ask=asked, item=ask.item, agrees=int(agrees))
        is_own_withdrawal = ask.user == context.acting.user and not agrees
        if not is_own_withdrawal:
            require(May.AGREE_OPENING, context.acting)
            is_named = context.acting.user in work.cases.people_on(ask.involvement)
            pair = (ask.user, ask.agency), (context.acting.user, context.acting.agency)
            if not may_agree_to(*pair, is_named=is_named):
                who = "a second person of another agency who is named on the case"
                raise NotPermittedError(May.AGREE_OPENING.value, who_may=who)
        if ask.is_used or ask.is_withdrawn or ask.lapses_at <= at:
            raise InvalidInputError(
                f"opening request {asked}", "it has been used, withdrawn or has expired; make a new request"
            )
        approval = AccessApproval(
            user=context.acting.user, agency=context.acting.agency, agrees=agrees, at=at
        )
        work.openings.say(asked, approval)
        return work.openings.asked(asked)


def is_agreed(work: Work, ask: OpeningAsked) -> bool:
    """Return whether a second person's agreement applies: still named, active and not connected."""
    return any(
        approval.agrees
        and may_agree_to(
            (ask.user, ask.agency),
            (approval.user, approval.agency),
            is_named=may_still_act(work, approval.user, ask.involvement),
        )
        for approval in ask.standing.values()
    )


def agreed_ask(work: Work, acting: Acting, case: str, item: str, *, at: datetime) -> OpeningAsked | None:
    """Return this person's request for this item that a second person agrees to now; None without one."""
    if acting.user not in work.cases.people_on(case):
        return None
    for ask in work.openings.asks_alive(at=at, involvements=[case]):
        if ask.user == acting.user and ask.item == item and is_agreed(work, ask):
            return ask
    return None


def item_on_case(work: Work, acting: Acting, case: str, item: str) -> ItemHeld:
    """Return the item, if this case has it for this person.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    wanted = read_reference("protected detail", item)
    here = work.protected.items_on(cases_here(work, acting, case))
    found = next((each for each in here if each.reference == wanted), None)
    if found is None:
        raise NotFoundError(
            "protected detail", wanted, instead="'stac access vault list' lists what the case holds"
        )
    return found


def read_task(work: Work, case: str, task: str) -> str:
    """Return the task that an opening is for: one of a few, or an open action of the case's plan.

    Raises
    ------
    InvalidInputError
        It is neither.
    """
    given = task.strip()
    if given in tasks_on(work, case):
        return given
    raise InvalidInputError(
        "task",
        f"name an open action of this case's plan, or one of: {', '.join(each.value for each in VaultTask)}",
    )


def tasks_on(work: Work, case: str) -> tuple[str, ...]:
    """Return the tasks that justify opening a value of this case."""
    plan = work.plans.of([case]).get(case)
    live = sorted(plan.live, key=lambda each: (each.due, each.reference)) if plan else ()
    actions = [each.reference for each in live if each.status in OPEN_STATUSES]
    return (*(each.value for each in VaultTask), *actions)
