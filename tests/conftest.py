"""What every test shares: which files come first, which are slow, and what is compiled once."""

from __future__ import annotations

import gc
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from engine.hooks import discovery, installed, registry
from engine.hooks.discovery import Announced
from engine.hooks.manifest import Manifest
from engine.store import database
from tests import databases
from tests.builders import ASKED_AGAIN, SAFE_HOUSE, SAFE_PHONE, SAID, say_whose
from tests.fifths import in_fifth
from tests.migrated import migrated_once
from tests.prefect_servers import prefect_database, prefect_server
from tests.processor import OPTION as PROCESSOR_TIME
from tests.processor import ProcessorTime
from tests.warm import SharedLauncher

gc.disable()  # until all tests are collected

__all__ = ["prefect_database", "prefect_server"]

ROOT = Path(__file__).parents[1]
"""What lies here is no test's to change: the manifests of agencies in it are read once."""
wait_for_disk = database._wait_for_disk
"""What tests do without, for the one that looks at it."""
LONGEST = (
    "tests/faults/test_killed_runs",
    "tests/browser/test_access_for_all",
    "tests/cli/system/test_demo.py",
    "tests/flows/test_serve",
    "tests/cli/system/test_serving",
    "tests/browser/test_real_sign_in",
    "tests/cli/test_examples",
    "tests/dashboard/test_own_process",
)
"""Files that take long, much of it waiting for a server: they begin while there is much else to do."""
WAITING = ("tests/faults/", "tests/flows/", "tests/stories/")
"""Files there wait most of their time: each begins between files that compute, so no processor waits too."""
SLOW = (
    "tests/architecture/test_names",
    "tests/attacks/test_hostile_requests",
    "tests/attacks/test_json_logs",
    "tests/attacks/test_minutes",
    "tests/attacks/test_planted_secrets",
    "tests/attacks/test_restored_records",
    "tests/benchmarks/test_links_register",
    "tests/cli/access/test_need_to_know",
    "tests/cli/access/test_policy",
    "tests/cli/accounts/test_users",
    "tests/cli/agencies/test_health",
    "tests/cli/agencies/test_plugins",
    "tests/cli/conference/test_decisions",
    "tests/cli/referrals/test_screening",
    "tests/cli/responses/test_requests",
    "tests/cli/responses/test_withdrawal",
    "tests/cli/system/test_backups",
    "tests/cli/system/test_doctor",
    "tests/cli/system/test_installing",
    "tests/cli/test_main",
    "tests/cli/test_pytest_plugin",
    "tests/cli/test_sharing",
    "tests/cli/test_start_up",
    "tests/dashboard/test_navigation",
    "tests/dashboard/test_own_process",
    "tests/dashboard/test_review_step",
    "tests/dashboard/views/",
    "tests/docs/test_notebooks",
    "tests/engine/domain/system/test_audit",
    "tests/engine/exchange/test_bounds",
    "tests/engine/exchange/test_malformed",
    "tests/engine/exchange/test_old_workbooks",
    "tests/engine/hooks/conformance/",
    "tests/engine/hooks/contract/test_published",
    "tests/engine/hooks/nocode/test_answering",
    "tests/engine/hooks/test_calls",
    "tests/engine/hooks/test_forking",
    "tests/engine/hooks/test_trying",
    "tests/engine/links/exporting/test_pictures",
    "tests/engine/links/test_escalation",
    "tests/engine/outcomes/releases/test_releasing",
    "tests/engine/outcomes/releases/test_work_releasing",
    "tests/engine/outcomes/test_comparing",
    "tests/engine/services/access/test_hidden_makes_no_difference",
    "tests/engine/services/access/test_need_to_know",
    "tests/engine/services/access/test_policy_cells",
    "tests/engine/services/agencies/test_health",
    "tests/engine/services/agencies/test_plugins",
    "tests/engine/services/cases/test_pathway",
    "tests/engine/services/conference/test_agreeing",
    "tests/engine/services/conference/test_amending",
    "tests/engine/services/conference/test_changes",
    "tests/engine/services/conference/test_meetings",
    "tests/engine/services/conference/test_opened_alone",
    "tests/engine/services/conference/test_positions",
    "tests/engine/services/conference/test_remarks",
    "tests/engine/services/conference/test_state_machine",
    "tests/engine/services/conference/test_texts_left",
    "tests/engine/services/conference/test_texts_owed",
    "tests/engine/services/conference/test_victim_words",
    "tests/engine/services/links/test_hidden_records",
    "tests/engine/services/links/test_likely_same",
    "tests/engine/services/links/test_link_evidence",
    "tests/engine/services/links/test_links_by_arrays",
    "tests/engine/services/links/test_map_notes",
    "tests/engine/services/links/test_record_requests",
    "tests/engine/services/links/test_saved_searches",
    "tests/engine/services/orders/test_areas",
    "tests/engine/services/outcomes/test_agency_outcomes",
    "tests/engine/services/people/test_same_person",
    "tests/engine/services/people/test_search",
    "tests/engine/services/plans/test_approval",
    "tests/engine/services/plans/test_protected_places",
    "tests/engine/services/plans/test_reviews",
    "tests/engine/services/referrals/test_arrival",
    "tests/engine/services/referrals/test_imports",
    "tests/engine/services/responses/test_corrections",
    "tests/engine/services/responses/test_proposals",
    "tests/engine/services/responses/test_reassessment",
    "tests/engine/services/responses/test_reminders",
    "tests/engine/services/responses/test_reported",
    "tests/engine/services/responses/test_victim_voice",
    "tests/engine/services/responses/test_voices",
    "tests/engine/services/rights/test_retention",
    "tests/engine/services/sharing/test_release_rules",
    "tests/engine/services/sharing/test_sharing_log",
    "tests/engine/services/system/test_backups",
    "tests/engine/services/tools/",
    "tests/engine/services/vault/test_keys",
    "tests/engine/services/vault/test_openings",
    "tests/engine/store/system/test_audit_chain",
    "tests/engine/store/system/test_moving",
    "tests/engine/store/system/test_restoring",
    "tests/engine/store/test_schema",
    "tests/engine/store/test_turns",
    "tests/engine/store/vault/test_planted_values",
    "tests/engine/synthetic/",
    "tests/engine/test_runtime",
    "tests/engine/tools/",
    "tests/faults/",
    "tests/flows/test_watch",
    "tests/plugins/probation/predictors/test_ogrs4",
    "tests/reviews/test_reviews",
    "tests/stories/",
)
"""Tests there draw whole pages, start whole commands, invent whole cities, restore whole records, take a case
to its conference or plan for each question, wait for a lock or an interval, or go through every table, viewer
or cell: not for the run of two minutes."""

