"""FHIR in XML, read element by element into the same shape as FHIR in JSON. Checks no content.

The reading refuses document types and entities, by which a small file can fill any memory. The library's own
reading of XML needs one prefix and stops at an element that it does not know, so the models only show here
which elements repeat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast
from xml.etree.ElementTree import Element, ParseError  # for its types; defusedxml does the reading

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from fhir.resources.R4B import get_fhir_model_class
from fhir_core.utils import (
    determine_version_prefix_from_class,
    get_fhir_type_name,
    is_list_type,
    is_primitive_type,
)

from plugins.health.entry import Entry, FileUnreadableError

_Shape = dict[str, object]
_FHIR = "{http://hl7.org/fhir}"
_DEEPEST = 60


def xml_entries(file: Path, kinds: frozenset[str]) -> Iterator[Entry]:
    """Yield every resource of a file; of a type outside ``kinds`` only its type.

    Raises FileUnreadableError.
    """
    number, root, depth = 0, None, 0
    for event, element in _events(file):
        if event == "start":
            depth += 1
            if root is None:
                root = element
                if not element.tag.startswith(_FHIR):
                    raise FileUnreadableError("It is XML and not FHIR: its namespace is another.")
            continue
        depth -= 1
        if root is not None and root.tag == f"{_FHIR}Bundle" and depth == 1:
            if element.tag == f"{_FHIR}entry":
                number += 1
                yield from _entry(element, f"entry {number}", kinds)
            root.remove(element)  # what was read can be dropped before the end
    if root is not None and root.tag != f"{_FHIR}Bundle":
        yield _resource(root, "the whole file", None, kinds)


def _events(file: Path) -> Iterator[tuple[str, Element]]:
    """Yield the beginnings and ends of elements, and each fault of the text as one sentence."""
    try:
        with open(file, "rb") as opened:
            yield from iterparse(opened, events=("start", "end"), forbid_dtd=True)
    except DefusedXmlException:
        raise FileUnreadableError("It has a document type or entities, which FHIR does not allow.") from None
    except ParseError as error:
        raise FileUnreadableError(f"It breaks off or is not XML at line {error.position[0]}.") from None
    except (LookupError, ValueError):  # what the parser raises for an encoding that it does not have
        raise FileUnreadableError("Its text is in an encoding that is not known here.") from None


def _entry(element: Element, where: str, kinds: frozenset[str]) -> Iterator[Entry]:
    address = element.find(f"{_FHIR}fullUrl")
    full_url = address.get("value") if address is not None else None
    within = element.find(f"{_FHIR}resource")
    if within is None or len(within) != 1:
        yield Entry(where=where, content=None, full_url=full_url)
    elif within[0].tag == f"{_FHIR}Bundle":
        for number, inner in enumerate(within[0].iter(f"{_FHIR}entry"), start=1):
            yield from _entry(inner, f"{where}, entry {number}", kinds)
    else:
        yield _resource(within[0], where, full_url, kinds)


def _resource(element: Element, where: str, full_url: str | None, kinds: frozenset[str]) -> Entry:
    kind = element.tag.removeprefix(_FHIR)
    content = {"resourceType": kind, **(_shape(element, kind) if kind in kinds else {})}
    return Entry(where=where, content=content, full_url=full_url)


@dataclass(frozen=True, kw_only=True)
class _Child:
    """Place of an element within another, by the model."""

    repeats: bool
    is_primitive: bool
    type: str


@cache
def _children(kind: str) -> dict[str, _Child]:
    """Return the elements that a type may hold. Raises ValueError for a type that there is not."""
    model = get_fhir_model_class(kind)
    release = determine_version_prefix_from_class(model)
    return {
        name: _Child(
            repeats=is_list_type(field),
            is_primitive=is_primitive_type(field),
            type=get_fhir_type_name(field, prefix=release),
        )
        for name, key in model.get_alias_mapping().items()
        for field in [model.model_fields[key]]
    }


def _shape(element: Element, kind: str, depth: int = 0) -> _Shape:
    """Return an element as FHIR's JSON has it.

    What the model does not know stays, so that the check refuses it.
    """
    if depth > _DEEPEST:
        return {}
    known = _children(kind)
    shape: _Shape = {name: value for name, value in element.attrib.items() if name in ("id", "url")}
    for each in element:
        name = each.tag.removeprefix(_FHIR)
        child = known.get(name)
        if child is None:
            shape[name] = None
        elif name == "text" and child.type == "Narrative":
            continue  # words for a reader, which are not imported
        elif child.is_primitive:
            _put(shape, name, child, each.get("value"), _beside(each, depth))
        else:
            _put(shape, name, child, _complex(each, child.type, depth), None)
    return shape


def _put(shape: _Shape, name: str, child: _Child, value: object, beside: _Shape | None) -> None:
    """Put a value where JSON has it, and what extends a primitive one beside it, as ``_name``."""
    if not child.repeats:
        shape.update({name: value} if value is not None else {})
        shape.update({f"_{name}": beside} if beside is not None else {})
        return
    values = cast(list[object], shape.setdefault(name, []))
    values.append(value)
    if beside is not None:
        extended = cast(list[object], shape.setdefault(f"_{name}", []))
        extended += [None] * (len(values) - 1 - len(extended))
        extended.append(beside)
    elif f"_{name}" in shape:
        cast(list[object], shape[f"_{name}"]).append(None)


def _beside(element: Element, depth: int) -> _Shape | None:
    if not len(element) and not element.get("id"):
        return None
    return _shape(element, "FHIRPrimitiveExtension", depth + 1)


def _complex(element: Element, kind: str, depth: int) -> _Shape:
    if kind != "Resource":
        return _shape(element, kind, depth + 1)
    inner = element[0].tag.removeprefix(_FHIR) if len(element) == 1 else ""
    try:
        return {"resourceType": inner, **_shape(element[0], inner, depth + 1)} if inner else {}
    except ValueError:  # the type does not exist, which the check of the whole says
        return {"resourceType": inner}
