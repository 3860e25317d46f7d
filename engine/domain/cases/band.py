"""The band on top of a case: what is new since a person last considered it, and what is missing or late.

A list of pieces, so that a further kind of piece is one more entry. Knows no storage and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum

from engine.clock import LONDON
from engine.domain.alarms import ActDone, AlarmSinceView
from engine.domain.base import Frozen


class PieceKind(StrEnum):
    """The kind of a piece: a heading for what is new, what is missing or late, and what is quiet."""

    SINCE = "since"
    ALARM = "alarm"
    INCIDENT = "incident"
    POLICE_DECISION = "police decision missing"
    REVIEW = "review due"
    NOTHING_NEW = "nothing new"
    NOT_DECIDED = "not decided"


NEW = frozenset({PieceKind.ALARM, PieceKind.INCIDENT})
LATE = frozenset({PieceKind.POLICE_DECISION, PieceKind.REVIEW})


class Tone(StrEnum):
    """The colour of the band, by the gravest of its pieces."""

    ALARM = "alarm"
    NEW = "new"
    QUIET = "quiet"


class BandPiece(Frozen):
    """One piece. ``says`` is the whole of it in words, the parts before it are what a page draws apart.

    ``quote`` is a reported text, which may name people. ``counts`` is the number of alarms or incidents of a
    piece that counts them instead of saying each. ``to_review`` are incidents that still wait: a person
    steps the case up for them or notes why not.
    """

    kind: PieceKind
    tags: tuple[str, ...] = ()
    when: str = ""
    quote: str | None = None
    status: str = ""
    says: str
    records: tuple[str, ...] = ()
    to_review: tuple[str, ...] = ()
    counts: int | None = None


def a_piece(
    kind: PieceKind,
    *,
    tags: Iterable[str] = (),
    when: str = "",
    quote: str | None = None,
    status: str = "",
    records: Iterable[str] = (),
    to_review: Iterable[str] = (),
    counts: int | None = None,
) -> BandPiece:
    """Return a piece with its parts in one sentence."""
    named = tuple(tags)
    before = [f"{', '.join(named)}:" if when else f"{', '.join(named)}."] if named else []
    said = [said_of(when, quote)] if when else []
    return BandPiece(
        kind=kind,
        tags=named,
        when=when,
        quote=quote,
        status=status,
        says=" ".join([*before, *said, *([status] if status else [])]),
        records=tuple(records),
        to_review=tuple(to_review),
        counts=counts,
    )


def said_of(when: str, quote: str | None) -> str:
    """Return the date and the reported text as one sentence."""
    return f"{when}, “{quote}”." if quote else f"{when}."


def tone_of(pieces: Iterable[BandPiece]) -> Tone:
    """Return the tone: an alarm is the loudest; what is new or late without one comes before quiet."""
    kinds = {piece.kind for piece in pieces}
    if PieceKind.ALARM in kinds:
        return Tone.ALARM
    return Tone.NEW if kinds & (NEW | LATE) else Tone.QUIET


def status_of(alarm: AlarmSinceView, today: date, named: Callable[[str], str] = str) -> str:
    """Return who has an alarm, until when, and what was done; ``named`` gives the name of a user."""
    if alarm.is_owners_alone:
        ways = "Release, refuse and say why, or override for immediate danger"
        due = f", by {moment_in_words(alarm.due_at, today)}" if alarm.due_at else ""
        return f"Only your agency's people on the case have it. {ways}{due}."
    said = ""
    if alarm.disclosed_because and alarm.disclosed_by:
        said = f"{named(alarm.disclosed_by)} disclosed it for immediate danger: {alarm.disclosed_because} "
    return f"{said}{_status_of_panel(alarm, today, named)}"


def _status_of_panel(alarm: AlarmSinceView, today: date, named: Callable[[str], str]) -> str:
    if alarm.is_open:
        before = f"{named(alarm.held_by)} had it: nothing is recorded as done. " if alarm.held_by else ""
        return f"{before}{not_acknowledged(alarm.due_at, today, is_late=alarm.is_past_due)}"
    if alarm.done is not None and alarm.done_by and alarm.done_at:
        newest = ActDone(what=alarm.done, by=alarm.done_by, at=alarm.done_at)
        return " ".join(_done_in_words(each, today, named) for each in (*alarm.done_before, newest))
    if alarm.held_by and alarm.held_until:
        return f"{named(alarm.held_by)} has it until {moment_in_words(alarm.held_until, today)}."
    return "Acknowledged."


def _done_in_words(act: ActDone, today: date, named: Callable[[str], str]) -> str:
    what = act.what if act.what.endswith((".", "!", "?")) else f"{act.what}."
    return f"Done by {named(act.by)}, {moment_in_words(act.at, today)}: {what}"


def not_acknowledged(due: datetime | None, today: date, *, is_late: bool) -> str:
    """Return until when an alarm must be acknowledged, or since when it is late."""
    if due is None:
        return "Not acknowledged."
    overdue = "overdue since" if is_late else "due by"
    return f"Not acknowledged, {overdue} {moment_in_words(due, today)}."


def day_in_words(day: date, today: date) -> str:
    """Return ``18 November``, with its year if that is not the present one."""
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def moment_in_words(at: datetime, today: date) -> str:
    """Return ``22:10`` for today, else ``18 November, 22:10``, in London."""
    local = at.astimezone(LONDON)
    time = f"{local:%H:%M}"
    return time if local.date() == today else f"{day_in_words(local.date(), today)}, {time}"
