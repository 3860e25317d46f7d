"""What was handed over and not kept, as far as it can be said whose it was. Repeats nothing of it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from plugins.health.kept import LostKept, pointer_to
from plugins.health.pointing import is_patient, key_of
from plugins.health.shapes import Reference

UNPLACED = "Lost/-"
"""The key of what is nobody's for certain."""
_OF_TYPES_NOT_READ = "Lost/other"


def lost_from(content: dict[str, Any], *, is_read: bool) -> LostKept | None:
    """A line for a resource that was not kept; None when nobody can say whose it was."""
    kind, key = str(content.get("resourceType")), content.get("id")
    about = _about(content) if kind != "Patient" else f"Patient/{key}" if isinstance(key, str) else None
    if about is None:
        return None
    if is_read and isinstance(key, str):
        return _line(f"Lost/{kind}/{key}", about, is_read=True)
    return _line(f"{_OF_TYPES_NOT_READ}/{about}", about, is_read=is_read)


def lost_instead_of(key: str, about: str) -> LostKept:
    """A line for a version that did not replace the one held under this key."""
    return _line(f"Lost/{key}", about, is_read=True)


def unplaced(count: int) -> LostKept:
    """The line for what is nobody's for certain."""
    return LostKept(id=UNPLACED, pointer="lost", count=count)


def _line(key: str, about: str, *, is_read: bool) -> LostKept:
    return LostKept(id=key[:400], about=about, pointer=pointer_to("lost", key), is_read=is_read)


def _about(content: dict[str, Any]) -> str | None:
    for place in ("subject", "patient"):
        try:
            told = Reference.model_validate(content.get(place))
        except ValidationError:
            continue
        if (told.reference or told.identifier) and is_patient(told):
            return key_of(told)
    return None
