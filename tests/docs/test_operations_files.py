"""The files for operators work as they are: nginx as a real server, units as systemd reads them."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml  # type: ignore[import-untyped]
from sqlalchemy import create_engine, make_url, text

from benchmarks.behind_nginx import FILES, NGINX, free_port, nginx
from flows.serve import DASHBOARD
from tests.databases import server_address

CASE = "R-7K3M9QV"


class Dashboard(BaseHTTPRequestHandler):
    """A process of the dashboard: it says which it is, and what came through."""

    headers_seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.headers_seen.append(dict(self.headers.items()))
        if self.path == "/_stcore/stream":  # an open page: it stays until the browser closes it
            self.wfile.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
            )
            self.rfile.read(1)
            return
        body = str(self.connection.getsockname()[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def a_dashboard() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dashboard)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname = False
UNVERIFIED.verify_mode = ssl.CERT_NONE


def open_page(port: int) -> ssl.SSLSocket:
    """The connection that a browser holds while a page is open."""
    opened = UNVERIFIED.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=10))
    opened.sendall(
        b"GET /_stcore/stream HTTP/1.1\r\nHost: stac.example.org\r\n"
        b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n"
    )
    return opened


def ask(port: int, path: str, **headers: str) -> tuple[int, str, str | None]:
    connection = HTTPSConnection("127.0.0.1", port, context=UNVERIFIED, timeout=10)
    connection.request("GET", path, headers={"Host": "stac.example.org", **headers})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, answer.getheader("Set-Cookie")


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed; on Debian: apt-get install nginx-light")
def test_nginx_keeps_a_session_at_one_process_logs_no_query_and_ends_slow_senders(tmp_path: Path) -> None:
    Dashboard.headers_seen.clear()
    with ExitStack() as stack:
        ports = [stack.enter_context(a_dashboard()) for _ in range(2)]
        port = stack.enter_context(nginx(tmp_path, *ports, header_seconds=1))
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(50)]
        for each in slow:
            each.sendall(b"\x16")  # the first byte of a greeting that never comes

        met = set()
        for _ in range(12):
            status, first, cookie = ask(port, f"/case?ref={CASE}", **{"X-Forwarded-For": "10.9.8.7"})
            assert (status, "HttpOnly; Secure; SameSite=Strict" in str(cookie)) == (200, True)
            route = str(cookie).partition(";")[0]
            again = [ask(port, f"/case?ref={CASE}", Cookie=route) for _ in range(3)]
            assert {(body, other) for _, body, other in again} == {(first, None)}
            met.add(first)
        assert met == {str(each) for each in ports}
        assert {seen["X-Forwarded-For"] for seen in Dashboard.headers_seen} == {"127.0.0.1"}
        assert {seen["Host"] for seen in Dashboard.headers_seen} == {"stac.example.org"}
        assert [ask(port, path)[0] for path in ("/healthz", "/readyz", "/metrics")] == [404] * 3

        ended = 0
        for each in slow:
            each.settimeout(5)
            ended += each.recv(1) == b""
        assert ended == 50

        pages = [stack.enter_context(open_page(port)) for _ in range(70)]  # of an office with one address
        assert {page.recv(12) for page in pages} == {b"HTTP/1.1 101"}
        assert ask(port, "/case")[0] == 200
    with nginx(tmp_path, free_port()) as port:  # no dashboard answers there
        assert ask(port, f"/case?ref={CASE}")[0] == 502
    logged = "".join(file.read_text() for file in tmp_path.glob("*.log"))
    assert '"path":"/case"' in logged
    assert CASE not in logged


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_the_units_without_a_complaint(tmp_path: Path) -> None:
    program = shutil.which("true")
    assert program is not None
    for unit in FILES.glob("stac*.*"):
        text = (
            unit.read_text().replace("/opt/stac/.venv/bin/stac", program).replace("User=stac", "User=daemon")
        )
        (tmp_path / unit.name).write_text(text.replace("Group=stac", "Group=daemon"))
    units = sorted(tmp_path.iterdir())
    assert [unit.name for unit in units] == ["stac-backup.service", "stac-backup.timer", "stac.service"]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in checked.stderr.splitlines() if "stac" in line]
    assert (checked.returncode, about_ours) == (0, [])


def test_the_units_may_write_to_each_folder_of_the_example() -> None:
    page = (FILES.parent / "backups.md").read_text()
    chosen = tomllib.loads(page.partition("```toml\n")[2].partition("```")[0])["backup"]
    folders = {chosen["folder"], chosen["keys_folder"], str(Path(chosen["register_in"]).parent), "/srv/stac"}
    for name in ("stac.service", "stac-backup.service"):
        line = (FILES / name).read_text().partition("\nReadWritePaths=")[2].partition("\n")[0]
        anchors = (FILES / name).read_text().partition("\nEnvironment=STAC_ANCHORS=")[2].partition("\n")[0]
        may = folders | ({str(Path(anchors).parent)} if anchors else set())
        assert {folder.removeprefix("-") for folder in line.split()} == may


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FILES / "compose.yaml").read_text())
    return found


def test_the_compose_file_names_only_what_it_declares_and_has_no_password(composed: dict[str, Any]) -> None:
    services = composed["services"]
    assert set(services) == {"postgres", "nginx", "init", "background", "dashboard"}
    for service in services.values():
        assert set(service.get("secrets", ())) <= set(composed["secrets"])
        assert {each["source"] for each in service.get("configs", ())} <= set(composed["configs"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert {name for name in named if not name.startswith("./")} <= set(composed["volumes"])
        assert set(service.get("depends_on", ())) <= set(services)
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or (name.endswith("_FILE") and value.startswith("/run/secrets/"))
            assert make_url(value).password is None if value.startswith("postgresql") else True
    assert all(set(secret) == {"file"} for secret in composed["secrets"].values())
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_the_dashboards_of_the_compose_file_are_where_nginx_looks_for_them(composed: dict[str, Any]) -> None:
    services, nginx_file = composed["services"], (FILES / "nginx.conf").read_text()
    for name in ("background", "dashboard"):
        command = services[name]["command"]
        assert services[name]["network_mode"] == "service:nginx"
        assert f"server 127.0.0.1:{command[command.index('--port') + 1]};" in nginx_file
    assert services["dashboard"]["command"][:6] == ["python", "-m", *DASHBOARD[:4]]
    assert services["postgres"]["network_mode"] == "none"


@pytest.mark.postgres
def test_the_role_of_the_compose_file_owns_its_database_and_nothing_else(
    composed: dict[str, Any], tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text("it's a secret\n")
    statements = composed["configs"]["role"]["content"].replace("/run/secrets/stac_password", str(password))
    (tmp_path / "role.sql").write_text(statements.replace(" stac", " of_compose"))  # 'stac' is the tests' own
    server = make_url(server_address().format(database="postgres"))
    subprocess.run(
        ["psql", "-v", "ON_ERROR_STOP=1", "-q", "-X", "-f", tmp_path / "role.sql"],
        env={
            "PATH": "/usr/bin:/bin",
            "PGHOST": str(server.query["host"]),
            "PGUSER": "stac",
            "PGDATABASE": "postgres",
        },
        check=True,
    )
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as there:
        rights = text(
            "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolpassword LIKE 'SCRAM-SHA-256%', "
            "datname FROM pg_authid JOIN pg_database ON datdba = pg_authid.oid WHERE rolname = 'of_compose'"
        )
        assert there.execute(rights).all() == [(True, False, False, False, True, "of_compose")]
        there.execute(text("DROP DATABASE of_compose"))
        there.execute(text("DROP ROLE of_compose"))
    engine.dispose()


_INSTALLS = [
    (file.name, line.strip())
    for file in [*FILES.parent.glob("*.md"), FILES / "compose.yaml"]
    for line in file.read_text().splitlines()
    if "pip install" in line
]


def checks_hashes(line: str) -> bool:
    """Return whether an installation refuses a replaced file, or asks no index for its verified wheel."""
    return "--require-hashes -r " in line or "--no-index --no-deps " in line


def test_every_installation_that_operators_are_shown_checks_hashes() -> None:
    assert {"running.md", "compose.yaml", "several-machines.md"} <= {name for name, _ in _INSTALLS}
    assert [each for each in _INSTALLS if not checks_hashes(each[1])] == []


@pytest.mark.parametrize(
    "line", ["pip install stac_engine-0.2.0-py3-none-any.whl", "pip install --no-deps x.whl"]
)
def test_an_installation_without_hashes_is_found(line: str) -> None:
    assert not checks_hashes(line)


def test_the_compose_file_copies_what_it_installs_from(composed: dict[str, Any]) -> None:
    steps = composed["services"]["init"]["build"]["dockerfile_inline"].splitlines()
    copied = {step.split()[-1] for step in steps if step.startswith("COPY requirements")}
    used = [part for step in steps for part in step.split() if part.endswith(".txt")]
    assert (copied, len(used)) == ({"/tmp/requirements"}, 2)
    assert all((FILES.parents[2] / "requirements" / Path(each).name).is_file() for each in used)
