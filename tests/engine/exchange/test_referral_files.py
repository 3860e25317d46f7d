"""Reading referral files: what a row becomes, whatever the shape of the file."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine.domain.absence import YesNo
from engine.domain.cases.incidents import IncidentKind
from engine.domain.people.persons import Identifier, IdentifierScheme, Thing, ThingKind
from engine.domain.referrals.intake import AlarmTopic, PerpetratorAccessTo, ProtectedKind, VictimView
from engine.exchange.columns import COLUMNS, Part
from engine.exchange.mapping import read_mapping
from engine.exchange.referral_files import ReferralRow, RowFault, read_referrals
from tests.engine.exchange.written import (
    SAMPLES,
    TODAY,
    a_row,
    csv_text,
    read,
    referrals,
    refusal,
    the_fault,
    write,
    write_csv,
    write_json,
    write_xlsx,
)

SIX = referrals(SAMPLES / "six.csv")


@pytest.mark.parametrize("shape", ["xlsx", "json"])
def test_the_same_six_referrals_are_equal_in_every_shape(shape):
    assert referrals(SAMPLES / f"six.{shape}") == SIX


def test_a_row_fills_every_part_of_a_referral():
    first = SIX[0]

    assert (first.source, first.source_reference, first.referred_on) == ("police", "PT-1001", "2026-11-20")
    assert first.perpetrator.full_name == "Dale Samplewood"
    assert first.perpetrator.date_of_birth == "1984-02-29"
    assert first.perpetrator.identifiers == (Identifier(scheme=IdentifierScheme.PNC, value="1999/0123456X"),)
    assert Thing(kind=ThingKind.VEHICLE, value="ZZ84 DAL") in first.perpetrator_things
    assert first.victim_position.view is VictimView.AGREES
    assert first.victim_position.message_may_be_left is YesNo.NO
    assert first.victim_position.he_can_reach[PerpetratorAccessTo.EMAIL] is YesNo.YES
    assert first.victim_position.he_can_reach[PerpetratorAccessTo.PHONE] is YesNo.NOT_KNOWN
    assert first.children.in_perpetrator_household is YesNo.NOT_KNOWN
    assert [incident.kind for incident in first.incidents] == [
        IncidentKind.LOITERING,
        IncidentKind.THREAT,
        IncidentKind.CONTACTING,
    ]


def test_alarms_are_raised_by_yes_alone_and_a_blank_is_not_asked():
    assert SIX[0].alarms.raised == (
        AlarmTopic.THREAT_TO_KILL,
        AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED,
        AlarmTopic.CONTACT_TODAY,
    )
    assert SIX[0].alarms.answers[AlarmTopic.WEAPON] is YesNo.NOT_KNOWN
    assert SIX[1].alarms.not_asked == tuple(AlarmTopic)
    assert SIX[2].alarms.not_asked == ()


def test_what_would_find_the_victim_is_protected_and_nowhere_else():
    second = SIX[1]
    by_kind = {value.kind: value.value for value in second.protected}
    elsewhere = second.model_copy(update={"protected": ()}).model_dump_json()

    assert by_kind[ProtectedKind.CONTACT_THROUGH] == "her sister"
    assert [v.value for v in second.protected if v.kind is ProtectedKind.PHONE] == [
        "07700 900103",
        "020 7946 0103",
    ]
    assert not any(value.value in elsewhere for value in second.protected)


def test_printing_a_row_or_a_fault_shows_nothing_of_anybody():
    printed = repr(read(SAMPLES / "six.csv")) + repr(read(SAMPLES / "bad.csv"))

    for text in ("Samplewood", "07700", "Sampleton", "ZZ99", "1984", "stood opposite"):
        assert text.casefold() not in printed.casefold()


def test_partial_dates_stay_partial():
    assert SIX[3].incidents[0].happened == "2026-11"
    assert SIX[5].incidents[0].happened == "2025"
    assert SIX[1].perpetrator.date_of_birth == "1961"


def test_a_counter_allegation_is_a_referral_like_any_other():
    assert SIX[2].perpetrator.full_name == SIX[0].victim.full_name
    assert SIX[2].victim.full_name == SIX[0].perpetrator.full_name


def test_free_text_that_begins_with_an_equals_sign_stays_text(tmp_path):
    assert SIX[5].incidents[0].what == "=not a formula= was the title of one post."
    assert referrals(write_csv(tmp_path, a_row(reason="=1+1 he wrote")))[0].reason == "=1+1 he wrote"


# What becomes of each row of tests/files/referrals/bad.csv: its column and the beginning of its reason.
BAD = {
    3: ("perpetrator_date_of_birth", "this date does not exist"),
    4: ("incident_1_date", "this date is in the future"),
    5: ("referred_on", "this date is in the future"),
    6: ("victim_surname", "the perpetrator and the victim have the same name"),
    7: ("perpetrator_surname", "starts like a formula"),
    8: ("reason", "has control characters"),
    9: ("source", "not a short code"),
    10: ("victim_view", "not one of: agrees, objects, not asked"),
    11: ("victim_told", "not one of: yes, no, not known"),
    12: ("source_reference", "row 2 of this file has the same reference"),
    13: ("victim_surname", "has bytes that are not UTF-8"),
    14: (None, "has 15 cells where the header has 18"),
    15: (None, "has 20 cells where the header has 18"),
    16: (None, "a quotation mark is not closed"),
    17: ("reason", "blank, but required"),
    18: ("perpetrator_surname", "blank; give a name or an identifier"),
    19: ("victim_date_of_birth", "a 2-digit year is not clear"),
    20: ("incident_1_kind", "blank, but other details of this incident are given"),
    21: ("victim_forename", "longer than the 120 characters allowed in this column"),
    22: ("victim_surname", "has a line break"),
    23: ("source_reference", "blank, but required"),
    24: ("perpetrator_date_of_birth", "this date does not exist"),
}


def test_each_bad_row_is_refused_with_its_column_and_reason_and_the_good_ones_are_kept():
    rows = read(SAMPLES / "bad.csv")
    faults = {row.row: row for row in rows if isinstance(row, RowFault)}

    assert [row.row for row in rows] == list(range(2, 26))
    assert [row.row for row in rows if isinstance(row, ReferralRow)] == [2, 25]
    assert {number: fault.column for number, fault in faults.items()} == {
        number: column for number, (column, _) in BAD.items()
    }
    for number, (_, begins) in BAD.items():
        assert faults[number].reason.startswith(begins)


def test_a_refused_row_keeps_its_original():
    faults = {row.row: row for row in read(SAMPLES / "bad.csv") if isinstance(row, RowFault)}

    assert json.loads(faults[3].original)["perpetrator_date_of_birth"] == "31/02/1986"
    assert json.loads(faults[14].original)["cells"][1] == "BAD-14"
    assert "BAD-16" in faults[16].original
    assert json.loads(faults[13].original)["victim_surname"] == "Caf\\xe9"


def test_a_refused_row_still_tells_of_its_alarms():
    faults = {row.row: row for row in read(SAMPLES / "bad.csv") if isinstance(row, RowFault)}

    assert faults[24].alarms == (AlarmTopic.THREAT_TO_KILL, AlarmTopic.CONTACT_TODAY)
    assert [other.column for other in faults[24].also] == ["alarm_contact_today"]
    assert faults[3].alarms == ()
    assert faults[14].alarms is None, "nobody knows what stood in a row that could not be taken apart"


def test_the_kind_of_a_file_is_told_by_its_content_and_not_by_its_name(tmp_path):
    for shape in ("csv", "xlsx", "json"):
        misnamed = write(tmp_path / f"{shape}.txt", (SAMPLES / f"six.{shape}").read_bytes())
        assert referrals(misnamed) == SIX


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("victim_told", "YES", YesNo.YES),
        ("victim_told", "y", YesNo.YES),
        ("victim_told", "True", YesNo.YES),
        ("victim_told", "1", YesNo.YES),
        ("victim_told", " No ", YesNo.NO),
        ("victim_told", "0", YesNo.NO),
        ("victim_told", "Not  known", YesNo.NOT_KNOWN),
        ("victim_told", "NK", YesNo.NOT_KNOWN),
        ("victim_told", "", YesNo.NOT_ASKED),
        ("victim_told", "not asked", YesNo.NOT_ASKED),
    ],
)
def test_yes_and_no_are_read_in_all_their_words(tmp_path, column, text, expected):
    assert referrals(write_csv(tmp_path, a_row(**{column: text})))[0].victim_position.told is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("9/3/2024", "2024-03-09"),
        ("09.03.2024", "2024-03-09"),
        ("2024-03-09", "2024-03-09"),
        ("2024-03-09T10:15:00", "2024-03-09"),
        ("9 March 2024", "2024-03-09"),
        ("March 2024", "2024-03"),
        ("03/2024", "2024-03"),
        ("2024", "2024"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_dates_are_read_as_a_british_spreadsheet_writes_them(tmp_path, written, expected):
    assert referrals(write_csv(tmp_path, a_row(referred_on=written)))[0].referred_on == expected


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("31/02/2024", "this date does not exist"),
        ("29/02/2023", "this date does not exist"),
        ("03/15/2024", "this date does not exist"),
        ("2024-13-01", "this date does not exist"),
        ("0/1/2024", "this date does not exist"),
        ("1/1/1066", "the year is not between 1850 and 2200"),
        ("2999-01-01", "the year is not between 1850 and 2200"),
        ("9/3/24", "a 2-digit year"),
        ("26/11/2026", "this date is in the future"),
        ("December 2026", "this date is in the future"),
        ("2027", "this date is in the future"),
        ("last Tuesday", "not a date"),
        ("45000", "not a date"),
        ("٢٠٢٤", "not a date"),
    ],
)
def test_a_date_that_is_none_is_refused_without_being_repeated(tmp_path, written, begins):
    fault = the_fault(write_csv(tmp_path, a_row(referred_on=written)))

    assert (fault.row, fault.column) == (2, "referred_on")
    assert fault.reason.startswith(begins)
    assert written not in fault.reason


def test_a_date_that_may_lie_in_the_past_is_kept(tmp_path):
    assert referrals(write_csv(tmp_path, a_row(referred_on="November 2026")))[0].referred_on == "2026-11"


@pytest.mark.parametrize("column", ["referred_on", "perpetrator_date_of_birth", "victim_date_of_birth"])
def test_today_is_not_the_future_and_tomorrow_is(tmp_path, column):
    assert referrals(write_csv(tmp_path, a_row(**{column: "25/11/2026"})))
    assert the_fault(write_csv(tmp_path, a_row(**{column: "26/11/2026"}))).column == column


@pytest.mark.parametrize(
    ("column", "text", "is_kept"),
    [
        ("perpetrator_account", "@handle", True),
        ("perpetrator_account", "=handle", False),
        ("perpetrator_phone", "+44 7700 900123", True),
        ("perpetrator_phone", "@07700900123", False),
        ("perpetrator_forename", "@Robin", False),
        ("perpetrator_forename", "+Robin", False),
        ("perpetrator_forename", "-Robin", False),
        ("source_reference", "=A1", False),
        ("source_reference", "-17", True),
        ("perpetrator_crn", "@SUM(A1)", False),
        ("incident_1_what", "@midnight he came", True),
        ("relationship", "- none -", True),
    ],
)
def test_what_begins_as_a_formula_is_refused_where_no_such_text_belongs(tmp_path, column, text, is_kept):
    path = write_csv(tmp_path, a_row(**{column: text, "incident_1_kind": "other"}))
    if is_kept:
        assert text in referrals(path)[0].model_dump_json()
    else:
        fault = the_fault(path)
        assert (fault.column, fault.reason) == (column, "starts like a formula; type the value itself")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u200b", "\ufeff"])
@pytest.mark.parametrize("column", ["reason", "victim_forename", "alarm_weapon"])
def test_control_characters_and_invisible_ones_are_refused(tmp_path, character, column):
    for write_one in (write_csv, write_json):
        fault = the_fault(write_one(tmp_path, a_row(**{column: f"yes{character}yes"})))
        assert (fault.column, fault.reason.split(";")[0]) == (
            column,
            "has control characters or invisible characters",
        )


def test_line_breaks_may_stand_in_free_text(tmp_path):
    text = "First line.\nSecond, with a comma.\r\nThird."
    assert referrals(write_csv(tmp_path, a_row(reason=text), a_row(2)))[0].reason == text


@pytest.mark.parametrize(
    ("he", "she", "is_kept"),
    [
        ({}, {}, False),
        ({"date_of_birth": "1/2/1980"}, {}, False),
        ({"date_of_birth": "1/2/1980"}, {"date_of_birth": "1980"}, False),
        ({"date_of_birth": "1/2/1980"}, {"date_of_birth": "1/2/1955"}, True),
        ({"surname": "Unknown", "forename": ""}, {"surname": "unknown", "forename": ""}, True),
    ],
)
def test_perpetrator_and_victim_of_one_name_must_be_told_apart(tmp_path, he, she, is_kept):
    both = {"forename": "Robin", "surname": "Madeup"}
    row = a_row(
        **{f"perpetrator_{name}": text for name, text in {**both, **he}.items()},
        **{f"victim_{name}": text.upper() for name, text in {**both, **she}.items()},
    )
    path = write_csv(tmp_path, row)
    if is_kept:
        assert referrals(path)
    else:
        assert the_fault(path).reason.startswith("the perpetrator and the victim have the same name")


def test_every_fault_of_a_row_is_told_at_once(tmp_path):
    fault = the_fault(write_csv(tmp_path, a_row(reason="", referred_on="31/02/2024", victim_told="perhaps")))

    texts = [(fault.column, fault.reason), *((other.column, other.reason) for other in fault.also)]
    assert {column for column, _ in texts} == {"reason", "referred_on", "victim_told"}


def test_a_row_with_the_reference_of_a_refused_row_is_refused_too(tmp_path):
    rows = read(write_csv(tmp_path, a_row(1, victim_told="perhaps"), a_row(1)))

    assert [row.column for row in rows if isinstance(row, RowFault)] == ["victim_told", "source_reference"]


def test_the_same_reference_of_two_sources_is_two_referrals(tmp_path):
    assert len(referrals(write_csv(tmp_path, a_row(1), a_row(1, source="another-referrer")))) == 2


def test_a_blank_source_takes_the_one_given_with_the_file(tmp_path):
    given = referrals(write_csv(tmp_path, a_row(source=""), a_row(2)), default_source="from-the-command")
    assert [referral.source for referral in given] == ["from-the-command", "example-referrer"]

    row = a_row()
    del row["source"]
    assert (
        referrals(write_csv(tmp_path, row), default_source="from-the-command")[0].source == "from-the-command"
    )
    assert "the column source is missing" in refusal(write_csv(tmp_path, row))
    assert "not a short code" in refusal(write_csv(tmp_path, row), default_source="From the command")


def test_a_sources_capitals_do_not_make_it_another_source(tmp_path):
    assert referrals(write_csv(tmp_path, a_row(source="Example-Referrer")))[0].source == "example-referrer"


def test_ten_megabytes_in_a_cell_are_refused_with_row_and_column(tmp_path):
    flood = "word " * 2_000_000
    for path in (
        write_csv(tmp_path, a_row(1), a_row(2, victim_forename=flood), a_row(3)),
        write_xlsx(tmp_path, [a_row(2), a_row(3, victim_forename=flood[:32_000]), a_row(4)]),
        write_json(tmp_path, a_row(1), a_row(2), a_row(3, victim_forename=flood), a_row(4)),
    ):
        fault = the_fault(path)
        assert (fault.row, fault.column) == (3, "victim_forename")
        assert fault.reason == "longer than 20,000 characters; shorten it"
        assert len(fault.original) < 60_000


def test_nothing_is_handed_on_of_a_file_that_is_refused_as_a_whole(tmp_path):
    path = write(tmp_path / "cut.json", json.dumps({"referrals": [a_row(1), a_row(2)]})[:-3])
    with pytest.raises(Exception, match="not well-formed JSON"):
        read_referrals(path, today=TODAY)  # before any row is asked for


def test_the_day_is_the_callers(tmp_path):
    path = write_csv(tmp_path, a_row(referred_on="1/2/2027"))
    assert isinstance(next(read_referrals(path, today=date(2027, 2, 1))), ReferralRow)
    assert isinstance(next(read_referrals(path, today=date(2027, 1, 31))), RowFault)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_no_column_is_read_and_forgotten(tmp_path, column):
    answer = {
        "source": "another-source",
        "perpetrator_sex": "other",
        "victim_sex": "other",
        "victim_view": "objects",
    }
    value = answer.get(column.name, "2001" if column.kind.value == "date" else "yes")
    plain = referrals(write_csv(tmp_path, a_row(**{column.name: a_row().get(column.name, "")})))[0]
    filled = referrals(write_csv(tmp_path, a_row(**{column.name: value})))[0]

    assert filled != plain
    assert (filled.protected != plain.protected) is (column.part is Part.PROTECTED)


def test_a_mapping_file_reads_other_peoples_columns_and_words(tmp_path):
    mapping = read_mapping(
        """
        ignore = ["Notes"]
        [columns]
        source_reference = "Log no."
        reason = "Circumstances"
        perpetrator_surname = "Suspect"
        victim_surname = "Complainant"
        victim_view = "Consent?"
        alarm_weapon = "Weapon?"
        alarm_entry = "Entry?"
        incident_N_kind = "Inc {N} type"
        [values.victim_view]
        "No consent" = "objects"
        [values.yes_no]
        "J" = "yes"
        [values.alarm_entry]
        "J" = "not known"
        [values.incident_N_kind]
        "gift left" = "gift"
        [defaults]
        source = "example-referrer"
        """
    )
    row = {
        "LOG  NO.": "7",
        "Circumstances": "Invented.",
        "Suspect": "Madeup",
        "Complainant": "Sampleton",
        "Consent?": "no consent",
        "Weapon?": "j",
        "Entry?": "J",
        "Inc 1 type": "Gift left",
        "Inc 2 type": "threat",
        "Notes": "left aside",
    }
    referral = referrals(write_csv(tmp_path, row), mapping=mapping)[0]

    assert (referral.source, referral.source_reference) == ("example-referrer", "7")
    assert referral.victim_position.view is VictimView.OBJECTS
    assert referral.alarms.answers[AlarmTopic.WEAPON] is YesNo.YES
    assert referral.alarms.answers[AlarmTopic.ENTRY] is YesNo.NOT_KNOWN
    assert [incident.kind for incident in referral.incidents] == [IncidentKind.GIFT, IncidentKind.THREAT]

    fault = the_fault(write_csv(tmp_path, {**row, "Weapon?": "sort of"}), mapping=mapping)
    assert fault.column == "Weapon?", "a fault names the column as the file does"
    assert fault.alarms == (AlarmTopic.WEAPON,)


def test_a_column_that_the_mapping_names_must_be_there(tmp_path):
    mapping = read_mapping('[columns]\nalarm_weapon = "Weapon?"')
    assert refusal(write_csv(tmp_path, a_row()), mapping=mapping).startswith(
        "mapping, columns.alarm_weapon: "
    )


def test_csv_text_with_a_header_alone_says_that_there_is_no_referral(tmp_path):
    path = write(tmp_path / "header.csv", csv_text([], header=a_row()))
    assert refusal(path) == "file: it has a header but no referrals; add one row for each referral"


@pytest.mark.parametrize("text", ["null", "A letter about two people.", "referral"])
def test_a_text_without_columns_is_told_as_that_and_not_as_a_header_at_fault(tmp_path, text):
    assert refusal(write(tmp_path / "a.json", text)).startswith("file: text without columns")
