"""A child process whose output is stored in a log that stays small while it runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from flows import children
from flows.children import Child, Command, stop_all
from flows.serve import _Kept

WRITES = """
import time
number = 0
while True:
    print(f"line {number}", flush=True)
    number += 1
    time.sleep(0.005)
"""
MOST = 200


def test_a_log_is_moved_aside_while_its_process_goes_on_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_LOG_MOST", MOST)
    (tmp_path / "writes.py").write_text(WRITES)
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    child = Child(tmp_path, Command(name="part", title="part", module=("writes",), environ=environ))
    older, largest, rotated = child.log.with_suffix(".log.old"), 0, 0
    child.start()
    try:
        until = time.monotonic() + 20
        while rotated < 3 and time.monotonic() < until:
            before = child.log.stat().st_size
            largest = max(largest, before)
            assert _Kept(child).look_after() is None
            rotated += child.log.stat().st_size < before
            time.sleep(0.01)
        assert child.is_alive
    finally:
        stop_all([child])
    assert rotated == 3
    assert MOST < largest < 10 * MOST
    for file in (child.log, older):
        assert file.stat().st_mode & 0o777 == 0o600
        assert b"\0" not in file.read_bytes()
    assert older.read_text().startswith("line ")
    first = int(older.read_text().split()[1])
    assert first > 10  # of the first log nothing is left
