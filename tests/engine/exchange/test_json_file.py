"""JSON files: their list, their objects, and what is broken in one of them or in the whole."""

from __future__ import annotations

import json

import pytest

from engine.domain.cases.incidents import IncidentKind
from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.json_file import elements
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import read_mapping
from engine.exchange.referral_files import ReferralRow, RowFault
from tests.engine.exchange.written import a_row, read, referrals, refusal, the_fault, write, write_json

ONE = json.dumps(a_row())


@pytest.mark.parametrize(
    "text",
    [
        f"[{ONE}]",
        f'{{"referrals": [{ONE}]}}',
        f' \n{{ "$schema": "referral.schema.json", "referrals" : [ {ONE} ] }} \n',
        f"\ufeff[{ONE}]",
    ],
)
def test_a_list_or_an_object_with_a_list_are_both_read(tmp_path, text):
    assert len(referrals(write(tmp_path / "a.json", text))) == 1


def test_values_of_json_are_read_as_what_they_are(tmp_path):
    row = {
        **a_row(),
        "source_reference": 17,
        "alarm_weapon": True,
        "alarm_entry": False,
        "alarm_breach": 1,
        "alarm_strangulation": None,
        "referred_on": 2024,
        "perpetrator_phone": 7700900123,
        "incidents": [{"kind": "gift", "date": "2024-03"}, {"kind": "threat", "channel": None}],
    }
    referral = referrals(write_json(tmp_path, row))[0]

    assert (referral.source_reference, referral.referred_on) == ("17", "2024")
    assert referral.alarms.raised == (AlarmTopic.WEAPON, AlarmTopic.BREACH)
    assert AlarmTopic.STRANGULATION in referral.alarms.not_asked
    assert referral.perpetrator_things[0].value == "7700900123"
    assert [incident.kind for incident in referral.incidents] == [IncidentKind.GIFT, IncidentKind.THREAT]


@pytest.mark.parametrize(
    ("change", "column", "begins"),
    [
        ({"alarm_wepon": "yes"}, None, "name 8 of the object is not a standard name"),
        ({"reason": ["a"]}, "reason", "a list or an object is here"),
        ({"reason": {"a": 1}}, "reason", "a list or an object is here"),
        ({"reason": True}, "reason", "has true or false where text is expected; type the text"),
        ({"victim_forename": 1.5}, "victim_forename", "a number with a fraction"),
        ({"source_reference": 12345678901234567890}, "source_reference", "a number of more than 15 digits"),
        ({"referred_on": 45000}, "referred_on", "a bare number, not a date"),
        ({"referred_on": True}, "referred_on", "not a date"),
        ({"victim_told": 2}, "victim_told", "not one of"),
        ({"victim_told": 1.0}, "victim_told", "not one of"),
        ({"incidents": {}}, "incidents", "not a list"),
        ({"incidents": ["gift"]}, "incidents", "incident 1 of the list: not an object"),
        ({"incidents": [{"kind": "gift"}, {"what": "x"}]}, "kind", "incident 2 of the list: blank"),
        ({"incidents": [{"kind": "present"}]}, "kind", "incident 1 of the list: not one of"),
        (
            {"incidents": [{"kind": "gift", "where": "x"}]},
            "incidents",
            "incident 1 of the list: name 2 of the object",
        ),
        ({"incidents": [{"kind": "gift"}] * 201}, None, "more than 200 incidents"),
        ({"Reason": "again"}, "reason", "given twice under two spellings"),
        ({"victim_forename": "\ud800"}, "victim_forename", "has control characters"),
    ],
)
def test_what_is_wrong_with_one_referral_is_its_own_fault(tmp_path, change, column, begins):
    path = write_json(tmp_path, a_row(1), {**a_row(2), **change}, a_row(3))
    fault = the_fault(path)

    assert (fault.row, fault.column) == (2, column)
    assert fault.reason.startswith(begins)
    assert json.loads(fault.original)["source"] == "example-referrer"


