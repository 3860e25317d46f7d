"""The curve equals an independent calculation, and what is not yet known is never counted as good."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random

import pytest

from engine.domain.cases.views import OutcomeView
from engine.domain.dates import PartialDate
from engine.domain.outcomes.figures import CurvePoint, ReoffendingView
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound
from engine.outcomes.followed import Followed, followed_of
from engine.outcomes.survival import DAYS_IN_MONTH, estimate, reoffending_view
from tests.builders import MONDAY

ANCHOR = date(2025, 1, 1)
TODAY = date(2026, 3, 2)


def a_finding(found: OutcomeFound, looked_until: str, **changes: object) -> OutcomeView:
    given: dict[str, object] = {
        "reference": "T-1",
        "measure": Measure.REPORTED,
        "found": found,
        "against": None,
        "happened": None,
        "looked_until": PartialDate(looked_until),
        "looked_in": ("harbour",),
        "censored": None,
        "says": "Looked.",
        "by": "cora",
        "at": MONDAY,
        **changes,
    }
    return OutcomeView.model_validate(given)


def a_case(days: int | None, *, reported: bool) -> Followed:
    return Followed(
        anchor=ANCHOR,
        days=days,
        has_reported=reported,
        against=AgainstWhom.SAME_VICTIM if reported else None,
        has_recorded=False,
        has_proven=False,
        looked_until=None,
    )


def test_the_estimate_equals_the_product_of_the_shares_by_hand() -> None:
    cases = [(30, True), (60, False), (90, True), (90, True), (200, False), (300, True), (400, False)]
    expected, share, left = {}, 1.0, len(cases)
    for day in sorted({d for d, _ in cases}):
        events = sum(1 for d, r in cases if d == day and r)
        share *= 1 - events / left
        expected[day] = share
        left -= sum(1 for d, _ in cases if d == day)
    points = estimate([a_case(d, reported=r) for d, r in cases])
    drawn = {point.day: point.share for point in points}
    for day, value in expected.items():
        assert drawn[day] == pytest.approx(value)
    assert all(0 <= p.low <= p.share <= p.high <= 1 for p in points)


def cases(*reports: int, quiet: int, for_days: int = 400, unseen: int = 0) -> list[Followed]:
    """Reports on these days, so many cases without one, and so many at which nobody has looked."""
    followeds = [a_case(day, reported=True) for day in reports]
    return [
        *followeds,
        *[a_case(for_days, reported=False)] * quiet,
        *[a_case(None, reported=False)] * unseen,
    ]


def view_of(*reports: int, **more: int) -> ReoffendingView:
    return reoffending_view(cases(*reports, **more), today=TODAY)


TWELVE = tuple(range(20, 140, 10))


def test_what_was_found_is_out_of_those_at_which_somebody_has_looked() -> None:
    view = view_of(*TWELVE, quiet=18, unseen=11)
    assert (view.followed, view.looked_at, view.not_known) == (41, 30, 11)
    assert (view.reported, view.without_report) == (12, 18)
    assert view.says[:3] == (
        "41 cases are decided; 30 have been checked since.",
        "Further stalking was reported in 12 of the checked cases, and not reported in 18.",
        "11 have not been checked: their outcome is not yet known, and they are in no other figure.",
    )


def test_each_measure_is_out_of_the_cases_in_which_it_was_looked_for() -> None:
    looked = [a_case(400, reported=False)] * 30
    followeds = [
        case.model_copy(update={"looked_recorded": place < 25, "has_recorded": place < 12})
        for place, case in enumerate(looked)
    ]
    view = reoffending_view(followeds, today=TODAY)
    assert (view.recorded, view.recorded_of, view.proven, view.proven_of) == (12, None, None, 0)
    view = reoffending_view([*followeds, *looked], today=TODAY)
    assert (view.recorded, view.recorded_of) == (12, 25)


@pytest.mark.parametrize(
    ("reports", "quiet", "shown"), [(9, 30, None), (10, 30, 10), (30, 9, None), (30, 10, 30), (0, 30, None)]
)
def test_a_cell_under_ten_is_hidden_and_what_shows_it_too(
    reports: int, quiet: int, shown: int | None
) -> None:
    view = view_of(*[30] * reports, quiet=quiet)
    assert view.reported == shown
    if shown is None:
        assert (view.curve, view.window_open, view.without_report) == ((), None, None)
        assert set(view.against.values()) == {None}
        assert not any(str(reports) in sentence.split() for sentence in view.says if reports)


def test_nothing_small_can_be_worked_out_from_what_is_shown() -> None:
    """Every figure of the page, less every other that it is a part of."""
    chance = Random(3)
    for _ in range(60):
        reports = [chance.randrange(1, 500) for _ in range(chance.randrange(0, 60))]
        quiet = [a_case(chance.randrange(1, 900), reported=False) for _ in range(chance.randrange(0, 60))]
        unseen = chance.randrange(0, 25)
        view = reoffending_view([*cases(*reports, quiet=0, unseen=unseen), *quiet], today=TODAY)
        known = len(reports) + len(quiet)
        for number, whole in (
            (view.reported, view.looked_at or known),
            (view.window_open, view.without_report),
            (view.looked_at, view.followed),
            (view.not_known, view.followed),
        ):
            if number is not None and whole is not None:
                assert not 0 < number < 10
                assert not 0 < whole - number < 10
        risk = [each.count for each in view.at_risk if each.count is not None]
        assert all(count >= 10 for count in risk)
        assert all(not 0 < one - other < 10 for one, other in pairwise(risk))
        for one, other in pairwise(view.curve):
            assert not 0 < sum(one.day < day <= other.day for day in reports) < 10
        if view.curve:
            assert not 0 < sum(day > view.curve[-1].day for day in reports) < 10


def test_the_curve_ends_where_ten_cases_are_still_followed() -> None:
    view = view_of(*TWELVE, quiet=30, for_days=300)
    assert view.curve[0] == CurvePoint(day=0, share=1, low=1, high=1)
    assert view.curve[-1].day == pytest.approx(9 * DAYS_IN_MONTH)  # the ninth month is the last whole one
    assert [each.count for each in view.at_risk] == [42, None, 30, None, None, None]
    assert "ends after 9 months" in " ".join(view.says)


def test_a_step_of_the_curve_is_the_estimate_at_the_end_of_its_month() -> None:
    known = cases(*TWELVE, *range(200, 320, 10), quiet=30)
    exact = {point.day: point.share for point in estimate(known)}
    for point in reoffending_view(known, today=TODAY).curve[1:]:
        assert point.share == exact[max(day for day in exact if day <= point.day)]


def test_a_case_followed_for_less_than_a_year_is_not_yet_known() -> None:
    view = view_of(*TWELVE, quiet=11, for_days=364)
    assert (view.window_open, view.without_report) == (11, 11)
    assert view_of(*TWELVE, quiet=11, for_days=365).window_open == 0


def test_a_case_nobody_has_looked_at_is_not_yet_known_and_no_zero() -> None:
    view = view_of(30, quiet=0, unseen=3)
    assert (view.followed, view.not_known, view.reported) == (None, None, None)
    assert view.says[0] == "Fewer than 10 cases are decided."
    assert any("Too few cases have been checked for a curve" in sentence for sentence in view.says)


def test_figures_that_cross_a_change_of_recording_rules_say_so() -> None:
    old = a_case(400, reported=False).model_copy(
        update={"anchor": date(2019, 6, 1), "looked_until": date(2020, 6, 1)}
    )
    assert "Recording rules changed: since April 2020" in " ".join(reoffending_view([old], today=TODAY).says)
    assert "Recording rules" not in " ".join(view_of(30, quiet=0).says)


def test_the_first_report_after_the_anchor_ends_the_follow_up() -> None:
    further = {"against": AgainstWhom.NEW_VICTIM, "happened": PartialDate("2025-03-02")}
    followed = followed_of(
        anchor=ANCHOR,
        findings=[
            a_finding(OutcomeFound.FURTHER_STALKING, "2025-06-01", **further),
            a_finding(OutcomeFound.NONE_FOUND, "2026-01-01"),
        ],
    )
    assert (followed.days, followed.has_reported, followed.against) == (60, True, AgainstWhom.NEW_VICTIM)


def test_stalking_before_the_anchor_is_no_outcome() -> None:
    further = {"against": AgainstWhom.SAME_VICTIM, "happened": PartialDate("2024-12-31")}
    followed = followed_of(
        anchor=ANCHOR, findings=[a_finding(OutcomeFound.FURTHER_STALKING, "2025-06-01", **further)]
    )
    assert not followed.has_reported
    assert followed.days == 151


def test_custody_does_not_end_the_time_at_risk_of_a_report_and_a_corrected_finding_does_not_count() -> None:
    followed = followed_of(
        anchor=ANCHOR,
        findings=[
            a_finding(OutcomeFound.NONE_FOUND, "2025-02-01", censored=Censoring.IN_CUSTODY),
            a_finding(OutcomeFound.NONE_FOUND, "2025-09-01"),
            a_finding(OutcomeFound.NONE_FOUND, "2025-12-01", replaced_by="T-2"),
        ],
    )
    assert followed.days == 243
    assert not followed.has_reported


def test_not_known_is_not_none_found() -> None:
    assert followed_of(anchor=ANCHOR, findings=[a_finding(OutcomeFound.NOT_KNOWN, "2025-09-01")]).days is None
