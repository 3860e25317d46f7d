"""Hundreds of malformed rows: none brings the importer down, none vanishes, and no reason repeats a cell."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.errors import InvalidInputError
from engine.exchange.columns import COLUMNS
from engine.exchange.referral_files import ReferralRow, RowFault
from tests.engine.exchange.written import a_row, csv_text, read, write, write_json, write_xlsx

NAMES = [column.name for column in COLUMNS]
HEADER = [*NAMES, *(f"incident_{n}_{part}" for n in (1, 2) for part in ("date", "kind", "what"))]
OFTEN = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

DATES = [
    "31/02/1999",
    "30.02.2001",
    "2001-02-30",
    "00/00/0000",
    "1/1/99",
    "12/2099",
    "yesterday",
    "9999999999",
]
FORMULAS = ["=1+1", "@SUM(A1:A9)", "+cmd|' /C calc'!A0", "-2+3", '=HYPERLINK("http://x.example")']
CELLS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet='",;\t\r\n=@+-\\{}[]<>&\x00\x1b\u202eé€😀', max_size=30),
    st.sampled_from(DATES + FORMULAS),
    st.integers(501, 30_000).map(lambda length: "waits " * (length // 6 + 1)),
    st.integers().map(str),
    st.floats().map(str),
)
MALFORMED = st.dictionaries(st.sampled_from(HEADER), CELLS, min_size=1, max_size=5)


def whole(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The malformed cells in rows that are otherwise good."""
    return [{**dict.fromkeys(HEADER, ""), **a_row(number), **row} for number, row in enumerate(rows)]


def long_texts(cells: Sequence[object]) -> set[str]:
    """What a reason must not repeat: whatever is too long to be a word of its own."""
    return {str(cell).strip() for cell in cells if len(str(cell).strip()) >= 5} - set(a_row().values())


def is_each_answered_once(path: Path, rows: Sequence[Mapping[str, object]], *, first: int) -> None:
    """Each row gives one referral or one fault, in order, and no reason repeats what stands in its row."""
    answers = read(path)
    assert [answer.row for answer in answers] == list(range(first, first + len(rows)))
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(answer, RowFault):
            reasons = [answer.reason, *(other.reason for other in answer.also)]
            assert answer.reason
            for text in long_texts(list(row.values())):
                as_word = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")  # "detai" is in our own "details"
                assert not any(as_word.search(reason) for reason in reasons)
            json.loads(answer.original)


@pytest.mark.parametrize("files", [50, pytest.param(150, marks=pytest.mark.full)])  # only more of the same
def test_malformed_rows_of_csv_are_each_answered_once(tmp_path, files):
    count = 0

    @settings(OFTEN, max_examples=files)
    @given(st.lists(MALFORMED, min_size=10, max_size=10), st.sampled_from(",;\t"))
    def throw(rows, delimiter):
        nonlocal count
        count += len(rows)
        text = csv_text(whole(rows), delimiter=delimiter, header=HEADER)
        path = write(tmp_path / "a.csv", text.encode("utf-8", "surrogatepass"))
        is_each_answered_once(path, whole(rows), first=2)

    throw()
    assert count >= 10 * files


@pytest.mark.parametrize("files", [15, pytest.param(40, marks=pytest.mark.full)])  # only more of the same
def test_malformed_rows_of_json_are_each_answered_once(tmp_path, files):
    count = 0
    values = st.one_of(
        CELLS,
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.lists(CELLS, max_size=3),
        st.dictionaries(CELLS, CELLS, max_size=3),
    )
    incidents = st.lists(
        st.dictionaries(st.sampled_from(["date", "kind", "channel", "what", "where"]), values) | values,
        max_size=4,
    )
    malformed = st.dictionaries(st.sampled_from(NAMES) | CELLS, values, min_size=1, max_size=8)
    entries = st.tuples(malformed, st.fixed_dictionaries({}, optional={"incidents": incidents | values}))

    @settings(OFTEN, max_examples=files)
    @given(st.lists(entries, min_size=15, max_size=15))
    def throw(rows):
        nonlocal count
        count += len(rows)
        made = [{**a_row(number), **row, **more} for number, (row, more) in enumerate(rows)]
        is_each_answered_once(write_json(tmp_path, *made), made, first=1)

    throw()
    assert count >= 15 * files


