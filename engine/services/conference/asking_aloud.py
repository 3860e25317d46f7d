"""The chair asks the agencies in the room aloud for dissent, and records that none was voiced."""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May
from engine.domain.agencies.directory import VICTIM_VOICE
from engine.domain.base import Frozen
from engine.domain.conference.dissent import to_ask_aloud
from engine.domain.conference.risk import DissentEntry, positions_of
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.services.access.checks import open_case
from engine.services.conference.quorum import item_in_session
from engine.services.conference.room import people_of_item
from engine.services.context import Context


class AskedAloud(Frozen):
    """The agencies that were asked aloud about a decision and voiced no dissent, in the order of asking."""

    reference: str
    decision: str
    agencies: tuple[str, ...]


def record_asked_aloud(
    context: Context, *, reference: str, agencies: Sequence[str] | None = None
) -> AskedAloud:
    """Record that the chair asked aloud for dissent from the newest decision, and that none was voiced.

    It is recorded for each agency in the room whose position is not recorded. An agency that left before, or
    is out of the item for a conflict of interest, was not asked. An agency's own entry replaces it at any
    time. ``agencies`` are those that the chair was shown; None is all.

    Raises
    ------
    InvalidInputError
        The reference is malformed, no conference in session recorded a decision on the case, no agency is
        left to ask, or one of ``agencies`` left the room or has its position recorded since.
    NotPermittedError
        The person who acts does not preside over the conference.
    """
    voices = [agency.code for agency in context.agencies_known if agency.seat == VICTIM_VOICE]
    with context.writing("record that dissent was asked for aloud") as work:
        acting, at = context.acting, context.clock.now()
        case = open_case(work, acting, reference, May.DECIDE).reference
        in_session = item_in_session(work, case)
        recorded = work.decisions.of([case])[case]
        there = in_session[0] if in_session is not None else None
        newest = recorded[-1] if recorded else None
        if (
            there is None
            or newest is None
            or work.conference_attendance.conference_of(newest.reference) != there.reference
        ):
            raise InvalidInputError(
                f"referral {case}",
                "no conference in session has decided it; agencies enter their own positions",
            )
        if not there.is_presided_by(acting.user):
            raise NotPermittedError(May.RUN_CONFERENCE.value, who_may="its chair or its deputy")
        entries = work.decisions.dissent_entries([newest.reference]).get(newest.reference, ())
        left = to_ask_aloud(
            people_of_item(work, context, there, case).present,
            positions_of((), newest.decision.dissent, entries),
            first=voices,
        )
        changed = sorted(set(agencies or ()) - set(left))
        if changed:
            raise InvalidInputError(
                "agencies",
                f"{', '.join(changed)}: left the room, or its position is recorded; open the list again",
            )
        asked = tuple(code for code in left if agencies is None or code in agencies)
        if not asked:
            raise InvalidInputError(
                "agencies", "the position of each agency in the room is recorded; there is none to ask"
            )
        for code in asked:
            entry = DissentEntry(
                agency=code, reasons=None, by=acting.user, at=at, states_none=True, is_aloud=True
            )
            work.decisions.enter_dissent(newest.reference, entry)
        work.notes(decision=newest.reference, asked=len(asked))
        return AskedAloud(reference=case, decision=newest.reference, agencies=asked)