@pytest.mark.parametrize(
    ("entry", "begins"),
    [
        ("null", "is not an object"),
        ('"text, with a comma"', "is not an object"),
        ("[1, 2]", "is not an object"),
        ('{"reason" "x"}', "is not well-formed JSON"),
        ('{"reason": NaN}', "is not well-formed JSON"),
        ('{"reason": ' + "9" * 5_000 + "}", "is not well-formed JSON"),
        ('{"reason": "a", "reason": "b"}', "gives the same name twice"),
        ('{"reason": "\udcff"}', "has bytes that are not UTF-8"),
    ],
)
def test_a_broken_entry_does_not_break_the_others(tmp_path, entry, begins):
    text = f"[{ONE}, {entry}, {json.dumps(a_row(3))}]".encode("utf-8", "surrogateescape")
    rows = read(write(tmp_path / "a.json", text))

    assert [type(row) for row in rows] == [ReferralRow, RowFault, ReferralRow]
    assert isinstance(rows[1], RowFault)
    assert rows[1].reason.startswith(begins)
    assert rows[1].alarms is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[",
        f"[{ONE}",
        f"[{ONE},]",
        f"[,{ONE}]",
        f"[{ONE}]]",
        f"[{ONE}] [{ONE}]",
        f'{{"referrals": [{ONE}]',
        f'{{"referrals": [{ONE}], "more": 1}}',
        f'{{"more": 1, "referrals": [{ONE}]}}',
        f'{{"referrals": {ONE}}}',
        ONE,
        f"[{ONE}}}]",
        "[" + ONE[:-10],
    ],
)
def test_a_list_that_is_not_whole_is_refused_as_a_whole(tmp_path, text):
    assert refusal(write(tmp_path / "a.json", text)).startswith("file: not ")


@pytest.mark.parametrize("text", ["[]", '{"referrals": [ ]}'])
def test_an_empty_list_says_so(tmp_path, text):
    assert refusal(write(tmp_path / "a.json", text)) == "file: its list has no referrals"


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"incidents":'])
def test_json_nested_too_deep_is_one_sentence(tmp_path, opening):
    sentence = refusal(write(tmp_path / "a.json", "[" + opening * 100_000))
    assert sentence.startswith("file: nested deeper than 6 levels")


def test_brackets_and_escapes_inside_a_text_are_text(tmp_path):
    text = 'He wrote "[{]}", a \\ and a \\" twice, ' * 3
    assert referrals(write_json(tmp_path, a_row(reason=text), a_row(2)))[0].reason == text.strip()


@pytest.mark.parametrize("before", range(40))
def test_an_entry_may_lie_anywhere_across_the_pieces_that_are_read(tmp_path, before):
    """Pieces end at 65,536 bytes: the entry is moved over that place, one byte at a time."""
    text = 'a "b" \\ {c}, [d]'
    filler = " " * (65_536 - 230 - before)
    path = write(tmp_path / "a.json", "[" + filler + json.dumps(a_row(1, reason=text)) + "," + ONE + "]")
    with path.open("rb") as file:
        found = [json.loads(element.raw) for element in elements(file, FileLimits())]
    assert found == [a_row(1, reason=text), a_row()]


def test_too_many_referrals_too_long_ones_and_ones_of_too_many_parts_are_refused(tmp_path):
    path = write_json(tmp_path, *(a_row(n) for n in range(5)))
    assert refusal(path, limits=FileLimits(rows=4)).startswith("file: more than 4 referrals")

    path = write_json(tmp_path, a_row(1), a_row(2, reason="word " * 1_000), a_row(3))
    assert the_fault(path, limits=FileLimits(row_bytes=1_000)).reason.startswith("the referral is too long")

    many = {**a_row(2), "incidents": [{}] * 300}
    fault = the_fault(write_json(tmp_path, a_row(1), many, a_row(3)), limits=FileLimits(row_parts=500))
    assert fault.reason.startswith("the referral has far too many parts")


def test_a_mapping_renames_the_names_of_a_referral_and_of_its_incidents(tmp_path):
    mapping = read_mapping(
        'ignore = ["Notes"]\n[columns]\nreason = "Why"\n[incidents]\nkind = "Type"\n'
        '[values.incident_N_kind]\n"present" = "gift"'
    )
    row = {**a_row(), "Why": "Invented.", "notes": "x", "incidents": [{"type": "Present"}]}
    del row["reason"]
    referral = referrals(write_json(tmp_path, row), mapping=mapping)[0]

    assert referral.reason == "Invented."
    assert referral.incidents[0].kind is IncidentKind.GIFT
