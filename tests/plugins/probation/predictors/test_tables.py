"""The table of offence codes knows every code that our own reference data needs, and no unknown group."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from plugins.probation.predictors.tables import offence_codes, offence_of, ogrs3_table, ogrs4_table

_ROOT = Path(__file__).parents[4]
_GIVEN = re.compile(r"""offence_code"?\s*[:=]\s*(?:chance\.choice\()?\(?((?:"\d{5}"[,\s]*)+)""")
"""A code as a test, an invented extract or a page gives it."""


def _of_offences() -> set[str]:
    with open(_ROOT / "engine/instruments/data/offences.csv", encoding="utf-8", newline="") as opened:
        return {row["ho_code_5"] for row in csv.DictReader(opened)} - {""}


def _of_published_cases() -> set[str]:
    with open(Path(__file__).with_name("ogrs4_published.csv"), encoding="utf-8", newline="") as opened:
        return {row["offence_code"] for row in csv.DictReader(opened)}


def _of_texts(*patterns: str) -> set[str]:
    texts = [file.read_text(encoding="utf-8") for pattern in patterns for file in _ROOT.glob(pattern)]
    return {code for text in texts for given in _GIVEN.findall(text) for code in re.findall(r"\d{5}", given)}


_IN_TEXTS = _of_texts("plugins/probation/**/*.py", "tests/plugins/probation/**/*.py", "docs/agencies/*.md")
_KNOWN_TO_BE_NONE = {"99999"}


def test_the_table_knows_every_code_of_our_own_reference_data() -> None:
    needed = _of_offences() | _of_published_cases() | (_IN_TEXTS - _KNOWN_TO_BE_NONE)
    assert {"19512", "11618", "10501"} <= needed
    assert needed - set(offence_codes()) == set()


def test_every_published_case_of_ogrs4_has_a_category() -> None:
    needed = _of_published_cases() | {"11618"}
    assert [code for code in sorted(needed) if offence_codes()[code].ogrs4_category is None] == []


def test_every_group_and_category_of_the_table_has_its_figures() -> None:
    groups = [set(profile.offence_groups) for profile in ogrs3_table().profiles.values()]
    family = ogrs4_table()
    categories = [
        set(version.offences)
        for predictor in (family.arp, family.vrp, family.svrp)
        for version in (predictor.static, predictor.dynamic)
    ]
    for code in offence_codes().values():
        assert code.ogrs3_group is None or all(code.ogrs3_group in each for each in groups), code.code
        assert code.ogrs4_category is None or all(code.ogrs4_category in each for each in categories), (
            code.code
        )


@pytest.mark.parametrize(
    ("code", "group", "category"),
    [
        ("01900", "sexual, not against a child", "SEXUAL_NOT_AGAINST_CHILD"),
        ("02700", "soliciting or prostitution", "OTHER_OFFENCES"),
        ("10900", "violence", "VIOLENCE_AGAINST_THE_PERSON_ABH_PLUS"),
        ("11618", "other", "OTHER_OFFENCES"),
    ],
)
def test_a_code_has_the_group_and_the_category_of_the_published_mappings(
    code: str, group: str, category: str
) -> None:
    found = offence_of(code)
    assert (found.ogrs3_group, found.ogrs4_category) == (group, category)
