"""Delimited files: encodings, delimiters, headers, and rows that are not whole."""

from __future__ import annotations

import codecs

import pytest

from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.limits import FileLimits
from engine.exchange.referral_files import ReferralRow, RowFault, read_referrals
from tests.engine.exchange.written import (
    TODAY,
    a_row,
    csv_text,
    read,
    referrals,
    refusal,
    the_fault,
    write,
    write_csv,
)

UNCLOSED = "a quotation mark is not closed"


def numbers(rows):
    """Which rows are referrals, and which are faults."""
    return (
        [row.row for row in rows if isinstance(row, ReferralRow)],
        [row.row for row in rows if isinstance(row, RowFault)],
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_are_told_apart_by_the_header(tmp_path, delimiter):
    text = "one, two; three\tfour"
    assert referrals(write_csv(tmp_path, a_row(reason=text), delimiter=delimiter))[0].reason == text


def test_a_first_line_that_names_the_delimiter_is_understood(tmp_path):
    text = csv_text([a_row(), a_row(2, victim_told="perhaps")], delimiter=";")
    rows = read(write(tmp_path / "sep.csv", "sep=;\r\n" + text))

    assert numbers(rows) == ([3], [4]), "the rows count from the file's first line"
    assert "names a delimiter" in refusal(write(tmp_path / "sep.csv", "sep=|\n" + text))


def test_a_text_that_was_read_in_one_column_is_read_anew_in_another(tmp_path):
    rows = read(
        write_csv(
            tmp_path,
            a_row(1, victim_told="no", alarm_weapon="no", victim_view="objects"),
            a_row(2, victim_told="no", alarm_weapon="objects", victim_view="no"),
        )
    )

    assert numbers(rows) == ([2], [3])
    fault = rows[1]
    assert isinstance(fault, RowFault)
    assert [fault.column, *(each.column for each in fault.also)] == ["alarm_weapon", "victim_view"]


@pytest.mark.parametrize(
    ("encoding", "answer"),
    [("utf-8", 0), ("utf-8-sig", 0), ("cp1252", 1)],
    ids=["UTF-8", "with BOM", "Windows"],
)
def test_utf_8_and_windows_1252_are_read_and_the_latter_is_told(tmp_path, encoding, answer):
    path = write(tmp_path / "a.csv", csv_text([a_row(victim_forename="Zoë")]).encode(encoding))
    notes: list[str] = []
    row = next(read_referrals(path, today=TODAY, note=notes.append))

    assert isinstance(row, ReferralRow)
    assert row.referral.victim.forename == "Zoë"
    assert len(notes) == answer
    assert all("Windows-1252" in sentence for sentence in notes)


def test_one_row_that_is_not_utf_8_is_refused_alone(tmp_path):
    good = csv_text([a_row(1, victim_forename="Zoë"), a_row(2, victim_forename="XX"), a_row(3)]).encode()
    rows = read(write(tmp_path / "a.csv", good.replace(b"XX", b"Ren\xe9")))
    assert numbers(rows) == ([2, 4], [3])

    rows = read(
        write(tmp_path / "b.csv", csv_text([a_row(1), a_row(2)]).encode().replace(b"Robin", b"\xff\xfe", 1))
    )
    assert numbers(rows) == ([3], [2])


def test_a_row_that_is_not_utf_8_still_tells_of_its_alarms(tmp_path):
    text = csv_text([a_row(1, victim_forename="Zoë"), a_row(2, victim_forename="XX", alarm_weapon="yes")])
    fault = the_fault(write(tmp_path / "a.csv", text.encode().replace(b"XX", b"Ren\xe9")))

    assert (fault.column, fault.alarms) == ("victim_forename", (AlarmTopic.WEAPON,))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_one_sentence(tmp_path, encoding):
    path = write(tmp_path / "a.csv", csv_text([a_row()]).encode(encoding))
    assert refusal(path) == "file: text in UTF-16, or not text; save it as CSV UTF-8"


@pytest.mark.parametrize("content", [b"", b"  \r\n\r\n", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n"])
def test_an_empty_file_is_one_sentence(tmp_path, content):
    assert refusal(write(tmp_path / "a.csv", content)).startswith("file: it is empty")


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nsomething",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(32)) * 3,
        b"\x1f\x8b" + bytes(range(64)),
    ],
    ids=["PDF", "PNG", "gzip"],
)
def test_what_is_no_text_is_one_sentence(tmp_path, content):
    assert refusal(write(tmp_path / "a.csv", content)).startswith("file: ")


def test_an_old_workbook_or_a_locked_one_is_one_sentence(tmp_path):
    path = write(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refusal(path).startswith("file: an old .xls workbook, or one locked by a password")


def test_a_missing_file_is_one_sentence_that_does_not_repeat_its_name(tmp_path):
    assert refusal(tmp_path / "Sampleton.csv") == "file: the file was not found; check its name"
    assert refusal(tmp_path) == "file: it is a folder; name a file in it"


def test_a_file_without_a_header_is_refused_without_betraying_its_first_row(tmp_path):
    lines = csv_text([a_row(1), a_row(2)]).splitlines(keepends=True)[1:]
    sentence = refusal(write(tmp_path / "a.csv", "".join(lines)))

    assert sentence.startswith("header: the first row has none of the standard column names")
    assert "Sampleton" not in sentence


def test_duplicate_headers_are_refused_with_both_places(tmp_path):
    text = csv_text([a_row()]).replace("victim_forename", "Victim Surname")
    assert refusal(write(tmp_path / "a.csv", text)) == (
        "header: victim_surname is in the columns F and G; remove one"
    )


@pytest.mark.parametrize("name", ["source", "source_reference", "reason"])
def test_a_missing_column_is_named(tmp_path, name):
    row = a_row()
    del row[name]
    assert f"the column {name} is missing" in refusal(write_csv(tmp_path, row))


def test_a_column_that_is_not_ours_is_refused_by_its_place_and_a_near_one_is_offered(tmp_path):
    assert refusal(write_csv(tmp_path, a_row(alarm_wepon="yes"))) == (
        "header, column H: not a standard column; is alarm_weapon meant?"
    )
    sentence = refusal(write_csv(tmp_path, a_row(Sampleton="yes")))
    assert sentence.startswith("header, column H: not a standard column; rename it")
    assert "Sampleton" not in sentence


def test_the_case_and_spacing_of_a_header_do_not_matter(tmp_path):
    text = csv_text([a_row(victim_told="yes")]).replace("victim_told", " Victim - Told ")
    assert referrals(write(tmp_path / "a.csv", text)) == referrals(
        write_csv(tmp_path, a_row(victim_told="yes"))
    )


def test_blank_columns_at_the_end_are_left_out_unless_something_stands_in_them(tmp_path):
    text = csv_text([a_row(1), a_row(2)]).replace("\r\n", ",,\r\n")
    assert len(referrals(write(tmp_path / "a.csv", text))) == 2

    result = "One,\ntwo, three,\nfour, five."
    lines = csv_text([a_row(1, reason=result)]).replace("\r\n", ",,,,,,\r\n")
    assert referrals(write(tmp_path / "c.csv", lines))[0].reason == result

    fault = the_fault(write(tmp_path / "b.csv", text[:-3] + ",stray\r\n"))
    assert (fault.row, fault.reason[:38]) == (3, "has 9 cells where the header has 7; pu")


def test_something_below_a_blank_header_is_refused(tmp_path):
    text = csv_text([a_row(1, victim_told="stray"), a_row(2)], header=["victim_told", *a_row()])
    fault = the_fault(write(tmp_path / "a.csv", text.replace("victim_told", "")))
    assert (fault.row, fault.column, fault.reason) == (2, "A", "is below a blank header; name the column")


def test_blank_rows_are_left_out_and_counted(tmp_path):
    lines = csv_text([a_row(1), a_row(2)]).splitlines(keepends=True)
    rows = read(
        write(tmp_path / "a.csv", "".join([lines[0], "\r\n", lines[1], ",,,,,,\r\n", lines[2], "\r\n"]))
    )
    assert numbers(rows) == ([3, 5], [])


def test_the_last_line_needs_no_end(tmp_path):
    assert len(referrals(write(tmp_path / "a.csv", csv_text([a_row(1), a_row(2)]).rstrip()))) == 2


@pytest.mark.parametrize("quoted_below", [False, True], ids=["plain rows below", "quoted rows below"])
@pytest.mark.parametrize("place", ["source", "reason", "victim_surname"])
def test_an_unclosed_quotation_mark_refuses_its_own_row_and_no_other(tmp_path, place, quoted_below):
    below = {"reason": 'He said: "no", and went.\nThen he came back.'} if quoted_below else {}
    rows = [
        a_row(1),
        a_row(2, **{place: "XX"}),
        *(a_row(n, alarm_weapon="yes", **below) for n in range(3, 8)),
    ]
    text = csv_text(rows).replace("XX", '"Invented')
    read_rows = read(write(tmp_path / "a.csv", text))

    assert numbers(read_rows) == ([2, 4, 5, 6, 7, 8], [3])
    assert the_fault(tmp_path / "a.csv").reason.startswith(UNCLOSED)


def test_an_unclosed_quotation_mark_does_not_swallow_a_row_that_would_close_it(tmp_path):
    """The next quoted cell begins with a comma, so that the first mark seems to close just before it."""
    rows = [a_row(1, reason="XX"), a_row(2, reason=", he wrote"), a_row(3)]
    text = csv_text(rows).replace("XX", '"Invented')
    assert numbers(read(write(tmp_path / "a.csv", text))) == ([3, 4], [2])


@pytest.mark.parametrize("first", ["source", "reason", "victim_surname"])
def test_a_text_of_several_lines_may_stand_in_any_column_and_have_any_commas(tmp_path, first):
    for text in (
        'He said "no", and went,\nagain, and came back.',
        "Watched,\nfollowed, wrote, called, waited, came, went, and wrote again, and again, and again.",
        "One.\n,,,,,,,,,,\nThree,",
    ):
        rows = [{first: "", **a_row(n, reason=text)} for n in (1, 2)]
        assert [referral.reason for referral in referrals(write_csv(tmp_path, *rows))] == [text, text]


def test_many_unclosed_quotation_marks_are_each_their_own_rows_fault(tmp_path):
    rows = [a_row(n, reason="XX" if n % 2 else "Invented.") for n in range(1, 41)]
    good, bad = numbers(read(write(tmp_path / "a.csv", csv_text(rows).replace("XX", '"Invented'))))
    assert (len(good), len(bad)) == (20, 20)


@pytest.mark.parametrize("cell", ['He is 5" taller', 'a"b', '"'])
def test_a_quotation_mark_inside_a_plain_cell_is_a_letter_like_any_other(tmp_path, cell):
    text = csv_text([a_row(1, reason="XX"), a_row(2)]).replace("XX", cell)
    good, bad = numbers(read(write(tmp_path / "a.csv", text)))
    assert (good, bad) == (([3], [2]) if cell == '"' else ([2, 3], []))


def test_text_after_a_closing_quotation_mark_is_that_rows_fault(tmp_path):
    text = csv_text([a_row(1, reason="XX"), a_row(2)]).replace("XX", '"Invented" and more')
    assert numbers(read(write(tmp_path / "a.csv", text))) == ([3], [2])


def test_a_stray_carriage_return_does_not_cut_a_row_in_silence(tmp_path):
    text = csv_text([a_row(1, reason="XX"), a_row(2)]).replace("XX", "one\rtwo")
    assert numbers(read(write(tmp_path / "a.csv", text))) == ([3], [2])


def test_too_many_rows_and_too_large_a_file_are_refused(tmp_path):
    path = write_csv(tmp_path, *(a_row(n) for n in range(12)))

    assert len(read(path, limits=FileLimits(rows=12))) == 12
    assert (
        refusal(path, limits=FileLimits(rows=11)) == "file: more than 11 rows; divide it into several files"
    )
    assert refusal(path, limits=FileLimits(file_bytes=100)).startswith("file: larger than")
    assert "more than 5 columns" in refusal(path, limits=FileLimits(columns=5))


def test_a_row_longer_than_the_reader_holds_is_refused_with_its_column_and_no_other(tmp_path):
    small = FileLimits(row_bytes=2_000, cell_characters=500)
    for long in ("word " * 2_000, 'two\nlines "quoted" ' * 700):
        path = write_csv(tmp_path, a_row(1), a_row(2, reason=long), a_row(3))
        assert numbers(read(path, limits=small)) == ([2, 4], [3])
        assert the_fault(path, limits=small).column == "reason"


def test_a_line_of_nothing_but_delimiters_is_refused_at_once(tmp_path):
    text = csv_text([a_row(1)]) + "," * 200_000 + "x\r\n" + csv_text([a_row(2)]).splitlines()[1]
    assert numbers(read(write(tmp_path / "a.csv", text))) == ([2, 4], [3])
