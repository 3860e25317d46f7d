"""Workbooks: cells as spreadsheets keep them, the sheet of incidents, and what hides in a zip."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook, load_workbook

from engine.domain.absence import YesNo
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import read_mapping
from engine.exchange.referral_files import ReferralRow, RowFault
from tests.engine.exchange.written import (
    SAMPLES,
    a_row,
    read,
    referrals,
    refusal,
    repacked,
    the_fault,
    with_shared_texts,
    write,
    write_xlsx,
)

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
DAMAGED = "file: the workbook is damaged; open it, save it again as .xlsx, and give that file"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ((date(2024, 3, 9), "DD/MM/YYYY"), "2024-03-09"),
        ((datetime(2024, 3, 9, 15, 30), "DD/MM/YYYY HH:MM"), "2024-03-09"),  # noqa: DTZ001 (a cell has no zone)
        ((date(2024, 3, 9), "yyyy-mm-dd;@"), "2024-03-09"),
        ((date(2024, 3, 9), "[$-809]d mmmm yyyy"), "2024-03-09"),
        ((date(2024, 3, 1), "MMM-YY"), "2024-03"),
        ((date(2024, 3, 1), "mmmm yyyy"), "2024-03"),
        ((date(2024, 1, 1), "YYYY"), "2024"),
        ((45360, "General"), "2024-03-09"),
        ((45360.75, "0.00"), "2024-03-09"),
        ((2024, "General"), "2024"),
        (("9 March 2024", "@"), "2024-03-09"),
        (("March 2024", "@"), "2024-03"),
    ],
    ids=str,
)
def test_a_date_cell_is_as_precise_as_it_is_shown(tmp_path, cell, expected):
    assert referrals(write_xlsx(tmp_path, [a_row() | {"referred_on": cell}]))[0].referred_on == expected


@pytest.mark.parametrize(
    ("cell", "begins"),
    [
        ((date(2024, 3, 9), "d-mmm"), "shows a date without its year"),
        ((time(15, 30), "HH:MM"), "has a time of day"),
        ((0.5, "[h]:mm"), "has a time of day"),
        ((-5, "DD/MM/YYYY"), "is formatted as a date but is not one"),
        ((9_999_999, "DD/MM/YYYY"), "is formatted as a date but is not one"),
        ((17, "General"), "a bare number, not a date"),
        ((True, "General"), "not a date"),
        ((date(2201, 1, 1), "DD/MM/YYYY"), "is formatted as a date but is not one"),
        ((date(2027, 1, 1), "DD/MM/YYYY"), "this date is in the future"),
    ],
    ids=str,
)
def test_a_date_cell_that_holds_none_is_refused(tmp_path, cell, begins):
    fault = the_fault(write_xlsx(tmp_path, [a_row() | {"referred_on": cell}]))
    assert (fault.row, fault.column) == (2, "referred_on")
    assert fault.reason.startswith(begins)


def test_a_workbook_that_counts_from_1904_is_read_so(tmp_path):
    path = write_xlsx(tmp_path, [a_row() | {"referred_on": (45360 - 1462, "General")}])
    with zipfile.ZipFile(path) as archive:
        book = re.sub(rb"<workbookPr(?=[ />])", b'<workbookPr date1904="1"', archive.read("xl/workbook.xml"))
    assert b"date1904" in book
    assert referrals(repacked(path, {"xl/workbook.xml": book}))[0].referred_on == "2024-03-09"


def test_numbers_and_truth_values_are_read_as_what_they_are(tmp_path):
    row = a_row() | {
        "source_reference": 1001,
        "perpetrator_phone": 7700900123.0,
        "alarm_weapon": True,
        "alarm_entry": False,
        "alarm_breach": 1,
        "victim_told": 0,
    }
    referral = referrals(write_xlsx(tmp_path, [row]))[0]

    assert referral.source_reference == "1001"
    assert referral.perpetrator_things[0].value == "7700900123"
    assert referral.alarms.raised == (AlarmTopic.WEAPON, AlarmTopic.BREACH)
    assert referral.victim_position.told is YesNo.NO


@pytest.mark.parametrize(
    ("column", "cell", "begins"),
    [
        ("source_reference", (date(2024, 3, 1), "MMM-YY"), "the spreadsheet has turned this into a date"),
        ("perpetrator_phone", 447700900123456789, "a number of more than 15 digits"),
        ("perpetrator_crn", 1.5, "a number with a fraction"),
        ("victim_forename", True, "has true or false where text is expected; type the text"),
        ("perpetrator_phone", "7.7E+09", "the spreadsheet has shortened this number"),
        ("reason", "#N/A", "has a spreadsheet error"),
    ],
)
def test_what_a_spreadsheet_did_to_a_cell_is_told(tmp_path, column, cell, begins):
    fault = the_fault(write_xlsx(tmp_path, [a_row(1), a_row(2) | {column: cell}]))
    assert (fault.row, fault.column) == (3, column)
    assert fault.reason.startswith(begins)


@pytest.mark.parametrize("formula", ["=A1", '=HYPERLINK("http://example.org")', "=1+1"])
@pytest.mark.parametrize("column", ["reason", "victim_forename", "alarm_weapon"])
def test_a_cell_with_a_formula_is_refused_whatever_column_it_is_in(tmp_path, column, formula):
    fault = the_fault(write_xlsx(tmp_path, [a_row(1) | {column: formula}, a_row(2)]))

    assert (fault.row, fault.column) == (2, column)
    assert fault.reason.startswith("has a formula; copy the cell and paste it as a value")
    assert formula not in fault.reason
    assert (fault.alarms == (AlarmTopic.WEAPON,)) is (column == "alarm_weapon")


def test_a_shared_formula_is_a_formula_in_each_of_its_cells(tmp_path):
    path = write_xlsx(tmp_path, [a_row(1), a_row(2)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET).decode()
    cell = '<c r="C3"><f t="shared" si="0"/><v>5</v></c>'
    begin = sheet.index('<c r="C3"')
    sheet = sheet[:begin] + cell + sheet[sheet.index("</c>", begin) + 4 :]
    fault = the_fault(repacked(path, {SHEET: sheet.encode()}))
    assert (fault.row, fault.column) == (3, "reason")


def test_characters_that_xml_has_not_are_seen_through_their_escape(tmp_path):
    path = write_xlsx(tmp_path, [a_row(1, reason="a_x0007_b"), a_row(2, reason="a_x005F_x0007_b")])
    rows = read(path)

    assert isinstance(rows[0], RowFault)
    assert rows[0].reason.startswith("has control characters")
    assert isinstance(rows[1], ReferralRow)
    assert rows[1].referral.reason == "a_x0007_b"


def test_incidents_of_the_second_sheet_join_their_referral_and_its_original(tmp_path):
    path = write_xlsx(
        tmp_path,
        [a_row(1, incident_1_kind="gift"), a_row(2)],
        Incidents=[
            {"source_reference": "REF-1", "date": (date(2024, 3, 9), "DD/MM/YYYY"), "kind": "threat"},
            {"source_reference": "REF-2", "date": None, "kind": "watching"},
            {"source_reference": "REF-1", "date": None, "kind": "other"},
        ],
    )
    first, second = read(path)

    assert isinstance(first, ReferralRow)
    assert [incident.kind.value for incident in first.referral.incidents] == ["gift", "threat", "other"]
    assert '"threat"' in first.original
    assert isinstance(second, ReferralRow)
    assert [incident.kind.value for incident in second.referral.incidents] == ["watching"]


def test_a_bad_incident_of_the_second_sheet_refuses_its_referral_and_says_where(tmp_path):
    path = write_xlsx(
        tmp_path,
        [a_row(1), a_row(2)],
        incidents=[
            {"source_reference": "REF-1", "date": "9/3/2024", "kind": "threat"},
            {"source_reference": "REF-2", "date": "31/02/2024", "kind": "gift"},
        ],
    )
    fault = the_fault(path)
    assert (fault.row, fault.column) == (3, "date")
    assert fault.reason.startswith("sheet 'incidents', row 3: this date does not exist")


def test_incidents_without_a_referral_are_one_fault_at_the_header(tmp_path):
    path = write_xlsx(
        tmp_path,
        [a_row(1), a_row(2)],
        incidents=[
            {"source_reference": "REF-1", "kind": "threat"},
            {"source_reference": "REF-9", "kind": "gift"},
            {"source_reference": None, "kind": "gift"},
        ],
    )
    fault = the_fault(path)
    assert (fault.row, fault.column, fault.alarms) == (1, "source_reference", ())
    assert fault.reason == (
        "sheet 'incidents': no referral of this file has the reference in row 3, 4; correct it"
    )


def test_incidents_are_never_given_to_the_wrong_one_of_two_referrals(tmp_path):
    path = write_xlsx(
        tmp_path,
        [a_row(1), a_row(1, source="another-referrer"), a_row(2)],
        incidents=[{"source_reference": "REF-1", "kind": "threat"}],
    )
    rows = read(path)
    assert [type(row) for row in rows] == [RowFault, RowFault, ReferralRow]
    assert isinstance(rows[0], RowFault)
    assert rows[0].reason.startswith("several rows have this reference")


@pytest.mark.parametrize("missing", ["source_reference", "kind"])
def test_the_sheet_of_incidents_needs_its_columns(tmp_path, missing):
    incident = {"source_reference": "REF-1", "kind": "threat"}
    del incident[missing]
    sentence = refusal(write_xlsx(tmp_path, [a_row(1)], incidents=[{**incident, "date": "2024"}]))
    assert sentence == f"sheet 'incidents', header: the column {missing} is missing"


def test_the_sheet_of_referrals_is_the_one_so_named_or_the_only_one_that_holds_anything(tmp_path):
    assert len(referrals(write_xlsx(tmp_path, [a_row()], Notes=[{"anything": "else"}]))) == 1

    workbook = load_workbook(write_xlsx(tmp_path, [a_row()]))
    workbook["referrals"].title = "Sheet1"
    workbook.create_sheet("Sheet2")
    workbook.save(tmp_path / "a.xlsx")
    assert len(referrals(tmp_path / "a.xlsx")) == 1

    workbook["Sheet2"]["A1"] = "more"
    workbook.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").startswith("file: several sheets have content")


def test_row_numbers_are_the_sheets_own(tmp_path):
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row, cells in ((3, list(a_row())), (5, list(a_row(1).values())), (9, ["example-referrer"])):
        for place, cell in enumerate(cells, start=1):
            sheet.cell(row, place).value = cell
    workbook.save(tmp_path / "a.xlsx")
    assert [row.row for row in read(tmp_path / "a.xlsx")] == [5, 9]


def test_something_below_or_beside_a_blank_header_is_refused(tmp_path):
    workbook = load_workbook(write_xlsx(tmp_path, [a_row(1), a_row(2)]))
    workbook["referrals"]["Z2"] = "stray"
    workbook.save(tmp_path / "a.xlsx")
    fault = the_fault(tmp_path / "a.xlsx")
    assert (fault.row, fault.column, fault.reason) == (2, "Z", "is below a blank header; name the column")


def test_headers_are_held_to_the_same_rules_as_in_csv(tmp_path):
    assert "is alarm_weapon meant?" in refusal(write_xlsx(tmp_path, [a_row(alarm_wepon="yes")]))
    row = a_row()
    del row["reason"]
    assert "the column reason is missing" in refusal(write_xlsx(tmp_path, [row]))

    workbook = load_workbook(write_xlsx(tmp_path, [a_row()]))
    workbook["referrals"]["A1"] = 17
    workbook.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "header, column A: not a text; write the column's name"


def test_an_empty_workbook_says_so(tmp_path):
    Workbook().save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").startswith("file: the workbook is empty")
    assert refusal(write_xlsx(tmp_path, [])).startswith("file: the sheet of referrals is empty")
    path = write_xlsx(tmp_path, [dict.fromkeys(a_row())])
    assert refusal(path) == "file: it has a header but no referrals; add one row for each referral"


def test_a_mapping_renames_the_columns_of_both_sheets(tmp_path):
    mapping = read_mapping('[columns]\nreason = "Why"\n[incidents]\nsource_reference = "Log"\nkind = "Type"')
    row = {"Why": "Invented.", **a_row(1)}
    del row["reason"]
    path = write_xlsx(tmp_path, [row], incidents=[{"Log": "REF-1", "Type": "gift"}])
    assert referrals(path, mapping=mapping)[0].incidents[0].kind.value == "gift"


def test_a_zip_that_is_no_workbook_is_one_sentence(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(path).startswith("file: this is a zip file, not an XLSX workbook")


@pytest.mark.parametrize("stored", [10, 100, 1_000, 4_000, -1, -30])
def test_a_workbook_that_was_cut_is_one_sentence(tmp_path, stored):
    whole = (SAMPLES / "six.xlsx").read_bytes()
    assert refusal(write(tmp_path / "a.xlsx", whole[:stored])) == DAMAGED


def test_a_workbook_with_any_byte_changed_is_read_or_refused_in_one_sentence(tmp_path):
    whole = (SAMPLES / "six.xlsx").read_bytes()
    refused = 0
    for place in range(0, len(whole), 61):
        path = write(tmp_path / "a.xlsx", whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            assert len(read(path)) >= 6
        except InvalidInputError:
            refused += 1
    assert refused > 20


@pytest.mark.parametrize(
    "sheet",
    [
        "not xml",
        "<worksheet><sheetData><row r='1'>",
        "<worksheet><sheetData><row r='x'><c><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row r='2'/><row r='1'/></sheetData></worksheet>",
        "<worksheet><sheetData><row r='99999999999'/></sheetData></worksheet>",
        "<worksheet><sheetData><row><c t='s'><v>77777</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c t='s'><v>-1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c t='zz'><v>7</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c><v>seven</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c r='ZZZZ1'><v>7</v></c></row></sheetData></worksheet>",
    ],
)
def test_a_sheet_that_makes_no_sense_is_one_sentence(tmp_path, sheet):
    path = write_xlsx(tmp_path, [a_row()])
    assert refusal(repacked(path, {SHEET: sheet.encode()})) == DAMAGED


@pytest.mark.parametrize(
    "declares",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", STRINGS])
def test_entities_are_refused_wherever_they_are_declared(tmp_path, declares, part):
    path = with_shared_texts(write_xlsx(tmp_path, [a_row()]))
    with zipfile.ZipFile(path) as archive:
        content = archive.read(part).decode()
    content = declares + content[content.find("?>") + 2 if content.startswith("<?") else 0 :]
    assert refusal(repacked(path, {part: content.encode()})) == (
        "file: the workbook declares entities, which no spreadsheet needs"
    )


def test_a_workbook_locked_by_a_password_inside_the_zip_is_one_sentence(tmp_path):
    whole = bytearray((SAMPLES / "six.xlsx").read_bytes())
    entry = whole.index(b"PK\x01\x02")
    whole[entry + 8] |= 1
    path = write(tmp_path / "a.xlsx", bytes(whole))
    assert refusal(path) == "file: the workbook is locked by a password; save it without one"


def test_a_packing_that_unpacks_without_bound_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with (
        zipfile.ZipFile(SAMPLES / "six.xlsx") as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert refusal(path) == DAMAGED


def test_what_a_workbook_would_unpack_to_is_weighed_before_it_is_unpacked(tmp_path):
    path = write_xlsx(tmp_path, [a_row()])
    sheet = repacked(path, {SHEET: b" " * 200_000})
    assert "unpacks to far more" in refusal(sheet, limits=FileLimits(xlsx_sheet_bytes=100_000))
    other = repacked(path, {"xl/theme/theme1.xml": b" " * 200_000})
    assert "unpacks to far more" in refusal(other, limits=FileLimits(xlsx_text_bytes=100_000))
    many = repacked(path, {f"part{n}": b"" for n in range(600)})
    assert "more parts than a list needs" in refusal(many)


def test_a_workbook_that_lies_about_what_it_unpacks_to_is_damaged(tmp_path):
    path = repacked(write_xlsx(tmp_path, [a_row()]), {SHEET: b" " * 5_000_000})
    whole = bytearray(path.read_bytes())
    entry = whole.rindex(b"PK\x01\x02", 0, whole.rindex(SHEET.encode()))
    whole[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    sentence = refusal(write(tmp_path / "a.xlsx", bytes(whole)), limits=FileLimits(xlsx_sheet_bytes=100_000))
    assert sentence == DAMAGED


def test_a_directory_of_very_many_parts_is_refused_before_it_is_read(tmp_path):
    whole = bytearray((SAMPLES / "six.xlsx").read_bytes())
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (50_000_000).to_bytes(4, "little")
    assert "far more parts" in refusal(write(tmp_path / "a.xlsx", bytes(whole)))


def test_a_row_of_very_many_cells_is_refused_and_the_others_are_kept(tmp_path):
    path = write_xlsx(tmp_path, [a_row(1), a_row(2), a_row(3)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET).decode()
    sheet = sheet.replace('<row r="3">', '<row r="3">' + "<c/>" * 15_000 + "<c><v>1</v></c>" * 6_000, 1)
    assert "<c/>" in sheet
    rows = read(repacked(path, {SHEET: sheet.encode()}), limits=FileLimits())
    assert [type(row) for row in rows] == [ReferralRow, RowFault, ReferralRow]


def test_texts_that_cells_share_are_read_as_if_they_stood_in_each(tmp_path):
    rows = [a_row(1, reason="Ünder & over <b> 'x'"), a_row(2)]
    plain = write_xlsx(tmp_path, rows, incidents=[{"source_reference": "REF-1", "kind": "gift"}])
    expected = referrals(plain)
    shared = with_shared_texts(plain)

    with zipfile.ZipFile(shared) as archive:
        assert b"inlineStr" not in archive.read(SHEET)
    assert referrals(shared) == expected


def test_a_text_in_several_styles_is_one_text_and_what_is_spoken_for_it_is_none(tmp_path):
    path = with_shared_texts(write_xlsx(tmp_path, [a_row(reason="STYLED")]))
    with zipfile.ZipFile(path) as archive:
        strings = archive.read(STRINGS)
    styled = b"<r><t>He </t></r><r><rPr><b/></rPr><t>waits</t></r><rPh sb='0' eb='1'><t>spoken</t></rPh>"
    strings = strings.replace(b"<t>STYLED</t>", styled)
    assert referrals(repacked(path, {STRINGS: strings}))[0].reason == "He waits"


@pytest.mark.parametrize("share", [False, True], ids=["in the cell", "shared"])
def test_ten_megabytes_in_a_workbooks_cell_are_refused_with_row_and_column(tmp_path, share):
    path = write_xlsx(tmp_path, [a_row(1), a_row(2, reason="FLOOD"), a_row(3)])
    part = STRINGS if share else SHEET
    path = with_shared_texts(path) if share else path
    with zipfile.ZipFile(path) as archive:
        flooded = archive.read(part).replace(b"FLOOD", b"word " * 2_000_000)
    fault = the_fault(repacked(path, {part: flooded}))
    assert (fault.row, fault.column) == (3, "reason")
    assert fault.reason == "longer than 20,000 characters; shorten it"
