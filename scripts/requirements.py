"""The files of requirements/: what an installation needs, pinned as in constraints.txt, with hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "requirements"
PRODUCT = "product"
"""Its file is what the product itself needs. That of an extra names it, and lists what it needs besides."""

_MADE_FROM = "# Made from: sha256 "
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))? *\\?$")
_HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$")
_COMPILE = (
    *("uv", "pip", "compile", "-c", "constraints.txt", "--generate-hashes", "--universal"),
    *("--python-version", "3.11", "--quiet", "--no-header", "--no-annotate", "--no-emit-index-url"),
    *("--no-emit-find-links", "--output-file"),
)


@dataclass(frozen=True)
class Pin:
    """One version, as a line pins it, with the lines of its hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...] = ()

    @property
    def exact(self) -> str:
        """Return name and version, without the marker: a file for fewer packages may need another one."""
        return f"{self.name}=={self.version}"

    def lines(self) -> str:
        """Return the pin as it is in a file."""
        head = self.exact + (f" ; {self.marker}" if self.marker else "")
        return " \\\n".join([head, *(f"    {each}" for each in self.hashes)])


def pins(text: str) -> list[Pin]:
    """Read every pin. Raises ValueError for a line that is no pin, hash, comment or other file."""
    found: list[Pin] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(("#", "-r ")):
            continue
        if (pin := _PIN.match(line)) is not None:
            found.append(Pin(pin["name"], pin["version"], pin["marker"] or ""))
        elif _HASH.match(line) and found:
            last = found[-1]
            found[-1] = Pin(last.name, last.version, last.marker, (*last.hashes, line.rstrip("\\ ").strip()))
        else:
            raise ValueError(f"line {number} is neither a pinned version nor a hash")
    return found


def _project(root: Path) -> dict[str, dict[str, object]]:
    with (root / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def files(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """Return the options that compile each file: the product, each extra that needs more, and each group."""
    project = _project(root)
    extras = project["project"]["optional-dependencies"]
    assert isinstance(extras, dict)
    return {
        PRODUCT: ("pyproject.toml",),
        **{extra: ("pyproject.toml", "--extra", extra) for extra, needs in extras.items() if needs},
        **{group: ("--group", group) for group in project["dependency-groups"]},
    }


def digest(root: Path = ROOT) -> str:
    """Return the digest of all that the files are made from."""
    project = _project(root)
    needs = {
        "dependencies": project["project"]["dependencies"],
        "extras": project["project"]["optional-dependencies"],
        "groups": project["dependency-groups"],
        "python": project["project"]["requires-python"],
        "constraints": [pin.lines() for pin in pins((root / "constraints.txt").read_text())],
    }
    return hashlib.sha256(json.dumps(needs, sort_keys=True).encode()).hexdigest()


def faults(root: Path = ROOT) -> list[str]:
    """Return a sentence for each way in which the files do not fit constraints.txt and pyproject.toml."""
    pinned = {pin.exact for pin in pins((root / "constraints.txt").read_text())}
    found: list[str] = []
    there: set[str] = set()
    for name in files(root):
        place = f"{FOLDER}/{name}.txt"
        if not (root / place).is_file():
            found.append(f"{place} is missing")
            continue
        text = (root / place).read_text()
        if f"{_MADE_FROM}{digest(root)}\n" not in text:
            found.append(f"{place} was made from other versions or needs")
        if re.search(r"://|^ *-(?!r \w+\.txt$|-hash=)", text, re.M):
            found.append(f"{place} has an address or an option; it may have versions and hashes only")
            continue
        listed = pins(text)
        found += [f"{place}: {pin.exact} has no hash" for pin in listed if not pin.hashes]
        found += [
            f"{place}: {pin.exact} is not in constraints.txt" for pin in listed if pin.exact not in pinned
        ]
        there |= {pin.exact for pin in listed}
    return found + [f"constraints.txt: {each} is in no file" for each in sorted(pinned - there)]


def _compiled(root: Path, options: tuple[str, ...]) -> list[Pin]:
    """Ask the index for the hashes of all files of each version that these options need."""
    target = root / ".venv" / ".requirements.txt"
    target.unlink(missing_ok=True)  # versions that an earlier one has would count
    done = subprocess.run(
        [sys.executable, "-m", *_COMPILE, str(target), *options],
        cwd=root,
        env={**os.environ, "UV_SYSTEM_CERTS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"the versions were not resolved, and nothing was written:\n{done.stderr.strip()}")
    compiled = pins(target.read_text())
    target.unlink()
    return compiled


def write(root: Path = ROOT) -> None:
    """Write every file, once all are resolved."""
    compiled = {name: _compiled(root, options) for name, options in files(root).items()}
    extras = {name for name, options in files(root).items() if "--extra" in options}
    (root / FOLDER).mkdir(exist_ok=True)
    for name, all_of_it in compiled.items():
        besides = [pin for pin in all_of_it if name not in extras or pin not in compiled[PRODUCT]]
        head = f"# Written by scripts/requirements; do not edit.\n{_MADE_FROM}{digest(root)}\n"
        head += f"-r {PRODUCT}.txt\n" if name in extras else ""
        (root / FOLDER / f"{name}.txt").write_text(head + "".join(f"{pin.lines()}\n" for pin in besides))


def main(arguments: list[str]) -> int:
    """Write the files, or say whether they fit."""
    if arguments not in ([], ["--check"]):
        print("scripts/requirements [--check]", file=sys.stderr)
        return 2
    if not arguments:
        write()
    found = faults()
    for each in found:
        print(each, file=sys.stderr)
    if found:
        print("run scripts/requirements", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
