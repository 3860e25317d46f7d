"""Remarks about a case in the room: entered under its agency, released by its person at the table.

Until the release it exists for that agency and for the person who entered it. A note of the minute taker
waits for no release, and is for everyone who can view the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.access.policy import May, require, require_agency
from engine.access.redaction import Masker
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.alarms import Door
from engine.domain.conference.attendance import present_at
from engine.domain.conference.meetings import Conference, ConferenceState
from engine.domain.conference.remarks import (
    LONGEST_REMARK,
    RemarkAct,
    RemarkGiven,
    RemarkView,
    StoredRemark,
)
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.responses.answers import Nature
from engine.domain.sharing import DESK, Grounds, LedgerAct, LedgerEntry, LedgerItem, Outcome
from engine.services.access.masking import masker_for
from engine.services.alarms.raising import record_answers
from engine.services.conference.changes import remark_outcome
from engine.services.conference.meetings import open_conference_record
from engine.services.conference.quorum import item_in_session
from engine.services.context import Context
from engine.store.unit_of_work import Work

_PURPOSE = "Said in the case conference."


def enter_remark(
    context: Context,
    *,
    conference: str,
    case: str,
    given: RemarkGiven,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> RemarkView:
    """Enter what was said under its agency, by a person in the room. It waits for that agency's release.

    A practitioner enters for their own agency. A coordinator or chair enters for any agency that was asked
    about the case. ``topics`` are the alarm topics that were asked about it: one answered with yes is an
    alarm, of that agency's people on the case until its release.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the conference has not taken the case or is not in session, or the agency
        was not asked about the case.
    NotFoundError
        The conference does not exist for this person, or the case is not an item that is open to them.
    NotPermittedError
        The person who acts is not in the room, observes, or is of another agency.
    """
    with context.writing("enter remark", once=(conference, case, given)) as work:
        there, item = _taken(work, context, conference, case, May.ENTER_REMARK)
        reference = read_reference("involvement", case)
        if context.acting.agency is not None:
            require_agency(context.acting, given.agency)
        _require_at_table(work, context, there, May.ENTER_REMARK)
        _require_asked(work, reference, {given.agency, *given.agencies} - {DESK})
        remark = work.remarks.add(
            there.reference, item, given.text, given, by=context.acting.user, at=context.clock.now()
        )
        record_answers(
            work,
            context,
            case=reference,
            door=Door.REMARK,
            about=remark,
            answers=AlarmAnswers(answers=dict(topics or {})),
            owner=given.agency,
        )
        work.notes(conference=there.reference, agency=given.agency)
        return _view_of(work, context, there, remark)


def add_note(
    context: Context,
    *,
    conference: str,
    case: str,
    text: str,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> RemarkView:
    """Add a note to the item of a case, by the minute taker. Everyone who can view the case reads it.

    ``topics`` are the alarm topics that were asked about it: one answered with yes is everyone's alarm.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the conference has not taken the case or is not in session, or the text is
        empty or too long.
    NotFoundError
        The conference does not exist for this person, or the case is not an item that is open to them.
    NotPermittedError
        The person who acts is not the minute taker of the conference.
    """
    wanted = text.strip()
    if not wanted or len(wanted) > LONGEST_REMARK:
        raise InvalidInputError("note", f"give a text of at most {LONGEST_REMARK:,} characters")
    with context.writing("add note to item", once=(conference, case, text)) as work:
        there, item = _taken(work, context, conference, case, May.PREPARE_MINUTES)
        if there.minute_taker != context.acting.user:
            raise NotPermittedError("add a note to an item", who_may="the minute taker of the conference")
        remark = work.remarks.add(
            there.reference, item, wanted, None, by=context.acting.user, at=context.clock.now()
        )
        answers = AlarmAnswers(answers=dict(topics or {}))
        of_case = read_reference("involvement", case)
        record_answers(work, context, case=of_case, door=Door.REMARK, about=remark, answers=answers)
        work.notes(conference=there.reference)
        return _view_of(work, context, there, remark)


def settle_remark(context: Context, *, remark: str, act: RemarkAct) -> RemarkView:
    """Release a remark of your agency to its audience, or discard it. Either is done once.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the conference is no longer in session, or it was settled before.
    NotPermittedError
        The person who acts does not represent its agency in the room.
    """
    require(May.RELEASE_REMARK, context.acting)
    with context.writing("settle remark") as work:
        stored = work.remarks.get(read_reference("remark", remark))
        there, visible = open_conference_record(work, context.acting, stored.conference, May.RELEASE_REMARK)
        given = stored.given
        is_seen = (
            stored.case in visible
            and remark_outcome(work, context.acting, context.clock, stored) is not Outcome.HIDE
        )
        if given is None or not is_seen:
            raise NotFoundError("remark", stored.reference)
        require_agency(context.acting, given.agency)
        _require_in_session(there)
        _require_at_table(work, context, there, May.RELEASE_REMARK)
        if stored.act is not None:
            raise InvalidInputError(f"remark {stored.reference}", f"it is '{stored.act.value}' already")
        work.remarks.step(stored.reference, act, by=context.acting.user, at=context.clock.now())
        if act is RemarkAct.RELEASED:
            work.sharing.enter([_as_shared(context, stored, given)])
        work.touches(stored.case)
        work.notes(conference=there.reference, agency=given.agency, act=act.value)
        return _view_of(work, context, there, stored.reference)


def view_remarks(context: Context, *, conference: str, case: str) -> tuple[RemarkView, ...]:
    """Return what was said about a case in a conference, within the access of this person, oldest first.

    Raises
    ------
    InvalidInputError
        A reference is malformed.
    NotFoundError
        The conference does not exist for this person, or the case is not an item that is open to them.
    """
    reference = read_reference("involvement", case)
    with context.reading("view remarks") as work:
        there, visible = open_conference_record(work, context.acting, conference, May.SEE_CONFERENCE)
        require_visible(reference, visible)
        work.touches(reference)
        work.notes(conference=there.reference)
        return remarks_seen(work, context, there, [reference])[reference]


def remarks_seen(
    work: Work, context: Context, there: Conference, cases: Iterable[str]
) -> dict[str, tuple[RemarkView, ...]]:
    """Return the same for several cases that are open to this person; part of a larger use case."""
    stored = work.remarks.of(there.reference, cases)
    return {case: tuple(_views(work, context, there, remarks)) for case, remarks in stored.items()}


def remarks_minuted(
    seen: Mapping[str, tuple[RemarkView, ...]],
) -> dict[str, tuple[RemarkView, ...]]:
    """Return what of this comes into minutes: notes, and what was released."""
    return {
        case: tuple(
            each.model_copy(update={"may_release": False})
            for each in remarks
            if each.agency is None or each.act is RemarkAct.RELEASED
        )
        for case, remarks in seen.items()
    }


def _views(
    work: Work, context: Context, there: Conference, remarks: Iterable[StoredRemark]
) -> Iterable[RemarkView]:
    maskers: dict[str, Masker] = {}
    is_at_table = there.state is ConferenceState.IN_SESSION and _is_at_table(work, context, there)
    for stored in remarks:
        outcome = remark_outcome(work, context.acting, context.clock, stored)
        if outcome is Outcome.HIDE:
            continue
        if stored.case not in maskers:
            together = work.cases.together(stored.case)
            maskers[stored.case] = masker_for(work=work, involvements=together, reader=context.acting.user)
        yield _view(stored, outcome, maskers[stored.case], context.acting, is_at_table=is_at_table)


def _view(
    stored: StoredRemark, outcome: Outcome, masker: Masker, acting: Acting, *, is_at_table: bool
) -> RemarkView:
    given = stored.given
    view = RemarkView(
        reference=stored.reference,
        case=stored.case,
        agency=given.agency if given else None,
        text=None,
        by=stored.by,
        at=stored.at,
        act=stored.act,
        act_by=stored.act_by,
    )
    if outcome is not Outcome.SHOW:
        return view
    shown: dict[str, object] = {"text": masker.masked(stored.text, by=stored.by)}
    if given is not None:
        shown |= {
            "source": masker.masked(given.source, by=stored.by),
            "nature": given.nature,
            "grade": given.grade,
            "audience": given.release_class.in_words,
            "may_release": is_at_table and stored.act is None and acting.speaks_for(given.agency),
        }
    return view.model_copy(update=shown)


def _view_of(work: Work, context: Context, there: Conference, remark: str) -> RemarkView:
    (view,) = _views(work, context, there, [work.remarks.get(remark)])
    return view


def _taken(work: Work, context: Context, conference: str, case: str, act: May) -> tuple[Conference, int]:
    """Return the conference, and its item for a case that it has taken."""
    reference = read_reference("involvement", case)
    there, visible = open_conference_record(work, context.acting, conference, act)
    require_visible(reference, visible)
    _require_in_session(there)
    taken = item_in_session(work, reference)
    if taken is None or taken[0].reference != there.reference:
        raise InvalidInputError(f"referral {reference}", "its item has not been on the screen yet")
    work.touches(reference)
    return taken


def require_visible(reference: str, visible: frozenset[str]) -> None:
    """Refuse a case that is not among these; part of a larger use case. Raises NotFoundError."""
    if reference not in visible:
        raise NotFoundError("item", reference, instead="choose an item that is not private")


def _require_in_session(there: Conference) -> None:
    if there.state is not ConferenceState.IN_SESSION:
        raise InvalidInputError(
            f"conference {there.reference}", f"it is '{there.state.value}'; this is recorded in session"
        )


def _require_at_table(work: Work, context: Context, there: Conference, act: May) -> None:
    if not _is_at_table(work, context, there):
        raise NotPermittedError(act.value, who_may="a person recorded as present who does not observe")


def _is_at_table(work: Work, context: Context, there: Conference) -> bool:
    here = present_at(work.conference_attendance.of(there.reference), context.clock.now())
    return any(stay.user == context.acting.user and not stay.is_observer for stay in here)


def _require_asked(work: Work, case: str, agencies: Iterable[str]) -> None:
    asked = {returns.request.agency for returns in work.answers.returns([case])[case]}
    for agency in sorted(set(agencies) - asked):
        raise InvalidInputError("agency", f"{agency} was not asked about this case; ask it first")


def _as_shared(context: Context, stored: StoredRemark, given: RemarkGiven) -> LedgerEntry:
    return LedgerEntry(
        involvement=stored.case,
        agency=given.agency,
        version=None,
        act=LedgerAct.SHARED,
        items=(
            LedgerItem(
                key=stored.reference, nature=given.nature, from_conference=given.nature is Nature.OPINION
            ),
        ),
        whom=given.release_class.in_words,
        grounds=Grounds(purpose=_PURPOSE),
        why=None,
        by=context.acting.user,
        at=context.clock.now(),
    )
