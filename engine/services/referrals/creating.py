"""Creating a referral that a person types: its alarm first, the rest as a correction of the same referral.

Rows are stored as those of a file are (``landing``): there is no second way to store a referral.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from engine.access.digests import VaultKey
from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.alarms import STAC_OWNER
from engine.domain.base import Frozen, Instant
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.referrals.intake import TYPED, AlarmTopic, Referral
from engine.domain.referrals.typed import ReferralTyped, completed, referral_of
from engine.exchange.rows import ReferralRow
from engine.services.access.checks import open_case, relation_to
from engine.services.context import VaultContext
from engine.services.referrals.landing import LandedRows, land_rows, new_referral
from engine.store.repositories.referrals.intake import NewReferral
from engine.store.unit_of_work import Work

_ROW = 1


class ReferralCreated(Frozen):
    """A typed referral as it is stored. ``due_at`` is when its alarm must be acknowledged."""

    reference: str
    received_at: Instant
    raised: tuple[AlarmTopic, ...] = ()
    due_at: Instant | None = None
    is_restricted: bool = False


class _Typing:
    """One typed referral on its way in: its original is stored as that of a file with one row."""

    def __init__(self, context: VaultContext, digest: str) -> None:
        self.clock: Clock = context.clock
        self.key: VaultKey = context.key
        self.acting: Acting = context.acting
        self._digest = digest

    def number(self, work: Work) -> int:
        """Return a new number for the original."""
        return work.protected.add_import(digest=self._digest, by=self.acting.user, at=self.clock.now())


def raise_first(context: VaultContext, *, typed: ReferralTyped) -> ReferralCreated:
    """Store an alarm as soon as a topic is "yes" and one name is there, or is said not to be given.

    Raises
    ------
    InvalidInputError
        No topic is "yes", or there is no name and none is said not to be given.
    """
    require(May.CREATE_REFERRAL, context.acting)
    if not typed.is_alarm:
        raise InvalidInputError("topics", "no topic is 'yes'; write the whole referral")
    return create(context, typed=typed)


def create(context: VaultContext, *, typed: ReferralTyped) -> ReferralCreated:
    """Store a typed referral of a new matter, with its alarm if a topic is "yes".

    Raises
    ------
    InvalidInputError
        Something is missing, a date is in the future, or both parties are described as one person.
    RecordedBeforeError
        The person typed the same a moment ago.
    """
    acting, now = context.acting, context.clock.now()
    require(May.CREATE_REFERRAL, acting)
    referral = referral_of(
        typed,
        source=_source(acting),
        source_reference=f"{TYPED}{secrets.token_hex(8)}",
        today=context.clock.today(),
    )
    submitted = (typed.model_dump(mode="json"),)
    with context.writing("create referral", at=now, once=submitted) as work:
        reference = _land(work, context, typed, referral, at=now)
        work.touches(reference)
        return _created(work, reference, received_at=now)


def complete(context: VaultContext, *, reference: str, typed: ReferralTyped) -> ReferralCreated:
    """Store the rest of a call as a correction of its referral: what was not asked again stays as it was.

    Who typed the referral may, without access to the case by that; so may coordinators and chair to whom it
    is open. The same rest twice changes nothing.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the referral came in a file, a date is in the future, or both parties are
        described as one person.
    """
    require(May.CREATE_REFERRAL, context.acting)
    now = context.clock.now()
    with context.writing("complete referral", at=now) as work:
        case = _to_complete(work, context.acting, reference)
        before = work.referrals.newest([case])[case]
        if before.call is None:
            raise InvalidInputError(f"referral {case}", "it came in a file; correct the file and import it")
        referral = completed(before, typed, today=context.clock.today())
        _land(work, context, typed, referral, at=now)
        return _created(work, case, received_at=work.cases.get(case).received_at)


def _source(acting: Acting) -> str:
    """Return who brings it in: a practitioner's own agency, or the STAC.

    Raises NotPermittedError.
    """
    if acting.role is not Role.PRACTITIONER:
        return STAC_OWNER
    if acting.agency is None:
        raise NotPermittedError(May.CREATE_REFERRAL.value, who_may="a practitioner of an agency")
    return acting.agency


def _to_complete(work: Work, acting: Acting, reference: str) -> str:
    """Return the case, if this person typed it or works on every case; a conflict of interest closes it."""
    if acting.role is not Role.PRACTITIONER:
        return open_case(work, acting, reference, May.CREATE_REFERRAL).reference
    case = read_reference("involvement", reference)
    involvement = work.cases.find(case)
    relation = relation_to(work, acting, case, involvement)
    is_own = work.referrals.typist(case) == acting.user
    if involvement is None or not is_own or relation.is_connected:
        raise NotFoundError("referral", case)
    work.touches(case)
    return case


def _land(
    work: Work, context: VaultContext, typed: ReferralTyped, referral: Referral, *, at: datetime
) -> str:
    new: NewReferral = new_referral(referral, at, context.settings)
    row = ReferralRow(row=_ROW, referral=referral, original=typed.model_dump_json())
    part = LandedRows()
    land_rows(work, [(row, new)], _Typing(context, new.digest), part, at=at)
    work.notes(accepted=part.accepted, corrected=part.corrected, joined_by_rule=part.joined)
    return part.references[_ROW]


def _created(work: Work, reference: str, *, received_at: datetime) -> ReferralCreated:
    alarm = work.alarms.of(reference)
    return ReferralCreated(
        reference=reference,
        received_at=received_at,
        raised=alarm.answers.raised,
        due_at=alarm.due_at,
        is_restricted=work.need_to_know.is_restricted(reference),
    )
