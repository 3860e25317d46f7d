"""A row on its way to the database has the digest that it has when it is read from there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, MetaData, String, Table

from engine.store.rows_in_text import digests_given, digests_of, once_each
from engine.store.tables.base import Document, UtcInstant

KEY = b"k" * 32
AT = datetime(2026, 11, 25, 14, 0, 0, 250, tzinfo=UTC)
TABLE = Table(
    "every_kind",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("zoned", UtcInstant()),
    Column("plain", UtcInstant()),
    Column("born", Date),
    Column("sealed", LargeBinary),
    Column("is_open", Boolean),
    Column("count", Integer),
    Column("weight", Float),
    Column("what", String),
    Column("content", Document()),
)


def test_each_kind_of_value_has_the_same_digest_on_its_way_in_as_when_it_is_read() -> None:
    an_hour_ahead = timezone(timedelta(hours=1))
    content = {"z": [1, None, 0.00001], "a": {"text": 'é "quoted" \\ \x01'}}
    rows = [
        {"id": 1, "zoned": AT.astimezone(an_hour_ahead), "plain": AT, "born": date(1990, 2, 3),
         "sealed": b"\x00\xff", "is_open": 1, "count": True, "weight": 2, "what": 'é "quoted" \\',
         "content": content},
        {"id": 2, "zoned": AT, "plain": AT, "is_open": False, "count": 0, "what": "", "content": None},
        {"id": 3, "weight": 1e16, "what": "é"},
    ]  # fmt: skip
    read = [
        (1, AT, AT, date(1990, 2, 3), b"\x00\xff", True, 1, 2.0, 'é "quoted" \\', content),
        (2, AT, AT, None, None, False, 0, None, "", None),
        (3, None, None, None, None, None, None, 1e16, "é", None),
    ]

    given = dict(digests_given(TABLE, {(row["id"],): row for row in rows}, KEY))

    assert given == dict(digests_of(TABLE, read, KEY))
    assert len(set(given.values())) == len(rows)


def test_a_column_that_is_the_same_in_every_row_has_the_digest_that_each_row_has_alone() -> None:
    rows: dict[tuple[object, ...], dict[str, object]] = {
        (number,): {"id": number, "count": count, "is_open": number < 3, "weight": weight, "what": "same"}
        for number, count, weight in ((1, True, 0.0), (2, 1, -0.0), (3, 1, 0.0))
    }
    together = dict(digests_given(TABLE, rows, KEY))

    assert together == {key: dict(digests_given(TABLE, {key: row}, KEY))[key] for key, row in rows.items()}
    rows[3,]["what"] = "another"
    assert dict(digests_given(TABLE, rows, KEY))[3,] != together[3,]


def test_work_on_equal_values_is_done_once() -> None:
    worked: list[object] = []

    def work(value: object) -> str:
        worked.append(value)
        return str(value)

    assert once_each(work, [2, None, 2, 3]) == [
        "2", "None", "2", "3"
    ]  # fmt: skip
    assert sorted(map(str, worked)) == ["2", "3", "None"]
