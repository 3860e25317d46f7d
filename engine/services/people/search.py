"""Searches for a person, address, telephone or handle in earlier referrals. It lists, and never merges.

The asker gets only alleged perpetrators: a reference and whom to ask, cut to what may be known. A victim or a
protected value is not even searched for here. Every question goes, sealed, to the coordinator, so the asker
gets the same, in the same time, whether or not there is anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from engine.access.digests import VaultKey
from engine.access.policy import May, require, sees_every_open_case
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.people.persons import ClaimedRole, PersonDescribed, ThingKind
from engine.domain.people.search import (
    ASK_COORDINATOR,
    OPEN_TO_YOU,
    PersonAsked,
    SeenBefore,
    SeenBeforeAsked,
    SeenHit,
    SentHit,
    SentSearch,
    SentSearches,
)
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.system.audit import canonical
from engine.services.access.checks import known_to_exist, open_cases
from engine.services.context import Context, VaultContext
from engine.services.people.names import names_on
from engine.services.people.search_box import matched_on
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.repositories.people.normal_forms import KnownForm
from engine.store.repositories.vault.searches import StoredSearch
from engine.store.unit_of_work import Work

LONGEST_LIST = 20
_AT_ONCE = 50
_PLACES = (ProtectedKind.ADDRESS, ProtectedKind.WORKPLACE, ProtectedKind.SCHOOL)


def seen_before(context: VaultContext, *, asked: SeenBeforeAsked) -> SeenBefore:
    """Search for one person, address, telephone or handle, for the current task; limited per person and day.

    Raises
    ------
    InvalidInputError
        The person who acts has used up today's searches.
    """
    require(May.SEEN_BEFORE, context.acting)
    with context.writing("ask whether seen before") as work:
        return search_within(work, context, [asked])[0]


def search_within(
    work: Work, context: VaultContext, questions: Sequence[SeenBeforeAsked]
) -> tuple[SeenBefore, ...]:
    """Search for each, for a use case that has checked permission; each is one of the daily searches.

    Raises
    ------
    InvalidInputError
        The person who acts has used up today's searches.
    """
    most = context.settings.seen_before_per_day
    left = most - work.protected.searches.asked_since(context.acting.user, _today(context.clock))
    if left < len(questions):
        raise InvalidInputError(
            "seen before", f"you have {left} of {most} daily searches left; ask the coordinator"
        )
    answers, digests = [], []
    for asked in questions:
        left -= 1
        found, too_common = _listed(work, context.acting, asked)
        words = canonical(asked.model_dump(mode="json"))
        digests.append(context.key.digest_of_words(words))
        work.protected.searches.keep(
            user=context.acting.user,
            agency=context.acting.agency,
            task=context.acting.purpose,
            content=words,
            at=context.clock.now(),
            purge_after=context.clock.now() + timedelta(days=context.settings.rejected_rows_kept_days),
        )
        work.touches(*(hit.reference for hit in found[:LONGEST_LIST]))
        answers.append(
            SeenBefore(
                listed=found[:LONGEST_LIST],
                more=len(found) > LONGEST_LIST,
                too_common=too_common,
                left_today=left,
            )
        )
    work.notes(words=", ".join(digests), parts="; ".join(", ".join(each.parts) for each in questions))
    return tuple(answers)


def searches_sent(context: VaultContext) -> SentSearches:
    """Return, for coordinators and chair, searches about a victim or something protected, oldest first.

    Those that are about nothing that this person may know of are counted, and nothing of them is shown.
    """
    require(May.SEE_SENT, context.acting)
    with context.writing("see searches that were sent") as work:
        for search in work.protected.searches.not_looked_into(count=_AT_ONCE):
            asked = SeenBeforeAsked.model_validate_json(search.content)
            work.protected.searches.note_found(
                search.id, _about(work, context.key, asked), at=context.clock.now()
            )
        waiting = work.protected.searches.waiting()
        shown = [shown for search in waiting if (shown := _shown(work, context.acting, search)) is not None]
        work.touches(*(hit.reference for search in shown for hit in search.found))
        work.notes(searches=len(shown))
        return SentSearches(waiting=tuple(shown), without_hit=len(waiting) - len(shown))


def deal_with_search(context: Context, *, search: str) -> str:
    """Mark a search as resolved: its asker has been given what they need, or needs nothing.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The search does not wait, or is hidden from the person who acts.
    """
    require(May.SEE_SENT, context.acting)
    reference = read_reference("search", search)
    with context.writing("deal with a search") as work:
        shown = {
            stored_search.reference
            for stored_search in work.protected.searches.waiting()
            if _shown(work, context.acting, stored_search) is not None
        }
        if reference not in shown:
            raise NotFoundError("search", reference)
        work.protected.searches.deal_with(reference, by=context.acting.user, at=context.clock.now())
        work.notes(search=reference)
        return reference


def searches_waiting(work: Work, acting: Acting) -> int:
    """Count the searches that need this person: not yet checked, or about something they may know of."""
    fresh = len(work.protected.searches.not_looked_into(count=1_000))
    return fresh + sum(
        _shown(work, acting, search) is not None for search in work.protected.searches.waiting()
    )


def _listed(work: Work, acting: Acting, asked: SeenBeforeAsked) -> tuple[tuple[SeenHit, ...], bool]:
    """Return referrals whose alleged perpetrator may be meant, within this person's access."""
    may_know = known_to_exist(work, acting)
    found: dict[int, _Match] = {}
    too_common = False
    for person in (asked.perpetrator, asked.person):
        if person is not None:
            too_common = too_common or _is_too_common(work, person, may_know)
            for known, weight, on in _persons(work, person, may_know, ClaimedRole.PERPETRATOR):
                found.setdefault(known.involvement_id, _Match()).add(on, weight)
    for key, what in _own_keys(asked):
        for known in work.identity.holders(
            key, may_know=may_know, role=ClaimedRole.PERPETRATOR, most=LONGEST_LIST + 1
        ):
            found.setdefault(known.involvement_id, _Match()).add((what,))
    if asked.reference is not None:
        for number, role in work.identity.with_reference(asked.reference, may_know=may_know):
            if role in (None, ClaimedRole.PERPETRATOR):
                found.setdefault(number, _Match()).add(("the reference",))
    numbers = sorted(found, key=lambda each: (-found[each].weight, -each))
    matches = dict(zip(work.identity.references(numbers), (found[each] for each in numbers), strict=True))
    involvements = {each.reference: each for each in work.cases.all(matches)}
    opened = {each.reference for each in open_cases(work, acting, involvements.values())}
    named = names_on(work, [ref for ref in matches if ref in opened][:LONGEST_LIST])
    hits = [
        SeenHit(
            reference=ref,
            ask=OPEN_TO_YOU if ref in opened else ASK_COORDINATOR,
            on=tuple(match.on),
            names=named.get(ref),
        )
        for ref, match in matches.items()
        if sees_every_open_case(acting) or involvements[ref].is_screened
    ]
    return tuple(hits), too_common


