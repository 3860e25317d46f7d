"""Keeps the link graph beside the record: in the same transaction as what it shows, or made again whole.

What equals a protected value of any case, and what repeats one of the same case, becomes no thing and no
place; and what is one already ceases to be when a protected value like it comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from engine.access.policy import May, require
from engine.access.redaction import Masker
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.base import Frozen
from engine.services.vault import VaultKey, compared_as, masker_for, protected_like
from engine.store.repositories.link_told import CaseTold, ThingTold
from engine.store.unit_of_work import UnitOfWork, Work

_AT_ONCE = 500


class LinksRefreshed(Frozen):
    """What making the graph anew came to."""

    cases: int
    links: int


def link_cases(work: Work, key: VaultKey, references: Sequence[str], *, at: datetime) -> int:
    """Write the links of these cases as the record stands; a part of what changed them."""
    if not references:
        return 0
    told = work.link_projection.told(list(dict.fromkeys(references)))
    return work.link_projection.write(_without_protected(work, key, told), at=at)


def relink_cases(work: Work, references: Sequence[str], *, at: datetime) -> int:
    """Write who did what in these cases, and who is the same; their things stay as they are."""
    told = work.link_projection.told(list(dict.fromkeys(references)))
    return work.link_projection.write([replace(case, things=()) for case in told], at=at, keep_things=True)


def join_again(work: Work, references: Sequence[str], *, at: datetime) -> None:
    """Write who is the same in these cases after a word on it; every link stays as it is."""
    work.link_projection.write_sameness(work.link_projection.told(list(dict.fromkeys(references))), at=at)


def refresh_links(
    *, uow: UnitOfWork, clock: Clock, acting: Acting, key: VaultKey, everything: bool = False
) -> LinksRefreshed:
    """Link the cases that came before there were links; ``everything`` writes all of them anew.

    It may be stopped and started again: each part is whole.
    """
    require(May.REFRESH_LINKS, acting)
    cases = links = 0
    last: str | None = None
    while True:
        with uow.unrecorded() as work:
            if everything:
                part = work.link_projection.after(last, most=_AT_ONCE)
            else:
                part = work.link_projection.never_written(most=_AT_ONCE)
        if not part:
            return LinksRefreshed(cases=cases, links=links)
        with uow.writing(acting=acting, what="refresh links", at=clock.now()) as work:
            links += link_cases(work, key, part, at=clock.now())
            work.notes(cases=len(part))
        cases += len(part)
        last = part[-1]


def _without_protected(work: Work, key: VaultKey, cases: Iterable[CaseTold]) -> list[CaseTold]:
    cases = list(cases)
    things = [thing for case in cases for thing in case.things]
    digests = {
        (kind.value, key.digest(kind, thing.given)) for thing in things for kind in protected_like(thing.kind)
    }
    kept = work.protected.are_any_kept(digests) if digests else frozenset()
    with_things = [case.reference for case in cases if case.things]
    maskers = {reference: _own(work, reference) for reference in with_things}
    return [
        replace(
            case,
            things=tuple(
                replace(thing, compared=compared_as(thing.kind, thing.given))
                for thing in case.things
                if not _is_protected(thing, key, kept, maskers[case.reference])
            ),
        )
        for case in cases
    ]


def _own(work: Work, reference: str) -> Masker:
    return masker_for(work=work, involvements=work.cases.together(reference))


def _is_protected(thing: ThingTold, key: VaultKey, kept: frozenset[tuple[str, str]], masker: Masker) -> bool:
    if masker.masked(thing.given) != thing.given:
        return True
    return any((kind.value, key.digest(kind, thing.given)) in kept for kind in protected_like(thing.kind))
