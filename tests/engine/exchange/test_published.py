"""What is published of the referral file agrees with the columns, and with what the reader takes."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from engine.exchange.published import MANUAL_FILE, SCHEMA_FILE, manual, referral_schema, schema_text, write
from engine.exchange.templates import template
from tests.engine.exchange.written import ROOT, SAMPLES, a_row


def test_the_published_schema_is_the_one_that_the_columns_make():
    assert (ROOT / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()


def test_the_manuals_tables_are_the_ones_that_the_columns_make():
    published = (ROOT / MANUAL_FILE).read_text(encoding="utf-8")
    assert manual(published) == published
    assert published.count("<!-- end of table -->") == 2
    assert "| `alarm_threat_to_kill` |" in published


def test_writing_anew_mends_both(tmp_path):
    (tmp_path / MANUAL_FILE).parent.mkdir(parents=True)
    (tmp_path / MANUAL_FILE).write_text(
        "<!-- table: columns -->\nold\n<!-- end of table -->\n", encoding="utf-8"
    )
    write(tmp_path)
    assert "`victim_view`" in (tmp_path / MANUAL_FILE).read_text(encoding="utf-8")
    assert (tmp_path / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()


def test_the_schema_takes_what_the_reader_takes():
    schema = Draft202012Validator(referral_schema())
    schema.check_schema(referral_schema())

    schema.validate(json.loads((SAMPLES / "six.json").read_text(encoding="utf-8")))
    schema.validate(json.loads(template("json")))
    schema.validate([a_row(incident_30_kind="gift")])


@pytest.mark.parametrize(
    "change",
    [
        {"alarm_wepon": "yes"},
        {"alarm_weapon": "perhaps"},
        {"victim_view": "consents"},
        {"reason": ""},
        {"source": "Example Referrer!"},
        {"incidents": [{"what": "no kind"}]},
        {"incidents": [{"kind": "gift", "where": "x"}]},
        {"incident_31_kind": "gift"},
        {"incident_0_kind": "gift"},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(change):
    assert not Draft202012Validator(referral_schema()).is_valid({"referrals": [{**a_row(), **change}]})
