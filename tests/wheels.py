"""Packages of agencies built as their authors would build them, and commands run beside them."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path


def ran(*command: str, cwd: Path, **environ: str) -> str:
    ours = ("PYTHON", "PYTEST", "STAC")
    stored = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        command, cwd=cwd, env={**stored, **environ}, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def a_wheel_of(project: Path, place: Path) -> Path:
    """The package as its pyproject.toml describes it: by its own builder if that is here, else by hand."""
    if importlib.util.find_spec("hatchling") is not None:
        ran(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place), cwd=project)
        return next(place.glob("*.whl"))
    answer = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{answer['name'].replace('-', '_')}-{answer['version']}"
    groups = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in answer["entry-points"].items()
    )
    held = {
        file.relative_to(project / "src").as_posix(): file.read_bytes()
        for file in sorted((project / "src").rglob("*"))
        if file.is_file()
    }
    held[f"{stem}.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {answer['name']}\nVersion: {answer['version']}\n"
    ).encode()
    held[f"{stem}.dist-info/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    held[f"{stem}.dist-info/entry_points.txt"] = groups.encode()
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in held.items())
    held[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n".encode()
    wheel = place / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as opened:
        for name, content in held.items():
            opened.writestr(name, content)
    return wheel


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
