"""Figures of public tables, to the digits that were printed.

Where no text is named, the figure is what R 4.5.0 prints with survival 3.8-3 and cmprsk 2.2-12 (Gray's own
program) for the files in ``tests/files/outcomes``. Its README names the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from lifelines.datasets import load_rossi

from engine.services.tools.outcome_analysis import analyse_file
from engine.tools.statistics.results import Analysis, Cause, Ties

FILES = Path(__file__).parents[3] / "files" / "outcomes"
ARRESTS = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
Row = tuple[float, ...]


@pytest.fixture(scope="module")
def rossi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rossi") / "rossi.csv"
    load_rossi().to_csv(file, index=False)
    return file


def printed(value: float | None, like: float) -> float | None:
    """Return a value to as many decimals as the printed one has."""
    exponent = Decimal(repr(like)).as_tuple().exponent
    assert isinstance(exponent, int)
    return None if value is None else round(value, -exponent)


def coefficients(found: Analysis) -> dict[str, tuple[float, float]]:
    assert found.cox is not None
    return {each.name: (each.estimate, each.se) for each in found.cox.coefficients}


def proportionality(found: Analysis) -> dict[str, tuple[float, int]]:
    assert found.cox is not None
    assert found.cox.ph_test is not None
    return {each.name: (each.statistic, each.df) for each in found.cox.ph_test}


def agrees(found: Mapping[str, Row], expected: Mapping[str, Row]) -> None:
    assert {
        name: tuple(printed(value, like) for value, like in zip(found[name], row, strict=True))
        for name, row in expected.items()
    } == expected
    assert set(found) == set(expected)


def survival_at(found: Analysis, group: str | None) -> dict[float, tuple[float | None, ...]]:
    return {p.at: (p.estimate, p.low, p.high, p.at_risk) for p in found.survival if p.group == group}


def medians(found: Analysis) -> dict[str | None, tuple[float | None, ...]]:
    return {each.group: (each.estimate, each.low, each.high) for each in found.median}


class TestRossi:
    def test_survival_after_a_year_with_its_band(self, rossi: Path) -> None:
        found = analyse_file(rossi, duration="week", event="arrest", at=[52])
        estimate, low, high, _ = survival_at(found, None)[52]
        assert (printed(estimate, 0.73611), printed(low, 0.69186), printed(high, 0.77506)) == (
            0.73611,
            0.69186,
            0.77506,
        )
        assert (found.n, found.events, found.person_time) == (432, 114, 19809)

    def test_the_log_rank_test_by_financial_aid(self, rossi: Path) -> None:
        found = analyse_file(rossi, duration="week", event="arrest", group="fin")
        assert found.logrank is not None
        assert round(found.logrank.statistic, 3) == 3.838

    def test_the_model_of_all_covariates_by_efron(self, rossi: Path) -> None:
        """Coefficients and errors are those that Fox (2002) prints in his table."""
        found = analyse_file(rossi, duration="week", event="arrest", covariates=ARRESTS)
        agrees(
            coefficients(found),
            {
                "fin": (-0.3794, 0.1914),
                "age": (-0.0574, 0.022),
                "race": (0.3139, 0.308),
                "wexp": (-0.1498, 0.2122),
                "mar": (-0.4337, 0.3819),
                "paro": (-0.0849, 0.1958),
                "prio": (0.0915, 0.0286),
            },
        )
        assert found.cox is not None
        assert round(found.cox.log_likelihood, 7) == -658.7476594
        assert (round(found.cox.lr.statistic, 2), found.cox.lr.df) == (33.27, 7)
        assert found.cox.concordance == pytest.approx(0.6403292471)
        agrees(
            proportionality(found),
            {
                "fin": (0.0624298, 1),
                "age": (5.9739817, 1),
                "race": (2.0682654, 1),
                "wexp": (4.2245956, 1),
                "mar": (1.0110216, 1),
                "paro": (0.0183833, 1),
                "prio": (0.5205843, 1),
                "GLOBAL": (17.6944153, 7),
            },
        )

    def test_the_same_by_breslow(self, rossi: Path) -> None:
        found = analyse_file(rossi, duration="week", event="arrest", covariates=ARRESTS, ties=Ties.BRESLOW)
        assert found.cox is not None
        assert round(found.cox.log_likelihood, 7) == -659.1206057
        name, estimate, error = "prio", *coefficients(found)["prio"]
        assert (name, round(estimate, 7), round(error, 7)) == ("prio", 0.0911115, 0.0286313)
        assert proportionality(found)["GLOBAL"][0] == pytest.approx(17.5732788)


class TestLeukaemia:
    """Freireich 1963, Cox 1972: the table of most textbooks, with many tied relapses."""

    def analysed(self, covariates: Sequence[str] = (), ties: Ties = Ties.EFRON) -> Analysis:
        return analyse_file(
            FILES / "leukaemia.csv",
            duration="time",
            event="relapse",
            group="treatment",
            covariates=covariates,
            ties=ties,
        )

    def test_survival_and_medians(self) -> None:
        found = self.analysed()
        of_drug = survival_at(found, "6-MP")
        assert list(of_drug) == [6, 7, 10, 13, 16, 22, 23]
        assert [round(row[0] or 0, 6) for row in of_drug.values()] == [
            0.857143, 0.806723, 0.752941, 0.690196, 0.627451, 0.537815, 0.448179,
        ]  # fmt: skip
        assert [row[3] for row in of_drug.values()] == [21, 17, 15, 12, 11, 7, 6]
        assert [round(limit or 0, 6) for limit in of_drug[23][1:3]] == [0.188052, 0.680143]
        assert survival_at(found, "placebo")[23] == (0, None, None, 1)
        assert medians(found) == {"6-MP": (23, 13, None), "placebo": (8, 4, 11)}

    def test_comparisons(self) -> None:
        found = self.analysed(["treatment"])
        assert found.logrank is not None
        assert round(found.logrank.statistic, 2) == 16.79
        agrees(coefficients(found), {"treatment=placebo": (1.572125149, 0.4123967177)})
        assert proportionality(found)["treatment"][0] == pytest.approx(0.0228634, abs=5e-8)

    def test_the_model_by_breslow(self) -> None:
        found = self.analysed(["treatment"], Ties.BRESLOW)
        agrees(coefficients(found), {"treatment=placebo": (1.50919141, 0.40956441)})
        assert found.cox is not None
        assert round(found.cox.log_likelihood, 8) == -86.37962207


def test_maintained_chemotherapy_of_miles() -> None:
    found = analyse_file(FILES / "aml.csv", duration="time", event="status", group="x", covariates=["x"])
    estimates = [round(row[0] or 0, 2) for row in survival_at(found, "Maintained").values()]
    assert estimates == [0.91, 0.82, 0.72, 0.61, 0.49, 0.37, 0.18]
    assert medians(found) == {"Maintained": (31, 13, None), "Nonmaintained": (23, 5, 33)}
    assert found.logrank is not None
    assert round(found.logrank.statistic, 9) == 3.396388699
    agrees(coefficients(found), {"x=Nonmaintained": (0.9155326, 0.5119343)})


def test_ovarian_cancer() -> None:
    found = analyse_file(
        FILES / "ovarian.csv",
        duration="futime",
        event="fustat",
        group="rx",
        covariates=["age", "rx", "resid.ds", "ecog.ps"],
        at=[365, 500],
    )
    first = survival_at(found, "1")
    assert [round(value or 0, 6) for value in first[365]] == [0.615385, 0.308337, 0.818449, 8]
    assert [round(value or 0, 6) for value in first[500]] == [0.538462, 0.247657, 0.759904, 5]
    assert medians(found) == {"1": (638, 156, None), "2": (None, 464, None)}
    assert found.logrank is not None
    assert round(found.logrank.statistic, 6) == 1.06274
    assert found.cox is not None
    assert found.cox.concordance == pytest.approx(0.8073394495)
    agrees({"GLOBAL": proportionality(found)["GLOBAL"]}, {"GLOBAL": (4.455099, 4)})


def test_lung_cancer_of_veterans_with_a_text_of_four_cell_types() -> None:
    """Four groups, and a covariate of text whose test has three degrees of freedom."""
    found = analyse_file(
        FILES / "veteran.csv",
        duration="time",
        event="status",
        group="celltype",
        covariates=["trt", "celltype", "karno", "diagtime", "age", "prior"],
    )
    assert medians(found) == {
        "adeno": (51, 24, 90),
        "large": (156, 100, 216),
        "smallcell": (51, 24, 61),
        "squamous": (118, 44, 242),
    }
    assert found.logrank is not None
    assert (round(found.logrank.statistic, 8), found.logrank.df) == (25.40370035, 3)
    agrees(
        coefficients(found),
        {
            "trt": (0.2946028, 0.2075496),
            "celltype=large": (-0.7947747, 0.3028777),
            "celltype=smallcell": (-0.3345059, 0.2759778),
            "celltype=squamous": (-1.1960664, 0.300917),
            "karno": (-0.0328153, 0.0055078),
            "diagtime": (0.0000813, 0.0091361),
            "age": (-0.0087065, 0.0093003),
            "prior": (0.0071594, 0.0232305),
        },
    )
    agrees({"celltype": proportionality(found)["celltype"]}, {"celltype": (15.2273639, 3)})
    assert "adeno" in found.conventions["coding"]
    assert any(sentence.startswith("The effect of 'karno' changes with time") for sentence in found.warnings)


def incidence_at(found: Analysis, group: str, cause: Cause, at: float) -> list[float]:
    (point,) = (
        each
        for each in found.cumulative_incidence or ()
        if (each.group, each.cause, each.at) == (group, cause, at)
    )
    return [round(value or 0, 8) for value in (point.estimate, point.low, point.high)]


def grays(found: Analysis) -> dict[Cause, float]:
    return {each.cause: round(each.statistic, 9) for each in found.gray or ()}


def test_transplants_with_relapse_and_death_before_it() -> None:
    """Klein and Moeschberger's table: two endings, three groups of disease."""
    found = analyse_file(
        FILES / "transplant.csv",
        duration="time",
        event="relapse",
        competing="death",
        group="group",
        at=[100, 365, 730],
    )
    assert incidence_at(found, "1", Cause.EVENT, 365) == [0.23798627, 0.11808264, 0.38112872]
    assert incidence_at(found, "2", Cause.EVENT, 730) == [0.14814815, 0.06930465, 0.25510954]
    assert incidence_at(found, "3", Cause.COMPETING, 100) == [0.11111111, 0.04074238, 0.22125114]
    assert grays(found) == {Cause.EVENT: 11.922882049, Cause.COMPETING: 0.137410783}
    assert found.logrank is not None
    assert round(found.logrank.statistic, 8) == 16.48361976


