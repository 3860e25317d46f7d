"""Cases that a transaction added have no rows but those that it wrote: none is asked of the database."""

from __future__ import annotations

from collections.abc import Mapping

from engine.store.cases_written import CasesAdded

Rows = dict[tuple[object, ...], Mapping[str, object] | None]


def added(involvement: Rows, **others: Rows) -> CasesAdded:
    return CasesAdded({"involvement": involvement, **others})


def one(number: int, *, episode: int | None = None) -> Mapping[str, object]:
    return {"ref": f"R-{number}", "own_episode_id": number, "episode_id": episode or number}


def test_a_new_case_may_have_a_row_only_of_a_table_that_was_written_for_it() -> None:
    both = added({(1,): one(1), (2,): one(2)}, restriction={(9,): {"involvement_id": 2, "why": "w"}})
    assert both.references == {1: "R-1", 2: "R-2"}
    assert both.with_any("request", ["R-1", "R-2"]) == []
    assert both.with_any("restriction", ["R-1", "R-2"]) == ["R-2"]
    assert both.with_any("restriction", ["R-1", "R-2"], where=lambda row: row["why"] != "w") == []


def test_an_older_case_may_have_any() -> None:
    assert added({(1,): one(1)}).with_any("request", ["R-1", "R-0"]) == ["R-0"]
    assert CasesAdded({}).with_any("request", ["R-1"]) == ["R-1"]


def test_a_row_that_is_not_known_may_be_of_any_case_and_so_may_one_that_is_not_about_its_case_alone() -> None:
    unknown = added({(1,): one(1)}, restriction={(9,): None})
    assert unknown.with_any("restriction", ["R-1"]) == ["R-1"]
    of_other = added({(1,): one(1)}, police_decision={(9,): {"involvement_id": 5}})
    assert of_other.with_any("police_decision", ["R-1"], names_case=False) == ["R-1"]
    assert of_other.with_any("police_decision", ["R-1"]) == []


def test_a_case_in_the_episode_of_another_is_not_among_them() -> None:
    assert added({(2,): one(2, episode=1)}).references == {}
    assert added({(1,): one(1), (2,): one(2, episode=1), (3,): one(3)}).references == {3: "R-3"}


def test_where_an_older_case_changed_too_none_is_among_them() -> None:
    """It may have come into the episode of one of them: its row is not known here."""
    assert added({(1,): one(1), (7,): None}).references == {}
