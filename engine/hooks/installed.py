"""The manifests of all installed agencies. Light on purpose: a list needs no more, and asks no agency."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from engine.domain.errors import PluginError
from engine.hooks.discovery import Announced, agencies_in, announced_agencies
from engine.hooks.manifest import Manifest, ManifestFaultsError, read_manifest


def read_installed(
    home: Path, *, suspended: Collection[str] = (), extra: Mapping[str, Path] | None = None
) -> dict[str, tuple[Manifest, Announced]]:
    """Each installed agency's manifest and where it lies, by code; no plugin is imported.

    Raises ManifestFaultsError with every fault of every agency that is not ``suspended``.
    """
    announced, found_faults = announced_agencies({**agencies_in(home), **(extra or {})})
    faults: list[PluginError] = [fault for fault in found_faults if fault.agency not in suspended]
    manifests: dict[str, tuple[Manifest, Announced]] = {}
    for code, place in announced.items():
        try:
            manifests[code] = (_read(place), place)
        except ManifestFaultsError as error:
            faults += [] if code in suspended else error.faults
    if faults:
        raise ManifestFaultsError(tuple(faults))
    return {code: manifests[code] for code in sorted(manifests)}


def _read(place: Announced) -> Manifest:
    if place.definition is None:
        return read_manifest(place.folder, agency=place.code)
    from engine.hooks.nocode.mapping import read_agency  # only an agency without Python needs it

    return read_agency(place)
