"""What the dashboard's server writes down of the pages that are asked for: nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

import dashboard
from tests.builders import Desk

pytestmark = pytest.mark.slow


def test_no_line_of_the_server_says_who_asked_for_which_page(desk: Desk, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    log = tmp_path / "server.log"
    asked = ("-m", "uvicorn", "dashboard.app:app", "--port", str(port), "--log-level", "info")
    environ = {**os.environ, "STAC_HOME": str(desk.runtime.settings.home)}
    root = Path(dashboard.__file__).parents[1]
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, *asked], cwd=root, env=environ, stdout=written, stderr=written
        )
    try:
        until = time.monotonic() + 90
        while not _is_answered(f"http://127.0.0.1:{port}/case?ref=R-7K3M9QV"):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until
            time.sleep(0.2)
    finally:
        server.terminate()
        server.wait(30)
    lines = log.read_text()
    assert "Uvicorn running on" in lines
    for text in ("7K3M9QV", "/case", "GET", "WebSocket"):
        assert text not in lines


def _is_answered(address: str) -> bool:
    with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address, timeout=20):
        return True
    return False
