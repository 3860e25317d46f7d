"""What a FHIR reference points at, as a key of the extract. Looks nothing up."""

from __future__ import annotations

from datetime import date

from engine.identity.identifiers import IdentifierType, check_identifier
from plugins.health import shapes
from plugins.health.records import BY_NUMBER
from plugins.health.words import words

ANY_DAY = date(2000, 1, 1)
"""The check of an NHS number hangs on no century."""


def is_nhs_number(number: shapes.Number) -> bool:
    """Whether an identifier says of itself that it is an NHS number."""
    return number.system in words().systems.nhs_number


def is_patient(told: shapes.Reference) -> bool:
    """Whether it points at a patient, or at something whose type cannot be read from it."""
    reference = told.reference
    if reference is None or reference.startswith("urn:"):
        return True
    parts = reference.split("/_history/")[0].split("/")
    return len(parts) >= 2 and parts[-2] == "Patient"


def key_of(told: shapes.Reference) -> str | None:
    """The key of the record pointed at: its type and id, an address within its bundle, or an NHS number."""
    if told.reference is not None:
        if told.reference.startswith("urn:"):
            return told.reference
        parts = told.reference.split("/_history/")[0].split("/")
        return "/".join(parts[-2:]) if len(parts) >= 2 else None
    if told.identifier is not None and told.identifier.value and is_nhs_number(told.identifier):
        check = check_identifier(IdentifierType.NHS, told.identifier.value, today=ANY_DAY)
        return f"{BY_NUMBER}{check.canonical}" if check.canonical else None
    return None
