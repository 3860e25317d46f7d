"""Weighted kappa as published, and no figure where it would be one about persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from engine.domain.conference.risk import Domain, Level
from engine.domain.outcomes.agreement import AgreementFigure, Rating
from engine.outcomes.agreement import agreement_figures, weighted_kappa

LOW, MODERATE, HIGH, UNABLE = Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY


def views(
    pairs: Iterable[tuple[Level, Level]], *, raters: int = 3, domain: Domain = Domain.VIOLENCE
) -> list[Rating]:
    """Both agencies' views of each case, by so many professionals on each side."""
    return [
        Rating(f"case {n}", domain, agency, level, f"{agency} {n % raters}", date(2026, 3, 1))
        for n, pair in enumerate(pairs)
        for agency, level in zip(("harbour", "lantern"), pair, strict=True)
    ]


MIXED = [*[(LOW, LOW)] * 10, *[(MODERATE, HIGH)] * 10, *[(HIGH, MODERATE)] * 10, *[(HIGH, HIGH)] * 10]


def only(ratings: Iterable[Rating]) -> AgreementFigure:
    (figure,) = agreement_figures(ratings)
    return figure


def test_weighted_kappa_is_the_published_one() -> None:
    """SAS/STAT, The FREQ Procedure, "Agreement Study": two dermatologists and a skin condition."""
    estimate = weighted_kappa(np.array([[10.0, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]))
    assert estimate is not None
    assert [round(each, 4) for each in estimate] == [0.5082, 0.3798, 0.6366]


def test_weighted_kappa_is_that_of_another_library() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(15)
    for _ in range(20):
        one, other = chance.integers(0, 3, 60), chance.integers(0, 3, 60)
        table = np.zeros((3, 3))
        np.add.at(table, (one, other), 1)
        estimate = weighted_kappa(table)
        assert estimate is not None
        assert estimate[0] == pytest.approx(metrics.cohen_kappa_score(one, other, weights="linear"))


def test_a_figure_has_raw_agreement_and_base_rates_beside_it() -> None:
    figure = only(views([*MIXED, *[(UNABLE, HIGH)] * 11]))
    assert (figure.domain, figure.agencies) == (Domain.VIOLENCE, ("harbour", "lantern"))
    assert (figure.cases, figure.agreed, figure.not_compared) == (40, 20, 11)
    assert figure.kappa is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < figure.kappa < figure.high <= 1
    assert {(each.agency, each.level): each.count for each in figure.base_rates} == {
        ("harbour", LOW): 10,
        ("harbour", MODERATE): 10,
        ("harbour", HIGH): 20,
        ("lantern", LOW): 10,
        ("lantern", MODERATE): 10,
        ("lantern", HIGH): 20,
    }


@pytest.mark.parametrize(("cases", "raters", "is_estimated"), [(20, 3, True), (19, 3, False), (20, 2, False)])
def test_it_needs_twenty_cases_and_three_professionals_on_each_side(
    cases: int, raters: int, *, is_estimated: bool
) -> None:
    pairs = [*[(LOW, LOW)] * 5, *[(HIGH, HIGH)] * 5, *[(LOW, HIGH)] * (cases - 10)]
    figure = only(views(pairs, raters=raters))
    assert (figure.why_not is None) is is_estimated
    assert (figure.kappa is None) is not is_estimated
    if not is_estimated:
        assert figure.why_not is not None
        assert "20 cases that both viewed and 3 professionals" in figure.why_not
        assert figure.cases is figure.agreed is None


def test_cases_that_an_agency_could_not_judge_do_not_count_towards_the_twenty() -> None:
    assert only(views([*[(LOW, LOW)] * 10, *[(HIGH, LOW)] * 9, *[(UNABLE, LOW)] * 20])).why_not is not None


def test_one_level_only_and_few_that_differ_are_not_estimated() -> None:
    same = only(views([*[(HIGH, HIGH)] * 10, *[(HIGH, LOW)] * 10]))
    assert same.why_not == "Cannot be estimated: an agency viewed every case at the same level."
    few = only(views([*[(HIGH, HIGH)] * 20, *[(LOW, LOW)] * 20, *[(HIGH, LOW)] * 9]))
    assert few.why_not == "Hidden: fewer than 10 cases agree, or fewer than 10 differ."


def test_small_base_rates_are_hidden_with_all_of_their_side() -> None:
    figure = only(views([*MIXED, (MODERATE, LOW)]))
    assert {each.count for each in figure.base_rates if each.agency == "lantern"} != {None}
    figure = only(views([*[(LOW, LOW)] * 15, *[(HIGH, HIGH)] * 15, *[(LOW, HIGH)] * 12, (MODERATE, HIGH)]))
    assert {each.count for each in figure.base_rates} == {None}


def test_domains_and_agencies_are_never_put_together() -> None:
    figures = agreement_figures([*views(MIXED), *views(MIXED, domain=Domain.PERSISTENCE)])
    assert [figure.domain for figure in figures] == [Domain.VIOLENCE, Domain.PERSISTENCE]
    assert agreement_figures(views(MIXED)[::2]) == ()
