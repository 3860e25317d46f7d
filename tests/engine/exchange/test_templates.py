"""Templates: what is handed out can be given back."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook

from engine.exchange.columns import COLUMNS
from engine.exchange.templates import TemplateKind, template
from tests.engine.exchange.written import referrals, write

KINDS: tuple[TemplateKind, ...] = ("csv", "xlsx", "json")


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_given_back_is_exactly_one_valid_referral(tmp_path, kind):
    assert len(referrals(write(tmp_path / "template", template(kind)))) == 1


def test_the_templates_hold_the_same_example(tmp_path):
    first, *others = [referrals(write(tmp_path / kind, template(kind)))[0] for kind in KINDS]
    assert all(other == first for other in others)


def test_the_example_is_visibly_invented_and_raises_no_alarm(tmp_path):
    example = referrals(write(tmp_path / "a", template("csv")))[0]
    text = " ".join([example.model_dump_json(), *(value.value for value in example.protected)])

    assert example.alarms.raised == ()
    assert "Invented" in example.perpetrator.full_name
    assert "Example" in example.victim.full_name
    assert all(phone.startswith("07700 900") for phone in re.findall(r"0\d{4} \d{6}", text))
    assert all(
        place.startswith("ZZ99") for place in re.findall(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b", text)
    )
    assert all(host == "example.org" for host in re.findall(r"@([\w.]+\.\w+)", text))


def test_every_standard_column_stands_in_every_template():
    names = [column.name for column in COLUMNS]
    text = template("csv")
    header = next(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(template("xlsx")))["referrals"]

    assert text.startswith(codecs.BOM_UTF8), "by which a spreadsheet knows UTF-8"
    assert header[: len(names)] == names
    assert [cell.value for cell in sheet[1]] == names
    assert list(json.loads(template("json"))["referrals"][0]) == [*names, "incidents"]


def test_a_workbook_offers_the_words_of_each_choice_and_turns_nothing_into_dates():
    workbook = load_workbook(io.BytesIO(template("xlsx")))
    sheet = workbook["referrals"]
    lists = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    for cell, column in zip(sheet[2], COLUMNS, strict=True):
        assert cell.number_format == "@"
        assert lists.get(cell.coordinate) == (f'"{",".join(column.choices)}"' if column.choices else None)
    assert all(len(words) <= 255 for words in lists.values()), "a spreadsheet takes no longer list"
    assert "incidents" in workbook.sheetnames
