"""No use case looks up agencies within a unit of work: it takes a second connection and holds writers up."""

from __future__ import annotations

import ast
from pathlib import Path

SERVICES = Path(__file__).resolve().parent.parent.parent / "engine" / "services"


def looked_up_within(source: str) -> list[int]:
    """The lines at which agencies are looked up while a unit of work is open."""
    return sorted(
        {
            node.lineno
            for opened in ast.walk(ast.parse(source))
            if isinstance(opened, ast.With)
            for node in ast.walk(opened)
            if isinstance(node, ast.Attribute)
            and node.attr in ("agencies", "agencies_known")
            and isinstance(node.value, ast.Name)
            and node.value.id == "context"
        }
    )


def test_agencies_are_looked_up_before_a_unit_of_work_is_opened() -> None:
    found = {
        module.relative_to(SERVICES).as_posix(): lines
        for module in sorted(SERVICES.rglob("*.py"))
        if (lines := looked_up_within(module.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_one_that_does_is_seen() -> None:
    opened = "    with context.reading('view') as work:\n"
    within = f"def view(context):\n{opened}        return context.agencies_known\n"
    before = f"def view(context):\n    known = context.agencies_known\n{opened}        return known\n"
    assert (looked_up_within(within), looked_up_within(before)) == ([3], [])
