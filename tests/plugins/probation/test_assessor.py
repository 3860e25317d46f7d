"""What probation says: supervision, conditions, breaches, MAPPA, and RoSH in its own words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.responses.formal import FormalKind
from engine.domain.responses.requests import CaseAsked
from plugins.probation.assessor import assess
from plugins.probation.records import BreachOutcome, BreachRow, SupervisedOn, SupervisionRow
from tests.plugins.builders import a_case
from tests.plugins.probation.extract import a_period, read, write


def a_breach(
    number: int, happened: str | None, outcome: BreachOutcome | None = BreachOutcome.WARNING
) -> BreachRow:
    return BreachRow(
        breach_id=f"BR-{number}",
        person_id="P1",
        happened=PartialDate(happened) if happened else None,
        of_condition="an exclusion zone",
        outcome=outcome,
    )


def answer(
    folder: Path,
    case: CaseAsked | None = None,
    *periods: SupervisionRow,
    breaches: tuple[BreachRow, ...] = (),
) -> Contribution | NilReturn:
    write(folder, *periods, breaches=breaches)
    return assess(case or a_case(), read(folder))


def sentences(given: Contribution | NilReturn) -> dict[str, str]:
    assert isinstance(given, Contribution)
    return {finding.key: finding.says for finding in given.findings}


def test_running_supervision_is_told_with_its_conditions(tmp_path: Path) -> None:
    said = sentences(answer(tmp_path))

    assert said["supervision-sup-1"] == (
        "Supervision on a licence began on 5 January 2026 and was running on 24 November 2026, "
        "to end on 4 January 2027."
    )
    assert (
        said["conditions"]
        == "The conditions of supervision were: an exclusion zone and residence as directed."
    )
    assert said["mappa"] == (
        "The person was managed under MAPPA at level 2, category 3 (other dangerous offender), as recorded "
        "with the supervision that began on 5 January 2026."
    )
    assert said["status"] == "The person was under supervision on 24 November 2026, on a licence."


def test_ended_supervision_has_no_conditions_any_more(tmp_path: Path) -> None:
    said = sentences(answer(tmp_path, None, a_period(ends=date(2026, 6, 1))))

    assert said["supervision-sup-1"].endswith("and ended on 1 June 2026.")
    assert "conditions" not in said
    assert said["status"] == (
        "The person was not under supervision on 24 November 2026; the last period ended on 1 June 2026."
    )


def formal(given: object) -> dict[FormalKind, tuple[str | None, str]]:
    assert isinstance(given, Contribution)
    return {each.formal.kind: (each.formal.value, each.key) for each in given.findings if each.formal}


def test_rosh_is_formal_in_its_own_words_and_is_no_view(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert formal(given)[FormalKind.ROSH] == ("high", "rosh")
    assert isinstance(given, Contribution)
    (finding,) = [each for each in given.findings if each.key == "rosh"]
    assert (
        finding.says == "Risk of serious harm (RoSH) was recorded as high to known adult on 1 February 2026."
    )
    assert given.views == ()


def test_a_licence_and_a_mappa_level_are_formal_and_a_community_order_is_not(tmp_path: Path) -> None:
    assert formal(answer(tmp_path)).keys() == {FormalKind.LICENCE, FormalKind.MAPPA, FormalKind.ROSH}
    order = a_period(kind="community order", mappa_level=None, mappa_category=None, rosh=None, rosh_to=())
    assert formal(answer(tmp_path / "second", None, order)) == {}
    ended = a_period(ends=date(2026, 2, 1), started=date(2025, 1, 1))
    assert FormalKind.LICENCE not in formal(answer(tmp_path / "third", None, ended))


@pytest.mark.parametrize(
    ("code", "kind"),
    [("4/1", FormalKind.HOMICIDE), ("002/00", FormalKind.ATTEMPTED_HOMICIDE), ("19512", None), (None, None)],
)
def test_supervision_that_followed_a_killing_says_so(
    tmp_path: Path, code: str | None, kind: FormalKind | None
) -> None:
    found = formal(answer(tmp_path, None, a_period(index_offence=code)))

    assert {each for each in found if "homicide" in each.value} == ({kind} if kind else set())


def test_rosh_from_after_the_day_of_asking_is_left_out_and_a_missing_one_is_a_gap(tmp_path: Path) -> None:
    early = answer(tmp_path, a_case(on=date(2026, 1, 20)))
    missing = answer(tmp_path / "second", None, a_period(rosh=None, rosh_to=(), rosh_recorded_on=None))

    assert isinstance(early, Contribution)
    assert FormalKind.ROSH not in formal(early)
    level, not_low = "The level of risk of serious harm (RoSH)", "That does not mean low."
    assert f"{level} had not been recorded here by the date of the request. {not_low}" in early.gaps
    assert isinstance(missing, Contribution)
    assert f"{level} is not recorded here. {not_low}" in missing.gaps


def test_breaches_are_counted_and_the_newest_is_told(tmp_path: Path) -> None:
    one = answer(tmp_path, breaches=(a_breach(1, "2026-03-01", None),))
    more = answer(
        tmp_path / "second", breaches=(a_breach(1, "2026-03-01"), a_breach(2, "2026-05"), a_breach(3, None))
    )

    assert sentences(one)["breaches"] == (
        "One breach of conditions was recorded on 1 March 2026, of the condition an exclusion zone, "
        "with no outcome recorded."
    )
    assert sentences(more)["breaches"].startswith(
        "Three breaches of conditions were recorded, the newest in May 2026, of the condition "
        "an exclusion zone, followed by a warning"
    )
    assert isinstance(more, Contribution)
    assert "One breach has no date recorded." in more.gaps


def test_any_name_or_number_of_any_period_finds_the_person(tmp_path: Path) -> None:
    crn = Identifier(scheme=IdentifierScheme.CRN, value="x000001")
    older = a_period(1, started=date(2020, 1, 1), ends=date(2021, 1, 1))
    newer = a_period(2, surname="Married", crn=None, pnc=None)

    given = answer(tmp_path, a_case(numbers=(crn,)), older, newer)

    assert isinstance(given, Contribution)
    assert given.matched_on.says == "by CRN"
    assert len([key for key in sentences(given) if key.startswith("supervision")]) == 2


def test_somebody_else_s_number_finds_nobody(tmp_path: Path) -> None:
    given = answer(tmp_path, None, a_period(forename="Other", pnc="1999/0000002B"))

    assert isinstance(given, NilReturn)
    assert given.looked_in == ("supervision records", "breach records")


def test_a_mappa_category_without_its_level_is_a_gap_and_no_level_is_made_up(tmp_path: Path) -> None:
    given = answer(tmp_path, None, a_period(mappa_level=None))

    assert "mappa" not in sentences(given)
    assert isinstance(given, Contribution)
    assert "A MAPPA category is recorded here without its level." in given.gaps


def test_of_two_running_periods_both_kinds_are_told(tmp_path: Path) -> None:
    order = a_period(2, kind=SupervisedOn.COMMUNITY_ORDER, started=date(2026, 3, 1))
    said = sentences(answer(tmp_path, None, a_period(), order))

    assert said["status"] == (
        "The person was under supervision on 24 November 2026, on a licence and a community order."
    )
