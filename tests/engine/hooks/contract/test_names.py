"""A change to what agencies import is deliberate: a list has every name and signature, and is compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

from pydantic import BaseModel

from engine.hooks import v1
from engine.hooks.contract.names import FILE, names_text
from engine.hooks.specs import ALL_SPECS

ROOT = Path(__file__).parents[4]


def test_the_list_of_names_is_the_module_s_own() -> None:
    published = (ROOT / FILE).read_text(encoding="utf-8")

    assert published == names_text(), (
        "engine.hooks.v1 is not what docs/agencies/v1.md says. If the contract is to change, give it a new "
        "version, then run: python -m engine.hooks.contract.published"
    )


def test_everything_that_passes_can_be_made_from_the_module_alone() -> None:
    hooks = [hook for group in ALL_SPECS for name, hook in vars(group).items() if name.startswith("stac_")]
    passed = {part for hook in hooks for hint in get_type_hints(hook).values() for part in parts(hint)}
    passed |= set(parts(v1.InventedExtractTask)) | set(parts(v1.ScoreResult))

    assert sorted(part.__name__ for part in passed if part.__name__ not in v1.__all__) == []


def parts(hint: object) -> Iterator[type]:
    """The engine's own classes in an annotation, and in the fields of each of them."""
    if isinstance(hint, type) and hint.__module__.startswith("engine."):
        yield hint
        if issubclass(hint, BaseModel) or dataclasses.is_dataclass(hint):
            for field in get_type_hints(hint).values():
                yield from parts(field)
    for inner in get_args(hint):
        yield from parts(inner)
