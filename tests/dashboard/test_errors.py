"""What is told of an error, and what never is."""

from __future__ import annotations

import logging
from datetime import date, time

import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from dashboard import markup
from dashboard.errors import first_fault, show_error
from engine.domain.errors import NeverReleasedError, RecordError, RecordFault
from engine.domain.orders.notices import NoticeEvent
from engine.domain.referrals.screening import Screening
from tests.builders import a_screening


def test_an_unexpected_error_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("Amira Kent, 14 Larkfield Passage")

    with pytest.raises(ValueError) as caught:
        fails()
    with caplog.at_level(logging.ERROR, logger="stac.dashboard"):
        assert show_error(caught.value)
    assert "ValueError" in caplog.text
    assert "test_an_unexpected_error" in caplog.text
    assert "Amira" not in caplog.text
    assert "Larkfield" not in caplog.text


def test_a_fault_of_a_form_never_repeats_what_was_typed() -> None:
    given = a_screening().model_dump()
    with pytest.raises(ValidationError) as caught:
        Screening.model_validate({**given, "reason": "Amira " * 200})
    said = first_fault(caught.value)
    assert said.startswith("reason: ")
    assert "Amira" not in said


class _Form(BaseModel):
    on: date = date(2026, 3, 2)
    at_time: time = time(9)
    since: AwareDatetime | None = None
    number: int = 1
    share: float = Field(default=0.5, le=1)
    is_so: bool = True
    act: NoticeEvent = NoticeEvent.ARREST
    why: str = Field(default="it is", min_length=1, max_length=5)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("on", None, "date: give a date, such as 9 March 2026"),
        ("on", "2026-13-01", "date: give a date, such as 9 March 2026"),
        ("at_time", "26:00", "time: give a time, such as 14:05"),
        ("since", "yesterday", "since: give a date and a time"),
        ("number", "many", "number: give a whole number"),
        ("share", 2, "share: it should be less than or equal to 1"),
        ("is_so", "perhaps", "is so: choose yes or no"),
        ("act", "none of them", "act: choose one"),
        ("why", None, "why: it should be a valid string"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_to_a_person(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _Form.model_validate({field: value})
    assert first_fault(caught.value) == said


def test_what_the_record_failed_by_is_said_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(markup, "draw", lambda part: drawn.append(str(part)))
    assert show_error(RecordError(RecordFault.FULL, "OperationalError SQLITE_FULL"))
    assert "The disk is full" in drawn[0]
    assert "could not be shown" not in drawn[0]


def test_a_record_of_0_1_0_is_refused_on_the_page_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(markup, "draw", lambda part: drawn.append(str(part)))
    assert show_error(NeverReleasedError("0026"))
    assert f"{NeverReleasedError('0026')} Reference: " in drawn[0]
