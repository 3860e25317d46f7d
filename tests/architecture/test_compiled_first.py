"""One worker of a run compiles for all, where nothing is compiled yet."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests import compiled_first


@pytest.fixture(autouse=True)
def second_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiled_first, "_WORKER", "gw1")
    monkeypatch.setattr(compiled_first, "_COMPILED", tmp_path / "compiled")
    monkeypatch.setattr(compiled_first, "_COLLECTED", tmp_path / "collected")
    monkeypatch.setattr("sys.dont_write_bytecode", False)


def waits() -> bool:
    """Whether a worker has not begun after a moment; it is let go on afterwards."""
    begun = threading.Thread(target=compiled_first.pytest_load_initial_conftests, daemon=True)
    begun.start()
    begun.join(0.3)
    waited = begun.is_alive()
    compiled_first._COLLECTED.touch()
    begun.join(10)
    assert not begun.is_alive()
    return waited


def test_the_second_worker_waits_until_the_first_has_collected() -> None:
    assert waits()
    assert not waits()


def test_where_tests_are_compiled_nobody_waits() -> None:
    compiled_first._COMPILED.mkdir()
    (compiled_first._COMPILED / "test_runtime.pyc").touch()
    assert not waits()


def test_what_the_browsers_process_compiles_there_is_no_test() -> None:
    compiled_first._COMPILED.mkdir()
    (compiled_first._COMPILED / "conftest.pyc").touch()
    assert waits()


def test_the_first_does_not_wait_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_first, "_WORKER", "gw0")
    assert not waits()
    compiled_first.pytest_unconfigure()
    assert not compiled_first._COLLECTED.exists()


def test_they_go_on_when_the_first_never_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_first, "_MOST_SECONDS", 0.1)
    assert not waits()
