"""The access log of a case, for its chair and advocate; access without a task is shown to the chair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.access.policy import May
from engine.clock import LONDON, Clock
from engine.domain.access.need_to_know import LooksPage
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError
from engine.services.access.checks import open_case, open_cases
from engine.services.access.restrictions import must_be_chair_or_advocate
from engine.services.context import Context
from engine.store.unit_of_work import Work

LOOK_ITEM = "look"
"""The kind of a line that shows the chair access by a person without a task on the case."""
LOOKING = "view case"
_TOLD_FOR = timedelta(days=14)
_MOST = 500


def read_access_log(context: Context, *, reference: str, first: int = 0, count: int = 50) -> LooksPage:
    """Return every use case that touched this one case, newest first, in pages.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the page starts below 0 or is too long.
    NotPermittedError
        Only the chair and the victim's advocate may do this.
    """
    agencies = context.agencies_known
    if not (first >= 0 and 1 <= count <= _MOST):
        raise InvalidInputError("page", f"give a start of 0 or more and a count of 1 to {_MOST}")
    with context.reading("see who has looked") as work:
        involvement = open_case(work, context.acting, reference, May.SEE_LOOKS)
        must_be_chair_or_advocate(May.SEE_LOOKS, context.acting, agencies)
        named = frozenset(work.cases.people_on(involvement.reference))
        looks, total = work.looks.at(involvement.reference, first=first, count=count, named=named)
        work.notes(looks=len(looks))
        return LooksPage(reference=involvement.reference, looks=looks, total=total, first=first)


def look_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield for the chair who opened a screened case without being named on it or doing anything there.

    Only coordinators can: all others must be named, or use emergency access, which is shown anyhow.
    """
    users = [user.name for user in work.users.all() if user.role is Role.COORDINATOR]
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for look in work.looks.without_being_named(users, what=LOOKING, since=clock.now() - _TOLD_FOR):
        found[look.reference, look.user].append(look.at)
    if not found:
        return
    there = {
        involvement.reference: involvement
        for involvement in open_cases(work, acting, work.cases.all({ref for ref, _ in found}))
    }
    for (reference, user), times in sorted(found.items()):
        if reference not in there or not there[reference].is_screened:
            continue
        screened_at = work.screenings.of(reference)[0].at
        late = [at for at in times if at > screened_at]
        if not late or work.looks.has_worked_on(user, reference, apart_from=LOOKING):
            continue
        often = "once" if len(late) == 1 else f"{len(late)} times"
        yield WorkItem(
            reference=reference,
            what="A case was viewed by a user who is not named on it",
            why=f"{user} viewed it {often}, last on {max(late).astimezone(LONDON):%-d %B %Y, %H:%M}. The "
            "access log of the case shows each view.",
            due_at=None,
            since=max(late),
            is_overdue=False,
            is_alarm=False,
            kind=LOOK_ITEM,
        )
