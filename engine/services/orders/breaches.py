"""Likely breaches: read, confirmed, rejected or asked about by a person. Compares nothing.

A person who may not see an incident or an order gets no likely breach of it in a list, count or worklist.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from engine.access.policy import WHO_MAY, May, require
from engine.access.redaction import Masker
from engine.access.release import is_member, shown_classes
from engine.clock import Clock
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.police_decisions import StoredPoliceDecision
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.orders.breaches import (
    BreachesSeen,
    BreachResult,
    BreachStatus,
    BreachView,
    ReviewAct,
    ReviewGiven,
    ReviewView,
    StoredBreach,
)
from engine.domain.orders.views import OrderView
from engine.domain.referrals.intake import AlarmTopic
from engine.gc_pause import collector_at_rest
from engine.services.access.checks import finding_part, known_part, open_case, open_cases, or_nowhere
from engine.services.access.masking import maskers_for
from engine.services.alarms.raising import raise_breach
from engine.services.context import Context
from engine.services.orders.breaches_waiting import LIKELY, UNCLEAR, told_of
from engine.services.orders.reading import order_views
from engine.services.vault.permissions import learns_of_places
from engine.store.unit_of_work import Work

LIKELY_BREACH = LIKELY.name
"""The kind of a line about a likely breach."""
UNCLEAR_BREACH = UNCLEAR.name
"""The kind of a line about an incident where a missing fact decides whether it was a breach."""
_KIND = "likely breach"


def breaches_on_case(context: Context, *, reference: str) -> BreachesSeen:
    """Return the likely breaches of a case and its episode, those that wait for a person first.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("view likely breaches of case") as work:
        case = open_case(work, context.acting, reference, May.VIEW_CASE, at=context.clock.now()).reference
        others = open_cases(work, context.acting, work.cases.all(work.cases.together(case)))
        together = list(dict.fromkeys([case, *(each.reference for each in others)]))
        views = _views(work, context, work.likely_breaches.of(together), together, agencies)
        work.notes(breaches=len(views))
        return BreachesSeen(
            breaches=views,
            may_decide=_may_decide(context.acting, agencies),
            reads_areas=learns_of_places(work, context.acting, case, agencies),
        )


def list_breaches(context: Context) -> BreachesSeen:
    """Return the likely breaches on every case that is open to the person who acts."""
    require(May.SEE_ORDERS, context.acting)
    agencies = context.agencies_known
    with collector_at_rest(), context.reading("list likely breaches") as work:
        stored = work.likely_breaches.visible(known_part(work, context.acting))
        cases = _with_episodes(work, context.acting, {each.case for each in stored})
        views = _views(work, context, stored, cases, agencies)
        work.notes(breaches=len(views))
        return BreachesSeen(breaches=views, may_decide=_may_decide(context.acting, agencies))


def decide_breach(
    context: Context, *, breach: str, given: ReviewGiven, topics: Mapping[AlarmTopic, YesNo] | None = None
) -> BreachView:
    """Confirm or reject a likely breach, or ask about it; the newest answer applies, and earlier ones stay.

    Of a confirmed one a decision of police is awaited, on top of the case. The incident itself is the breach:
    no second one is recorded. It is an alarm, with the other ``topics`` that were asked about it.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or a question is asked about one that was decided.
    NotFoundError
        The likely breach does not exist, or its case, incident or order is not open to the person who acts.
    NotPermittedError
        The role does not permit it, or a practitioner of an agency that does not investigate confirms or
        rejects.
    """
    agencies = context.agencies_known
    reference = read_reference(_KIND, breach)
    with context.writing("answer likely breach") as work:
        acting = context.acting
        view, stored = _open(work, context, reference, agencies)
        if given.act is not ReviewAct.ASKED and not _may_decide(acting, agencies):
            raise NotPermittedError(
                May.DECIDE_BREACH.value,
                who_may="a coordinator, the chair, or a practitioner of the agency that investigates",
            )
        if given.act is ReviewAct.ASKED and not view.is_open:
            raise InvalidInputError(
                f"likely breach {reference}", f"it is {view.status.value}; answer it again to change that"
            )
        work.likely_breaches.review(
            reference, given, result=stored.newest.number, by=acting.user, at=context.clock.now()
        )
        if given.act is ReviewAct.CONFIRMED:
            raise_breach(work, context, stored, topics)
        work.notes(breach=reference, incident=stored.incident, answer=given.act.value)
        return _open(work, context, reference, agencies)[0]


