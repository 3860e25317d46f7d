"""The victim's words for a conference: entered or confirmed by the victim's advocate, or "as noted by"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.access.policy import May
from engine.access.redaction import Masker
from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.alarms import WORDS, Door
from engine.domain.base import Frozen
from engine.domain.conference.victim_words import (
    StoredVictimWords,
    VictimWordsGiven,
    VictimWordsView,
    WordsWithdrawn,
    may_read_words,
)
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.responses.voices import EVERYONE, WithWhom
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.access.restrictions import speaks_for_victim
from engine.services.alarms.raising import record_answers
from engine.services.conference.amending import require_attended
from engine.services.conference.quorum import item_in_session
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work


class VictimWordsRecorded(Frozen):
    """A record of the victim's words, by its number on the case."""

    reference: str
    number: int
    is_agreed: bool


def record_victim_words(
    context: Context,
    *,
    reference: str,
    given: VictimWordsGiven,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> VictimWordsRecorded:
    """Record what the victim said: as the victim's advocate, or as a note of a coordinator or the chair.

    ``topics`` are the alarm topics that were asked about it: one answered with yes is an alarm, of those who
    may read them.

    Raises
    ------
    InvalidInputError
        The reference is malformed, an agency is not installed, or a note names agencies to share it with.
    NotPermittedError
        Only coordinators, the chair and an advocate who attended may.
    """
    acting, now, agencies = context.acting, context.clock.now(), context.agencies_known
    with context.writing("record victim's words", once=(reference, given)) as work:
        case = open_case(work, acting, reference, May.RECORD_VICTIM_WORDS).reference
        taken = item_in_session(work, case)
        is_note = acting.role in COORDINATOR_AND_CHAIR
        if is_note and given.with_whom:
            raise InvalidInputError("with_whom", "leave it out; the victim's advocate records the agreement")
        if not is_note:
            _require_advocate(acting, agencies)
            _require_known(given.with_whom, agencies)
            if taken is not None:
                require_attended(work, acting, taken[0].reference, May.RECORD_VICTIM_WORDS)
        number = work.conference_victim_words.add(
            case,
            given,
            agency=None if is_note else acting.agency,
            item=(taken[0].reference, taken[1]) if taken is not None else None,
            by=acting.user,
            at=now,
        )
        answers, about = AlarmAnswers(answers=dict(topics or {})), f"{WORDS}{number}"
        record_answers(work, context, case=case, door=Door.VICTIM_WORDS, about=about, answers=answers)
        involvement, texts = work.cases.get(case), (given.text, given.said_by, given.said_to)
        check_typed(work, involvement, TypedWhere.DECISION, texts, acting=acting, clock=context.clock)
        work.notes(number=number, agreed=int(not is_note))
        return VictimWordsRecorded(reference=case, number=number, is_agreed=not is_note)


def confirm_victim_words(
    context: Context, *, reference: str, number: int, with_whom: WithWhom
) -> VictimWordsRecorded:
    """Confirm what was noted, and name the agencies that the victim agreed to share it with.

    Raises
    ------
    InvalidInputError
        The reference is malformed, an agency is not installed, or it was entered or confirmed already.
    NotFoundError
        The case does not exist or is not open to the person who acts, or nothing has this number.
    NotPermittedError
        The person who acts is not an advocate who attended the conference.
    """
    acting, agencies = context.acting, context.agencies_known
    with context.writing("confirm victim's words") as work:
        case = open_case(work, acting, reference, May.RECORD_VICTIM_WORDS).reference
        _require_advocate(acting, agencies)
        _require_known(with_whom, agencies)
        there = _numbered(work, case, number)
        if there.is_agreed:
            raise InvalidInputError("number", f"{number} is entered or confirmed already; record new words")
        if there.item is not None:
            require_attended(work, acting, there.item[0], May.RECORD_VICTIM_WORDS)
        work.conference_victim_words.confirm(case, number, with_whom, by=acting.user, at=context.clock.now())
        work.notes(number=number)
        return VictimWordsRecorded(reference=case, number=number, is_agreed=True)


def withdraw_victim_words(context: Context, *, reference: str, number: int) -> WordsWithdrawn:
    """Withdraw what the victim said, as the advocate who entered or confirmed it, or a colleague.

    From then on no one reads it on the case, and no copy of minutes that is rendered has it. Agreed minutes
    do not change; they name the withdrawal.

    Raises
    ------
    InvalidInputError
        The reference is malformed, it was only noted, or it was withdrawn already.
    NotFoundError
        The case does not exist or is not open to the person who acts, or nothing has this number.
    NotPermittedError
        The person who acts does not speak for the victim, or belongs to another agency than the advocate.
    """
    acting, at = context.acting, context.clock.now()
    agencies = context.agencies_known
    with context.writing("withdraw victim's words") as work:
        case = open_case(work, acting, reference, May.RECORD_VICTIM_WORDS).reference
        _require_advocate(acting, agencies)
        there = _numbered(work, case, number)
        if not there.is_agreed:
            raise InvalidInputError("number", f"{number} was only noted, by {there.by}; no advocate gave it")
        if there.is_withdrawn:
            raise InvalidInputError("number", f"{number} is withdrawn already")
        if acting.agency != _agency_of(work, there):
            raise NotPermittedError(May.RECORD_VICTIM_WORDS.value, who_may="the advocate who gave them")
        work.conference_victim_words.withdraw(case, number, by=acting.user, at=at)
        work.notes(number=number)
        return WordsWithdrawn(number=number, by=acting.user, on=at.astimezone(LONDON).date())


def _numbered(work: Work, case: str, number: int) -> StoredVictimWords:
    recorded = work.conference_victim_words.of([case])[case]
    there = next((each for each in recorded if each.number == number), None)
    if there is None:
        raise NotFoundError("victim's words", str(number))
    return there


def _agency_of(work: Work, words: StoredVictimWords) -> str | None:
    """Return the agency of the advocate who entered or confirmed them."""
    if words.agency is not None or words.confirmed_by is None:
        return words.agency
    return work.users.get(words.confirmed_by).agency


def words_withdrawn(
    recorded: Sequence[StoredVictimWords], acting: Acting, agencies: Sequence[AgencyKnown]
) -> tuple[WordsWithdrawn, ...]:
    """Return what was withdrawn of what this person could read; no text of it."""
    is_advocate = speaks_for_victim(acting, agencies)
    return _withdrawn(each for each in recorded if may_read_words(each, acting, is_advocate=is_advocate))


def withdrawn_since(
    work: Work, in_copy: Mapping[str, Sequence[VictimWordsView]]
) -> dict[str, tuple[WordsWithdrawn, ...]]:
    """Return by case what was withdrawn of what an agreed copy has."""
    recorded = work.conference_victim_words.of(list(in_copy)) if in_copy else {}
    return {
        case: _withdrawn(each for each in recorded[case] if each.number in {words.number for words in there})
        for case, there in in_copy.items()
    }


def _withdrawn(recorded: Iterable[StoredVictimWords]) -> tuple[WordsWithdrawn, ...]:
    return tuple(
        WordsWithdrawn(
            number=each.number, by=each.withdrawn_by, on=each.withdrawn_at.astimezone(LONDON).date()
        )
        for each in recorded
        if each.withdrawn_by is not None and each.withdrawn_at is not None
    )


def victim_words_seen(
    recorded: Sequence[StoredVictimWords], acting: Acting, agencies: Sequence[AgencyKnown], masker: Masker
) -> tuple[VictimWordsView, ...]:
    """Return what this person reads of it, masked. Nothing says to others that there is more."""
    is_advocate = speaks_for_victim(acting, agencies)
    return tuple(
        VictimWordsView(
            number=each.number,
            text=masker.masked(each.given.text, by=each.by),
            manner=each.given.manner,
            said_by=masker.masked(each.given.said_by, by=each.by),
            said_on=each.given.said_on,
            said_to=masker.masked(each.given.said_to, by=each.by),
            source=each.source,
            is_agreed=each.is_agreed,
        )
        for each in recorded
        if not each.is_withdrawn and may_read_words(each, acting, is_advocate=is_advocate)
    )


def _require_advocate(acting: Acting, agencies: Sequence[AgencyKnown]) -> None:
    if not speaks_for_victim(acting, agencies):
        raise NotPermittedError(
            May.RECORD_VICTIM_WORDS.value,
            who_may="coordinators, the chair or the victim's advocate on the case",
        )


def _require_known(with_whom: WithWhom, agencies: Sequence[AgencyKnown]) -> None:
    known = {EVERYONE, *(agency.code for agency in agencies)}
    unknown = sorted(set(with_whom) - known)
    if unknown:
        raise InvalidInputError(
            "with_whom", "an agency is not installed; 'stac agency list' lists the agencies"
        )


def words_of_item(work: Work, case: str, conference: str) -> tuple[StoredVictimWords, ...]:
    """Return what was recorded in the item of a case at a conference; part of its minutes."""
    recorded = work.conference_victim_words.of([case])[case]
    return tuple(each for each in recorded if each.item is not None and each.item[0] == conference)
