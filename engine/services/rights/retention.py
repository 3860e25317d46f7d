"""Retention of each owner's part of a case: reviews, legal holds, and erasure with a certificate.

Nothing is erased automatically. One person of the owner decides and another carries it out; the audit log
holds only ids and never breaks by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from engine.access.policy import May, decides_on_keeping, require, require_owner
from engine.access.redaction import masked_words
from engine.access.retention import read_schedules
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.involvement import Involvement
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.rights.retention import (
    DESK_OWNER,
    Certificate,
    ErasureGround,
    KeptFor,
    RetentionAct,
    RetentionDecision,
    Schedules,
    months_after,
)
from engine.domain.typed_days import require_coming
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context, VaultContext
from engine.services.rights.erasing import erase_part
from engine.settings import Settings
from engine.store.unit_of_work import Work

_REVIEWS = frozenset({RetentionAct.KEEP, RetentionAct.ERASE})
_HOLDS = frozenset({RetentionAct.HOLD, RetentionAct.LIFT})


def list_kept(
    context: Context, *, reference: str | None = None, only_due: bool = False
) -> tuple[KeptFor, ...]:
    """Return every owner's part of the cases that are open to this person, or of one, by review date.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    SetupError
        The retention schedules in the home folder cannot be used.
    """
    with context.reading("list retention") as work:
        require(May.SEE_RETENTION, context.acting)
        if reference is not None:
            cases: Sequence[Involvement] = [open_case(work, context.acting, reference, May.SEE_RETENTION)]
        else:
            cases = open_cases(work, context.acting, work.cases.all(None))
        parts = kept_parts(work, context.acting, cases, context.clock, read_schedules(context.settings.home))
        chosen = [each for each in parts if each.is_due or not only_due]
        work.notes(parts=len(chosen))
    return tuple(sorted(chosen, key=lambda each: (each.review_on or date.max, each.reference, each.owner)))


def review(
    context: Context, *, reference: str, owner: str, erase: bool, why: str, next_review: date | None = None
) -> RetentionDecision:
    """Record a review of an owner's part: kept until the next review, or to be erased.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the case has not ended, the part is under legal hold, or the
        next review does not fit.
    NotFoundError
        The case, or the owner's part of it, does not exist for the person who acts.
    NotPermittedError
        The role does not permit it, or the part is another owner's.
    SetupError
        The retention schedules in the home folder cannot be used.
    """
    reason = written_reason(why)
    with context.writing("review retention") as work:
        case = open_case(work, context.acting, reference, May.REVIEW_RETENTION)
        require_owner(May.REVIEW_RETENTION, context.acting, owner)
        part = _part(work, context.acting, case, owner, context.clock, context.settings)
        if part.ended_on is None:
            raise InvalidInputError(f"referral {case.reference}", "it has not ended; review it after it has")
        if erase and part.is_held:
            raise InvalidInputError(f"referral {case.reference}", "it is under legal hold; nothing is erased")
        if erase and next_review is not None:
            raise InvalidInputError("next review", "leave this out when you approve erasure")
        until = None if erase else _next_review(part, context.clock, context.settings, next_review)
        act = RetentionAct.ERASE if erase else RetentionAct.KEEP
        return _say(work, case.reference, owner, act, reason, context.acting, context.clock, review_on=until)


def hold(context: Context, *, reference: str, owner: str, why: str, lift: bool = False) -> RetentionDecision:
    """Put a legal hold on one owner's part, or lift it.

    Coordinators and chair may hold any part, and lift only their own.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the part is held already, or not held.
    NotFoundError
        The case, or the owner's part of it, does not exist for the person who acts.
    NotPermittedError
        The role does not permit it, or the part is another owner's.
    """
    reason = written_reason(why)
    with context.writing("lift legal hold" if lift else "put legal hold") as work:
        case = open_case(work, context.acting, reference, May.HOLD)
        if lift or context.acting.role is Role.PRACTITIONER:
            require_owner(May.HOLD, context.acting, owner)
        _require_part(work, case.reference, owner, context.acting)
        is_held = _is_held(_words(work, case.reference, owner))
        if is_held is not lift:
            raise InvalidInputError("hold", "it has no legal hold" if lift else "it already has a legal hold")
        act = RetentionAct.LIFT if lift else RetentionAct.HOLD
        return _say(work, case.reference, owner, act, reason, context.acting, context.clock)


def erase(
    context: VaultContext, *, reference: str, owner: str, ground: ErasureGround = ErasureGround.RETENTION
) -> Certificate:
    """Erase one owner's part of one case, on the newest decision, made by another person.

    Content is erased, and with it identifiers, objects and protected values that the owner reported; ids,
    kinds, dates, digests and the decision stay. In texts that stay, of any author, what repeats a protected
    value is masked for good, since it cannot be recognised afterwards; so nothing is erased while any part is
    under legal hold. Copies in backups go when those do: see the operators' page.

    Raises
    ------
    InvalidInputError
        The reference is malformed, erasure was not decided, it is done already, or anything of the episode is
        under legal hold.
    NotFoundError
        The case, or the owner's part of it, does not exist for the person who acts.
    NotPermittedError
        The role does not permit it, the part is another owner's, or the person who acts decided it.
    SetupError
        The retention schedules in the home folder cannot be used.
    """
    with context.writing("erase content") as work:
        case = open_case(work, context.acting, reference, May.ERASE)
        require_owner(May.ERASE, context.acting, owner)
        part = _part(work, context.acting, case, owner, context.clock, context.settings)
        decided = _ready(part, context.acting)
        together = work.cases.together(case.reference)
        _refuse_while_held(work, case.reference, together)
        certificate = erase_part(
            work,
            context,
            Certificate(
                reference=work.retention.new_certificate(),
                involvement=case.reference,
                owner=owner,
                ground=ground,
                schedule=part.schedule,
                why=decided.why,
                decided_by=decided.by,
                by=context.acting.user,
                role=context.acting.role.value,
                at=context.clock.now(),
                rows=(),
                protected_values=0,
            ),
        )
        certificate = _with_what_stays(work, certificate)
        work.notes(certificate=certificate.reference, owner=owner, rows=len(certificate.rows))
        work.erases = True
    context.uow.tidy()
    return certificate


def certificates(context: Context, *, reference: str) -> tuple[Certificate, ...]:
    """Return what was erased on a case, with owner, decision and author, and what stays. For all who work it.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("see certificates") as work:
        case = open_case(work, context.acting, reference, May.SEE_RETENTION)
        owners = work.retention.owners([case.reference]).get(case.reference, {})
        shown = _owners_shown(owners, context.acting)
        there = work.retention.certificates([case.reference])
        return tuple(_with_what_stays(work, each) for each in there if each.owner in shown)


