"""Licences, links and checks as probation recorded them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.domain.dates import PartialDate
from engine.domain.responses.answers import Contribution
from engine.hooks.carried_links import RecordedLink
from engine.hooks.extract_files import write_table
from plugins.probation.assessor import assess
from plugins.probation.records import LINKS, SupervisedOn, SupervisionRow
from tests.plugins.builders import a_case
from tests.plugins.probation.extract import a_period, read, write

PHONE = RecordedLink(
    link_id="SUP-1-L2",
    person_id="P1",
    thing="phone",  # type: ignore[arg-type]  # read from its word
    value="07700 900123",
    first_recorded=None,
    last_recorded=None,
    source=None,
    grade=None,
)


def answered(
    folder: Path, *periods: SupervisionRow, links: tuple[RecordedLink, ...] | None = None
) -> Contribution:
    write(folder, *periods)
    if links is not None:
        write_table(folder, LINKS, RecordedLink, links)
    given = assess(a_case(), read(folder))
    assert isinstance(given, Contribution)
    return given


def test_a_licence_is_an_order_with_its_conditions_and_another_basis_is_none(tmp_path: Path) -> None:
    community = a_period(2, kind=SupervisedOn.COMMUNITY_ORDER)
    (licence,) = answered(tmp_path, a_period(), community).orders or ()

    assert (licence.type, licence.made, licence.in_effect) == ("licence", None, date(2026, 1, 5))
    assert [(each.code, each.wording) for each in licence.conditions or ()] == [
        ("stay-out", None),
    ]
    assert licence.conditions_in == "conditions", "what is withdrawn as a finding is withdrawn here"


def test_the_words_of_a_condition_are_in_the_finding_that_can_be_withdrawn_and_nowhere_else(
    tmp_path: Path,
) -> None:
    given = answered(tmp_path, a_period())
    others = tuple(each for each in given.findings if each.key != "conditions")

    assert "residence as directed" in given.model_dump_json()
    assert "residence" not in given.model_copy(update={"findings": others}).model_dump_json()
    assert (
        "One condition of licences was recorded in other words, and not given with the order." in given.gaps
    )


@pytest.mark.parametrize(
    ("changes", "ends", "conditions"),
    [
        ({"ends": None}, None, 1),
        ({"ends": date(2025, 1, 4)}, None, 1),
        ({"conditions": ()}, date(2027, 1, 4), None),
    ],
)
def test_what_is_not_recorded_of_a_licence_stays_so(
    tmp_path: Path, changes: dict[str, object], ends: date | None, conditions: int | None
) -> None:
    (licence,) = answered(tmp_path, a_period(1, **changes)).orders or ()

    assert licence.ends == ends
    assert (None if licence.conditions is None else len(licence.conditions)) == conditions


def test_links_are_reported_only_with_their_table(tmp_path: Path) -> None:
    assert answered(tmp_path / "older").link_evidence is None
    (phone,) = answered(tmp_path / "newer", links=(PHONE,)).link_evidence or ()
    assert (phone.value, phone.source, phone.grade) == ("07700 900123", "supervision records", None)


def test_more_licences_and_links_than_a_response_takes_are_cut_and_counted(tmp_path: Path) -> None:
    periods = [a_period(number, started=date(2026, 1, 5) - timedelta(days=number)) for number in range(1, 54)]
    links = tuple(
        PHONE.model_copy(update={"link_id": f"SUP-1-L{number:03}", "last_recorded": PartialDate(f"{year}")})
        for number in range(201)
        for year in [2024 if number == 7 else 2025]
    )
    given = answered(tmp_path, *periods, links=links)

    assert [len(given.orders or ()), len(given.link_evidence or ())] == [50, 200]
    assert (given.orders or ())[-1].in_effect == date(2026, 1, 4), "the newest are sent"
    assert "link-sup-1-l007" not in {each.key for each in given.link_evidence or ()}, "it was recorded first"
    assert "Three more orders are in the extract, and not sent." in given.gaps
    assert "One more piece of link evidence is in the extract, and not sent." in given.gaps


def test_the_newest_check_counts(tmp_path: Path) -> None:
    given = answered(
        tmp_path, a_period(last_checked=date(2026, 11, 3)), a_period(2, last_checked=date(2026, 2, 1))
    )

    assert [each.sentence for each in given.records_checked or ()] == [
        "supervision records, checked 3 November 2026"
    ]
