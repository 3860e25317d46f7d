"""Emergency access to a case that is not open to the person: a written reason, a time limit and a review.

It excludes restricted cases, people connected to a party, and protected details.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.access.policy import WHO_MAY, May, Relation, is_open, require
from engine.access.redaction import masked_words
from engine.clock import LONDON
from engine.domain.access.need_to_know import EmergencyAccess, EmergencyAccessReviewed
from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.services.access.checks import open_case, open_cases, relation_to
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work

URGENT_LOOK = "urgent look"
"""The kind of a line that shows one to chair, coordinators and the case's practitioners."""


def break_glass(context: Context, *, reference: str, why: str) -> EmergencyAccess:
    """Open a case to this person for viewing only, for a limited time; the others are informed immediately.

    A restricted case, one that has not been screened and one that does not exist are answered alike, and each
    attempt is in the audit log.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the case is open to them already, or their emergency access
        still applies.
    NotFoundError
        The case does not exist, or emergency access may not open it.
    """
    require(May.BREAK_GLASS, context.acting)
    reason = written_reason(why)
    reference = read_reference("involvement", reference)
    with context.writing("break glass", once=(reference, why)) as work:
        involvement = _breakable(work, context.acting, reference)
        work.notes(attempted=reference)
        if involvement is not None:
            until = context.clock.now() + timedelta(minutes=context.settings.urgent_look_minutes)
            work.touches(reference)
            return _break(work, context.acting, reference, reason, at=context.clock.now(), until=until)
    raise NotFoundError("referral", reference)


def to_review(context: Context) -> tuple[EmergencyAccess, ...]:
    """Return the emergency accesses that await review, oldest first, at cases that exist for this person."""
    with context.reading("list urgent looks") as work:
        require(May.REVIEW_GLASS, context.acting)
        looks = _known(work, context.acting)
        work.touches(*{look.involvement for look in looks})
        return looks


def review(context: Context, *, look: str, was_right: bool, why: str) -> EmergencyAccess:
    """Record whether an emergency access was right, and why. People do not review their own.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the access is the person's own, or it is reviewed already.
    """
    require(May.REVIEW_GLASS, context.acting)
    reason = written_reason(why)
    look = read_reference("emergency access", look)
    with context.writing("review urgent look") as work:
        there = {each.reference: each for each in work.need_to_know.urgent_looks()}
        found = there.get(look)
        if found is None or not open_cases(work, context.acting, work.cases.all([found.involvement])):
            raise NotFoundError(URGENT_LOOK, look)
        if found.user == context.acting.user:
            raise InvalidInputError(
                f"emergency access {look}", "it is your own; another person must review it"
            )
        if found.reviewed is not None:
            raise InvalidInputError(f"emergency access {look}", "it has already been reviewed")
        open_case(work, context.acting, found.involvement, May.REVIEW_GLASS)
        reviewed = EmergencyAccessReviewed(
            was_right=was_right, why=reason, by=context.acting.user, at=context.clock.now()
        )
        work.need_to_know.review(look, reviewed)
        work.notes(look=look, was_right=int(was_right))
        return _as_read(work, context.acting, found.model_copy(update={"reviewed": reviewed}))


def urgent_look_items(work: Work, acting: Acting) -> Iterator[WorkItem]:
    """Yield those without a review: chair and coordinators review them, practitioners on the case read it."""
    reviews, looks = acting.role in WHO_MAY[May.REVIEW_GLASS], _known(work, acting)
    cases = sorted({look.involvement for look in looks})
    named_on = None if reviews else work.cases.open_to(acting.user, among=cases)
    for look in looks:
        if look.user == acting.user or (named_on is not None and look.involvement not in named_on):
            continue
        whose = f"of the agency '{look.agency}' " if look.agency else ""
        until = f"{look.until.astimezone(LONDON):%-d %B %Y, %H:%M}"
        yield WorkItem(
            reference=look.involvement,
            what=f"{'Review' if reviews else 'Read about'} emergency access {look.reference}",
            why=f"{look.user} {whose}viewed the case without being named on it, until {until}: {look.why}",
            due_at=None,
            since=look.at,
            is_overdue=False,
            is_alarm=False,
            kind=URGENT_LOOK,
            only_to_read=not reviews,
        )


def _known(work: Work, acting: Acting) -> tuple[EmergencyAccess, ...]:
    looks = work.need_to_know.urgent_looks(unreviewed=True)
    if not looks:
        return ()
    cases = work.cases.all({look.involvement for look in looks})
    there = {involvement.reference for involvement in open_cases(work, acting, cases)}
    return tuple(_as_read(work, acting, look) for look in looks if look.involvement in there)


def _as_read(work: Work, acting: Acting, look: EmergencyAccess) -> EmergencyAccess:
    together = work.cases.together(look.involvement)
    return masked_words(look, masker_for(work=work, involvements=together, reader=acting.user))


def _breakable(work: Work, acting: Acting, reference: str) -> Involvement | None:
    """Return the case where emergency access may open it; note an attempt at a hidden case on that case."""
    involvement = work.cases.find(reference)
    relation = relation_to(work, acting, reference, involvement)
    if involvement is None:
        return None
    work.touches(reference)
    if is_open(acting, relation):
        raise InvalidInputError(
            f"referral {reference}", "you can already view it; you do not need emergency access"
        )
    may = is_open(acting, Relation(**{**vars(relation), "looks_urgently": True}))
    return involvement if may else None


def _break(
    work: Work, acting: Acting, reference: str, why: str, *, at: datetime, until: datetime
) -> EmergencyAccess:
    if reference in work.need_to_know.looks_in_force(acting.user, agency=acting.agency, at=at):
        raise InvalidInputError(f"referral {reference}", "you already have emergency access")
    broken = work.need_to_know.break_glass(
        reference, user=acting.user, agency=acting.agency, why=why, at=at, until=until
    )
    work.notes(look=broken.reference)
    return broken
