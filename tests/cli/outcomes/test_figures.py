"""Figures over all cases on a terminal: hidden is a word, and wrong input is one sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli.outcomes.figures import _cost_lines, _days, _table_lines
from engine.domain.outcomes.prices import Price, PriceList
from engine.domain.outcomes.tables import Hiding, Spread
from engine.outcomes.costs import TimeReported, cost_view
from engine.outcomes.figure_tables import exact_table, shown
from tests.cli.command import Stac

GAP = """\
[[prices]]
agency = "health"
begins = 2025-04-01
ends = 2026-03-30
pounds_per_hour = 40
[[prices]]
agency = "health"
begins = 2026-04-01
pounds_per_hour = 42
"""


def lines_of(few: int) -> list[str]:
    table = exact_table(
        "a_table",
        "A table",
        counts="cases",
        dimensions=("topic", "change"),
        rows={("fear", "worse"): few, ("fear", "better"): 30 - few},
        whole=30,
        hiding=Hiding.EACH_GROUP,
    )
    return list(_table_lines(shown(table)))


def test_a_hidden_count_is_a_word_and_not_nought() -> None:
    assert lines_of(10) == ["A table (of 30 cases)", "  fear, worse: 10", "  fear, better: 20"]
    assert lines_of(9)[1] == "  hidden: too few cases, or figures that would show them"
    few = Spread(name="days", title="Days", cases=None, median=None, lower_quartile=None, upper_quartile=None)
    assert _days(few) == "hidden: too few cases came so far"


def test_costs_are_pounds_or_a_sentence() -> None:
    price = Price(agency="health", begins=date(2026, 1, 1), pounds_per_hour=Decimal(30))
    reported = [TimeReported(f"case {n}", "health", date(2026, 3, 1), 120) for n in range(12)]
    lines = list(_cost_lines(cost_view(reported, PriceList(prices=(price,)))))
    assert "cost: £720" in lines
    assert "cost per case: £60" in lines
    lines = list(_cost_lines(cost_view(reported, None)))
    assert lines[0] == "Cannot be estimated: no price list is recorded."
    assert "cost: not shown" in lines


def test_each_command_answers_of_an_empty_record_and_a_list_with_a_gap_is_refused(
    stac: Stac, tmp_path: Path
) -> None:
    for name in ("victims", "process", "agreement", "costs", "prices"):
        assert stac.json("outcome", name, user="max")
    assert stac.json("outcome", "equity", "--by", "age band", user="max") == {"as_of": None, "tables": []}
    assert "No release has been made." in stac("outcome", "victims", user="max").out
    stac.json("outcome", "release", "make", user="max")
    tables = stac.json("outcome", "equity", "--by", "age band", user="max")["tables"]
    assert [each["table"]["name"] for each in tables] == [
        "equity_age_band",
        "equity_age_band_conference",
        "equity_age_band_advocate",
    ]
    assert "choose one of 'sex'" in stac("outcome", "equity", "--by", "shoe size", user="max").err
    file = tmp_path / "prices.toml"
    file.write_text(GAP)
    refused = stac("outcome", "prices", str(file), user="max")
    assert (refused.code, refused.out) == (1, "")
    assert "health has no price on 31 March 2026; add one from then on" in refused.err
    assert refused.err.count("\n") == 1
    file.write_text(GAP.replace("2026-03-30", "2026-03-31"))
    assert stac.json("outcome", "prices", str(file), user="max") == {"version": 1}
    assert "£42 an hour from 2026-04-01 and still applies" in stac("outcome", "prices", user="max").out


@pytest.mark.parametrize("name", ["victims", "process", "agreement", "costs"])
def test_what_a_release_needs_to_know_is_not_printed(stac: Stac, name: str) -> None:
    answer = stac("outcome", name, "--json", user="ana").out
    assert "rests" not in answer
    assert "behind" not in answer


@pytest.mark.parametrize("name", ["process", "costs"])
def test_exact_figures_are_for_those_who_can_open_each_case(stac: Stac, name: str) -> None:
    assert stac.json("outcome", name, "--exact", user="chair")
    refused = stac("outcome", name, "--exact", user="max")
    assert (refused.code, refused.out) == (1, "")
    assert "only a person who can open each of the cases" in refused.err
