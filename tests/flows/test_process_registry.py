"""Notes of which process does what."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from flows import process_registry


def test_a_process_that_lives_is_found_with_its_port(tmp_path: Path) -> None:
    process_registry.note(tmp_path, "server", pid=os.getpid(), port=4200)
    found = process_registry.standing(tmp_path, "server")
    assert found is not None
    assert (found.pid, found.address) == (os.getpid(), "http://127.0.0.1:4200")


def test_a_process_that_ended_is_not_found_even_before_it_is_buried(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process_registry.note(tmp_path, "server", pid=process.pid)
    assert process_registry.standing(tmp_path, "server") is not None
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert process_registry.standing(tmp_path, "server") is None
    process.communicate()
    assert process_registry.standing(tmp_path, "server") is None


def test_another_process_that_was_given_the_same_number_is_not_taken_for_it(tmp_path: Path) -> None:
    process_registry.note(tmp_path, "server", pid=os.getpid())
    file = tmp_path / "run" / "server.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "born": "1"}))
    assert process_registry.standing(tmp_path, "server") is None


def test_a_note_that_is_torn_or_of_another_shape_is_no_note(tmp_path: Path) -> None:
    for text in ("", '{"pid":', "[]", '{"pid": 1, "more": 2}'):
        (process_registry.run_folder(tmp_path) / "server.json").write_text(text)
        assert process_registry.standing(tmp_path, "server") is None


def test_the_folder_of_the_notes_is_its_owners_alone(tmp_path: Path) -> None:
    assert process_registry.run_folder(tmp_path).stat().st_mode & 0o777 == 0o700
