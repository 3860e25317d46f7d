"""Every name of ``engine.hooks.v1`` with its signature, as ``docs/agencies/v1.md`` lists them.

Annotations are given as they are written, whatever the version of Python or pydantic.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import cast

from pydantic import BaseModel, TypeAdapter

from engine.hooks import v1
from engine.hooks.contract.versions import OURS

FILE = Path("docs/agencies/v1.md")
_HEAD = f"""# `engine.hooks.v1`

All that a plugin imports of the [contract](contract.md), at version {OURS}. A field with a default is marked
`= ...`; what each name means is in its docstring.

"""


def names_text() -> str:
    """Return the list as it is published."""
    lines = [line for name in sorted(v1.__all__, key=str.casefold) for line in _listed(name)]
    return "\n".join([f"{_HEAD}```text", *lines, "```", ""])


def _listed(name: str) -> Iterator[str]:
    value = getattr(v1, name)
    if not inspect.isclass(value):
        yield f"{name}{_signature(value)}" if inspect.isfunction(value) else f"{name}: {_described(value)}"
        return
    yield f"class {name}"
    if issubclass(value, Enum):
        yield from (f"    {member.name} = {json.dumps(member.value)}" for member in value)
    elif issubclass(value, BaseModel) or dataclasses.is_dataclass(value):
        yield from _fields(value)
    else:
        made = next((name for name in ("__init__", "__new__") if name in vars(value)), None)
        yield from [f"    {made}{_signature(vars(value)[made])}"] if made else []
    for part, member in vars(value).items():
        if part.startswith("_"):
            continue
        if inspect.isfunction(member):
            yield f"    {part}{_signature(member)}"
        elif isinstance(member, classmethod):
            yield f"    {part}{_signature(member.__func__)}"
        elif isinstance(member, property) and member.fget is not None:
            yield f"    {part}: {inspect.get_annotations(member.fget).get('return')}"


def _fields(model: type) -> Iterator[str]:
    written: dict[str, str] = {}
    for base in reversed(model.__mro__):
        written |= {} if base is BaseModel else inspect.get_annotations(base)
    if issubclass(model, BaseModel):
        optional = {name for name, field in model.model_fields.items() if not field.is_required()}
    else:
        assert dataclasses.is_dataclass(model)
        optional = {
            field.name for field in dataclasses.fields(model) if field.default is not dataclasses.MISSING
        }
    for name, annotation in written.items():
        if not name.startswith("_") and not annotation.startswith("ClassVar"):
            yield f"    {name}: {annotation}{' = ...' if name in optional else ''}"


def _signature(function: object) -> str:
    """Return a function's arguments and return,
    without the quotes that ``str`` puts round each annotation.
    """
    assert callable(function)
    return str(inspect.signature(function)).replace("'", "")


def _described(value: object) -> str:
    """Return a constant by its value, a type by the schema of what it takes, anything else by its kind."""
    if isinstance(value, str | int):
        return json.dumps(value)
    if type(value).__module__ == "typing" or type(value).__name__ == "GenericAlias":
        return json.dumps(TypeAdapter(cast(type[object], value)).json_schema(), sort_keys=True)
    return type(value).__name__
