"""Notifications of an opening, sent immediately; and the vault's lines on worklists and on the case.

Ids, kinds, tasks and masked reasons; never a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.access.policy import May
from engine.access.vault_policy import may_agree_to
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import CASE_WORKERS, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.vault.openings import OWN_REASON, Basis, Opening, OpeningAsked, VaultOnCase
from engine.services.access.checks import open_case, open_cases
from engine.services.access.restrictions import speaks_for_victim
from engine.services.context import Context
from engine.services.vault import access_requests as asking
from engine.services.vault.permissions import (
    cases_here,
    investigators_on,
    is_entrusted,
    lead_on,
    may_still_act,
    officer_on,
    stands_alone_as,
)
from engine.settings import Settings
from engine.store.unit_of_work import Work

OPENED = "vault opened"
"""The kind of a line that reports an opening."""
ASKED = "vault asked"
"""The kind of a line about an ask: agree to it or not, or open what was agreed."""
_TOLD_FOR = timedelta(days=7)
_URGENT_FOR = timedelta(days=1)


def to_be_told(
    work: Work, opening: Opening, agencies: Sequence[AgencyKnown], settings: Settings, owner: str
) -> list[str]:
    """Return every chair and every advocate on the case; for a threat to life the owner agency's people too.

    Those are its professional-standards contact, as settings name them, and its practitioners on the case.
    """
    case = opening.involvement
    chairs = [user.name for user in work.users.all() if user.active and user.role is Role.CHAIR]
    voices = [agency.code for agency in agencies if agency.speaks_for_victim]
    texts = [user for user in chairs if case not in work.need_to_know.shut_out_of(user)]
    on_case = [user.name for user in work.users.practitioners_of(voices)]
    if opening.basis is Basis.THREAT_TO_LIFE:
        on_case += [user.name for user in work.users.practitioners_of([owner])]
        texts += [contact] if (contact := settings.professional_standards.get(owner)) else []
    texts += [user for user in on_case if may_still_act(work, user, case)]
    return [user for user in dict.fromkeys(texts) if user != opening.user]


def vault_on_case(context: Context, *, reference: str) -> VaultOnCase:
    """Return a case's protected values by kind, and the requests and openings that this person may know of.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    at = context.clock.now()
    with context.reading("see vault of case", at=at) as work:
        case = open_case(work, context.acting, reference, May.SEE_HELD).reference
        here = cases_here(work, context.acting, case)
        alone = stands_alone_as(work, context.acting, case, agencies)
        sees_all = context.acting.role is Role.CHAIR or speaks_for_victim(context.acting, agencies)
        asks = work.openings.asks_alive(at=at, involvements=here)
        asks = tuple(_as_read_by(context.acting.user, ask) for ask in asks)
        mine = [ask for ask in asks if ask.user == context.acting.user]
        to_agree = [ask for ask in asks if _waits_for(work, context.acting, ask)]
        newest = work.openings.newest_of(context.acting.user)
        is_open = newest is not None and newest.until > at and newest.involvement in here
        return VaultOnCase(
            reference=case,
            items=work.protected.items_on(here),
            safe_contact_officer=officer_on(work, case),
            asks=asks if sees_all else tuple(dict.fromkeys((*mine, *to_agree))),
            openings=tuple(
                each for each in work.openings.of(here) if sees_all or each.user == context.acting.user
            ),
            in_force=newest if is_open else None,
            may_open_alone=alone is not None,
            may_open_for_life=context.acting.user == context.settings.duty_responder,
            may_name_officer=context.acting.role is Role.CHAIR,
            investigation_lead=lead_on(work, case),
            may_be_lead=(investigators_on(work, case, agencies) if context.acting.role is Role.CHAIR else ()),
            plan_to_check=_plan_to_check(work, context.acting, case),
            may_agree=tuple(ask.reference for ask in to_agree),
            may_open_agreed=tuple(ask.item for ask in mine if asking.is_agreed(work, ask)),
            people=work.cases.people_on(case),
            tasks=asking.tasks_on(work, case),
        )


def _plan_to_check(work: Work, acting: Acting, case: str) -> int | None:
    """Return the newest version of the plan, where this person is to check it and has not."""
    plan = work.plans.of([case]).get(case)
    check = work.reviews.place_checks_by(acting.user, [case]).get(case)
    if plan is None or not is_entrusted(work, acting, case):
        return None
    return plan.version if check is None or check.version != plan.version else None


def _as_read_by(user: str, ask: OpeningAsked) -> OpeningAsked:
    """Hide a requester's own reason: it is stored masked, which would show whether they guessed."""
    return ask.model_copy(update={"why": OWN_REASON}) if ask.user == user else ask


def vault_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield a person's lines: what was opened, what waits for their agreement, and what they may open now."""
    yield from _opened_items(work, acting, clock)
    if acting.role in CASE_WORKERS:
        yield from _asked_items(work, acting, clock)


def _opened_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    now = clock.now()
    openings = work.openings.known_to(acting.user, since=now - _TOLD_FOR)
    there = _there(work, acting, [each.involvement for each in openings])
    for each in openings:
        is_for_life = each.basis is Basis.THREAT_TO_LIFE
        knows_case = each.involvement in there
        of = f" of {each.agency}" if each.agency else ""
        when = f"{each.at.astimezone(LONDON):%-d %B %Y, %H:%M}"
        sentence = f"{each.user}{of} opened {each.item} ({each.kind}) on {when}: {each.basis.value}"
        if knows_case:
            sentence += f"; task: {each.task}" + (f"; reason: {each.why}" if each.why else "")
        yield WorkItem(
            reference=each.involvement if knows_case else each.reference,
            what="A protected detail was opened for a threat to life"
            if is_for_life
            else "A protected detail was opened",
            why=f"{sentence}.",
            due_at=None,
            since=each.at,
            is_overdue=False,
            is_alarm=is_for_life and each.at > now - _URGENT_FOR,
            kind=OPENED,
        )


def _asked_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    asks = work.openings.asks_alive(at=clock.now())
    there = _there(work, acting, [ask.involvement for ask in asks])
    for ask in asks:
        if ask.involvement not in there:
            continue
        of = f" of {ask.agency}" if ask.agency else ""
        if _waits_for(work, acting, ask) and acting.user not in ask.standing:
            what = f"Respond to access request {ask.reference}"
            why = f"{ask.user}{of} asks to open {ask.item} ({ask.kind}); task: {ask.task}; reason: {ask.why}."
        elif ask.user == acting.user and asking.is_agreed(work, ask):
            what = f"Open {ask.item} as agreed"
            why = f"A second person agreed to access request {ask.reference} ({ask.kind}); task: {ask.task}."
        else:
            continue
        yield WorkItem(
            reference=ask.involvement,
            what=what,
            why=why,
            due_at=ask.lapses_at,
            since=ask.at,
            is_overdue=False,
            is_alarm=False,
            kind=ASKED,
        )


def _waits_for(work: Work, acting: Acting, ask: OpeningAsked) -> bool:
    """Return whether this person may agree to it or refuse."""
    if acting.role is not Role.PRACTITIONER:
        return False
    is_named = acting.user in work.cases.people_on(ask.involvement)
    return may_agree_to((ask.user, ask.agency), (acting.user, acting.agency), is_named=is_named)


def _there(work: Work, acting: Acting, references: Sequence[str]) -> frozenset[str]:
    if not references or acting.role not in CASE_WORKERS:
        return frozenset()
    cases = work.cases.all(set(references))
    return frozenset(each.reference for each in open_cases(work, acting, cases))
