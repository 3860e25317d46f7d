"""The installed agencies by their manifests, faulty ones too. Light on purpose: a list asks no agency.

What is wrong with one agency's manifest is a state of that agency, and never an error for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from engine.domain.base import Code
from engine.domain.errors import PluginError
from engine.hooks.discovery import Announced, agencies_in, announced_agencies
from engine.hooks.manifest import Manifest, ManifestFaultsError, read_manifest
from engine.hooks.standing_in import stand_in

_CODE: TypeAdapter[str] = TypeAdapter(Code)


@dataclass(frozen=True, kw_only=True)
class Installed:
    """One installed agency. With ``faults`` it cannot be asked, and its manifest is a substitute."""

    manifest: Manifest
    place: Announced
    faults: tuple[str, ...] = ()

    @property
    def fault(self) -> str | None:
        """Reason why it cannot be asked, in one sentence; None when it can."""
        return f"its manifest cannot be used: {'; '.join(self.faults)}" if self.faults else None


class AllInstalled(NamedTuple):
    """Every installed agency by code, and what was announced under a name that is not an agency's code."""

    agencies: dict[str, Installed]
    unusable: tuple[str, ...]


def read_installed(home: Path, *, extra: Mapping[str, Path] | None = None) -> AllInstalled:
    """Return every installed agency, by code; no plugin is imported. Raises for no agency's fault."""
    announced, found = announced_agencies({**agencies_in(home), **(extra or {})})
    faults: dict[str, list[PluginError]] = {}
    for fault in found:
        faults.setdefault(fault.agency, []).append(fault)
    agencies: dict[str, Installed] = {}
    unusable: list[str] = []
    for code in sorted({*announced, *faults}):
        try:
            _CODE.validate_python(code)
        except ValidationError:
            unusable.append(f"{code[:60]!r} is announced as an agency but is not an agency's code")
            continue
        agencies[code] = _installed(code, announced.get(code), faults.get(code, []))
    return AllInstalled(agencies, tuple(unusable))


def _installed(code: str, place: Announced | None, faults: list[PluginError]) -> Installed:
    """Return the agency.

    Of a code that two packages announce neither is taken: nothing says which is the agency.
    """
    if place is None or faults:
        nowhere = Announced(code=code, package="", folder=Path(), import_root=Path())
        reasons = tuple(fault.reason for fault in faults)
        return Installed(manifest=stand_in(code, None), place=nowhere, faults=reasons)
    try:
        return Installed(manifest=_read(place), place=place)
    except ManifestFaultsError as error:
        reasons = tuple(fault.reason for fault in error.faults)
        return Installed(manifest=stand_in(code, place.folder), place=place, faults=reasons)


def _read(place: Announced) -> Manifest:
    if place.definition is None:
        return read_manifest(place.folder, agency=place.code)
    from engine.hooks.nocode.mapping import read_agency  # only an agency without Python needs it

    return read_agency(place)
