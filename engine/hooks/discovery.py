"""Which agencies are installed, found without importing any of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from pathlib import Path

from engine.domain.errors import PluginError

GROUP = "stac.agencies"
"""The entry-point group: its names are agencies' codes, its values the packages that hold ``agency.toml``."""


@dataclass(frozen=True, kw_only=True)
class Announced:
    """An agency's package and where it lies."""

    code: str
    package: str
    folder: Path
    import_root: Path


def announced_agencies(extra: Mapping[str, Path]) -> tuple[dict[str, Announced], tuple[PluginError, ...]]:
    """Every agency of the entry-point group and of ``extra`` (code to package folder), and what is wrong."""
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
            package, root = folder.name, folder.resolve().parent
            found[code] = Announced(code=code, package=package, folder=folder.resolve(), import_root=root)
    return found, tuple(faults)


def _folder_of(package: str) -> Path | None:
    """The folder of a dotted package. Unlike ``importlib.util.find_spec`` this imports no parent of it."""
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
