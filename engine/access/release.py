"""Release of one item to one viewer: shown, withheld, a stub, or as if it did not exist. Knows no storage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.responses.reported import names_of
from engine.domain.sharing import (
    DESK,
    WHOLE_ANSWER,
    AudienceKind,
    Outcome,
    ReleaseClass,
    StoredRule,
)

_STRICTEST_FIRST = (Outcome.HIDE, Outcome.WITHHOLD, Outcome.STUB)


def outcome_of(acting: Acting, release: ReleaseClass, *, on: date, is_member: bool) -> Outcome:
    """Return what this viewer gets. The owner reads its own; past its end date all others get nothing."""
    if acting.role is Role.SYSTEM or is_owner(acting, release.owner):
        return Outcome.SHOW
    if release.until is not None and on > release.until:
        return Outcome.HIDE
    if _is_in_audience(acting, release):
        return Outcome.SHOW
    return Outcome(release.otherwise.value) if is_member else Outcome.HIDE


def is_owner(acting: Acting, owner: str) -> bool:
    """Return whether this person speaks for an owner; coordinators and chair do for what they own."""
    return acting.role in COORDINATOR_AND_CHAIR if owner == DESK else acting.speaks_for(owner)


def shown_classes(
    acting: Acting, classes: Mapping[int, ReleaseClass], *, on: date, is_member: bool = False
) -> frozenset[int]:
    """Return the numbers of the classes that this viewer reads: a query and a snapshot are cut by them."""
    return frozenset(
        number
        for number, release in classes.items()
        if outcome_of(acting, release, on=on, is_member=is_member) is Outcome.SHOW
    )


def everybodys_classes(classes: Mapping[int, ReleaseClass], *, on: date) -> frozenset[int]:
    """Return the classes of items for all on a case: those that plugins and requesters may learn of."""
    return frozenset(
        number
        for number, release in classes.items()
        if release.audience is AudienceKind.PANEL and (release.until is None or on <= release.until)
    )


def classes_for_agency(code: str, classes: Mapping[int, ReleaseClass]) -> frozenset[int]:
    """Return the classes of items that an agency's people read until the end date of each: a row that waits
    bears its class, and is cut by the date when it is read.
    """
    return frozenset(
        number
        for number, release in classes.items()
        if release.owner == code or release.audience is AudienceKind.PANEL or code in release.agencies
    )


def is_member(acting: Acting, people_on_case: tuple[str, ...]) -> bool:
    """Return whether a person works the case: named, coordinator or chair; not by emergency access."""
    return acting.role in COORDINATOR_AND_CHAIR or acting.user in people_on_case


def whole_outcome(rules: Mapping[str, StoredRule], *, acting: Acting, on: date, is_member: bool) -> Outcome:
    """Return what this viewer gets of an agency's answer as a whole."""
    rule = rules.get(WHOLE_ANSWER)
    if rule is None:
        return Outcome.SHOW
    return outcome_of(acting, rule.release_class, on=on, is_member=is_member)


def least_outcome(
    key: str, rules: Mapping[str, StoredRule], *, acting: Acting, on: date, is_member: bool
) -> Outcome:
    """Return what this viewer gets of one item of an answer: the least that a rule on it gives."""
    outcomes = {
        outcome_of(acting, rules[name].release_class, on=on, is_member=is_member)
        for name in names_of(key)
        if name in rules
    }
    return next((outcome for outcome in _STRICTEST_FIRST if outcome in outcomes), Outcome.SHOW)


def _is_in_audience(acting: Acting, release: ReleaseClass) -> bool:
    match release.audience:
        case AudienceKind.PANEL:
            return True
        case AudienceKind.OWNER:
            return False
        case AudienceKind.NAMED:
            code = DESK if acting.role in COORDINATOR_AND_CHAIR else acting.agency
            return code in release.agencies
