"""Tables of counts of a release: a count is a number, or said to be hidden."""

from __future__ import annotations

from dashboard.views.outcomes.count_tables import _listed


def test_levels_in_one_cell_have_their_number_or_are_hidden() -> None:
    assert _listed({"low": 999, "high": 1_200}) == "low 999, high 1,200"
    assert _listed({"low": None, "high": 12}) == "low hidden, high 12"
    assert "hidden" in str(_listed({"low": None, "high": None}))