class _Match:
    """On what a case matched, in words, and how much a name weighed."""

    def __init__(self) -> None:
        self.weight, self.on = 0.0, dict[str, None]()

    def add(self, on: Iterable[str], weight: float = 0.0) -> None:
        """Add more that the same case matched on."""
        self.weight = max(weight, self.weight) if self.on else weight
        self.on |= dict.fromkeys(on)


def _persons(
    work: Work, asked: PersonAsked, may_know: VisibilityFilter, role: ClaimedRole | None
) -> list[tuple[KnownForm, float, tuple[str, ...]]]:
    from engine.identity.forms import form_of  # what only lists need not load
    from engine.identity.frozen import register_weights, scored
    from engine.identity.lookup import MOST_CANDIDATES, MOST_UNDER_KEY, sought_keys

    form = form_of(_described(asked))
    known = work.identity.candidates(
        sought_keys(form), may_know=may_know, most=MOST_CANDIDATES, most_under_key=MOST_UNDER_KEY, role=role
    )
    least = register_weights().seen_before
    scores = scored(form, [each.form for each in known])
    return [
        (each, score.weight, matched_on(form, each.form))
        for each, score in zip(known, scores, strict=True)
        if score.weight >= least
    ]


def _is_too_common(work: Work, asked: PersonAsked, may_know: VisibilityFilter) -> bool:
    """Return whether only a name is given, and so many have it that it finds no person."""
    from engine.identity.forms import form_of
    from engine.identity.lookup import MOST_UNDER_KEY, sought_keys

    if asked.date_of_birth is not None or asked.identifiers:
        return False
    keys = sought_keys(form_of(_described(asked)))
    return all(work.identity.is_common(key, may_know=may_know, most=MOST_UNDER_KEY) for key in keys)


