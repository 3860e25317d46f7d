"""Lines on writers who named several places of one case within 24 hours. Part of a worklist.

A person who searches for a protected place may try one after another. Whether any of them is protected is
not checked, so a line does not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.worklists import WorkItem
from engine.domain.plans.texts import WrittenText, writers_naming_many_places
from engine.services.access.checks import open_cases
from engine.services.access.restrictions import speaks_for_victim
from engine.settings import Settings
from engine.store.unit_of_work import Work

SHOWN_FOR = timedelta(days=7)
"""Texts that are older give no line."""
_WITHIN = timedelta(hours=24)


def is_shown_places_tried(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether this person gets such lines: the chair and the victims' advocates."""
    return acting.role is Role.CHAIR or speaks_for_victim(acting, agencies)


def places_tried(
    work: Work,
    acting: Acting,
    settings: Settings,
    texts: Iterable[WrittenText],
    *,
    places_named: Callable[[str], frozenset[str]],
    named_in: str,
    kind: str,
) -> Iterator[WorkItem]:
    """Yield a line for each other writer who named many places of one case that is open to this person.

    An advocate gets those of cases that name them. ``named_in`` says in what, such as "actions"; ``kind`` is
    that of the line.
    """
    by_case: dict[str, list[WrittenText]] = {}
    for each in texts:
        by_case.setdefault(each.case, []).append(each)
    there = (
        {each.reference for each in open_cases(work, acting, work.cases.all(by_case))} if by_case else set()
    )
    if acting.role is not Role.CHAIR:
        there &= work.cases.open_to(acting.user, among=list(there))
    for case, written in by_case.items():
        if case not in there:
            continue
        for by, number, at in writers_naming_many_places(
            written, places_named=places_named, within=_WITHIN, at_least=settings.reviews.places_named
        ):
            if by != acting.user:
                yield WorkItem(
                    reference=case,
                    what=f"Ask why several places were named in {named_in}",
                    why=f"{by} named {number} different places in {named_in} of this case within 24 hours. "
                    "This does not show whether any of them is protected.",
                    due_at=at,
                    since=at,
                    is_overdue=True,
                    is_alarm=False,
                    kind=kind,
                )
