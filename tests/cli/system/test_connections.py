"""What is served connects to this machine only: each process of `stac serve` is traced while a flow runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.command import ROOT, Stac, a_row, referred, screened
from tests.databases import record_of
from tests.flows.given import have_database

STRACE = shutil.which("strace")
_NOWHERE = "http://192.0.2.1:9"
"""An address for documentation (RFC 5737): what is sent to it reaches no machine."""
SERVE = "from cli.main import main; import sys; sys.argv[1:] = ['serve']; main()"
_OFF = "PREFECT_SERVER_ANALYTICS_ENABLED"
WITH_ANALYTICS = (
    f"import os; os.environ['HTTPS_PROXY'] = {_NOWHERE!r}; "
    f"from flows import prefect_settings; del prefect_settings._QUIET[{_OFF!r}]; {SERVE}"
)
_CONNECTS = "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(('192.0.2.1', 9))"
_SENT = (
    "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.setblocking(False); "
    "s.sendto(b'a name', ('192.0.2.1', 9))"
)
_ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|AF_INET6, )"([^"]+)"')
_NAMES = 53
_RESOLVER = 'sun_path="/run/systemd/resolve/'

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite,  # a record on PostgreSQL is one more connection that is wanted
    pytest.mark.skipif(STRACE is None, reason="strace is not installed; on Debian: apt-get install strace"),
]


def leads_outside(line: str) -> bool:
    """Return whether a traced call goes to another machine, or asks a server of names, wherever that is."""
    if (found := _ADDRESS.search(line)) is None:
        return "AF_INET" in line or _RESOLVER in line
    port, address = int(found[1]), found[2]
    return port == _NAMES or not (address == "::1" or address.removeprefix("::ffff:").startswith("127."))


@contextmanager
def tracing(program: str, traces: Path, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Run a Python program, and write each address that it or a process begun by it connects or sends to."""
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    run = subprocess.Popen(
        [
            *(str(STRACE), "-f", "--seccomp-bpf", "-qq", "-s", "0", "-e", "signal=none", "-o", str(traces)),
            *("-e", "trace=connect,sendto,sendmsg,sendmmsg", sys.executable, "-c", program),
        ],
        env={**inherited, "PYTHONPATH": str(ROOT), **environ},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield run
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGINT)
        try:
            _, err = run.communicate(timeout=60)
        finally:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
                run.communicate()
    assert err == "", err


def calls(traces: Path) -> list[str]:
    """Return the traced calls that name an address."""
    lines = traces.read_text().splitlines() if traces.exists() else []
    return [line for line in lines if "sa_family=" in line]


def served(stac: Stac, program: str, traces: Path, *, until_outside: bool) -> list[str]:
    """Serve this home until its flow has run, or until a call leads outside; return every call."""
    with tracing(program, traces, STAC_HOME=str(stac.home)) as run:
        until = time.monotonic() + 120
        while run.poll() is None and time.monotonic() < until:
            with record_of(stac.home) as record:
                waiting = record.scalar(text("SELECT count(*) FROM outbox WHERE done_at IS NULL"))
            if any(map(leads_outside, calls(traces))) if until_outside else not waiting:
                break
            time.sleep(0.2)
        assert run.poll() is None, "stac serve ended by itself"
        time.sleep(2)  # Prefect reports in the first seconds of a server
    return calls(traces)


@pytest.fixture
def waiting(stac: Stac, tmp_path: Path, prefect_database: Path) -> Stac:
    """A home whose flow waits until it is served."""
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    have_database(stac.home, prefect_database)
    return stac


@pytest.mark.prefect
def test_while_a_flow_runs_nothing_connects_to_another_machine(waiting: Stac, tmp_path: Path) -> None:
    traced = served(waiting, SERVE, tmp_path / "traces", until_outside=False)
    assert any("sin_port" in line for line in traced), "the flow's own connections are traced"
    assert len({line.split()[0] for line in traced}) > 1, "so are those of more than one process"
    with record_of(waiting.home) as record:
        assert record.scalar(text("SELECT count(*) FROM outbox WHERE done_at IS NOT NULL")) > 0
        assert record.scalar(text("SELECT count(*) FROM outbox WHERE done_at IS NULL")) == 0
    assert [line for line in traced if leads_outside(line)] == []


@pytest.mark.prefect
def test_with_prefects_analytics_left_on_the_same_trace_shows_it(waiting: Stac, tmp_path: Path) -> None:
    traced = served(waiting, WITH_ANALYTICS, tmp_path / "traces", until_outside=True)
    assert [line for line in traced if leads_outside(line)] != []


@pytest.mark.parametrize("program", [_CONNECTS, _SENT], ids=["connects", "sends"])
def test_a_process_begun_by_another_is_traced(program: str, tmp_path: Path) -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {program!r}], check=True)"
    with tracing(parent, tmp_path / "traces") as run:
        assert run.wait(60) == 0
    assert [line for line in calls(tmp_path / "traces") if '"192.0.2.1"' in line and leads_outside(line)]


@pytest.mark.parametrize(
    ("line", "outside"),
    [
        (
            'connect(9, {sa_family=AF_INET, sin_port=htons(4200), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
            False,
        ),
        (
            "connect(9, {sa_family=AF_INET6, sin6_port=htons(4200), sin6_flowinfo=htonl(0), inet_pton("
            'AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            False,
        ),
        ('connect(9, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT', False),
        ('connect(9, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0', True),
        (
            'connect(9, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
            True,
        ),
        (
            'connect(9, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.1.2.3")}, 16) = 0',
            True,
        ),
        (
            "connect(9, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton("
            'AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            True,
        ),
    ],
)
def test_a_traced_line_is_read_for_where_it_leads(line: str, outside: bool) -> None:
    assert leads_outside(line) is outside
