"""Sharing acts of an alleged perpetrator's other cases with the panel of one: counts, kinds and dates.

A panel may not know the other cases. A coordinator or chair who can open them decides, with a reason. No
name, no reference and no text of another case is shared. What was shared stays until it is withdrawn.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.access.release import everybodys_classes
from engine.domain.cases.person_acts import ActsShared, ActsToShare
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import ClaimedRole
from engine.services.access.checks import open_case, open_cases, open_part
from engine.services.access.restrictions import written_reason
from engine.services.cases.person_acts import Here, acts_to_share
from engine.services.context import Context
from engine.services.people.known import KnownPersons
from engine.store.unit_of_work import Work


def view_acts_to_share(context: Context, *, reference: str) -> ActsToShare:
    """Return what would be shared with the panel of a case now, within the access of the person who asks.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("see acts to share") as work:
        case = open_case(work, context.acting, reference, May.SHARE_ACTS).reference
        return _acts(work, context, case)


def share_acts(context: Context, *, reference: str, why: str, seen: ActsToShare | None = None) -> ActsShared:
    """Share the count, kinds and dates of the acts of other cases with the panel of this one.

    ``seen`` is what was on the screen; None means without a screen.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, there is nothing to share, or it is not what was shown.
    """
    reason, acting = written_reason(why), context.acting
    with context.writing("share acts of other cases") as work:
        case = open_case(work, acting, reference, May.SHARE_ACTS).reference
        content = _acts(work, context, case)
        if not content.acts:
            raise InvalidInputError(
                f"referral {case}",
                "no act of another case of the same person can be shared; decide possible duplicates first",
            )
        if seen is not None and seen != content:
            raise InvalidInputError("acts", "they have changed since they were shown; read them again")
        work.notes(acts=len(content.acts), people=content.people)
        return work.shared_acts.share(
            case, content, role=acting.role, why=reason, by=acting.user, at=context.clock.now()
        )


def withdraw_acts(context: Context, *, reference: str, why: str) -> None:
    """Share nothing of other cases with the panel of this one any more. Who read it before has read it.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or nothing is shared.
    """
    reason, acting = written_reason(why), context.acting
    with context.writing("withdraw shared acts") as work:
        case = open_case(work, acting, reference, May.SHARE_ACTS).reference
        if work.shared_acts.of(case) is None:
            raise InvalidInputError(f"referral {case}", "no act of another case is shared with its panel")
        work.shared_acts.withdraw(case, role=acting.role, why=reason, by=acting.user, at=context.clock.now())


def _acts(work: Work, context: Context, case: str) -> ActsToShare:
    acting = context.acting
    together = open_cases(work, acting, work.cases.all(work.cases.together(case)))
    of_episode = tuple(dict.fromkeys([*(each.reference for each in together), case]))
    newest = {person.role: person for person in work.people.on_cases([case])}
    victim = newest[ClaimedRole.VICTIM]
    here = Here(case, victim.episode, of_episode, newest[ClaimedRole.PERPETRATOR].reference, victim.reference)
    everybodys = everybodys_classes(work.sharing.classes(), on=context.clock.today())
    own = work.incidents.of(of_episode, shown=everybodys)
    known = KnownPersons(work, open_part(work, acting))
    return acts_to_share(work, here, known, own, everybodys=everybodys)
