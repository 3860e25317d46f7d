"""Offences are told with those that a principal offence would hide, and with what is not recorded of them."""

from __future__ import annotations

from pathlib import Path

from engine.domain.cases.incidents import IncidentKind
from tests.plugins.police.given import a_report, an_offence, answer, contribution, sentences


def test_included_offences_are_told_apart_and_on_their_report(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-01-01", IncidentKind.ASSAULT), a_report(2, "2026-02-01")),
        offences=(an_offence(1, "105/01"), an_offence(1, "195/12", place=2), an_offence(2, "8/72")),
    )

    said = sentences(given)
    assert said["offences"] == (
        "The reports carried three offences: one of common assault and battery (105/01), one of malicious "
        "communications (008/72) and one of stalking (s.2A) (195/12)."
    )
    assert said["included-offences"] == (
        "One of these offences was recorded beside a principal offence, on one report on 1 January 2026: "
        "one of stalking (s.2A) (195/12)."
    )
    assert said["report-rpt-1"] == (
        "On 1 January 2026 a report of assault was recorded, crime reference ZZ1: common assault and battery "
        "(105/01), with stalking (s.2A) (195/12) included."
    )
    finding = next(each for each in contribution(given).findings if each.key == "included-offences")
    assert [(pointer.record, pointer.kind) for pointer in finding.records] == [("RPT-1-O2", "offence")]


def test_principal_offences_alone_are_no_included_ones(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, "2026-01-01"),), offences=(an_offence(1, "195/12"),))

    assert "offences" in sentences(given)
    assert "included-offences" not in sentences(given)


def test_a_report_without_an_offence_says_none(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, "2026-01-01"),))

    assert "offences" not in sentences(given)
    assert sentences(given)["report-rpt-1"].endswith("crime reference ZZ1.")


def test_a_code_that_is_missing_or_unknown_is_told_and_its_offence_counted(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-01-01"),),
        offences=(
            an_offence(1, None),
            an_offence(1, "999/99", place=2),
            an_offence(1, "Perpetua Toyson", place=3),
        ),
    )

    assert sentences(given)["offences"] == (
        "The reports carried three offences: one of an offence under another code, one of an offence "
        "without a code and one of offence code 999/99."
    )
    assert "One offence was recorded without a code." in contribution(given).gaps
    assert (
        "Two offences were recorded under a code that the table of offences does not hold."
        in contribution(given).gaps
    )
    assert "Perpetua" not in contribution(given).model_dump_json()


def test_a_code_of_several_kinds_is_named_by_what_they_share_unless_the_kind_is_said(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-01-01"), a_report(2, "2026-02-01")),
        offences=(an_offence(1, "008/01"), an_offence(2, "008/01", cchi_urn="8N.8.1.2")),
    )

    said = sentences(given)
    assert "wounding or grievous bodily harm without intent (008/01)" in said["report-rpt-1"]
    assert "wounding or grievous bodily harm without intent (minor) (008/01)" in said["report-rpt-2"]


def test_an_arrest_summons_number_that_fails_its_check_is_told_and_kept(tmp_path: Path) -> None:
    reports = (a_report(1, "2026-01-01"),)

    wrong = answer(tmp_path, reports=reports, offences=(an_offence(1, "195/12", asn="11/01ZD/01/448754L"),))
    right = answer(
        tmp_path / "right", reports=reports, offences=(an_offence(1, "195/12", asn="11/01ZD/01/448754K"),)
    )

    text = "One arrest/summons number failed the check: it was stored as written."
    assert text in contribution(wrong).gaps
    assert text not in contribution(right).gaps


def test_a_hundred_kinds_of_offence_are_cut_to_a_sentence(tmp_path: Path) -> None:
    codes = (
        "195/12",
        "8/65",
        "8/66",
        "8/30",
        "8/56",
        "8/58",
        "8/67",
        "5/28",
        "88/15",
        "66/38",
        "66/97",
        "5/7",
    )
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-01-01"),),
        offences=tuple(an_offence(1, code, place=place) for place, code in enumerate(codes * 3, start=1)),
    )

    assert all(len(sentence) <= 600 for sentence in sentences(given).values())
    assert "more" in sentences(given)["offences"]
    assert sentences(given)["offences"].startswith("The reports carried 36 offences:")
