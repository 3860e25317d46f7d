"""Tables that are handed over: merged by key, tried as a whole first, and never half taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.agencies.files import FileRead
from engine.domain.dates import PartialDate
from engine.hooks.extract_files import Recorded, Several, Short, read_table
from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError
from engine.hooks.table_import import take_tables
from tests.builders import written


class Tenant(Recorded):
    """A person."""

    person_id: Short
    surname: Short
    pnc: Short | None
    also: Several


class Arrears(Recorded):
    """Something about a person."""

    arrears_id: Short
    person_id: Short
    since: PartialDate | None


TABLES: dict[str, type[Recorded]] = {"tenants.csv": Tenant, "arrears.csv": Arrears}
TENANTS = "person_id,surname,pnc,also,unknown\n1,Toyson,2001/1X,A;B,x\n2,Other,,,\n"
ARREARS = "arrears_id,person_id,since\n7,1,2026-03\n"


def whole(records: AgencyRecords) -> None:
    """The agency's own reader: arrears belong to somebody."""
    people = {row.person_id for row in read_table(records, "tenants.csv", Tenant)}
    if any(row.person_id not in people for row in read_table(records, "arrears.csv", Arrears)):
        raise RecordsUnreadableError("arrears.csv", RecordsFault.BAD_LINE, column="person_id")


@pytest.fixture
def records(tmp_path: Path) -> AgencyRecords:
    folder = tmp_path / "housing"
    folder.mkdir()
    return AgencyRecords(folder=folder, digest="1")


def hand_over(records: AgencyRecords, *contents: str | bytes) -> tuple[FileRead, ...]:
    files = []
    for number, content in enumerate(contents):
        file = records.folder.parent / f"handed-{number}.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        files.append(file)
    return take_tables(files, records, tables=TABLES, read=whole).files


def held(records: AgencyRecords) -> list[str]:
    return [f"{row.person_id} {row.surname}" for row in read_table(records, "tenants.csv", Tenant)]


def test_a_table_is_known_by_its_heading_and_each_row_is_counted(records: AgencyRecords) -> None:
    tenants, arrears = hand_over(records, TENANTS, ARREARS)

    (kind,) = tenants.kinds
    assert (kind.kind, kind.read, kind.kept, kind.identifiers_kept) == ("tenants", 2, 2, 1)
    assert arrears.kinds[0].kind == "arrears"
    assert held(records) == ["1 Toyson", "2 Other"]
    assert sorted(each.name for each in records.folder.iterdir()) == [
        ".importing",
        "arrears.csv",
        "tenants.csv",
    ]


def test_the_same_twice_changes_nothing_and_a_row_of_the_same_key_replaces(records: AgencyRecords) -> None:
    hand_over(records, TENANTS, ARREARS)
    before = written(records.folder / "tenants.csv")
    (again,) = hand_over(records, TENANTS)
    assert (again.kinds[0].kept, again.kinds[0].held_already) == (0, 2)
    assert written(records.folder / "tenants.csv") == before

    hand_over(records, "person_id,surname,pnc,also\n1,Newname,,\n")
    assert held(records) == ["1 Newname", "2 Other"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,1", "It has a different number of cells from the heading."),
        ("7,1,last spring", "It breaks its format at since."),
        (",1,2026", "It breaks its format at arrears_id."),
    ],
)
def test_a_bad_row_is_told_by_its_place_and_costs_no_other(
    records: AgencyRecords, row: str, reason: str
) -> None:
    hand_over(records, TENANTS, ARREARS)
    (read,) = hand_over(records, f"arrears_id,person_id,since\n{row}\n8,1,2026\n")

    (place,) = read.kinds[0].not_understood
    assert (place.where, place.reason, read.kinds[0].kept) == ("row 2", reason, 1)


def test_a_key_twice_in_a_file_and_a_last_line_without_its_end_are_told(records: AgencyRecords) -> None:
    hand_over(records, TENANTS, ARREARS)
    (read,) = hand_over(records, "arrears_id,person_id,since\n8,1,2026\n8,2,2026\n9,1,2026-1")

    assert [place.reason for place in read.kinds[0].not_understood] == [
        "Its arrears_id is twice in the file.",
        "It has no line end and may not be whole.",
    ]


def test_what_would_leave_the_records_unreadable_is_refused_whole(records: AgencyRecords) -> None:
    hand_over(records, TENANTS, ARREARS)
    tenants, arrears = hand_over(
        records, "person_id,surname,pnc,also\n3,C,,\n", ARREARS.replace(",1,", ",99,")
    )

    reason = (
        "With it the records would not be whole: arrears.csv has a line that breaks its format (column "
        "person_id). Nothing of it was stored."
    )
    assert (tenants.error, arrears.error) == (reason, reason)
    assert held(records) == ["1 Toyson", "2 Other"]


def test_the_first_tables_come_together(records: AgencyRecords) -> None:
    (alone,) = hand_over(records, TENANTS)

    assert alone.error is not None
    assert "arrears.csv is not there" in alone.error
    assert not (records.folder / "tenants.csv").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It is empty. Nothing of it was stored."),
        (
            b"a,b\n1,2\n",
            "Its heading does not match tenants.csv and arrears.csv. Nothing of it was stored.",
        ),
        (
            "person_id,surname\n1,T\xf6yson\n".encode("latin-1"),
            "It is not UTF-8 text. Nothing of it was stored.",
        ),
        (
            b'person_id,surname,pnc,also\n1,"Toy',
            "It is not a table of comma-separated values. Nothing was stored.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    records: AgencyRecords, content: bytes, reason: str
) -> None:
    (read,) = hand_over(records, content)

    assert read.error == reason
