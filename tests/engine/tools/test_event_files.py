"""Files of events: each case in the order of the file, and each row that was left out."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.tools.event_files import trends_of
from tests.engine.links.given import rows


def test_a_file_gives_its_cases_in_its_order_and_tells_each_row_left_out() -> None:
    trends, left = trends_of(
        rows(
            "case,date,severity\nB,2025-01-01,1\nA,2025-01-01,2\nB,2025-02,1\n,2025-01-01,1\nC,soon,\nA,2025-02-01,high"
            "\nD,2025-03-01,1"
        )
    )
    assert [(each.case, each.events) for each in trends] == [("B", 1), ("A", 2), ("C", 0), ("D", 1)]
    assert left == [
        "row 4: the date is not a full date; the event was not counted",
        "row 5, column case: the case is missing",
        "row 6: not a date; write 09/03/2024, 2024-03-09, March 2024 or 2024; the event was not counted",
        "row 7: the severity is not a number; it counts as not recorded",
    ]
    assert "1 more event has no full date" in trends[0].says


def test_columns_may_have_other_names_by_a_mapping() -> None:
    trends, left = trends_of(
        rows("dyad,day,since\nB,2025-01-02,2025-01-01"), {"case": "dyad", "observed_from": "since"}
    )
    assert not left
    assert trends[0].case == "B"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no header row"),
        ("case,date", "no event below it"),
        ("case,severity\nA,1", "the column 'date' is missing"),
    ],
)
def test_a_file_of_events_that_is_none_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        trends_of(rows(text))


def test_rows_that_tell_of_a_lost_advocate_or_an_order_are_no_events_and_are_said() -> None:
    trends, left = trends_of(
        rows(
            "case,date,kind\nA,2025-01-01,call\nA,2025-01-11,call\nA,2025-01-21,visit\nA,2025-01-31,call\n"
            "A,2025-02-10,Advocate lost\nA,2025-01-15,order made\nB,2025-06-01,call"
        )
    )
    assert not left
    assert [each.events for each in trends] == [4, 1]
    assert (
        "after an advocate was lost on 10 February 2025, 0 came in 41 days, where 4 came in as many days "
        "before: a gap in reporting, which does not show that the conduct stopped" in trends[0].says
    )
    assert "2 of 4 events came after the order of 15 January 2025" in trends[0].says
    assert "gap" not in trends[1].says
