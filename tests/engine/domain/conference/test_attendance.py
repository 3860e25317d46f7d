"""Who is in the room at a moment, and what a quorum misses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.conference.attendance import (
    AttendanceAct,
    AttendanceGiven,
    AttendanceRecord,
    present_at,
    quorum_of,
    stays,
)
from tests.builders import MONDAY

SEATS = {"force": "investigation", "trust": "treatment", "offenders": "supervision", "voice": "victim-voice"}
NEEDED = (("investigation",), ("supervision", "treatment"), ("victim-voice",))
MINUTE = timedelta(minutes=1)


def record(act: AttendanceAct, who: str, agency: str | None = None, *, after: int = 0, **more: Any) -> Any:
    at = MONDAY + after * MINUTE
    given = {"user": who, "name": None, "is_observer": False, **more}
    return AttendanceRecord(act=act, agency=agency, happened_at=at, by="chair", at=at, **given)


def arrived(who: str, agency: str, **more: Any) -> Any:
    return record(AttendanceAct.ARRIVED, who, agency, **more)


FULL = (arrived("p", "force"), arrived("t", "trust"), arrived("v", "voice"))


def missing(*records: Any, out: tuple[str, ...] = (), has_chair: bool = True, after: int = 5) -> Any:
    at = MONDAY + after * MINUTE
    return quorum_of(records, at=at, has_chair=has_chair, seats=SEATS, needed=NEEDED, out=out).missing


def test_a_person_is_in_the_room_from_arrival_to_departure() -> None:
    records = (arrived("p", "force", after=1), record(AttendanceAct.LEFT, "p", "force", after=9))
    at = [[stay.who for stay in present_at(records, MONDAY + n * MINUTE)] for n in (0, 1, 8, 9)]
    assert at == [[], ["p"], ["p"], []]


def test_who_comes_back_has_two_stays_and_a_second_arrival_is_one() -> None:
    records = (
        arrived("p", "force"),
        arrived("p", "force", after=1),
        record(AttendanceAct.LEFT, "p", "force", after=2),
        arrived("p", "force", after=3),
    )
    assert [(stay.arrived_at, stay.left_at) for stay in stays(records)] == [
        (MONDAY, MONDAY + 2 * MINUTE),
        (MONDAY + 3 * MINUTE, None),
    ]


def test_one_of_each_group_of_seats_is_enough() -> None:
    assert missing(*FULL) == ()
    assert missing(*FULL[:1], arrived("o", "offenders"), *FULL[2:]) == ()


@pytest.mark.parametrize(
    ("gone", "named"),
    [(0, "investigation"), (1, "supervision or treatment"), (2, "victim-voice")],
)
def test_a_group_without_anyone_is_named(gone: int, named: str) -> None:
    assert missing(*(each for n, each in enumerate(FULL) if n != gone)) == (named,)


def test_without_its_chair_it_is_not_quorate() -> None:
    assert missing(*FULL, has_chair=False) == ("chair",)


def test_a_written_contribution_counts_from_when_it_came() -> None:
    wrote = record(AttendanceAct.WRITTEN, "", "voice", user=None, after=5)
    assert missing(*FULL[:2], wrote, after=5) == ()
    assert missing(*FULL[:2], wrote, after=4) == ("victim-voice",)


def test_apologies_an_observer_and_a_person_out_of_the_item_do_not_count() -> None:
    sorry = record(AttendanceAct.APOLOGIES, "v", "voice")
    assert missing(*FULL[:2], sorry) == ("victim-voice",)
    assert missing(*FULL[:2], arrived("v", "voice", is_observer=True)) == ("victim-voice",)
    assert missing(*FULL, out=("v",)) == ("victim-voice",)


def test_a_second_person_of_an_agency_fills_its_seat_when_one_is_out() -> None:
    assert missing(*FULL, arrived("w", "voice"), out=("v",)) == ()


@pytest.mark.parametrize(
    "given",
    [
        {"act": "arrived"},
        {"act": "arrived", "name": "A. Visitor"},
        {"act": "written contribution", "user": "p"},
        {"act": "conditions signed", "user": "p"},
    ],
)
def test_what_names_nobody_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AttendanceGiven.model_validate(given)
