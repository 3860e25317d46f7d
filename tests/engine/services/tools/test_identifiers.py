"""Lines of identifiers are each answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from engine.services.tools.identifiers import LINE_BYTES, LineChecked, checked_lines

TODAY = date(2026, 11, 25)
GOOD = b'{"type": "pnc", "value": "81/34U"}\n'


def answers(*lines: bytes) -> list[LineChecked]:
    return list(checked_lines(lines, today=TODAY))


def test_each_line_is_answered_in_order_with_its_number() -> None:
    line_checkeds = answers(GOOD, b'{"value": "9434765918", "type": "NHS"}')

    assert [(each.line, each.checked and each.checked.valid) for each in line_checkeds] == [
        (1, True),
        (2, False),
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b'{"type": "pnc", "value": "81', "The line is not JSON."),
        (b"[1]", 'The line is not an object with "type" and "value".'),
        (b'{"type": "pnc"}', 'The line has no "value".'),
        (b'{"value": "81/34U"}', 'The line has no "type".'),
        (b'{"type": "pnc", "value": ["81/34U"]}', 'The "value" of the line is not text.'),
        (b'{"type": "pnc", "value": true}', 'The "value" of the line is not text.'),
        (b'{"type": 7, "value": "81/34U"}', 'The "type" of the line is not text.'),
        (b'{"type": "passport", "value": "81/34U"}', "The type is not known"),
        (b'{"type": "pnc", "value": "81/34\xff"}', "The line is not UTF-8 text."),
        (b'{"type": "pnc", "value": "\\ud800"}', "The line is not JSON."),
        (b"[" * 30_000, "The line is not JSON."),
        (b" " + b"x" * LINE_BYTES, "The line is longer than 64 KiB."),
        (b" " * LINE_BYTES + b"{", "The line is longer than 64 KiB."),
        (b" " * (LINE_BYTES + 1), "The line is longer than 64 KiB."),
        ("{}".encode("utf-16"), "The line is not UTF-8 text."),
    ],
)
def test_a_broken_line_has_its_own_error_and_the_rest_go_on(line: bytes, error: str) -> None:
    broken, after = answers(line, GOOD)

    assert broken.checked is None
    assert (broken.error or "").startswith(error)
    assert "81/34" not in (broken.error or "")
    assert after.checked is not None
    assert after.checked.canonical == "1981/0000034U"


def test_what_else_stands_in_a_line_is_not_looked_at_and_a_number_is_its_digits() -> None:
    (line_checked,) = answers(b'\xef\xbb\xbf{"type": "uprn", "value": 100023336956, "note": "x"}')

    assert line_checked.checked is not None
    assert line_checked.checked.canonical == "100023336956"


def test_nothing_given_does_not_hold_and_is_no_broken_line() -> None:
    for value in (b"null", b'""'):
        (line_checked,) = answers(b'{"type": "cro", "value": %s}' % value)
        assert line_checked.checked is not None
        assert line_checked.checked.reason == "No value is given."


def test_a_blank_line_is_counted_and_not_answered() -> None:
    assert [each.line for each in answers(GOOD, b"\n", b"  \r\n", GOOD)] == [1, 4]


def test_lines_are_answered_as_they_come() -> None:
    taken = []

    def lines() -> Iterator[bytes]:
        for number in range(3):
            taken.append(number)
            yield GOOD

    next(checked_lines(lines(), today=TODAY))

    assert taken == [0]
