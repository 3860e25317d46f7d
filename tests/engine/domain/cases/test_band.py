"""The band on top of a case: its tone, the sentence of a piece, and who has an alarm."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.alarms import AlarmSinceView, Door
from engine.domain.cases.band import (
    BandPiece,
    PieceKind,
    Tone,
    a_piece,
    day_in_words,
    moment_in_words,
    status_of,
    tone_of,
)
from engine.domain.referrals.intake import AlarmTopic

TODAY = date(2026, 12, 1)
EVENING = datetime(2026, 12, 1, 21, 10, tzinfo=UTC)


def a_kind(kind: PieceKind) -> BandPiece:
    return a_piece(kind, status="It is so.")


def an_alarm(**changes: object) -> AlarmSinceView:
    given: dict[str, object] = {
        "reference": "AL-1",
        "door": Door.INCIDENT,
        "about": "I-1",
        "raised": (AlarmTopic.WEAPON,),
        "by": "ana",
        "at": EVENING,
        "due_at": EVENING.replace(hour=22, minute=0),
        "is_open": True,
        "is_past_due": False,
        "owner": "stac",
        **changes,
    }
    return AlarmSinceView.model_validate(given)


@pytest.mark.parametrize(
    ("kinds", "tone"),
    [
        ((PieceKind.REVIEW, PieceKind.ALARM), Tone.ALARM),
        ((PieceKind.SINCE, PieceKind.INCIDENT, PieceKind.POLICE_DECISION), Tone.NEW),
        ((PieceKind.NOTHING_NEW, PieceKind.REVIEW), Tone.NEW),
        ((PieceKind.NOTHING_NEW, PieceKind.NOT_DECIDED), Tone.QUIET),
        ((), Tone.QUIET),
    ],
)
def test_only_an_alarm_is_red_and_only_nothing_is_quiet(kinds: tuple[PieceKind, ...], tone: Tone) -> None:
    assert tone_of(a_kind(kind) for kind in kinds) is tone


def test_a_piece_is_one_sentence_of_its_parts() -> None:
    piece = a_piece(
        PieceKind.ALARM,
        tags=["Weapon", "Entry"],
        when="1 December",
        quote="A knife",
        status="Not acknowledged.",
        records=["AL-1"],
    )
    assert piece.says == "Weapon, Entry: 1 December, “A knife”. Not acknowledged."
    assert a_piece(PieceKind.INCIDENT, tags=["Gift"], when="2 incidents").says == "Gift: 2 incidents."
    assert a_kind(PieceKind.NOTHING_NEW).says == "It is so."


def test_an_open_alarm_says_until_when_and_a_late_one_since_when() -> None:
    assert status_of(an_alarm(), TODAY) == "Not acknowledged, due by 22:00."
    assert status_of(an_alarm(is_past_due=True), TODAY) == "Not acknowledged, overdue since 22:00."
    late = status_of(an_alarm(is_past_due=True, held_by="cora"), TODAY, str.upper)
    assert late == "CORA had it: nothing is recorded as done. Not acknowledged, overdue since 22:00."
    assert status_of(an_alarm(due_at=None), TODAY) == "Not acknowledged."


def test_an_acknowledged_alarm_says_who_has_it_or_what_was_done() -> None:
    held = an_alarm(is_open=False, held_by="cora", held_until=datetime(2026, 12, 2, 9, tzinfo=UTC))
    assert status_of(held, TODAY, str.upper) == "CORA has it until 2 December, 09:00."
    given = {"done": "Locks were changed", "done_by": "olu", "done_at": EVENING}
    done = status_of(held.model_copy(update=given), TODAY, str.upper)
    assert done == "Done by OLU, 21:10: Locks were changed."
    assert status_of(an_alarm(is_open=False), TODAY) == "Acknowledged."


def test_a_day_has_its_year_only_if_that_is_another_and_a_moment_its_day() -> None:
    assert day_in_words(date(2026, 11, 18), TODAY) == "18 November"
    assert day_in_words(date(2025, 11, 18), TODAY) == "18 November 2025"
    assert moment_in_words(EVENING, TODAY) == "21:10"
    assert moment_in_words(EVENING, date(2026, 12, 2)) == "1 December, 21:10"
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert moment_in_words(summer, date(2026, 7, 1)) == "00:30", "in London"
