"""A co-ordinator's morning: a spreadsheet with bad rows and an alarm."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from tests.cli.command import Stac

ROWS: tuple[dict[str, str | None], ...] = (
    {"source_reference": "B-1"},
    {"source_reference": "B-2", "perpetrator_date_of_birth": "31/02/1980"},
    {"source_reference": "B-3", "alarm_strangulation": "yes", "alarm_contact_today": ""},
    {"source_reference": "B-4", "reason": None},
)
"""As a borough's desk filled them in: one alarm, two rows that cannot be right."""
MENDED = {
    1: {"perpetrator_date_of_birth": "28/02/1980"},
    3: {"reason": "Invented: waits at the gate every evening."},
}


def a_spreadsheet(stac: Stac, place: Path, *rows: dict[str, str | None]) -> str:
    """Our own template with these rows; what a row does not say is as in the template's example."""
    assert stac("referral", "template", "xlsx", "--out", str(place), user=None).code == 0
    book = load_workbook(place)
    sheet = book["referrals"]
    example = {str(sheet.cell(1, n).value): sheet.cell(2, n).value for n in range(1, sheet.max_column + 1)}
    for number, row in enumerate(rows, start=2):
        for column, (name, there) in enumerate(example.items(), start=1):
            sheet.cell(number, column).value = row.get(name, there)
    incidents = book["incidents"]
    for column in range(1, incidents.max_column + 1):
        if incidents.cell(1, column).value == "source_reference":
            incidents.cell(2, column).value = rows[0]["source_reference"]
    book.save(place)
    return str(place)


def test_bad_rows_are_told_good_rows_are_kept_and_the_alarm_comes_first(stac: Stac, tmp_path: Path) -> None:
    findings = stac("referral", "import", a_spreadsheet(stac, tmp_path / "monday.xlsx", *ROWS))

    # What the coordinator reads: the alarm first, then each bad row by its number, column and reason.
    assert findings.code == 1
    lines = findings.out.splitlines()
    assert lines[0].startswith("ALARM: R-")
    assert "2 accepted, 0 corrected, 0 unchanged, 2 rejected" in lines[1]
    assert lines[2].startswith("  row 3, perpetrator_date_of_birth: ")
    assert lines[3].startswith("  row 5, reason: ")
    assert "Traceback" not in findings.err

    # What there is now: two referrals, the one with the alarm first, neither known to be safe.
    alarmed, other = stac.json("case", "list")["referrals"]
    assert alarmed["alarms"]["raised"] == ["strangulation"]
    assert alarmed["alarms"]["answers"]["contact today"] == "not asked"
    assert other["alarms"]["raised"] == []
    assert {alarmed["warning"], other["warning"]} == {"not screened: not known to be safe"}

    # The day: the alarm, then the screening, then the rows that are kept for the coordinator alone.
    kinds = [item["kind"] for item in stac.json("worklist")["items"]]
    assert kinds[0] == "alarm"
    assert kinds.count("screen") == 2
    assert kinds.count("rejected") == 2
    assert [row["column"] for row in stac.json("referral", "rejected", "list")["rejected"]] == [
        "perpetrator_date_of_birth",
        "reason",
    ]

    # The coordinator acknowledges it by name; nobody's day begins with it any more.
    assert stac("alarm", "acknowledge", alarmed["reference"]).code == 0
    assert all(not item["is_alarm"] for item in stac.json("worklist")["items"])


def test_the_file_mended_and_sent_again_adds_only_what_was_missing(stac: Stac, tmp_path: Path) -> None:
    stac("referral", "import", a_spreadsheet(stac, tmp_path / "monday.xlsx", *ROWS))
    mended = [{**row, **MENDED.get(place, {})} for place, row in enumerate(ROWS)]

    answer = stac.json("referral", "import", a_spreadsheet(stac, tmp_path / "tuesday.xlsx", *mended))

    assert (answer["accepted"], answer["unchanged"], answer["rejected"]) == (2, 2, [])
    assert len(stac.json("case", "list")["referrals"]) == 4
