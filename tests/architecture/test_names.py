"""A name says what a thing is; one that says only that somebody spoke is left to fields that are written."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "plugins", "flows", "dashboard", "cli", "tests", "benchmarks")
SAY_NOTHING = {"told", "says", "word", "kept", "at_hand", "in_force"}
# A migration is written once and never changed afterwards.
HISTORY = Path("engine/store/migrations/versions")


def bound(tree: ast.AST, *, in_class: bool = False) -> list[tuple[int, str]]:
    """Names that a source gives to functions, classes, arguments and variables; not those of fields."""
    found: list[tuple[int, str]] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append((node.lineno, node.name))
        elif isinstance(node, ast.arg):
            found.append((node.lineno, node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append((node.lineno, node.id))
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
            found.append((node.lineno, node.name))
        if in_class and isinstance(node, ast.AnnAssign):
            continue
        found += bound(node, in_class=isinstance(node, ast.ClassDef))
    return found


def that_say_nothing(source: str) -> list[tuple[int, str]]:
    """Those of them that say nothing. A source in which none of them occurs is not read further."""
    if not re.search(rf"\b(?:{'|'.join(SAY_NOTHING)})\b", source):
        return []
    return [(line, name) for line, name in bound(ast.parse(source)) if name in SAY_NOTHING]


def test_no_module_function_class_or_variable_has_a_name_that_says_nothing() -> None:
    faults = []
    for package in PACKAGES:
        for module in sorted((ROOT / package).rglob("*.py")):
            path = module.relative_to(ROOT)
            if path.is_relative_to(HISTORY):
                continue
            if path.stem in SAY_NOTHING:
                faults.append(str(path))
            found = that_say_nothing(module.read_text(encoding="utf-8"))
            faults += [f"{path}:{line}: {name}" for line, name in found]

    assert not faults


@pytest.mark.parametrize(
    "source",
    [
        "def told(): ...",
        "def of(told): ...",
        "kept = 1",
        "for word in (): ...",
        "class says: ...",
        "try: ...\nexcept OSError as told: ...",
        "match 1:\n    case int() as kept: ...",
    ],
)
def test_such_a_name_is_seen(source: str) -> None:
    assert that_say_nothing(source)


def test_a_field_may_have_one() -> None:
    assert not that_say_nothing("class Finding:\n    says: str\n")