def kept_parts(
    work: Work, acting: Acting, cases: Sequence[Involvement], clock: Clock, schedules: Schedules
) -> list[KeptFor]:
    """Return every owner's part of these cases within this person's access; part of use cases."""
    references = [case.reference for case in cases]
    owners, ended = work.retention.owners(references), work.retention.ended_at(references)
    words: dict[tuple[str, str], list[RetentionDecision]] = {}
    for decision in work.retention.words(references):
        words.setdefault((decision.involvement, decision.owner), []).append(decision)
    erased: dict[tuple[str, str], list[str]] = {}
    for each in work.retention.certificates(references):
        if each.involvement not in ended or _is_since(ended[each.involvement], each.at):
            erased.setdefault((each.involvement, each.owner), []).append(each.reference)
    today, stored = clock.today(), []
    for reference in references:
        ended_on = ended[reference].astimezone(LONDON).date() if reference in ended else None
        for owner in _owners_shown(owners.get(reference, {}), acting):
            said = _as_read(work, acting, words.get((reference, owner), []))
            reviewed = [
                each for each in said if each.act in _REVIEWS and _is_since(ended.get(reference), each.at)
            ]
            schedule = schedules.of(owner, on=today)
            review_on = None
            if ended_on is not None and reviewed:
                review_on = reviewed[-1].review_on
            elif ended_on is not None and schedule is not None:
                review_on = months_after(ended_on, schedule.review_after_months)
            gone = tuple(erased.get((reference, owner), ()))
            is_held = _is_held(said)
            stored.append(
                KeptFor(
                    reference=reference,
                    owner=owner,
                    ended_on=ended_on,
                    review_on=review_on,
                    is_due=review_on is not None and review_on <= today and not gone and not is_held,
                    is_held=is_held,
                    decided=reviewed[-1] if reviewed else None,
                    held=next((decision for decision in reversed(said) if decision.act in _HOLDS), None),
                    certificates=gone,
                    schedule=schedule.source if schedule else None,
                    may_review=decides_on_keeping(acting, owner),
                )
            )
    return stored


