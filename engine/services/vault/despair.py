"""The victim's own despair: recorded as a protected note, an alarm for the advocate, passed on only for care.

It is not a fact of the case. No use case here names the case in the audit log, whose entries the access log
of the case shows: the entry has the note's reference.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.access.vault_policy import acknowledges_alone
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.typed_days import require_past
from engine.domain.vault.despair import (
    DespairOnCase,
    DespairRead,
    DespairSeen,
    Ground,
    Note,
    NoteStep,
    Passed,
    PassOn,
    Recorded,
)
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.vault.despair_readers import (
    NotesHere,
    case_let_in,
    find_note,
    have_alarm,
    notes_here,
    practitioners_to_tell,
    recorded_step,
    what_to_do,
)
from engine.store.unit_of_work import Work

_WRITE, _READ = "write protected note", "see protected note"


def record_despair(context: Context, *, reference: str, what: str) -> Recorded:
    """Record words or acts that suggest the victim may harm themselves, by a person who works the case.

    Raises
    ------
    InvalidInputError
        The reference or the text is malformed.
    """
    text = written_reason(what, part="words or acts")
    acting, at = context.acting, context.clock.now()
    with context.writing(_WRITE, at=at, once=(reference, text)) as work:
        case = case_let_in(work, context, reference, May.RECORD_DESPAIR, for_life=False)
        owner = acting.agency or DESK_OWNER
        note = work.protected_notes.add(
            NoteStep.RECORDED, text, case=case.reference, by=acting.user, owner=owner, at=at
        )
        work.notes(note=note)
        step = recorded_step(case.reference, note, acting.user, owner, context)
        alarm_for = have_alarm(work, context, notes_here(work, context, case), step)
    return Recorded(
        reference=note,
        alarm_for=tuple(sorted(alarm_for)),
        what_to_do=what_to_do(context.settings.crisis_line),
    )


def despair_on_case(context: Context, *, reference: str) -> DespairOnCase:
    """Return the notes of a case that this person may know of, without their texts.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading(_READ) as work:
        case = case_let_in(work, context, reference, May.ACT_ON_DESPAIR, for_life=True)
        here = notes_here(work, context, case)
        return DespairOnCase(
            reference=case.reference,
            notes=tuple(
                _seen(work, context, here, note)
                for note in sorted((*here.own, *here.received), key=lambda note: note.recorded.at)
            ),
            what_to_do=what_to_do(context.settings.crisis_line),
            services=_services(context) if here.own else (),
        )


def read_despair(context: Context, *, reference: str, item: str) -> DespairRead:
    """Return the text of a note to a person who may read it.

    Others get the same error as for a note that does not exist.

    Raises
    ------
    InvalidInputError
        A reference is malformed.
    NotFoundError
        The case is not open to the person who acts, or has no such note for them.
    """
    with context.reading(_READ) as work:
        here, note = _found(work, context, reference, item)
        work.notes(note=note.reference)
        masker = masker_for(
            work=work, involvements=work.cases.together(note.case), reader=context.acting.user
        )
        notes, done = work.protected_notes, note.done if note in here.own else None
        return DespairRead(
            reference=note.reference,
            text=masker.masked(notes.text_of(note.recorded), by=note.recorded.by),
            done=masker.masked(notes.text_of(done), by=done.by) if done else None,
        )


def acknowledge_despair(context: Context, *, reference: str, item: str) -> DespairSeen:
    """Acknowledge the alarm of a note, or, where it was passed on to this person's agency, its receipt.

    Raises
    ------
    InvalidInputError
        A reference is malformed, it was acknowledged already, or another person who has the alarm must do so.
    NotFoundError
        The case is not open to the person who acts, or has no such note for them.
    """
    with context.writing(_WRITE) as work:
        here, note = _found(work, context, reference, item)
        acting = context.acting
        if note in here.received:
            step, to, was = NoteStep.RECEIVED, acting.agency or "", note.was_received_by(acting.agency or "")
        else:
            step, to, was = NoteStep.ACKNOWLEDGED, "", note.acknowledged is not None
        if was:
            raise InvalidInputError(f"protected detail {note.reference}", "it was acknowledged already")
        if note in here.own and not _may_acknowledge(work, context, here, note):
            raise InvalidInputError(
                f"protected detail {note.reference}",
                "you recorded it; another person who has the alarm must acknowledge it",
            )
        return _take(work, context, note, step, "", to=to)


def record_despair_done(context: Context, *, reference: str, item: str, done: str) -> DespairSeen:
    """Record what was done about an acknowledged note.

    Raises
    ------
    InvalidInputError
        A reference or the text is malformed, it is not acknowledged, or it was recorded already.
    NotFoundError
        The case is not open to the person who acts, or has no such note for them.
    """
    text = written_reason(done, part="action taken")
    with context.writing(_WRITE) as work:
        _, note = _found(work, context, reference, item, own=True)
        if note.acknowledged is None:
            raise InvalidInputError(f"protected detail {note.reference}", "acknowledge it first")
        if note.done is not None:
            raise InvalidInputError(f"protected detail {note.reference}", "what was done is recorded already")
        return _take(work, context, note, NoteStep.DONE, text)