def test_a_table_in_whole_years_in_which_nearly_all_times_are_tied_and_some_are_nought() -> None:
    found = analyse_file(
        FILES / "gammopathy.csv",
        duration="years",
        event="malignancy",
        competing="death",
        group="sex",
        at=[0, 10, 30],
    )
    assert incidence_at(found, "F", Cause.EVENT, 0) == [0.01267829, 0.0060141, 0.02397252]
    assert incidence_at(found, "M", Cause.COMPETING, 10) == [0.58710275, 0.54910498, 0.62305934]
    assert incidence_at(found, "F", Cause.EVENT, 30) == [0.15990094, 0.09998169, 0.23237917]
    assert grays(found) == {Cause.EVENT: 1.245428263, Cause.COMPETING: 11.823032482}


def test_the_example_of_grays_own_program() -> None:
    found = analyse_file(FILES / "three-groups.csv", duration="t", event="ev", competing="co", group="g")
    assert grays(found) == {Cause.EVENT: 1.737061403, Cause.COMPETING: 2.534534335}


def test_a_median_on_a_flat_step_is_its_middle(tmp_path: Path) -> None:
    """R prints 4, limits 1 and none: the curve is exactly a half from 3 to 5."""
    file = tmp_path / "flat.csv"
    file.write_text("t,e\n1,1\n2,1\n3,1\n4,0\n5,1\n6,1\n", encoding="utf-8")
    assert medians(analyse_file(file, duration="t", event="e")) == {None: (4, 1, None)}