def is_asked(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether likely breaches wait for this person."""
    return acting.role in CASE_WORKERS and _may_decide(acting, agencies)


def of_cases(
    work: Work, acting: Acting, clock: Clock, part: Sequence[str]
) -> tuple[list[tuple[StoredBreach, str]], list[str]]:
    """Return those that wait on these cases, and all cases that were read for them.

    Each has its incident as this person sees it now. The cases of an episode are read together: of incidents
    that are one, one has the likely breach, and it may be decided. The database is asked the same if there is
    none.
    """
    cases = or_nowhere(_with_episodes(work, acting, or_nowhere(part)))
    stored = work.likely_breaches.of(cases, always=True)
    visible = _visible(work, acting, clock, stored, cases)
    waiting = [
        (each, visible[each.reference]) for each in stored if each.is_open and each.reference in visible
    ]
    return waiting, cases


def _with_episodes(work: Work, acting: Acting, cases: Collection[str]) -> list[str]:
    """Return these cases and the others of their episodes that are open to this person.

    The order of a likely breach may be on another case of its episode.
    """
    together = work.cases.together_with_each(sorted(cases))
    there = open_cases(work, acting, work.cases.all(sorted(set(chain.from_iterable(together.values())))))
    return sorted(each.reference for each in there)


def _open(
    work: Work, context: Context, reference: str, agencies: Sequence[AgencyKnown]
) -> tuple[BreachView, StoredBreach]:
    """Return a likely breach that is open to this person; every other is as if it did not exist."""
    with finding_part(work, context.acting):
        stored = work.likely_breaches.find(reference)
        if stored is None or not open_cases(work, context.acting, work.cases.all([stored.case])):
            raise NotFoundError(_KIND, reference)
    case = open_case(work, context.acting, stored.case, May.DECIDE_BREACH).reference
    others = open_cases(work, context.acting, work.cases.all(work.cases.together(case)))
    together = list(dict.fromkeys([case, *(each.reference for each in others)]))
    view = next(iter(_views(work, context, [stored], together, agencies)), None)
    if view is None:
        raise NotFoundError(_KIND, reference)
    return view, stored


def _views(
    work: Work,
    context: Context,
    stored: Sequence[StoredBreach],
    cases: Sequence[str],
    agencies: Sequence[AgencyKnown],
) -> tuple[BreachView, ...]:
    """Return likely breaches whose case, incident and order this person may see.

    ``cases`` are known to be open to them.
    """
    there = [each for each in stored if each.case in cases]
    if not there:
        return ()
    visible = _visible(work, context.acting, context.clock, there, cases)
    orders = {view.reference: view for view in order_views(work, context, work.orders.of(cases), here=cases)}
    maskers = maskers_for(
        work=work, references=sorted({each.case for each in there}), reader=context.acting.user
    )
    police = {each.incident: each for each in work.reviews.police_decisions(list(cases))}
    may_decide = _may_decide(context.acting, agencies)
    views = [
        _view(
            each,
            visible[each.reference],
            orders[each.order],
            maskers.get(each.case),
            police,
            may_decide=may_decide,
        )
        for each in there
        if each.reference in visible
    ]
    return tuple(sorted(views, key=_pressing))


def _visible(
    work: Work, acting: Acting, clock: Clock, stored: Sequence[StoredBreach], cases: Sequence[str]
) -> dict[str, str]:
    """Return for each whose incident and order this person may see the reference that the incident has now.

    The order serves a case of the episode among ``cases``, which are open to this person.
    Of incidents that are one by a crime reference each proposal stays, unless the first of them has one about
    the same condition. One that was decided stays, though the incident was corrected.
    """
    classes = work.sharing.classes()
    named_on = work.cases.open_to(acting.user, among=list(cases))
    together = work.cases.together_with_each(or_nowhere(sorted({each.case for each in stored})))
    now: dict[str, str] = {}
    shown: set[str] = set()
    (nowhere,) = or_nowhere(())
    for is_named in (True, False):
        some = {
            case: [each for each in episode if each in cases]
            for case, episode in together.items()
            if (case in named_on) is is_named
        }
        some = some if any(some.values()) else {**some, nowhere: [nowhere]}
        member = is_member(acting, (acting.user,) if is_named else ())
        read = shown_classes(acting, classes, on=clock.today(), is_member=member)
        for known in work.incidents.in_short(some, shown=read).values():
            for incident in known:
                now |= dict.fromkeys((incident.reference, *incident.others), incident.reference)
        shown |= work.likely_breaches.shown(sorted(some), classes=read)
    served = work.orders.served(cases)
    return told_of(stored, now=now, shown=shown, served=served, together=together)


def _view(
    stored: StoredBreach,
    incident: str,
    order: OrderView,
    masker: Masker | None,
    police: Mapping[str, StoredPoliceDecision],
    *,
    may_decide: bool,
) -> BreachView:
    clause = next((each for each in order.conditions if each.number == stored.condition), None)
    newest, comparison = stored.newest, stored.newest.comparison
    decision = police.get(incident) or police.get(stored.incident)
    is_confirmed = stored.status is BreachStatus.CONFIRMED
    return BreachView(
        reference=stored.reference,
        case=stored.case,
        incident=incident,
        happened=stored.happened,
        kind=stored.kind,
        order=stored.order,
        order_name=order.name,
        condition=stored.condition,
        clause=clause.wording if clause else "not recorded: its content was erased",
        title=clause.title if clause else "A condition",
        consequence=order.breach,
        consequence_rests_on=order.breach_rests_on,
        status=stored.status,
        result=newest.result,
        evidence=comparison.evidence if comparison else (),
        unclear=comparison.unclear if comparison else (),
        against=comparison.against if comparison else (),
        at_the_time=comparison.at_the_time if comparison else (),
        because=comparison.because if comparison else "Its content was erased.",
        found_by=comparison.found_by if comparison else "Its content was erased.",
        compared_at=newest.at,
        has_changed=stored.has_changed,
        reviews=tuple(
            ReviewView(
                act=each.act,
                why=masker.masked(each.given.why, by=each.by) if each.given and masker else None,
                by=each.by,
                at=each.at,
            )
            for each in stored.reviews
        ),
        may_decide=may_decide,
        police_decision=f"{decision.action.value}, {decision.decided_on.day} {decision.decided_on:%B %Y}"
        if is_confirmed and decision
        else None,
    )


def _pressing(view: BreachView) -> tuple[bool, bool, str, str]:
    return (
        not view.is_open,
        view.result is not BreachResult.LIKELY,
        str(view.happened or ""),
        view.reference,
    )


def _may_decide(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether this person may confirm or reject: coordinator, chair, or who investigates."""
    if acting.role not in WHO_MAY[May.DECIDE_BREACH]:
        return False
    if acting.role in COORDINATOR_AND_CHAIR or acting.role is not Role.PRACTITIONER:
        return True
    return any(agency.investigates and acting.speaks_for(agency.code) for agency in agencies)
