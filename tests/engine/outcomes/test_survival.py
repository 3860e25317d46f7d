"""The curve equals an independent calculation, and what is not yet known is never counted as good."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.dates import PartialDate
from engine.domain.outcomes import AgainstWhom, Censoring, Measure, OutcomeFound
from engine.domain.views import OutcomeView
from engine.outcomes.followed import Followed, followed_of
from engine.outcomes.survival import reoffending_view
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


def test_the_curve_equals_the_product_of_the_shares_by_hand() -> None:
    cases = [(30, True), (60, False), (90, True), (90, True), (200, False), (300, True), (400, False)]
    view = reoffending_view([a_case(d, reported=r) for d, r in cases], today=TODAY)
    expected, share, left = {}, 1.0, len(cases)
    for day in sorted({d for d, _ in cases}):
        events = sum(1 for d, r in cases if d == day and r)
        share *= 1 - events / left
        expected[day] = share
        left -= sum(1 for d, _ in cases if d == day)
    drawn = {point.day: point.share for point in view.curve}
    for day, value in expected.items():
        assert drawn[day] == pytest.approx(value)
    assert all(0 <= p.low <= p.share <= p.high <= 1 for p in view.curve)
    assert [(a.month, a.count) for a in view.at_risk[:3]] == [(0, 7), (3, 3), (6, 3)]


def test_a_case_nobody_has_looked_at_is_not_yet_known_and_no_zero() -> None:
    view = reoffending_view([a_case(None, reported=False)] * 3 + [a_case(30, reported=True)], today=TODAY)
    assert (view.followed, view.not_known, view.reported) == (4, 3, 1)
    assert any("nobody has looked yet: not yet known" in says for says in view.says)
    assert view.curve == ()
    assert any("too few for a curve" in says for says in view.says)


def test_a_year_that_is_not_over_is_not_yet_known() -> None:
    view = reoffending_view([a_case(364, reported=False), a_case(365, reported=False)], today=TODAY)
    assert view.window_open == 1


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


def test_custody_ends_the_time_at_risk() -> None:
    followed = followed_of(
        anchor=ANCHOR,
        findings=[
            a_finding(OutcomeFound.NONE_FOUND, "2025-02-01", censored=Censoring.IN_CUSTODY),
            a_finding(OutcomeFound.NONE_FOUND, "2025-09-01"),
        ],
    )
    assert followed.days == 31
    assert not followed.has_reported


def test_not_known_is_not_none_found() -> None:
    assert followed_of(anchor=ANCHOR, findings=[a_finding(OutcomeFound.NOT_KNOWN, "2025-09-01")]).days is None
