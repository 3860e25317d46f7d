"""The operators' file for nginx in a real nginx, with a certificate of its own. Knows no dashboard."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FILES = Path(__file__).parents[1] / "docs" / "operators" / "files"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
NAME = "stac.example.org"
"""The name in the file."""


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        return int(there.getsockname()[1])


def a_certificate(folder: Path) -> None:
    """A certificate for the name in the file, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


@contextmanager
def nginx(folder: Path, *dashboards: int, header_seconds: int = 10) -> Iterator[int]:
    """The file in a real nginx, at the port that is given; only places, ports and one time-out are others."""
    folder.mkdir(exist_ok=True)
    a_certificate(folder)
    port = free_port()
    text = (FILES / "nginx.conf").read_text()
    for written, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/stac", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("127.0.0.1:8501", f"127.0.0.1:{dashboards[0]}"),
        ("127.0.0.1:8502", f"127.0.0.1:{dashboards[-1]}"),
        ("client_header_timeout 10s", f"client_header_timeout {header_seconds}s"),
    ):
        if written not in text:
            raise RuntimeError(f"nginx.conf has no {written}")
        text = text.replace(written, here)
    (folder / "nginx.conf").write_text(
        f"worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/main.log error;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{ access_log off;\n{text}\n}}\n"
    )
    command = [
        str(NGINX),
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "main.log"),
    ]
    running = subprocess.Popen(command)
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait(10)