def test_malformed_rows_of_a_workbook_are_each_answered_once(tmp_path):
    count = 0
    in_xml = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
    values = st.one_of(
        in_xml, st.sampled_from(DATES + FORMULAS), st.booleans(), st.integers(-(10**9), 10**9),
        st.floats(-1e9, 1e9),
        st.dates().map(lambda day: (day, "DD/MM/YYYY") if day.year > 1900 else str(day)),
    )  # fmt: skip
    malformed = st.dictionaries(st.sampled_from(HEADER), values, min_size=1, max_size=6)

    @settings(OFTEN, max_examples=20)
    @given(st.lists(malformed, min_size=10, max_size=10))
    def throw(rows):
        nonlocal count
        count += len(rows)
        made = [
            {**dict.fromkeys(HEADER), **a_row(number), **row, "source_reference": f"REF-{number}"}
            for number, row in enumerate(rows)
        ]
        path = write_xlsx(tmp_path, made)
        assert [answer.row for answer in read(path)] == list(range(2, 12))

    throw()
    assert count >= 200


def _with_a_byte_changed(content: bytes, random_: random.Random) -> bytes:
    place = random_.randrange(len(content))
    return content[:place] + bytes([random_.randrange(256)]) + content[place + 1 :]


def _with_a_piece_taken_out(content: bytes, random_: random.Random) -> bytes:
    place = random_.randrange(len(content))
    return content[:place] + content[place + random_.randrange(40) :]


def _with_a_piece_put_in(content: bytes, random_: random.Random) -> bytes:
    place = random_.randrange(len(content))
    piece = random_.choice(
        [b'"', b'""', b"\n", b"\r", b"\x00", b"\xff\xfe", b",,,", b"{", b"]", b"\\", b"'" * 30]
    )
    return content[:place] + piece + content[place:]


@pytest.mark.parametrize("change", [_with_a_byte_changed, _with_a_piece_taken_out, _with_a_piece_put_in])
@pytest.mark.parametrize("shape", ["csv", "json"])
def test_a_file_damaged_anywhere_is_read_or_refused_and_never_more(
    tmp_path, shape, change: Callable[[bytes, random.Random], bytes]
):
    rows = [a_row(number, alarm_weapon="yes", reason='He said "no", twice.') for number in range(8)]
    path = write_json(tmp_path, *rows) if shape == "json" else write(tmp_path / "a.csv", csv_text(rows))
    content, chance, count = path.read_bytes(), random.Random(7), 0
    for _ in range(150):
        try:
            answers = read(write(tmp_path / "damaged", change(content, chance)))
        except InvalidInputError:
            continue
        numbers = [answer.row for answer in answers]
        assert numbers == sorted(set(numbers))
        count += sum(1 for answer in answers if isinstance(answer, ReferralRow))
    assert count > 150, "most rows are still good"


@settings(OFTEN, max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_below_a_header_are_read_or_refused(tmp_path, content):
    header = csv_text([], header=a_row()).encode()
    try:
        answers = read(write(tmp_path / "a.csv", header + content))
    except InvalidInputError:
        return
    numbers = [answer.row for answer in answers]
    assert numbers == sorted(set(numbers))
    assert len(numbers) <= content.count(b"\n") + 1


@settings(OFTEN, max_examples=200)
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"[", b'{"referrals": [', b"PK\x03\x04", b"\xef\xbb\xbf"])
)
def test_any_bytes_at_all_are_read_or_refused_as_a_file(tmp_path, content, begins):
    try:
        read(write(tmp_path / "a", begins + content))
    except InvalidInputError:
        return