def _described(asked: PersonAsked) -> PersonDescribed:
    return PersonDescribed(
        forename=asked.forename,
        surname=asked.surname,
        date_of_birth=asked.date_of_birth,
        identifiers=asked.identifiers,
    )


def _own_keys(asked: SeenBeforeAsked) -> list[tuple[int, str]]:
    """Return the keys of what a source ties to an alleged perpetrator; a protected value has none."""
    from engine.identity.forms import address_key, thing_key

    keys: list[tuple[int | None, str]] = []
    keys += [(address_key(asked.address), "the address")] if asked.address else []
    keys += [(thing_key(ThingKind.PHONE, asked.phone), "the phone number")] if asked.phone else []
    keys += [(thing_key(ThingKind.VEHICLE, asked.vehicle), "the vehicle's plate")] if asked.vehicle else []
    if asked.handle and "@" in asked.handle.lstrip("@"):
        keys.append((thing_key(ThingKind.EMAIL, asked.handle), "the email address"))
    elif asked.handle:
        keys.append((thing_key(ThingKind.ACCOUNT, asked.handle), "the handle"))
    return [(key, what) for key, what in keys if key is not None]


def _about(work: Work, key: VaultKey, asked: SeenBeforeAsked) -> dict[str, list[str]]:
    """Return by case where a search touches a victim or a protected value; it is cut only when it is read."""
    found: dict[int, list[str]] = {}
    people = (("perpetrator", asked.perpetrator), ("victim", asked.victim), ("person", asked.person))
    for name, person in people:
        if person is None:
            continue
        for known, _, _ in _persons(work, person, EVERYTHING, None):
            if name == "victim" or known.role is not ClaimedRole.PERPETRATOR:
                found.setdefault(known.involvement_id, []).append(
                    f"the {name} named, there the {known.role.value}"
                )
    if asked.reference is not None:
        for number, role in work.identity.with_reference(asked.reference, may_know=EVERYTHING):
            if role not in (None, ClaimedRole.PERPETRATOR):
                found.setdefault(number, []).append(f"the person with that reference, there the {role.value}")
    numbers = sorted(found)
    references = dict(zip(numbers, work.identity.references(numbers), strict=True))
    by_case = {references[number]: on for number, on in found.items()}
    for kind, value in _protected_values(asked):
        for reference in work.protected.searches.cases_with(kind.value, key.digests(kind, value)):
            by_case.setdefault(reference, []).append(f"a protected {kind.value}")
    return {reference: sorted(set(on)) for reference, on in sorted(by_case.items())}


def _protected_values(asked: SeenBeforeAsked) -> list[tuple[ProtectedKind, str]]:
    values = [(kind, asked.address) for kind in _PLACES if asked.address]
    values += [(ProtectedKind.PHONE, asked.phone)] if asked.phone else []
    values += [(ProtectedKind.EMAIL, asked.handle)] if asked.handle else []
    return values


def _shown(work: Work, acting: Acting, search: StoredSearch) -> SentSearch | None:
    """Return a search as this person may read it; None where it is about nothing that they may know of."""
    if search.found is None:
        return None
    there = {each.reference for each in open_cases(work, acting, work.cases.all(search.found))}
    found = tuple(SentHit(reference=ref, on=tuple(on)) for ref, on in search.found.items() if ref in there)
    if not found:
        return None
    return SentSearch(
        reference=search.reference,
        asked_by=search.user,
        agency=search.agency,
        task=search.task,
        at=search.at,
        asked=SeenBeforeAsked.model_validate_json(search.content),
        found=found,
    )


def _today(clock: Clock) -> datetime:
    return datetime.combine(clock.today(), time(), LONDON)
