"""What every test shares: tests that share a server or a browser stay together on one worker."""

from __future__ import annotations

import pytest

SHARED = ("prefect", "browser", "postgres")
SLOW_FOLDERS = (
    "tests/dashboard/test_navigation",
    "tests/dashboard/views/",
    "tests/cli/test_pytest_plugin",
    "tests/cli/test_withdrawing",
    "tests/engine/exchange/test_bounds",
    "tests/engine/hooks/conformance/",
    "tests/faults/",
    "tests/stories/",
)
"""Tests there draw whole pages or start whole commands: not for the run that is to take two minutes."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each kind on one worker: its server is started once for each worker that needs it."""
    for test in items:
        if test.nodeid.startswith(SLOW_FOLDERS):
            test.add_marker(pytest.mark.slow)
        for kind in SHARED:
            if test.get_closest_marker(kind) and not test.get_closest_marker("xdist_group"):
                test.add_marker(pytest.mark.xdist_group(kind))
