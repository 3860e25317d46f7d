"""The link graph beside the record: written in the same transaction as its source, or made again whole.

What equals a protected value of any case, and what repeats one of the same case, becomes no thing and no
place; and one that exists is deleted when a protected value like it comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from engine.access.digests import VaultKey
from engine.access.policy import May, require
from engine.access.redaction import MASK, Masker
from engine.domain.base import Frozen, Instant
from engine.domain.people.persons import ClaimedRole
from engine.domain.responses.reported import EvidenceThing, LinkEvidence
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, StoredRule
from engine.services.access.masking import maskers_for
from engine.services.context import VaultContext
from engine.services.vault.protected_details import compared_as, protected_like
from engine.store.repositories.links.sources import CaseSource, ThingSource
from engine.store.unit_of_work import UnitOfWork, Work

_AT_ONCE, _AT_ONCE_BESIDE_OTHERS = 500, 100
"""Cases in one transaction, and while others write to the record."""
_KIND_OF = {
    EvidenceThing.ADDRESS: "place",
    EvidenceThing.PHONE: "phone",
    EvidenceThing.EMAIL: "email",
    EvidenceThing.ACCOUNT: "account",
    EvidenceThing.VEHICLE: "vehicle",
    EvidenceThing.DEVICE: "device",
}
"""An associate is a name and no person record: it is shown on the case and is not a node."""


class LinksRefreshed(Frozen):
    """The time since which the graph is as the record is now."""

    at: Instant
    with_snapshot: bool


class SnapshotFiles(Protocol):
    """A writer of the arrays; the part of ``snapshots`` that loads nothing here."""

    def write(self, work: Work, *, at: datetime, everything: bool = False) -> int:
        """Bring the files up to date; return how many links they have."""
        ...


def link_cases(work: Work, key: VaultKey, references: Sequence[str], *, at: datetime) -> int:
    """Write the links of these cases as the record is now; a part of what changed them."""
    if not references:
        return 0
    cases = _with_evidence(work, work.links.projection.sources(list(dict.fromkeys(references))))
    return work.links.projection.write(_without_protected(work, key, cases), at=at)


def relink_cases(work: Work, references: Sequence[str], *, at: datetime) -> int:
    """Write who did what in these cases, and who is the same; their things stay as they are."""
    cases = work.links.projection.sources(list(dict.fromkeys(references)))
    return work.links.projection.write(
        [replace(case, things=()) for case in cases], at=at, leaves_things=True
    )


def join_again(work: Work, references: Sequence[str], *, at: datetime) -> None:
    """Write who is the same in these cases after a decision on it; every link stays as it is."""
    work.links.projection.write_sameness(
        work.links.projection.sources(list(dict.fromkeys(references))), at=at
    )


def refresh_links(
    context: VaultContext, *, everything: bool = False, snapshots: SnapshotFiles | None = None
) -> LinksRefreshed:
    """Link the cases that came before there were links; ``everything`` writes all of them again.

    It may be stopped and started again: each part is whole. With ``snapshots`` the arrays for paths and
    components are made again at the end. The number of cases is not shown: some may be hidden.
    """
    require(May.REFRESH_LINKS, context.acting)
    last: str | None = None
    while part := _next_part(context.uow, last, everything=everything):
        with context.writing("refresh links", steps_back=True) as work:
            link_cases(work, context.key, part, at=context.clock.now())
            work.notes(cases=len(part))
        last = part[-1]
    if snapshots is not None:
        with context.reading("write snapshot of links") as work:
            work.notes(links=snapshots.write(work, at=context.clock.now(), everything=everything))
    return LinksRefreshed(at=context.clock.now(), with_snapshot=snapshots is not None)


def _next_part(uow: UnitOfWork, last: str | None, *, everything: bool) -> tuple[str, ...]:
    most = _AT_ONCE_BESIDE_OTHERS if uow.others_write else _AT_ONCE
    with uow.unrecorded() as work:
        if everything:
            return work.links.projection.after(last, most=most)
        return work.links.projection.never_written(most=most)


def _with_evidence(work: Work, cases: Sequence[CaseSource]) -> list[CaseSource]:
    """Add what agencies report of the alleged perpetrator and everyone on the case may see, without end.

    A person whose record was erased gets no thing from it.
    """
    reported = work.answers.link_evidence([case.reference for case in cases if not case.is_erased])
    rules = work.sharing.rules(sorted(reported)) if reported else {}
    return [
        replace(
            case, things=(*case.things, *_evidence_of(case, reported[case.reference], rules[case.reference]))
        )
        if case.reference in reported
        else case
        for case in cases
    ]


def _evidence_of(
    case: CaseSource,
    reported: Mapping[str, Sequence[LinkEvidence]],
    rules: Mapping[str, Mapping[str, StoredRule]],
) -> Iterator[ThingSource]:
    perpetrator = next(
        (person for person in case.people if person.role == ClaimedRole.PERPETRATOR.value), None
    )
    if perpetrator is None:
        return
    for agency, evidence in sorted(reported.items()):
        for item in evidence:
            kind = _KIND_OF.get(item.thing)
            if kind is None or MASK in item.value or not _is_for_all(rules.get(agency, {}), item.name):
                continue
            day = item.last_recorded or item.first_recorded
            yield ThingSource(
                person=perpetrator.number,
                kind=kind,
                given=item.value,
                told_by=agency,
                at=None,
                day=None if day is None else str(day),
                grade=item.grade,
            )


def _is_for_all(rules: Mapping[str, StoredRule], name: str) -> bool:
    given = [rules[key].release_class for key in (WHOLE_ANSWER, name) if key in rules]
    return all(each.audience is AudienceKind.PANEL and each.until is None for each in given)


def _without_protected(work: Work, key: VaultKey, cases: Iterable[CaseSource]) -> list[CaseSource]:
    cases = list(cases)
    things = [thing for case in cases for thing in case.things]
    digests = {
        (kind.value, digest)
        for thing in things
        for kind in protected_like(thing.kind)
        for digest in key.digests(kind, thing.given)
    }
    stored_texts = work.protected.are_any_kept(digests) if digests else frozenset()
    maskers = maskers_for(
        work=work, references=[case.reference for case in cases if case.things], reader=None
    )
    return [
        replace(
            case,
            things=tuple(
                replace(thing, compared=compared_as(thing.kind, thing.given))
                for thing in case.things
                if not _is_protected(thing, key, stored_texts, maskers[case.reference])
            ),
        )
        for case in cases
    ]


def _is_protected(
    thing: ThingSource, key: VaultKey, stored_texts: frozenset[tuple[str, str]], masker: Masker
) -> bool:
    if masker.masked(thing.given, by=None) != thing.given:
        return True
    return bool(stored_texts) and any(
        (kind.value, digest) in stored_texts
        for kind in protected_like(thing.kind)
        for digest in key.digests(kind, thing.given)
    )
