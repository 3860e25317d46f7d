"""How dates, ages and texts are said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard import record, words
from engine.domain.accounts.acting import Role
from engine.domain.people.persons import ClaimStatus
from engine.domain.responses.answers import AnswerState
from engine.domain.shown import shown
from tests.builders import MONDAY, Desk


@pytest.fixture(autouse=True)
def no_clock_after() -> Iterator[None]:
    yield
    words.date_by(None)


@pytest.mark.parametrize(
    ("due", "said"),
    [(date(2026, 3, 2), "today"), (date(2026, 3, 3), "in 1 day"), (date(2026, 2, 28), "2 days overdue")],
)
def test_a_due_day_is_said_from_today(due: date, said: str) -> None:
    assert words.days_from(due, date(2026, 3, 2)) == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0.0, "0 minutes"), (0.5, "30 minutes"), (1.0, "1 hour"), (47.9, "47 hours"), (72, "3 days")],
)
def test_an_age_is_said_in_the_unit_that_fits(hours: float, said: str) -> None:
    assert words.age(hours) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 order"), (999, "999 orders"), (1360, "1,360 orders")])
def test_a_number_of_four_digits_and_more_has_a_separator(number: int, said: str) -> None:
    assert words.counted(number, "order") == said
    assert words.counted(number, "order", or_more=True) == f"{number:,} or more orders"


def test_an_instant_is_said_in_london() -> None:
    words.date_by(lambda: date(2026, 12, 31))
    assert words.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 Jul, 00:30"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 12, 31), "31 Dec 2025"),
        (date(2026, 1, 1), "1 Jan"),
        (date(2026, 12, 31), "31 Dec"),
        (date(2027, 1, 1), "1 Jan 2027"),
    ],
)
def test_a_day_of_another_year_has_its_year(day: date, said: str) -> None:
    words.date_by(lambda: date(2026, 6, 1))
    assert words.day(day) == said
    assert words.day(day, year=False) == said.removesuffix(f" {day.year}")
    assert words.day(day, year=True).endswith(f" {day.year}")


def test_days_are_said_by_the_clock_of_the_record_that_is_shown(desk: Desk) -> None:
    words.date_by(lambda: date(2025, 6, 1))
    record.use(desk.runtime)
    try:
        assert (words.day(date(2025, 3, 2)), words.day(MONDAY.date())) == ("2 Mar 2025", "2 Mar")
    finally:
        record.use(None)
    assert words.day(MONDAY.date()) == "2 Mar 2026"


def test_an_instant_of_another_year_has_its_year_which_is_that_of_london() -> None:
    words.date_by(lambda: date(2026, 6, 1))
    assert words.moment(datetime(2024, 12, 31, 23, 59, tzinfo=UTC)) == "31 Dec 2024, 23:59"
    assert words.day_of(datetime(2027, 3, 1, 9, 0, tzinfo=UTC)) == "1 Mar 2027"


def test_words_are_listed_as_they_are_read_aloud() -> None:
    assert [words.listed(["a"] * n) for n in (0, 1, 2, 3)] == ["", "a", "a and a", "a, a and a"]


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
def test_a_label_reads_as_it_was_given_whatever_marks_it_holds(text: str) -> None:
    given_text = " ".join(text.split())
    drawn = MarkdownIt().renderInline(words.plain(text))
    assert "<" not in drawn
    import html

    assert html.unescape(drawn) == shown(given_text)


def test_every_state_of_a_response_has_one_term_of_its_own() -> None:
    terms = [words.state_in_words(state) for state in AnswerState]
    assert len(set(terms)) == len(terms)
    assert words.state_in_words(AnswerState.NIL_RETURN) == "Nil return"


def test_a_label_is_of_a_stored_value_and_any_other_value_is_shown_as_stored() -> None:
    assert words.labelled(Role.COORDINATOR) == "Coordinator"
    assert words.label(Role.CHAIR) == "chair"
    assert words.gap("awaited: health") == "awaiting response: health"
    assert words.gap("alarm not asked: weapon") == "alarm not asked: weapon"


@pytest.mark.parametrize("status", ClaimStatus)
def test_a_perpetrator_is_never_named_without_their_status(status: ClaimStatus) -> None:
    assert words.perpetrator(status).split()[0] == status.value.split()[0]
