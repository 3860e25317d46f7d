"""`stac serve`: it says where to look, and one Ctrl-C ends all of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.cli.command import ROOT, Stac


def test_without_a_record_it_says_to_run_init(tmp_path: Path) -> None:
    findings = Stac(tmp_path / "none")("serve", user=None)
    assert (findings.code, findings.out) == (1, "")
    assert "run 'stac init' first" in findings.err


@pytest.mark.parametrize("port", ["80", "70000", "here"])
def test_a_port_that_there_is_not_is_wrong_use(port: str, stac: Stac) -> None:
    assert stac("serve", "--port", port).code == 2


@pytest.mark.prefect
@pytest.mark.slow
def test_it_says_where_to_look_and_ends_in_one_piece(stac: Stac) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "serve", "--json"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "STAC_HOME": str(stac.home)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    try:
        addresses = json.loads(run.stdout.readline())
        assert addresses["dashboard"].startswith("http://127.0.0.1:")
        with urllib.request.urlopen(addresses["dashboard"], timeout=30) as page:
            assert page.status == 200
        checks = {check["check"]: check["state"] for check in stac.json("doctor")["checks"]}
        assert checks["runner"] == "ok"
        second = stac("serve", user=None)
        assert (second.code, "this home folder is already served" in second.err) == (1, True)
    finally:
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
    assert run.returncode == 0
