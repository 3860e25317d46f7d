"""What is served connects to this machine only: every connect of every process is traced while a flow runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.command import ROOT, Stac, a_row, referred, screened
from tests.databases import record_of
from tests.flows.given import have_database

STRACE = shutil.which("strace")
SERVE = "from cli.main import main; import sys; sys.argv[1:] = ['serve', '--port', '0']; main()"
OFF = "PREFECT_SERVER_ANALYTICS_ENABLED"
WITH_ANALYTICS = f"from flows import prefect_settings; del prefect_settings._QUIET[{OFF!r}]; {SERVE}"
_ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|AF_INET6, )"([^"]+)"')
_NAMES = 53

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    pytest.mark.sqlite,  # a record on PostgreSQL is another connection that is wanted
    pytest.mark.skipif(STRACE is None, reason="strace is not installed; on Debian: apt-get install strace"),
]


def leads_outside(line: str) -> bool:
    """Return whether a traced connect goes to another machine, or asks a server of names, wherever it is."""
    if (found := _ADDRESS.search(line)) is None:
        return "AF_INET" in line
    port, address = int(found[1]), found[2]
    return port == _NAMES or not (address == "::1" or address.removeprefix("::ffff:").startswith("127."))


def traced(stac: Stac, program: str, traces: Path, *, until_outside: bool) -> list[str]:
    """Serve this home until its flow has run, or until a connect leads outside; return every connect."""
    environ = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    run = subprocess.Popen(
        [str(STRACE), "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect", "-e", "signal=none", "-o", str(traces)]
        + [sys.executable, "-c", program],
        env={**environ, "PYTHONPATH": str(ROOT), "STAC_HOME": str(stac.home)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 120
        while run.poll() is None and time.monotonic() < until:
            lines = traces.read_text().splitlines() if traces.exists() else []
            with record_of(stac.home).connect() as record:
                waiting = record.scalar(text("SELECT count(*) FROM outbox WHERE done_at IS NULL"))
            if any(map(leads_outside, lines)) if until_outside else not waiting:
                break
            time.sleep(0.2)
        time.sleep(2)  # Prefect reports in the first seconds of a server
    finally:
        os.killpg(run.pid, signal.SIGINT)
        try:
            _, err = run.communicate(timeout=60)
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
    assert "ptrace" not in err, err
    return traces.read_text().splitlines()


@pytest.fixture
def waiting(stac: Stac, tmp_path: Path, prefect_database: Path) -> Stac:
    """A home whose flow waits for a served home."""
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    have_database(stac.home, prefect_database)
    return stac


def test_while_a_flow_runs_nothing_connects_to_another_machine(waiting: Stac, tmp_path: Path) -> None:
    connects = traced(waiting, SERVE, tmp_path / "traces", until_outside=False)
    assert any("sin_port" in line for line in connects), "the flow's own connects are seen"
    assert [line for line in connects if leads_outside(line)] == []


def test_with_prefects_analytics_left_on_the_same_trace_shows_it(waiting: Stac, tmp_path: Path) -> None:
    connects = traced(waiting, WITH_ANALYTICS, tmp_path / "traces", until_outside=True)
    assert any(map(leads_outside, connects))


@pytest.mark.parametrize(
    ("line", "outside"),
    [
        ('connect(9, {sa_family=AF_INET, sin_port=htons(4200), sin_addr=inet_addr("127.0.0.1")}, 16) = 0', False),
        ('connect(9, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT', False),
        ('connect(9, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0', True),
        ('connect(9, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.1.2.3")}, 16) = 0', True),
        (
            "connect(9, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
            '"2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            True,
        ),
    ],
)
def test_a_traced_line_is_read_for_where_it_leads(line: str, outside: bool) -> None:
    assert leads_outside(line) is outside