def pass_on_despair(context: Context, *, reference: str, item: str, given: PassOn) -> DespairSeen:
    """Pass a note on to a service that treats, for the victim's own care, on one of three grounds.

    It opens to that agency's practitioners named on the case.

    Raises
    ------
    InvalidInputError
        A reference, the reason or the date is malformed; the agency does not treat, has no one on the case,
        or has the note already; or the ground does not apply.
    NotFoundError
        The case is not open to the person who acts, or has no such note for them.
    """
    reason = written_reason(given.why)
    with context.writing(_WRITE) as work:
        here, note = _found(work, context, reference, item, own=True)
        if given.to not in _services(context):
            treating = ", ".join(_services(context)) or "none"
            raise InvalidInputError("to", f"choose a service that treats; installed: {treating}")
        if any(step.to == given.to for step in note.passed_on):
            raise InvalidInputError("to", "it was passed on to this service already")
        if not practitioners_to_tell(work, here.case, given.to):
            raise InvalidInputError(
                "to", "no practitioner of this service is on the case; have one named first"
            )
        _require_ground(work, context, note, given)
        agreed = f"The victim agreed on {given.agreed_on:%-d %B %Y}. " if given.agreed_on else ""
        return _take(
            work, context, note, NoteStep.PASSED_ON, f"{agreed}{reason}", to=given.to, ground=given.ground
        )


def _require_ground(work: Work, context: Context, note: Note, given: PassOn) -> None:
    if given.ground is Ground.AGREED:
        if given.agreed_on is None:
            raise InvalidInputError("agreed on", "give the date when the victim agreed")
        require_past("agreed on", given.agreed_on, on=context.clock.today())
    elif given.agreed_on is not None:
        raise InvalidInputError("agreed on", "only give this where the victim agreed")
    if given.ground is Ground.REQUEST and not any(
        request.given.agency == given.to
        and request.decided is not None
        and request.decided.is_met
        and not (request.answered is not None and request.answered.refuses)
        for request in work.victim_rights.requests([note.case])
    ):
        raise InvalidInputError(
            "ground", "no victim information request to this service was made, or it was refused"
        )


def _found(
    work: Work, context: Context, reference: str, item: str, *, own: bool = False
) -> tuple[NotesHere, Note]:
    case = case_let_in(work, context, reference, May.ACT_ON_DESPAIR, for_life=True)
    here = notes_here(work, context, case)
    note = find_note(here, item)
    if own and note not in here.own:
        raise NotFoundError("protected detail", note.reference)
    return here, note


def _may_acknowledge(work: Work, context: Context, here: NotesHere, note: Note) -> bool:
    recorded_it = note.recorded.by == context.acting.user
    others = have_alarm(work, context, here, note.recorded) - {context.acting.user} if recorded_it else ()
    return acknowledges_alone(recorded_it=recorded_it, others_have_it=bool(others))


def _take(
    work: Work,
    context: Context,
    note: Note,
    step: NoteStep,
    text: str,
    *,
    to: str = "",
    ground: Ground | None = None,
) -> DespairSeen:
    work.protected_notes.add(
        step,
        text,
        about=note.recorded,
        by=context.acting.user,
        at=context.clock.now(),
        to=to,
        ground=ground,
    )
    work.notes(note=note.reference)
    here, after = _found(work, context, note.case, note.reference)
    return _seen(work, context, here, after)


def _seen(work: Work, context: Context, here: NotesHere, note: Note) -> DespairSeen:
    """Return a note as this person sees it: whom it was passed on to only where it is their own."""
    is_own, agency = note in here.own, context.acting.agency or ""
    passed_on = note.passed_on if is_own else tuple(step for step in note.passed_on if step.to == agency)
    taken, done = (note.acknowledged, note.done) if is_own else (None, None)
    return DespairSeen(
        reference=note.reference,
        by=note.recorded.by,
        at=note.recorded.at,
        acknowledged_by=taken.by if taken else None,
        acknowledged_at=taken.at if taken else None,
        done_by=done.by if done else None,
        done_at=done.at if done else None,
        passed_on=tuple(
            Passed(
                to=step.to,
                ground=step.ground or Ground.LIFE,
                by=step.by,
                at=step.at,
                is_received=note.was_received_by(step.to),
            )
            for step in passed_on
        ),
        may_acknowledge=(taken is None and _may_acknowledge(work, context, here, note))
        if is_own
        else not note.was_received_by(agency),
        may_say_done=is_own and taken is not None and done is None,
        may_pass_on=is_own,
    )


def _services(context: Context) -> tuple[str, ...]:
    return tuple(agency.code for agency in context.agencies_known if agency.treats and not agency.suspended)
