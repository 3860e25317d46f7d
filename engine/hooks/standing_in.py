"""Substitute for a manifest that cannot be used: who the agency is, to the extent that it can be read."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from engine.domain.responses.requests import CaseField
from engine.hooks.manifest import MANIFEST_FILE, Manifest

NOT_KNOWN = "not recorded"


def stand_in(code: str, folder: Path | None) -> Manifest:
    """Return a substitute for a manifest that cannot be used: who the agency is,
    to the extent that it can be read.

    It asks for nothing and releases nothing. Its seat stays its own: its people can still see what they may
    see. Made without the manifest's own checks, and never given to a plugin.
    """
    name, seat, version, contact = code, None, NOT_KNOWN, NOT_KNOWN
    read = _read_anyhow(folder) if folder is not None else {}
    if read.get("code", code) == code:
        name = _value_of(read, "name") or name
        seat = _value_of(read, "seat")
        version = _value_of(read, "version") or version
        contact = _value_of(read, "contact") or contact
    return Manifest.model_construct(
        code=code,
        name=name,
        seat=seat,
        version=version,
        contact=contact,
        contract=NOT_KNOWN,
        purpose=NOT_KNOWN,
        fields=(),
        extract=False,
    )


def _value_of(read: dict[str, object], key: str) -> str | None:
    """Return one value of a manifest that cannot be used, if that value would be valid in one."""
    whole = {"code": "none", "name": "name", "version": "1", "contract": "1.0", "contact": NOT_KNOWN}
    rest = {"purpose": NOT_KNOWN, "fields": (CaseField.RELATIONSHIP,)}
    try:
        text: str | None = getattr(Manifest.model_validate({**whole, **rest, key: read.get(key)}), key)
    except ValidationError:
        return None
    return text


def _read_anyhow(folder: Path) -> dict[str, object]:
    try:
        return tomllib.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return {}
