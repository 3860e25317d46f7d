"""Files made to fill the memory are refused within bounds. Each is read in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.exchange.limits import MIB
from tests.engine.exchange.written import ROOT, a_row, csv_text, repacked, write_json, write_xlsx

MILLION = 1_000_000
# Reads a file to its end and tells what came of it and how much memory the process had at its most, in kB.
# VmHWM, not ru_maxrss: the latter remembers the process that started this one.
READS = """
import json, re, sys
from datetime import date
from pathlib import Path
from engine.domain.errors import InvalidInputError
from engine.exchange.referral_files import read_referrals, RowFault
import encodings.cp1252, zipfile, csv

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before, sentence, rows, faults = most(), None, 0, []
try:
    for row in read_referrals(Path(sys.argv[1]), today=date(2026, 11, 25)):
        rows += 1
        if isinstance(row, RowFault):
            faults.append([row.row, row.column, row.reason])
except InvalidInputError as refused:
    sentence = str(refused)
print(json.dumps({"sentence": sentence, "rows": rows, "faults": faults[:5], "kb": most() - before}))
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is measured by Linux's /proc"
)


def read_apart(path: Path) -> dict:
    """What came of reading the file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", READS, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


def test_a_csv_of_a_million_rows_is_refused_in_little_memory(tmp_path):
    header, row = csv_text([a_row()]).splitlines(keepends=True)
    path = tmp_path / "million.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header)
        for _ in range(100):
            file.write(row * (MILLION // 100))
    outcome = read_apart(path)
    assert outcome["sentence"] == "file: more than 50,000 rows; divide it into several files"
    assert outcome["kb"] < 20_000


def test_a_csv_larger_than_any_list_of_referrals_is_refused_unread(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2_000 * MIB)
    outcome = read_apart(path)
    assert outcome["sentence"] == "file: larger than 128 MiB; divide it into several files"
    assert outcome["kb"] < 5_000


def test_a_million_blank_rows_are_rows(tmp_path):
    path = tmp_path / "blank.csv"
    path.write_text(csv_text([a_row()]) + "\n" * MILLION, encoding="utf-8")
    assert "more than 50,000 rows" in read_apart(path)["sentence"]


def test_a_json_of_a_million_referrals_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "million.json"
    with path.open("w", encoding="utf-8") as file:
        file.write('{"referrals": [')
        for _ in range(100):
            file.write('{"reason": "Invented."},' * (MILLION // 100))
        file.write("{}]}")
    outcome = read_apart(path)
    assert outcome["sentence"] == "file: more than 50,000 referrals; divide it into several files"
    assert outcome["kb"] < 10_000


def test_a_workbook_of_a_million_rows_is_refused_in_little_memory(tmp_path):
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in a_row())
    small = "<row><c><v>1</v></c></row>" * (MILLION // 100)
    path = write_xlsx(tmp_path, [a_row()])
    sheet = f"<worksheet><sheetData><row>{cells}</row>{small * 100}</sheetData></worksheet>"
    outcome = read_apart(repacked(path, {"xl/worksheets/sheet1.xml": sheet.encode()}))
    assert outcome["sentence"] == "file: more than 50,000 rows; divide it into several files"
    assert outcome["kb"] < 20_000


@pytest.mark.parametrize(
    "part",
    [  # sheets have one limit, all other parts another: a part of each is in every run
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        pytest.param("docProps/app.xml", marks=pytest.mark.full),
    ],
)
def test_a_zip_bomb_is_refused_before_it_goes_off(tmp_path, part):
    path = tmp_path / "bomb.xlsx"
    plain = write_xlsx(tmp_path, [a_row()])
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w", force_zip64=True) as out:
            for _ in range(400):
                out.write(b" " * MIB)
    assert path.stat().st_size < 4 * MIB
    outcome = read_apart(path)
    assert outcome["sentence"].startswith("file: the workbook unpacks to far more")
    assert outcome["kb"] < 20_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "flood",
    [  # all meet one limit of one reader: a flood of tags and one of text are in every run
        pytest.param(
            lambda: b"<worksheet><sheetData>" + b"<row><c>" + b"<x/>" * 40_000_000,
            id="tags in a row",
            marks=pytest.mark.full,
        ),
        pytest.param(lambda: b"<worksheet>" + b"<x>" * 40_000_000, id="tags in tags"),
        pytest.param(
            lambda: b"<worksheet a='" + b"x" * 180_000_000, id="one attribute", marks=pytest.mark.full
        ),
        pytest.param(
            lambda: b"<worksheet><!--" + b"x" * 180_000_000, id="one comment", marks=pytest.mark.full
        ),
        pytest.param(
            lambda: b"<worksheet><sheetData><row><c t='inlineStr'><is><t>" + b"x" * 180_000_000, id="one text"
        ),
        pytest.param(
            lambda: b"<worksheet><sheetData>" + b"<row/>" * 30_000_000,
            id="rows with nothing in them",
            marks=pytest.mark.full,
        ),
    ],
)
def test_a_sheet_within_its_size_but_made_to_fill_the_memory_is_refused(tmp_path, flood):
    path = repacked(write_xlsx(tmp_path, [a_row()]), {"xl/worksheets/sheet1.xml": flood()})
    outcome = read_apart(path)
    assert outcome["sentence"].startswith("file: ")
    assert outcome["rows"] == 0
    assert outcome["kb"] < 100_000


def test_ten_megabytes_in_a_cell_cost_little_more_than_themselves(tmp_path):
    flood = "word " * 2_000_000
    path = tmp_path / "flood.csv"
    path.write_text(csv_text([a_row(1), a_row(2, reason=flood), a_row(3)]), encoding="utf-8", newline="")
    for given in (path, write_json(tmp_path, a_row(1), a_row(2, reason=flood), a_row(3))):
        outcome = read_apart(given)
        assert outcome["rows"] == 3
        assert [reason for _, _, reason in outcome["faults"]] == ["longer than 20,000 characters; shorten it"]
        assert [column for _, column, _ in outcome["faults"]] == ["reason"]
        assert outcome["kb"] < 120_000


@pytest.mark.full  # ten megabytes in a cell are read by the same code in each run
def test_a_hundred_megabytes_on_one_line_are_refused_in_bounded_memory(tmp_path):
    path = tmp_path / "line.csv"
    path.write_text(
        csv_text([a_row(1), a_row(2, reason="word " * 20_000_000), a_row(3)]), encoding="utf-8", newline=""
    )
    outcome = read_apart(path)
    assert (outcome["rows"], outcome["faults"][0][:2]) == (3, [3, "reason"])
    assert outcome["kb"] < 200_000


@pytest.mark.slow
def test_rows_are_handed_on_one_by_one_and_not_gathered(tmp_path):
    """Ten thousand rows take hardly more memory than two thousand."""
    used = []
    for number in (2_000, 10_000):
        path = tmp_path / f"{number}.csv"
        path.write_text(
            csv_text([a_row(n, alarm_weapon="no") for n in range(number)]), encoding="utf-8", newline=""
        )
        outcome = read_apart(path)
        assert (outcome["rows"], outcome["faults"]) == (number, [])
        used.append(outcome["kb"])
    assert used[1] - used[0] < 6_250, used
