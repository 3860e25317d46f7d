"""Values planted wherever a log can get them reach no log in JSON of any of our processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from engine.settings import SETTINGS_FILE
from tests.attacks.planted import MARK, values_of
from tests.builders import a_desk

ROOT = Path(__file__).parents[2]
PLANT = """
import atexit, logging, sys, threading, warnings
planted = sys.argv[1]
import {module}
for name in ("uvicorn.error", "streamlit.runtime", "prefect.flow_runs", "sqlalchemy.engine", ""):
    log = logging.getLogger(name)
    log.addHandler(logging.StreamHandler())
    log.error("for %s", planted)
    log.error(planted, extra=dict(said=planted), stack_info=True)
    try:
        raise KeyError(planted)
    except KeyError:
        log.exception("while " + planted)
warnings.simplefilter("always")
warnings.warn(planted)
thread = threading.Thread(target=lambda: [][planted])
thread.start()
thread.join()
class Ends:
    def __del__(self):
        raise LookupError(planted)
Ends()
def ends():
    try:
        yield
    finally:
        raise LookupError(planted)
next(ends())
atexit.register([].index, planted)
raise ValueError(planted) from KeyError(planted)
"""
BEGIN = {
    "runner": "engine.runtime, flows.watch; engine.runtime.begin_log()",
    "dashboard": "dashboard.app",
}


def logged(home: Path, *command: str) -> list[dict[str, str]]:
    """The lines that a process leaves, each read as JSON."""
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        env={**os.environ, "STAC_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        cwd=home,
        timeout=120,
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_what_a_library_or_an_error_says_of_a_person_is_in_no_log(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        home = desk.runtime.settings.home
    (home / SETTINGS_FILE).write_text('log_format = "json"\n')
    planted = " ".join(value.value for value in values_of(0))
    assert MARK.search(planted)
    for begins in BEGIN.values():
        lines = logged(home, "-c", PLANT.format(module=begins), planted)
        assert len(lines) >= 18  # three for each logger, a warning, a thread and the end
        said = json.dumps(lines, ensure_ascii=False)
        assert not MARK.search(said)
        assert not [value.value for value in values_of(0) if value.value in said]
        ends = [(line["event"], line.get("error")) for line in lines[-4:]]
        ignored = "an error was ignored"
        assert ends == [
            *[(ignored, "LookupError")] * 2,
            ("the process ended", "ValueError"),
            (ignored, "ValueError"),
        ]


def test_a_service_that_cannot_begin_says_so_in_json(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text('log_format = "json"\n')
    *_, last = logged(tmp_path, "-m", "flows.watch")
    assert (last["event"], last["error"]) == ("the process ended", "SetupError")
    assert "stac init" in last["sentence"]
