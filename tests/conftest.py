"""What every test shares: which of them stay together on one worker, and what is compiled once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

SHARED = ("prefect", "browser", "postgres")
SLOW = (
    "tests/architecture/test_layers",
    "tests/architecture/test_workers",
    "tests/attacks/test_planted_secrets",
    "tests/cli/test_agencies",
    "tests/cli/test_asking",
    "tests/cli/test_deciding",
    "tests/cli/test_doctor",
    "tests/cli/test_installing",
    "tests/cli/test_main",
    "tests/cli/test_need_to_know",
    "tests/cli/test_people",
    "tests/cli/test_plugins",
    "tests/cli/test_policy",
    "tests/cli/test_pytest_plugin",
    "tests/cli/test_screening",
    "tests/cli/test_sharing",
    "tests/cli/test_start_up",
    "tests/cli/test_withdrawing",
    "tests/dashboard/test_navigation",
    "tests/dashboard/views/",
    "tests/engine/exchange/test_bounds",
    "tests/engine/exchange/test_malformed",
    "tests/engine/hooks/conformance/",
    "tests/engine/hooks/nocode/test_answering",
    "tests/engine/hooks/test_calls",
    "tests/engine/identity/test_febrl",
    "tests/engine/identity/test_matching",
    "tests/engine/identity/test_unseen_files",
    "tests/engine/services/test_agency_health",
    "tests/engine/services/test_arrival",
    "tests/engine/services/test_chasing",
    "tests/engine/services/test_hidden_makes_no_difference",
    "tests/engine/services/test_identity_files",
    "tests/engine/services/test_need_to_know",
    "tests/engine/services/test_openings",
    "tests/engine/services/test_pathway",
    "tests/engine/services/test_plugins",
    "tests/engine/services/test_policy_cells",
    "tests/engine/services/test_reassessing",
    "tests/engine/services/test_rectifying",
    "tests/engine/services/test_retention",
    "tests/engine/services/test_same_person",
    "tests/engine/services/test_seen_before",
    "tests/engine/services/test_sharing",
    "tests/engine/services/test_standing_queries",
    "tests/engine/services/test_victim_voice",
    "tests/engine/services/test_voices",
    "tests/engine/store/test_audit_chain",
    "tests/engine/store/test_planted_values",
    "tests/engine/store/test_schema",
    "tests/engine/synthetic/",
    "tests/faults/",
    "tests/plugins/probation/predictors/test_ogrs4",
    "tests/stories/",
)
"""Tests there draw whole pages, start whole commands, invent whole cities, or go through every table, viewer
or cell: not for the run that is to take two minutes."""


@pytest.fixture
def any_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that goes back in time, to tell one story after another: no entry is too old for the log."""
    monkeypatch.setattr("engine.store.record_state.CLOCKS_MAY_DIFFER", timedelta(days=100_000))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each kind on one worker: its server is started once for each worker that needs it."""
    for test in items:
        if test.nodeid.startswith(SLOW):
            test.add_marker(pytest.mark.slow)
        for kind in SHARED:
            if test.get_closest_marker(kind) and not test.get_closest_marker("xdist_group"):
                test.add_marker(pytest.mark.xdist_group(kind))


def pytest_configure() -> None:
    """Nearly each test has a record, and so an engine, of its own, which would compile each statement again.

    All of one process share what was compiled, as the engines of one record do. It was a quarter of the time.
    """
    compiled: LRUCache[Any, Any] = LRUCache(5_000)
    Engine._compiled_cache = property(lambda engine: compiled, lambda engine, its_own: None)  # type: ignore[assignment]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
