"""Check that a resource is FHIR R4, by the R4B models of fhir.resources.

Knows nothing of what health stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from fhir.resources.R4B import get_fhir_model_class
from fhir_core.fhirabstractmodel import FHIRAbstractModel
from pydantic import ValidationError

from engine.hooks.v1 import plain_name

_DEEPEST = 60


@cache
def model_of(kind: str) -> type[FHIRAbstractModel]:
    """Return the model of a resource type that is known to exist."""
    return get_fhir_model_class(kind)


@lru_cache(maxsize=1_000)
def is_type(kind: str) -> bool:
    """Return whether FHIR has such a type: any other word in its place is the file's own and is not
    repeated.
    """
    try:
        return bool(model_of(kind))
    except ValueError:
        return False


def fault_of(resource: Mapping[str, object]) -> str | None:
    """Return why this resource cannot be taken as what it says it is,
    in one sentence without a value of it.
    """
    if resource.get("implicitRules"):
        return "It follows rules of its own (implicitRules), which are not known here."
    try:
        if _changes_its_meaning(resource, 0):
            return "It carries a modifier extension, which may turn its meaning and is not known here."
        model_of(str(resource["resourceType"])).model_validate(resource)
    except ValidationError as error:
        return _sentence(error)
    except RecursionError:
        return "It is nested too deeply."
    except (TypeError, KeyError, AttributeError, ValueError, ArithmeticError):
        # the library uses a type within a resource before it checks it (tried: a resourceType that is a list)
        return "It breaks FHIR R4 within a part of it."
    return None


def _changes_its_meaning(part: object, depth: int) -> bool:
    if depth > _DEEPEST:
        raise RecursionError
    inner: Iterable[object]
    match part:
        case dict():
            if part.get("modifierExtension"):
                return True
            inner = part.values()
        case list():
            inner = part
        case _:
            return False
    return any(_changes_its_meaning(each, depth + 1) for each in inner)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":  # the last part is the file's own word, not one of FHIR's
        inside = ".".join(plain_name(part) for part in place[:-1])
        return f"It has an element that FHIR R4 does not know{f' in {inside}' if inside else ''}."
    where = ".".join(plain_name(part) for part in place)[:120] or "its whole"
    if first["type"] in ("missing", "model_field_validation.missing"):
        return f"It lacks {where}, which FHIR R4 requires."
    return f"It breaks FHIR R4 at {where}."