LONG = 200
FIFTH, MINUTES = "--fifth", "--begin-within-minutes"
_BEGAN = time.monotonic()
_TOO_LATE = "time was over"


@pytest.fixture(autouse=True)
def whose_is_said(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nobody says whose a typed place is, but in the files whose mark says that everybody does."""
    if request.node.get_closest_marker("whose_is_said") is not None:
        say_whose(request.path.read_text(), SAFE_HOUSE, SAFE_PHONE)
    yield
    SAID.clear()


@pytest.fixture(autouse=True)
def asked_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each act is another one than the last, as everybody says, but where a test is marked so."""
    if request.node.get_closest_marker("asked_again") is not None:
        ASKED_AGAIN.append(True)
    yield
    ASKED_AGAIN.clear()


@pytest.fixture
def any_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that goes back in time, to tell one story after another: no entry is too old for the log."""
    monkeypatch.setattr("engine.store.record_state.CLOCKS_MAY_DIFFER", timedelta(days=100_000))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take a fifth of its tests, and let it begin none after some minutes."""
    databases.add_option(parser)
    parser.addoption(FIFTH, metavar="COMMIT", help="a fifth of the tests, picked by this commit's hash")
    parser.addoption(
        MINUTES, type=float, metavar="N", help="begin no test after so many; name those left out"
    )
    parser.addoption(
        PROCESSOR_TIME, type=int, metavar="N", help="show processor seconds by folder, and of the slowest N"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked so once on each database."""
    marked = metafunc.definition.get_closest_marker("both")
    if "database_kind" in metafunc.fixturenames and marked:
        kinds = databases.IN_FULL if marked.args == ("full",) else databases.BOTH
        metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files: one that begins last leaves the other workers with nothing to do."""
    databases.leave_out_sqlite(config, items)
    for test in items:
        if test.nodeid.startswith(SLOW):
            test.add_marker(pytest.mark.slow)
    places = _places(list(dict.fromkeys(map(_file, items))))
    items.sort(key=lambda test: places[_file(test)])
    if commit := config.getoption(FIFTH):
        taken = in_fifth({test.nodeid for test in items}, commit)
        config.hook.pytest_deselected(items=[test for test in items if test.nodeid not in taken])
        items[:] = sorted(
            (test for test in items if test.nodeid in taken), key=lambda test: taken[test.nodeid]
        )


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long value by its argument: a test's name is sent from process to process with each report."""
    return argname if isinstance(val, str | bytes) and len(val) > LONG else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a name with an address of this process: each process of a run would collect other tests."""
    if " at 0x" in item.nodeid:
        raise pytest.UsageError(f"{item.nodeid}: give this test ids, the value of a parameter has no name")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Run the collector of garbage from here on: what importing and collecting makes stays, or is little."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(4_000, 20, 20)
        gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what would begin too late."""
    minutes = item.config.getoption(MINUTES)
    if minutes is not None and time.monotonic() > _BEGAN + 60 * minutes:
        pytest.skip(_TOO_LATE)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name each test that was left out."""
    skipped = terminalreporter.stats.get("skipped", ())
    left_out = [report.nodeid for report in skipped if _TOO_LATE in str(report.longrepr)]
    if left_out:
        terminalreporter.section(f"left out, because time was over: {len(left_out)}")
        terminalreporter.write_line("\n".join(sorted(left_out)))


def _file(test: pytest.Item) -> str:
    return test.nodeid.partition("::")[0]


def _places(files: list[str]) -> dict[str, float]:
    """Return the place of each file: those that wait are spread over the second half of the time."""
    waiting = [file for file in files if file.startswith(WAITING)]
    others = [file for file in files if not file.startswith(WAITING)]
    places = {file: place / len(others) for place, file in enumerate(others)}
    places |= {file: 0.35 + 0.5 * place / len(waiting) for place, file in enumerate(waiting)}
    for place, begins in enumerate(LONGEST):
        places |= {file: place - len(LONGEST) for file in files if file.startswith(begins)}
    return places


# The same examples in each run: no change is refused for what another run found by chance, nor because a busy
# machine exceeded a time limit. Under "search" they are new ones each time.
settings.register_profile("any time", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("any time"), derandomize=True, max_examples=60)
settings.register_profile("search", settings.get_profile("any time"), max_examples=200)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """Spare each test what a process does once, and what only a loss of power would notice.

    Nearly each test has a record, and so an engine, of its own, which would compile each statement again: all
    of one process share what was compiled, as the engines of one record do. Nor does a record that is gone
    with its test wait for the disk, or a home look through all packages again that are installed, or start a
    warm process of its own for its agencies.
    """
    databases.choose(config)
    compiled: LRUCache[Any, Any] = LRUCache(5_000)
    if slowest := config.getoption(PROCESSOR_TIME):
        config.pluginmanager.register(ProcessorTime(slowest))
    Engine._compiled_cache = property(lambda engine: compiled, lambda engine, its_own: None)  # type: ignore[assignment]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    set_pragmas = database._set_pragmas

    def without_waiting(connection: sqlite3.Connection, record: object) -> None:
        set_pragmas(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    database._set_pragmas = without_waiting
    database._wait_for_disk = lambda *_: None

    command.upgrade = migrated_once(command.upgrade)
    registry.ForkingLauncher = SharedLauncher  # type: ignore[attr-defined]

    @cache
    def announced(path: tuple[str, ...], group: str) -> EntryPoints:
        return entry_points(group=group)

    read = installed._read

    @cache
    def read_once(folder: Path, code: str, package: str) -> Manifest:
        return read(Announced(code=code, package=package, folder=folder, import_root=folder))

    def manifest_of(place: Announced) -> Manifest:
        is_here = place.definition is None and place.folder.is_relative_to(ROOT)
        return read_once(place.folder, place.code, place.package) if is_here else read(place)

    installed._read = manifest_of
    discovery.entry_points = lambda group: announced(tuple(sys.path), group)  # type: ignore[attr-defined, assignment]
