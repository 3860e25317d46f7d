"""Installed agencies, found without importing any of them.

An agency is a package of the entry-point group, or a folder in the operator's home without any Python.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from pathlib import Path

from engine.domain.errors import PluginError

GROUP = "stac.agencies"
"""The entry-point group: its names are agencies' codes, its values the packages that hold ``agency.toml``."""
FOLDERS = "agencies.d"
"""Place in the operator's home of the folders of agencies without Python, each under its agency's code."""
MAPPING_FILE = "mapping.toml"
"""File that a folder without Python has in place of hooks."""
DEFINITION = "STAC_AGENCY_DEFINITION"
"""The environment variable that gives the process of such an agency its folder."""

_NO_CODE = "engine.hooks.nocode"
_ENGINE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Announced:
    """An agency's package and its place."""

    code: str
    package: str
    folder: Path
    import_root: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def definition(self) -> Path | None:
        """The folder that its process reads besides its records: of an agency without Python, else None."""
        return self.folder if self.package == _NO_CODE else None


def announced_agencies(extra: Mapping[str, Path]) -> tuple[dict[str, Announced], tuple[PluginError, ...]]:
    """Return every agency of the entry-point group and of ``extra`` (code to package folder),
    and what is wrong.
    """
    found: dict[str, Announced] = {}
    faults: list[PluginError] = []
    for code, package in sorted({(point.name, point.value) for point in entry_points(group=GROUP)}):
        folder = _folder_of(package)
        if folder is None:
            faults.append(
                PluginError(code, f"the package {package} of entry-point group {GROUP} is not installed")
            )
        elif code in found:
            faults.append(PluginError(code, f"two packages announce it: {found[code].package} and {package}"))
        else:
            root = folder.parents[package.count(".")]
            found[code] = Announced(code=code, package=package, folder=folder, import_root=root)
    for code, folder in extra.items():
        if code in found:
            faults.append(
                PluginError(code, f"two packages announce it: {found[code].package} and {folder.name}")
            )
        else:
            found[code] = announced_at(folder, code=code)
    return found, tuple(faults)


def agencies_in(home: Path) -> dict[str, Path]:
    """Return the folders of agencies without Python that the operator put into the home, by code."""
    try:
        there = sorted((home / FOLDERS).iterdir())
    except OSError:
        return {}
    return {each.name: each for each in there if each.is_dir() and not each.name.startswith(".")}


def announced_at(folder: Path, *, code: str | None = None) -> Announced:
    """Return an agency at a folder: a package with hooks, or a folder with a mapping and no Python.

    Without ``code`` its manifest's own code is taken.
    """
    folder = folder.resolve()
    code = code if code is not None else _code_said(folder)
    if (folder / MAPPING_FILE).is_file() and not (folder / "hooks.py").exists():
        return Announced(
            code=code,
            package=_NO_CODE,
            folder=folder,
            import_root=_ENGINE_ROOT,
            environment={DEFINITION: str(folder)},
        )
    return Announced(code=code, package=folder.name, folder=folder, import_root=folder.parent)


def _code_said(folder: Path) -> str:
    """Return the code in a folder's manifest, or the folder's name; a fault is reported when it is read."""
    try:
        read = tomllib.loads((folder / "agency.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return folder.name
    return str(read.get("code", folder.name))


def _folder_of(package: str) -> Path | None:
    """Return the folder of a dotted package.

    Unlike ``importlib.util.find_spec`` this imports no parent of it.
    """
    places: list[str] | None = None
    parts = package.split(".")
    for length in range(1, len(parts) + 1):
        spec = _spec_of(".".join(parts[:length]), places)
        if spec is None or spec.submodule_search_locations is None:
            return None
        places = list(spec.submodule_search_locations)
    return Path(places[0]).resolve() if places else None


def _spec_of(name: str, places: Sequence[str] | None) -> ModuleSpec | None:
    return next(_specs_of(name, places), None)


def _specs_of(name: str, places: Sequence[str] | None) -> Iterator[ModuleSpec]:
    for finder in sys.meta_path:
        spec = finder.find_spec(name, places) if hasattr(finder, "find_spec") else None
        if spec is not None:
            yield spec
