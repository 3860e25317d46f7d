"""Mapping files: what may stand in one, and that an error names its key."""

from __future__ import annotations

import re

import pytest

from engine.domain.errors import InvalidInputError
from engine.exchange.mapping import ColumnMapping, load_mapping, read_mapping


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[colums]\nreason = "Why"', "colums"),
        ('[columns]\nvictim_forname = "First"', "columns.victim_forname"),
        ('[columns]\nincident_31_date = "D"', "columns.incident_31_date"),
        ('[columns]\nincident_N_date = "D"', "columns.incident_N_date"),
        ("[columns]\nreason = 5", "columns.reason"),
        ('[columns]\nreason = " "', "columns.reason"),
        ('[columns]\nreason = "Why"\nrelationship = "WHY "', "columns.relationship"),
        ('[incidents]\nwhere = "Place"', "incidents.where"),
        ('[values.victim_vew]\n"x" = "agrees"', "values.victim_vew"),
        ('[values.victim_view]\n"x" = "consents"', "values.victim_view.x"),
        ('[values.alarm_weapon]\n"" = "no"', "values.alarm_weapon"),
        ('[values.yes_no]\n"J" = "ja"', "values.yes_no.J"),
        ('[values]\nvictim_view = "agrees"', "values.victim_view"),
        ('[defaults]\nalarm_weapon = "no"', "defaults.alarm_weapon"),
        ('[defaults]\nvictim_view = "agrees"', "defaults.victim_view"),
        ("[defaults]\nsource = 1", "defaults.source"),
        ('ignore = "Notes"', "ignore"),
        ("ignore = [1]", "ignore"),
        ("columns = 1", "columns"),
    ],
)
def test_an_error_names_the_key(text, key):
    with pytest.raises(InvalidInputError, match=rf"^mapping, {re.escape(key)}: "):
        read_mapping(text)


@pytest.mark.parametrize("text", ["[columns", "a = ", "[columns]\nreason = 'x"])
def test_what_is_no_toml_is_told_with_its_line(text):
    with pytest.raises(InvalidInputError, match=r"^mapping: not TOML \(at "):
        read_mapping(text)


def test_a_blank_cell_can_be_given_no_other_meaning():
    """A default or a word for blank would turn "not asked" into an answer."""
    for text in ('[values.alarm_weapon]\n" " = "no"', '[defaults]\nvictim_told = "no"'):
        with pytest.raises(InvalidInputError):
            read_mapping(text)


def test_an_empty_mapping_changes_nothing():
    assert read_mapping("") == ColumnMapping()


def test_a_mapping_file_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_bytes(b'\xef\xbb\xbf[columns]\nreason = "Why"\n')
    assert load_mapping(path).columns == {"reason": "Why"}


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"#" * 1_100_000])
def test_a_mapping_file_that_cannot_be_read_is_one_sentence(tmp_path, content):
    path = tmp_path / "mapping.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"^mapping: "):
        load_mapping(path)
