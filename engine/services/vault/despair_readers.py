"""The readers of a note of the victim's own despair. Parts of use cases; reads no text.

The work is the same whether or not there is a note, so that its time shows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.access.policy import WHO_MAY, May, is_open, require, require_case
from engine.access.vault_policy import reads_despair, stands_in_for_life
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Involvement
from engine.domain.errors import NotFoundError
from engine.domain.ids import read_reference
from engine.domain.vault.despair import Note, NoteStep, Step, notes_of
from engine.services.access.checks import relation_to
from engine.services.context import Context
from engine.settings import CrisisLine
from engine.store.unit_of_work import Work


@dataclass(frozen=True)
class NotesHere:
    """A case that is open to a person, its advocates, and the notes that this person may know of."""

    case: Involvement
    is_named: bool
    advocates: frozenset[str]
    own: tuple[Note, ...]
    """Those that they read as the advocate, or in place of one."""
    received: tuple[Note, ...]
    """Those that were passed on to their agency."""


def case_let_in(work: Work, context: Context, reference: str, act: May, *, for_life: bool) -> Involvement:
    """Return the case if it is open to this person and they may do this, and leave its access log as it is.

    That log has more readers than a note: the entry names the note and not the case. ``for_life`` lets the
    duty responder in without being named.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    acting = context.acting
    reference = read_reference("involvement", reference)
    case = work.cases.find(reference)
    relation = relation_to(work, acting, reference, case)
    if case is None:
        raise NotFoundError("referral", reference)
    is_duty = for_life and acting.user == context.settings.duty_responder
    if stands_in_for_life(acting, relation, is_duty_responder=is_duty):
        require(act, acting)
    else:
        require_case(act, acting, relation, reference)
    return case


def notes_here(work: Work, context: Context, case: Involvement) -> NotesHere:
    """Return the notes on a case that is open to this person, that they may know of."""
    acting = context.acting
    advocates = advocates_on(work, case, context.agencies_known)
    is_named = acting.user in work.cases.people_on(case.reference)
    notes = tuple(notes_of(work.protected_notes.on(case.reference)))
    own = tuple(
        note
        for note in notes
        if reads_despair(
            is_advocate=acting.user in advocates,
            has_advocate=bool(advocates),
            recorded_it=note.recorded.by == acting.user,
            is_duty_responder=acting.user == context.settings.duty_responder,
        )
    )
    received = tuple(note for note in notes if note not in own and is_named and is_passed_on_to(acting, note))
    return NotesHere(case, is_named, advocates, own, received)


def is_passed_on_to(acting: Acting, note: Note) -> bool:
    """Return whether a note was passed on to this practitioner's agency."""
    return acting.role is Role.PRACTITIONER and any(step.to == acting.agency for step in note.passed_on)


def advocates_on(work: Work, case: Involvement, agencies: Sequence[AgencyKnown]) -> frozenset[str]:
    """Return the victim's advocates who can open this case."""
    voices = [agency.code for agency in agencies if agency.speaks_for_victim]
    return _practitioners_on(work, case, voices)


def practitioners_to_tell(work: Work, case: Involvement, agency: str) -> frozenset[str]:
    """Return the practitioners of an agency who can open this case."""
    return _practitioners_on(work, case, [agency])


def cases_with_advocate(work: Work, agencies: Sequence[AgencyKnown]) -> frozenset[str]:
    """Return every case that names an advocate of the victim who has no conflict of interest on it."""
    voices = [agency.code for agency in agencies if agency.speaks_for_victim]
    found = frozenset[str]()
    for user in work.users.practitioners_of(voices):
        found |= work.cases.open_to(user.name) - work.need_to_know.shut_out_of(user.name)
    return found


def have_alarm(work: Work, context: Context, here: NotesHere, recorded: Step) -> frozenset[str]:
    """Return the users who have the alarm of a note: the advocates, or without one the others who read it."""
    if here.advocates:
        return here.advocates
    duty, case = context.settings.duty_responder, here.case
    found = set[str]()
    for user in work.users.all():
        if not user.active or user.name not in (recorded.by, duty):
            continue
        acting = user.acting()
        relation = relation_to(work, acting, case.reference, case)
        if (user.name == recorded.by and is_open(acting, relation)) or stands_in_for_life(
            acting, relation, is_duty_responder=user.name == duty
        ):
            found.add(user.name)
    return frozenset(found)


def duty_responder_may_act(work: Work, duty_responder: str) -> bool:
    """Return whether the duty responder is active, in a role that may act in place of an advocate."""
    user = work.users.known(duty_responder)
    return user is not None and user.active and user.role in WHO_MAY[May.OPEN_FOR_LIFE]


def find_note(here: NotesHere, item: str) -> Note:
    """Return a note that this person may know of, whichever way.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    wanted = read_reference("protected detail", item)
    for note in (*here.own, *here.received):
        if note.reference == wanted:
            return note
    raise NotFoundError("protected detail", wanted)


def recorded_step(case: str, reference: str, by: str, owner: str, context: Context) -> Step:
    """Return the first step of a note that was just stored."""
    return Step(
        reference=reference,
        about=reference,
        case=case,
        step=NoteStep.RECORDED,
        by=by,
        owner=owner,
        at=context.clock.now(),
    )


def what_to_do(line: CrisisLine) -> str:
    """Return what to do now, in sentences for the person who learns of it."""
    return (
        "If the victim is in immediate danger, call 999 now. This record does not call anyone. "
        f"Crisis line: {line.says}."
    )


def _practitioners_on(work: Work, case: Involvement, agencies: Sequence[str]) -> frozenset[str]:
    named = frozenset(work.cases.people_on(case.reference))
    there = [user.name for user in work.users.practitioners_of(agencies) if user.name in named]
    return frozenset(
        user
        for user in there
        if case.is_screened and case.reference not in work.need_to_know.shut_out_of(user)
    )
