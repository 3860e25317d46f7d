"""The folder that this agency's process was started for: its manifest and mapping. Reads no record."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.domain.errors import SetupError
from engine.hooks.discovery import DEFINITION
from engine.hooks.manifest import MANIFEST_FILE, Manifest, read_manifest
from engine.hooks.nocode.mapping import Mapping, read_mapping
from engine.instruments.reading import read_instrument, shipped_instruments


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Contents of the agency's own folder: it does not change while its process runs."""

    folder: Path
    manifest: Manifest
    mapping: Mapping

    def version_of(self, instrument: str) -> str:
        """Return the version of an instrument that the manifest names: the engine's,
        or a file in this folder.
        """
        if instrument in shipped_instruments():
            return shipped_instruments()[instrument].version
        for named in self.manifest.instruments:
            if Path(named).stem == instrument:
                return read_instrument(self.folder / named).version
        raise SetupError(f"no instrument {instrument} is named in agency.toml")


@cache
def definition() -> Definition:
    """Return the folder that this process was started for. Raises SetupError when it was started for none."""
    named = os.environ.get(DEFINITION)
    if not named:
        raise SetupError(f"{DEFINITION} does not give the agency's folder")
    folder = Path(named)
    said = tomllib.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest = read_manifest(folder, agency=str(said["code"]))
    mapping = read_mapping(folder, agency=manifest.code)
    return Definition(folder=folder, manifest=manifest, mapping=mapping)
