"""Items that may be shared about a patient on one day, and why: nothing by default. Forms no view of risk.

An item that bears on risk is shared when a clinician marked it so, or when the person agreed and it was not
marked as in confidence. The person's refusal withholds everything else; only a duty recorded on an item
outweighs it. The practitioner who releases the answer for Health decides in the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.hooks.v1 import AudienceKind, MayShare, RefusalGround, Shareable
from plugins.health.stored_records import Agreement, ConsentKept, Kept, Sharing
from plugins.health.words import words


@dataclass(frozen=True, kw_only=True)
class Position:
    """The person's position on sharing on the day of asking: the newest current consent, if there is one."""

    newest: ConsentKept | None
    on: date

    @property
    def agreed(self) -> bool:
        """True if the person's agreement covers what is said here."""
        return self._is(Agreement.PERMIT) and self.newest is not None and not self.newest.limited

    @property
    def refused(self) -> bool:
        """True if the person refused."""
        return self._is(Agreement.DENY)

    def _is(self, agreement: Agreement) -> bool:
        return self.newest is not None and self.newest.agreement is agreement

    def because(self, sharing: Sharing) -> str | None:
        """Return why an item may be shared; None when it is withheld."""
        marked = words().sharing.get(sharing.word or "")
        if marked is not None and (marked.without_agreement or not self.refused):
            return marked.because
        if self.agreed and not sharing.confidential:
            return "the person agreed"
        return None

    def sentence(self) -> str:
        """Return one sentence for the panel."""
        if self.newest is None:
            return "No agreement or refusal of the person to sharing was on record here."
        when = f" on {self.newest.dated.in_words()}" if self.newest.dated else ""
        when = when.replace(" on ", " in ", 1) if when and not self._to_the_day() else when
        match self.newest.agreement:
            case Agreement.PERMIT if self.newest.limited:
                return f"The person agreed{when} to sharing within limits; ask Health what they are."
            case Agreement.PERMIT:
                return f"The person agreed{when} to what bears on risk being shared."
            case Agreement.DENY:
                return f"The person refused{when} to have information shared."
            case Agreement.NOT_CLEAR:
                return "The person's decision about sharing is on record here but not clear; ask Health."

    def _to_the_day(self) -> bool:
        return self.newest is not None and self.newest.dated is not None and self.newest.dated.is_whole_day


def position(records: Iterable[Kept], *, on: date) -> Position:
    """Return the newest consent current on that day; two of one day that differ are as if refused."""
    consents = [each for each in records if isinstance(each, ConsentKept) and _is_current(each, on)]
    consents = [each for each in consents if each.declines_on is None and each.is_about_sharing]
    if not consents:
        return Position(newest=None, on=on)
    newest_day = max(_day(each) for each in consents)
    newest = [each for each in consents if _day(each) == newest_day]
    refusals = [each for each in newest if each.agreement is Agreement.DENY]
    return Position(newest=(refusals or sorted(newest, key=lambda each: each.id))[0], on=on)


def declines_on(records: Iterable[Kept], *, on: date) -> RefusalGround | None:
    """Return the ground on which a clinician declines to answer about this person, if one does."""
    grounds = [
        each.declines_on
        for each in records
        if isinstance(each, ConsentKept) and each.declines_on is not None and _is_current(each, on)
    ]
    return grounds[0] if grounds else None


def _is_current(consent: ConsentKept, on: date) -> bool:
    begun = consent.since is None or consent.since.earliest <= on
    over = consent.until is not None and consent.until.latest < on
    return consent.active and consent.known_by(on) and begun and not over


def _day(consent: ConsentKept) -> date:
    """Return its day; without a date it counts as older than any that has one."""
    return consent.dated.latest if consent.dated is not None else date.min


_STAYS = frozenset({"instrument", "predictor"})


def may_go(item: Shareable) -> MayShare:
    """Return that a filled-in form or a predictor stays with its owner; nothing is said of the rest."""
    if item.kind in _STAYS:
        return MayShare(
            audience=AudienceKind.OWNER, because="Filled-in forms and predictors stay in the care record."
        )
    return MayShare()