def _with_what_stays(work: Work, certificate: Certificate) -> Certificate:
    return certificate.model_copy(update={"stays": work.erasing.what_stays(certificate.owner)})


def _is_since(ended_at: datetime | None, at: datetime) -> bool:
    """Return whether it was decided or done since the case last ended: a reopening voids what was before."""
    return ended_at is not None and at >= ended_at


def _as_read(work: Work, acting: Acting, said: Sequence[RetentionDecision]) -> Sequence[RetentionDecision]:
    if not said:
        return said
    together = work.cases.together(said[0].involvement)
    return masked_words(tuple(said), masker_for(work=work, involvements=together, reader=acting.user))


def _owners_shown(released: Mapping[str, bool], acting: Acting) -> list[str]:
    """Return the owners shown: coordinators and chair, one's own, and for the former who has released."""
    shown = [DESK_OWNER]
    for agency, is_released in sorted(released.items()):
        if acting.speaks_for(agency) or (is_released and acting.role is not Role.PRACTITIONER):
            shown.append(agency)
    return shown


def _part(
    work: Work, acting: Acting, case: Involvement, owner: str, clock: Clock, settings: Settings
) -> KeptFor:
    _require_part(work, case.reference, owner, acting)
    schedules = read_schedules(settings.home)
    return next(p for p in kept_parts(work, acting, [case], clock, schedules) if p.owner == owner)


def _require_part(work: Work, reference: str, owner: str, acting: Acting) -> None:
    there = _owners_shown(work.retention.owners([reference]).get(reference, {}), acting)
    if owner not in there:
        raise NotFoundError("part", f"{reference} of {owner}", instead=f"choose one of: {', '.join(there)}")


def _refuse_while_held(work: Work, reference: str, together: Sequence[str]) -> None:
    """Refuse if anything of the episode is held: its texts may repeat what would be erased."""
    by_part: dict[tuple[str, str], list[RetentionDecision]] = {}
    for decision in work.retention.words(together):
        by_part.setdefault((decision.involvement, decision.owner), []).append(decision)
    if any(_is_held(words) for words in by_part.values()):
        raise InvalidInputError(
            f"referral {reference}",
            "part of this case is under legal hold and may contain the same information",
        )


def _ready(part: KeptFor, acting: Acting) -> RetentionDecision:
    if part.is_held:
        raise InvalidInputError(f"referral {part.reference}", "it is under legal hold; nothing is erased")
    if part.decided is None or part.decided.act is not RetentionAct.ERASE:
        raise InvalidInputError(
            f"referral {part.reference}", "erasure has not been approved; complete the review first"
        )
    if part.decided.by == acting.user:
        raise NotPermittedError(May.ERASE.value, who_may="another person of the same owner")
    if part.certificates:
        raise InvalidInputError(
            f"referral {part.reference}", f"it was already erased: {part.certificates[-1]}"
        )
    return part.decided


def _next_review(part: KeptFor, clock: Clock, settings: Settings, given: date | None) -> date:
    today = clock.today()
    if given is not None:
        if given <= today:
            raise InvalidInputError("next review", "give a future date")
        require_coming("next review", given, on=today)
        return given
    schedule = read_schedules(settings.home).of(part.owner, on=today)
    if schedule is None:
        raise InvalidInputError("next review", "no retention schedule applies to this owner; give the date")
    return months_after(today, schedule.review_again_after_months)


def _words(work: Work, reference: str, owner: str) -> list[RetentionDecision]:
    return [decision for decision in work.retention.words([reference]) if decision.owner == owner]


def _is_held(words: Sequence[RetentionDecision]) -> bool:
    on_hold = [decision.act for decision in words if decision.act in _HOLDS]
    return bool(on_hold) and on_hold[-1] is RetentionAct.HOLD


def _say(
    work: Work,
    reference: str,
    owner: str,
    act: RetentionAct,
    why: str,
    acting: Acting,
    clock: Clock,
    *,
    review_on: date | None = None,
) -> RetentionDecision:
    decision = RetentionDecision(
        involvement=reference,
        owner=owner,
        act=act,
        why=why,
        review_on=review_on,
        by=acting.user,
        at=clock.now(),
    )
    work.retention.say(decision)
    work.notes(owner=owner, act=act.name.lower())
    return decision
