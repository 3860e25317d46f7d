"""Minutes from a draft to agreed copies: their phases, corrections by those who attended, agreement."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, timedelta

from engine.access.policy import WHO_MAY, May
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, User
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.minutes import (
    CORRECTION_DAYS,
    NEXT_PHASE,
    CorrectionView,
    Minutes,
    MinutesHeading,
    MinutesPhase,
    MinutesStep,
    may_move_minutes,
)
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.system.audit import canonical, digest
from engine.domain.typed_days import require_coming
from engine.services.conference.meetings import (
    cases_open_to,
    conference_with_part,
    open_conference_record,
)
from engine.services.conference.minutes import phase_of, rendered
from engine.services.context import Context
from engine.store.unit_of_work import Work

_LONGEST = 10_000


def move_minutes(
    context: Context, *, conference: str, to: MinutesPhase, until: date | None = None
) -> MinutesPhase:
    """Move the minutes to their next phase: prepared, open for corrections, or agreed.

    The minute taker, the chair and the deputy prepare them and open them for corrections, with a last date;
    only chair and deputy agree them, once that date is past. Agreed minutes are stored, one copy for each
    recipient, and are never rendered again.

    Raises
    ------
    InvalidInputError
        The phase does not follow, the last date is past, or corrections are open or wait for the chair.
    NotFoundError
        The conference does not exist, or this person has no part in it.
    NotPermittedError
        The person who acts is not one of those named above.
    """
    with context.writing("move minutes") as work:
        there, visible = open_conference_record(work, context.acting, conference, May.PREPARE_MINUTES)
        _require_theirs(context, there, to)
        steps = work.conference_minutes.steps(there.reference)
        present = phase_of(there, steps)
        if NEXT_PHASE.get(present) is not to:
            raise InvalidInputError(
                f"minutes of {there.reference}", f"they are '{present.value}' and cannot be '{to.value}' now"
            )
        by, at, today = context.acting.user, context.clock.now(), context.clock.today()
        last = (until or today + timedelta(days=CORRECTION_DAYS)) if to is MinutesPhase.CORRECTIONS else None
        require_coming("until", last, on=today)
        if to is MinutesPhase.AGREED:
            _require_corrections_closed(context, there, steps)
            _store_copies(work, context, there, visible)
            work.conferences.step(there.reference, ConferenceState.AGREED, by=by, at=at)
        work.conference_minutes.step(there.reference, to, until=last, by=by, at=at)
        work.conferences.changed(there.reference)
        work.notes(conference=there.reference, phase=to.value)
        return to


def propose_correction(
    context: Context,
    *,
    conference: str,
    case: str,
    text: str,
    heading: MinutesHeading = MinutesHeading.WHOLE,
) -> str:
    """Propose a correction of the item of a case, by a person who attended. Return its reference.

    Raises
    ------
    InvalidInputError
        The minutes are not open for corrections, the last date has passed, or the text is empty or too long.
    NotFoundError
        The conference does not exist for this person, or the case is not an item of their copy.
    NotPermittedError
        The person who acts did not attend.
    """
    wanted = text.strip()
    if not wanted or len(wanted) > _LONGEST:
        raise InvalidInputError("correction", f"give a text of at most {_LONGEST:,} characters")
    with context.writing("propose correction of minutes", once=(conference, case, text, heading)) as work:
        there, visible = open_conference_record(work, context.acting, conference, May.PROPOSE_CORRECTION)
        reference = read_reference("involvement", case)
        if reference not in visible:
            raise NotFoundError("item", reference, instead="choose an item of your copy")
        _require_open_for_corrections(work, context, there)
        _require_attended(work, context, there)
        work.touches(reference)
        work.notes(conference=there.reference)
        return work.conference_minutes.propose(
            there.reference, reference, heading, wanted, by=context.acting.user, at=context.clock.now()
        )


def answer_correction(
    context: Context, *, correction: str, accepted: bool, why: str | None = None
) -> CorrectionView:
    """Accept a proposed correction, or refuse it with a reason; a refused one is annexed whole.

    Raises
    ------
    InvalidInputError
        The reference is malformed, it was answered before, a refusal has no reason, or they are agreed.
    NotFoundError
        There is no such correction, or its case is not open to the person who acts.
    NotPermittedError
        The person who acts is not the chair or the deputy of the conference.
    """
    reference = read_reference("minutes correction", correction)
    if not accepted and not (why or "").strip():
        raise InvalidInputError("reason", "write why it is refused")
    with context.writing("answer correction of minutes") as work:
        conference = work.conference_minutes.conference_of(reference)
        there, visible = open_conference_record(work, context.acting, conference, May.RUN_CONFERENCE)
        _require_presided(context, there, May.RUN_CONFERENCE)
        found = _correction(work, there, reference)
        if found.case not in visible:
            raise NotFoundError("correction", reference)
        _require_corrections(work, there)
        if found.accepted is not None:
            raise InvalidInputError(f"correction {reference}", f"it is '{found.status}' already")
        work.touches(found.case)
        work.conference_minutes.answer(
            reference, accepted=accepted, why=why, by=context.acting.user, at=context.clock.now()
        )
        return _correction(work, there, reference)


def _store_copies(work: Work, context: Context, there: Conference, visible: frozenset[str]) -> None:
    """Store the copies. A correction that the chair cannot see, and so not answer, does not hold them up."""
    corrections = work.conference_minutes.corrections(there.reference)
    waiting = [each.reference for each in corrections if each.accepted is None and each.case in visible]
    if waiting:
        raise InvalidInputError("corrections", f"answer these first: {', '.join(waiting)}")
    copies: list[tuple[Minutes, str]] = []
    for user in _recipients(work, there):
        own = replace(context, acting=user.acting())
        copy = rendered(work, own, there, cases_open_to(work, own.acting, there.reference))
        agreed = copy.model_copy(update={"phase": MinutesPhase.AGREED, "seal": secrets.token_hex(16)})
        copies.append((agreed, digest(canonical([agreed.model_dump(mode="json")]))))
    work.conference_minutes.store_copies(copies, by=context.acting.user, at=context.clock.now())
    work.notes(**{f"copy for {copy.recipient}": mark for copy, mark in copies})
    work.touches(*(item.case for copy, _ in copies for item in copy.items))


def _recipients(work: Work, there: Conference) -> tuple[User, ...]:
    """Return everyone who may read the minutes: coordinators and chairs, and those with a part in it."""
    may_read = [user for user in work.users.all() if user.active and user.role in WHO_MAY[May.SEE_CONFERENCE]]
    return tuple(
        user
        for user in may_read
        if user.role in COORDINATOR_AND_CHAIR or _has_part(work, user, there.reference)
    )


def _has_part(work: Work, user: User, conference: str) -> bool:
    try:
        conference_with_part(work, user.acting(), conference)
    except NotFoundError:
        return False
    return True


def _correction(work: Work, there: Conference, reference: str) -> CorrectionView:
    corrections = work.conference_minutes.corrections(there.reference)
    return next(each for each in corrections if each.reference == reference)


def _require_open_for_corrections(work: Work, context: Context, there: Conference) -> None:
    steps = _require_corrections(work, there)
    if (last := _closed_on(context, steps)) is not None:
        raise InvalidInputError("correction", f"corrections closed on {last:%-d %B %Y}")


def _require_corrections_closed(context: Context, there: Conference, steps: tuple[MinutesStep, ...]) -> None:
    """Refuse to agree minutes that those who attended may still correct."""
    last = steps[-1].until
    if last is not None and _closed_on(context, steps) is None:
        raise InvalidInputError(
            f"minutes of {there.reference}",
            f"corrections are open until the end of {last:%-d %B %Y}; agree them after that",
        )


def _closed_on(context: Context, steps: tuple[MinutesStep, ...]) -> date | None:
    """Return the last date for corrections once it is past."""
    last = steps[-1].until
    return last if last is not None and context.clock.today() > last else None


def _require_corrections(work: Work, there: Conference) -> tuple[MinutesStep, ...]:
    steps = work.conference_minutes.steps(there.reference)
    present = phase_of(there, steps)
    if present is not MinutesPhase.CORRECTIONS:
        raise InvalidInputError(
            f"minutes of {there.reference}", f"they are '{present.value}' and not open for corrections"
        )
    return steps


def _require_attended(work: Work, context: Context, there: Conference) -> None:
    records = work.conference_attendance.of(there.reference)
    arrived = {record.user for record in records if record.act is AttendanceAct.ARRIVED}
    if context.acting.user not in arrived:
        raise NotPermittedError(May.PROPOSE_CORRECTION.value, who_may="a person who attended")


def _require_theirs(context: Context, there: Conference, to: MinutesPhase) -> None:
    user = context.acting.user
    presides = there.is_presided_by(user)
    if not may_move_minutes(user, to, presides=presides, minute_taker=there.minute_taker):
        who = "its chair or its deputy" if to is MinutesPhase.AGREED else "its minute taker, chair or deputy"
        raise NotPermittedError(May.PREPARE_MINUTES.value, who_may=who)


def _require_presided(context: Context, there: Conference, act: May) -> None:
    if not there.is_presided_by(context.acting.user):
        raise NotPermittedError(act.value, who_may="its chair or its deputy")
