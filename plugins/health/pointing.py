"""The target of a FHIR reference, as a key of the extract. Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import ValidationError

from engine.identity.identifiers import IdentifierType, check_identifier
from plugins.health import shapes
from plugins.health.records import BY_NUMBER
from plugins.health.words import words

ANY_DAY = date(2000, 1, 1)
"""The check of an NHS number does not depend on a century."""


def is_nhs_number(number: shapes.Number) -> bool:
    """Return whether an identifier says of itself that it is an NHS number."""
    return number.system in words().systems.nhs_number


def contained_patient(reference: shapes.Reference, resource: Mapping[str, object]) -> shapes.Patient | None:
    """Return the patient within the resource itself at whom a reference (``#id``) points; None for any other.

    FHIR gives such a patient no existence of their own: only their NHS number says who it is.
    """
    if reference.reference is None or not reference.reference.startswith("#"):
        return None
    contained = resource.get("contained")
    for each in contained if isinstance(contained, list) else ():
        if isinstance(each, dict) and f"#{each.get('id')}" == reference.reference:
            if each.get("resourceType") != "Patient":
                return None
            try:
                return shapes.Patient.model_validate(each)
            except ValidationError:
                return shapes.Patient()
    return None


def by_number(patient: shapes.Patient) -> shapes.Reference | None:
    """Return a reference to a contained patient by their NHS number.

    Return None without a good one, or with several.
    """
    good = {
        check.canonical: number
        for number in patient.identifier
        if is_nhs_number(number)
        and number.value
        and (check := check_identifier(IdentifierType.NHS, number.value, today=ANY_DAY)).valid
    }
    return shapes.Reference(identifier=next(iter(good.values()))) if len(good) == 1 else None


def is_patient(result: shapes.Reference) -> bool:
    """Return whether it points at a patient, or at something whose type cannot be read from it."""
    reference = result.reference
    if reference is None or reference.startswith("urn:"):
        return True
    parts = reference.split("/_history/")[0].split("/")
    return len(parts) >= 2 and parts[-2] == "Patient"


def key_of(reference: shapes.Reference) -> str | None:
    """Return the key of the record pointed at: its type and id, an address within its bundle,
    or an NHS number.
    """
    if reference.reference is not None:
        if reference.reference.startswith("urn:"):
            return reference.reference
        parts = reference.reference.split("/_history/")[0].split("/")
        return "/".join(parts[-2:]) if len(parts) >= 2 else None
    if (
        reference.identifier is not None
        and reference.identifier.value
        and is_nhs_number(reference.identifier)
    ):
        check = check_identifier(IdentifierType.NHS, reference.identifier.value, today=ANY_DAY)
        return f"{BY_NUMBER}{check.canonical}" if check.canonical else None
    return None
