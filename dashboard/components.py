"""Our own parts of a page: puts the script of each where the running server finds it. Knows none of them."""

from __future__ import annotations

from pathlib import Path

from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_PACKAGE = "stac_engine"


def full_name(name: str) -> str:
    """Return the name of a component of ours, as Streamlit registers it."""
    return f"{_PACKAGE}.{name}"


def bring_files(name: str, folder: Path) -> None:
    """Register the place of a component's script, ``assets`` in its folder, with the running server.

    Streamlit searches for it in installed packages only, and finds nothing in a folder that is installed
    to be edited, nor in a package whose name is not that of its distribution.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(full_name(name)) is None:
        parts = [ComponentConfig(name=name, asset_dir="assets")]
        manager.register_from_manifest(ComponentManifest(_PACKAGE, "1", parts), folder)
