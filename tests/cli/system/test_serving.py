"""`stac serve`: it says where to look, and one Ctrl-C ends all of it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from flows.serve import Addresses
from tests.builders import a_desk
from tests.cli.command import ROOT, Stac
from tests.cli.test_examples import EXAMPLES
from tests.flows.given import have_database


def test_without_a_record_it_says_to_run_init(tmp_path: Path) -> None:
    findings = Stac(tmp_path / "none")("serve", user=None)
    assert (findings.code, findings.out) == (1, "")
    assert "run 'stac init' first" in findings.err


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("revision", "said"), [("0999", "a newer stac-engine made it"), ("0200", "is needed")]
)
def test_a_record_of_another_version_is_refused_before_anything_is_started(
    revision: str, said: str, tmp_path: Path
) -> None:
    with a_desk(tmp_path / "home") as desk, desk.runtime._engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    refused = Stac(tmp_path / "home")("serve", user=None)
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert said in refused.err
    assert not list((tmp_path / "home").glob("run/*.json"))


@pytest.mark.parametrize("port", ["80", "70000", "here"])
def test_a_port_that_there_is_not_is_wrong_use(port: str, stac: Stac) -> None:
    assert stac("serve", "--port", port).code == 2


@pytest.mark.prefect
@pytest.mark.slow
def test_its_example_says_where_to_look_and_ends_in_one_piece(stac: Stac, prefect_database: Path) -> None:
    have_database(stac.home, prefect_database)
    run = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *shlex.split(EXAMPLES["serve"] or "")[1:]],
        env={**os.environ, "PYTHONPATH": str(ROOT), "STAC_HOME": str(stac.home)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    try:
        said = {}
        while "Ctrl-C stops all of it" not in said:
            what, _, where = run.stdout.readline().strip().partition(": ")
            assert what
            said[what] = where
        assert said["flow runs"].startswith("http://127.0.0.1:")
        assert said["dashboard"].startswith("http://127.0.0.1:")
        with urllib.request.urlopen(said["dashboard"], timeout=30) as page:
            assert page.status == 200
        checks = {check["check"]: check["state"] for check in stac.json("doctor")["checks"]}
        assert checks["runner"] == "ok"
        second = stac("serve", user=None)
        assert (second.code, "this home folder is already served" in second.err) == (1, True)
    finally:
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=60)
    assert (run.returncode, out) == (0, "stopped\n")


def test_as_json_it_says_where_to_look_and_nothing_else(stac: Stac, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its processes are those of the test above: here none is started."""

    class Ended:
        addresses = Addresses(dashboard="http://127.0.0.1:1", prefect="http://127.0.0.1:2")

        def wait(self, tell: object) -> None:
            """A stop was asked for."""

    @contextmanager
    def no_processes(home: Path, **given: object) -> Iterator[Ended]:
        assert home == stac.home
        yield Ended()

    monkeypatch.setattr("flows.serve.serving", no_processes)
    assert stac.json("serve") == {"dashboard": "http://127.0.0.1:1", "prefect": "http://127.0.0.1:2"}
