"""Recency, frequency and harm are three figures that say what they are not, and guess nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.responses.answers import Nature
from engine.hooks.v1 import RecordsUnreadableError
from plugins.police.ranking import LABEL, Windows, windows_of, windows_on
from tests.plugins.builders import a_case, records_in
from tests.plugins.police.given import a_report, an_offence, answer, contribution, sentences

SAID_OF_IT = " (ranking aid, not a risk assessment; unvalidated; configuration 1)."
FIGURES = ("ranking-recency", "ranking-frequency", "ranking-harm")


def test_the_three_figures_stand_apart_and_each_says_what_it_is_not(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2025-03-01"), a_report(2, "2026-10-09"), a_report(3, "2026-11-12")),
        offences=(an_offence(2, "195/12"), an_offence(2, "008/65", place=2), an_offence(1, "003/01")),
    )

    said = sentences(given)
    assert said["ranking-recency"] == (
        "Recency: the newest report with a date was dated 12 days before 24 November 2026" + SAID_OF_IT
    )
    assert said["ranking-frequency"] == (
        "Frequency: three incidents were reported in the 730 days to 24 November 2026" + SAID_OF_IT
    )
    assert said["ranking-harm"] == (
        "Harm: two offences recorded in the 365 days to 24 November 2026, one of them included, came to a "
        "score of 94 days by the Cambridge Crime Harm Index 2020" + SAID_OF_IT
    )
    figures = [each for each in contribution(given).findings if each.key.startswith("ranking")]
    assert [each.key for each in figures] == list(FIGURES)
    assert all(LABEL in each.says and each.nature is Nature.FACT for each in figures)
    assert LABEL == "ranking aid, not a risk assessment; unvalidated"


def test_what_has_no_score_is_left_out_and_told_and_never_nought(tmp_path: Path) -> None:
    reports = (a_report(1, "2026-10-09"),)

    some = answer(
        tmp_path, reports=reports, offences=(an_offence(1, "008/74"), an_offence(1, "195/12", place=2))
    )
    none = answer(
        tmp_path / "none", reports=reports, offences=(an_offence(1, "008/74"), an_offence(1, None, 2))
    )

    assert (
        "came to a score of 10 days by the Cambridge Crime Harm Index 2020; one had no score and was left "
        "out ("
    ) in sentences(some)["ranking-harm"]
    assert sentences(none)["ranking-harm"].startswith(
        "Harm: two offences recorded in the 365 days to 24 November 2026, one of them included, had no score "
        "in the Cambridge Crime Harm Index 2020 ("
    )
    assert " 0 days" not in sentences(none)["ranking-harm"]


def test_a_code_with_several_scores_is_asked_about(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-10-09"),),
        offences=(an_offence(1, "008/01"), an_offence(1, "195/12", place=2)),
    )

    assert (
        "; of one code it must be said which of several scores is meant (" in sentences(given)["ranking-harm"]
    )
    assert "came to a score of 10 days" in sentences(given)["ranking-harm"]
    assert (
        "A person must say which kind of offence is meant, because the code carries several scores "
        "in the Cambridge Crime Harm Index 2020: 008/01: 547.5 days (Wounding or grievous bodily harm "
        "without intent (serious)), 19 days (Wounding or grievous bodily harm without intent (minor))."
    ) in contribution(given).gaps


def test_every_code_with_several_scores_at_once_fits_into_a_sentence(tmp_path: Path) -> None:
    codes = ("008/01", "008/06", "005/01", "028/03", "019/08")
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-10-09"),),
        offences=tuple(an_offence(1, code, place) for place, code in enumerate(codes, start=1)),
    )

    assert any(all(code in gap for code in codes) for gap in contribution(given).gaps)


def test_the_row_of_the_index_answers_the_question(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-10-09"),),
        offences=(an_offence(1, "008/01", cchi_urn="8N.8.1.1"),),
    )

    assert "came to a score of 547.5 days" in sentences(given)["ranking-harm"]
    assert not any("which kind" in gap for gap in contribution(given).gaps)


def test_two_reports_of_one_incident_are_one_incident_and_its_offence_is_weighed_once(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2026-10-09", crime="ZZ7"), a_report(2, "2026-10-09", crime="zz7 ")),
        offences=(an_offence(1, "195/12"), an_offence(2, "195/12")),
    )

    assert "one incident was reported" in sentences(given)["ranking-frequency"]
    assert "one offence recorded" in sentences(given)["ranking-harm"]
    assert "10 days" in sentences(given)["ranking-harm"]


def test_what_lies_before_the_window_is_not_counted_and_the_first_day_of_it_is(tmp_path: Path) -> None:
    reports = (a_report(1, "2025-11-24"), a_report(2, "2025-11-25"))
    offences = (an_offence(1, "195/12"), an_offence(2, "008/65"))

    said = sentences(answer(tmp_path, reports=reports, offences=offences))

    assert "one offence recorded in the 365 days" in said["ranking-harm"]
    assert "84 days" in said["ranking-harm"]


def test_a_date_that_may_lie_outside_is_told_and_not_counted(tmp_path: Path) -> None:
    given = answer(
        tmp_path,
        reports=(a_report(1, "2024-11"), a_report(2, None), a_report(3, "2026-11-24"), a_report(4, "2025")),
        offences=(an_offence(4, "195/12"), an_offence(3, "195/94")),
    )

    said = sentences(given)
    assert "two incidents were reported" in said["ranking-frequency"]
    assert "and two reports with no exact date may be of them" in said["ranking-frequency"]
    assert "one offence recorded" in said["ranking-harm"]
    assert "; one with no exact date was left out (" in said["ranking-harm"]
    assert "dated on 24 November 2026 itself" in said["ranking-recency"]


def test_a_month_gives_recency_as_a_span(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, "2026-10"),))

    assert "dated between 24 and 54 days before 24 November 2026" in sentences(given)["ranking-recency"]


def test_no_offence_in_the_window_gives_no_score_and_not_nought(tmp_path: Path) -> None:
    given = answer(tmp_path, reports=(a_report(1, "2026-10-09"),))

    assert (
        "no offence was recorded in the 365 days to 24 November 2026, so there is no score"
        in (sentences(given)["ranking-harm"])
    )


def test_without_a_date_or_a_report_there_is_no_figure(tmp_path: Path) -> None:
    undated = answer(tmp_path, reports=(a_report(1, None),))
    nothing = answer(tmp_path / "nothing")

    assert not any(key in FIGURES for key in (*sentences(undated), *sentences(nothing)))
    assert "No report has a date: recency, frequency and harm are not given." in contribution(undated).gaps


def test_the_configuration_whose_day_came_last_applies(tmp_path: Path) -> None:
    old = Windows(version="old", in_force_from=date(2020, 1, 1), frequency_days=365, harm_days=365)
    new = Windows(version="new", in_force_from=date(2026, 11, 24), frequency_days=30, harm_days=30)

    assert windows_on((new, old), date(2026, 11, 23)) == old
    assert windows_on((new, old), date(2026, 11, 24)) == new
    assert windows_on((new,), date(2026, 11, 23)) is None
    given = answer(tmp_path, reports=(a_report(1, "2026-01-01"),), windows=(old, new))
    assert sentences(given)["ranking-frequency"].startswith(
        "Frequency: no incidents were reported in the 30 days"
    )
    assert "configuration new" in sentences(given)["ranking-frequency"]


def test_before_the_first_configuration_no_figure_is_given_and_that_is_told(tmp_path: Path) -> None:
    given = answer(tmp_path, a_case(on=date(2020, 1, 1)), reports=(a_report(1, "2019-12-01"),))

    assert not any(key in FIGURES for key in sentences(given))
    assert (
        "No configuration of recency, frequency and harm applied on the date of the request."
        in contribution(given).gaps
    )


def test_an_agency_s_own_configuration_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = {"version": "ours", "in_force_from": "2026-01-01", "frequency_days": 90, "harm_days": 90}
    records = records_in(tmp_path)

    (windows,) = windows_of(records.model_copy(update={"settings": {"ranking": [own]}}))

    assert (windows.version, windows.frequency_days) == ("ours", 90)
    assert [each.version for each in windows_of(records)] == ["1"]


@pytest.mark.parametrize(
    "own",
    [
        [],
        "yes",
        [{"version": "1", "in_force_from": "2026-01-01", "frequency_days": 90}],
        [{"version": "1", "in_force_from": "2026-01-01", "frequency_days": 0, "harm_days": 90}],
        [{"version": "1", "in_force_from": "soon", "frequency_days": 90, "harm_days": 90}],
        [{"version": "1", "in_force_from": "2026-01-01", "frequency_days": 9, "harm_days": 9, "weight": 2}],
    ],
)
def test_a_broken_configuration_is_told_and_nothing_is_made_up(tmp_path: Path, own: object) -> None:
    records = records_in(tmp_path).model_copy(update={"settings": {"ranking": own}})

    with pytest.raises(
        RecordsUnreadableError, match=r"agency-settings\.toml has a line that breaks its format"
    ):
        windows_of(records)
