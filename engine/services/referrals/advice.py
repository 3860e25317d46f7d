"""Advice after its screening: list it, record that it was sent, its slip, and its closing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from engine.access.policy import May, require
from engine.access.redaction import masked_words
from engine.clock import LONDON
from engine.domain.base import Frozen, Instant
from engine.domain.cases.lifecycle import State
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.advice import (
    IN_HAND,
    Advice,
    AdviceClosed,
    AdviceSent,
    AdviceState,
    SentHow,
    SlipAnswered,
    SlipGiven,
    SlipQuestion,
)
from engine.domain.typed_days import require_past
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import maskers_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work

LONGEST_RECIPIENT = 120
OF_ONE_CASE = frozenset({AdviceState.SUPERSEDED, AdviceState.ENDED})
"""States that only the list of one case shows."""


class AdviceView(Frozen):
    """One advice as a coordinator or the chair reads it now."""

    reference: str
    version: int
    state: AdviceState
    text: str | None
    made_by: str
    made_at: Instant
    sent: tuple[AdviceSent, ...]
    contact_due: Instant | None
    slip_due: Instant | None
    slip: tuple[SlipAnswered, ...]
    """The current answer to each question that has one."""
    missing: tuple[SlipQuestion, ...]
    closed: AdviceClosed | None


def list_advice(
    context: Context, *, state: AdviceState | None = None, reference: str | None = None
) -> tuple[AdviceView, ...]:
    """Return the advice in hand on every case open to this person, most pressing first.

    With ``state`` those in it. With ``reference`` every advice of that case, oldest first, also what a later
    screening superseded.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the state is one that only the list of a case shows.
    """
    if reference is None and state in OF_ONE_CASE:
        raise InvalidInputError(
            "state", f"advice that is '{state.value}' is listed for one case: give its REF"
        )
    with context.reading("list advice") as work:
        require(May.ADVISE, context.acting)
        if reference is not None:
            case = open_case(work, context.acting, reference, May.ADVISE).reference
            found = list(work.advice.of([case]).get(case, ()))
            wanted: Collection[AdviceState] = (state,) if state else tuple(AdviceState)
        else:
            advised = open_cases(work, context.acting, work.cases.in_states([State.ADVICE_GIVEN]))
            found = list(work.advice.newest([each.reference for each in advised]).values())
            wanted = (state,) if state else IN_HAND
        at = context.clock.now()
        found = [each for each in found if each.state(at) in wanted]
        if reference is None:
            found.sort(key=lambda each: _pressing(each, at))
            work.touches(*(each.reference for each in found))
        return _views(work, found, reader=context.acting.user, at=at)


def record_sent(
    context: Context, *, reference: str, how: SentHow, to: str, on: date | None = None
) -> AdviceView:
    """Record that the newest advice of a case was sent: how, who has it, and the date (default: today).

    Sent again it has one more row; its clocks count from the first.

    Raises
    ------
    InvalidInputError
        The reference or the recipient is malformed, the case has no advice in hand, or the date is in the
        future or before the screening.
    """
    sent_to = _recipient(to)
    today = context.clock.today()
    day = on or today
    require_past("on", day, on=today)
    with context.writing("record that advice was sent", once=(reference, how, sent_to, day)) as work:
        advice = _in_hand(work, context, reference)
        made_on = advice.made_at.astimezone(LONDON).date()
        if day < made_on:
            raise InvalidInputError(
                "on", f"the advice was made on {made_on:%-d %B %Y}; give that date or a later one"
            )
        work.advice.add_sent(
            advice.reference,
            advice.version,
            how=how,
            to=sent_to,
            on=day,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.notes(version=advice.version, how=how.value)
        return _again(work, context, advice.reference)


def record_slip(context: Context, *, reference: str, slip: SlipGiven) -> AdviceView:
    """Record what came back on the slip: all answers or some. A later answer replaces an earlier one.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the case has no advice in hand, it was not sent, or a date is in the
        future.
    """
    for question, entry in slip.entries.items():
        require_past(f"{question.value}, date", entry.on, on=context.clock.today())
        if entry.why is not None:
            written_reason(entry.why, part=f"{question.value}, reason")
    with context.writing("record slip of advice", once=(reference, slip)) as work:
        advice = _in_hand(work, context, reference)
        advice.require_sent()
        for question, entry in slip.entries.items():
            work.advice.add_answer(
                advice.reference,
                advice.version,
                question,
                entry,
                by=context.acting.user,
                at=context.clock.now(),
            )
        work.notes(version=advice.version, answers=len(slip.entries))
        return _again(work, context, advice.reference)


def close_advice(context: Context, *, reference: str, reason: str | None = None) -> AdviceView:
    """Close the newest advice of a case: with its whole slip, or by the chair with a reason.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, the case has no advice in hand, or the slip is not whole and
        no reason is given.
    NotPermittedError
        The slip is not whole, and the person who acts is not the chair.
    """
    why = None if reason is None else written_reason(reason)
    with context.writing("close advice") as work:
        advice = _in_hand(work, context, reference)
        if advice.missing:
            if why is None:
                raise InvalidInputError(f"advice on {advice.reference}", _not_whole(advice))
            require(May.CLOSE_WITHOUT_SLIP, context.acting)
        work.advice.add_closed(
            advice.reference, advice.version, reason=why, by=context.acting.user, at=context.clock.now()
        )
        work.notes(version=advice.version, missing=len(advice.missing))
        return _again(work, context, advice.reference)


def _not_whole(advice: Advice) -> str:
    rest = "record the answers, or the chair closes it with a reason"
    if not advice.sent:
        return f"it is not sent yet and its slip has no answer; {rest}"
    missing = ", ".join(f"'{each.value}'" for each in advice.missing)
    return f"its slip is not whole: no answer to {missing}; {rest}"


def _in_hand(work: Work, context: Context, reference: str) -> Advice:
    case = open_case(work, context.acting, reference, May.ADVISE).reference
    advice = work.advice.newest([case]).get(case)
    if advice is None:
        raise InvalidInputError(
            f"referral {case}",
            "its newest screening gave no advice; screen it as 'advice' first",
        )
    advice.require_in_hand()
    return advice


def _again(work: Work, context: Context, case: str) -> AdviceView:
    there = work.advice.newest([case])
    (view,) = _views(work, list(there.values()), reader=context.acting.user, at=context.clock.now())
    return view


def _views(work: Work, found: Sequence[Advice], *, reader: str, at: datetime) -> tuple[AdviceView, ...]:
    cases = sorted({each.reference for each in found})
    maskers = maskers_for(work=work, references=cases, reader=reader)
    return tuple(_view(masked_words(each, maskers[each.reference]), at=at) for each in found)


def _view(advice: Advice, *, at: datetime) -> AdviceView:
    return AdviceView(
        reference=advice.reference,
        version=advice.version,
        state=advice.state(at),
        text=advice.text,
        made_by=advice.made_by,
        made_at=advice.made_at,
        sent=advice.sent,
        contact_due=advice.contact_due,
        slip_due=advice.slip_due,
        slip=tuple(advice.answers[each] for each in SlipQuestion if each in advice.answers),
        missing=advice.missing,
        closed=advice.closed,
    )


def _pressing(advice: Advice, at: datetime) -> tuple[int, datetime, str]:
    state = advice.state(at)
    place = IN_HAND.index(state) if state in IN_HAND else len(IN_HAND)
    return (place, advice.slip_due or advice.made_at, advice.reference)


def _recipient(to: str) -> str:
    sent_to = to.strip()
    if not 2 <= len(sent_to) <= LONGEST_RECIPIENT or not sent_to.isprintable():
        raise InvalidInputError("to", f"write the role in 2 to {LONGEST_RECIPIENT} characters, on one line")
    return sent_to
