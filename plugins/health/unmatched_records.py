"""Records that were handed over and not stored, by person where that is known. Repeats nothing of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import ValidationError

from plugins.health.pointing import by_number, contained_patient, is_patient, key_of
from plugins.health.shapes import Reference
from plugins.health.stored_records import LostKept, pointer_to

UNPLACED = "Lost/-"
"""The key of what is not any person's for certain."""
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def lost_from(content: Mapping[str, object], *, is_read: bool) -> LostKept | None:
    """Return a line for a resource that was not stored; None when it is not known whose it was."""
    kind, id_ = str(content.get("resourceType")), content.get("id")
    key = f"{kind}/{id_}" if isinstance(id_, str) and _ID.fullmatch(id_) else None
    about = key if kind == "Patient" else _about(content)
    if about is None:
        return None
    if is_read and key is not None:
        return lost_instead_of(key, about)
    return LostKept(id=f"Lost/other/{about}"[:400], about=about, pointer="lost", is_read=is_read)


def lost_instead_of(key: str, about: str) -> LostKept:
    """Return a line for a version of this key that was not stored."""
    return LostKept(id=lost_key(key), of=key, about=about, pointer=pointer_to("lost", key))


def lost_key(key: str) -> str:
    """Return the key that marks a version of this key as not stored."""
    return f"Lost/{key}"


def unplaced(count: int) -> LostKept:
    """Return the line for what is not any person's for certain."""
    return LostKept(id=UNPLACED, pointer="lost", count=count)


def _about(content: Mapping[str, object]) -> str | None:
    for place in ("subject", "patient"):
        try:
            reference = Reference.model_validate(content.get(place))
        except ValidationError:
            continue
        within = contained_patient(reference, content)
        if within is not None:
            reference = by_number(within) or Reference()
        if (reference.reference or reference.identifier) and is_patient(reference):
            return key_of(reference)
    return None
