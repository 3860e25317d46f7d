"""Each repository of the table is there, and whatever its tables refer to is loaded with it."""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import engine.store.schema  # noqa: F401  every table
from engine.store.lazy_repository import Late
from engine.store.repositories.links.graph import LinkGraph
from engine.store.repository_table import Repositories
from engine.store.tables.base import METADATA

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "engine/store/repositories"
REPOSITORIES = sorted(
    ".".join(file.relative_to(FOLDER).with_suffix("").parts) for file in FOLDER.rglob("[!_]*.py")
)
MODULE_OF = {row.__tablename__: row.__module__ for row in SQLModel.__subclasses__()[0].__subclasses__()}


@cache
def _loads(module: str) -> frozenset[str]:
    """What of the store a module loads at once, itself included."""
    found, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        file = ROOT / f"{name.replace('.', '/')}.py"
        if name in found or not file.exists():
            continue
        found.add(name)
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine.store"):
                waiting += [str(node.module), *(f"{node.module}.{each.name}" for each in node.names)]
            elif isinstance(node, ast.Import):
                waiting += [each.name for each in node.names]
    return frozenset(found)


@pytest.mark.parametrize("name", REPOSITORIES)
def test_every_table_that_one_refers_to_is_loaded_with_it(name: str) -> None:
    loaded = _loads("engine.store.unit_of_work") | _loads(f"engine.store.repositories.{name}")
    for table in METADATA.tables.values():
        if MODULE_OF.get(table.name) in loaded:
            for key in table.foreign_keys:
                other = key.target_fullname.partition(".")[0]
                assert MODULE_OF[other] in loaded, (
                    f"{name} does not load {other}, to which {table.name} refers"
                )


def test_the_tables_of_the_core_are_loaded_at_once_and_those_of_few_use_cases_are_not() -> None:
    at_once = _loads("engine.store.unit_of_work")
    assert "engine.store.tables.cases.involvements" in at_once
    assert (
        not {
            f"engine.store.tables.{late}"
            for late in ("people.same_person", "links.graph", "vault.openings", "vault.protected")
        }
        & at_once
    )
    assert all(importlib.import_module(module) for module in at_once)


@pytest.mark.parametrize("owner", [Repositories, LinkGraph])
def test_each_is_of_the_class_that_its_type_names(owner: type) -> None:
    tree = ast.parse(inspect.getsource(importlib.import_module(owner.__module__)))
    typed_from = {
        each.name: str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
    rows = [row for row in vars(owner).values() if isinstance(row, Late)]
    assert rows
    for row in rows:
        assert row.module == typed_from[row.class_name]
        assert isinstance(getattr(importlib.import_module(row.module), row.class_name), type)
