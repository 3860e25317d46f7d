"""A repository says in the docstring of each function which errors its caller must expect."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
Place = tuple[str, str | None, str]
"""A module, a class in it or none, and a function."""


def functions(source: str) -> Iterator[tuple[str | None, ast.FunctionDef]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield None, node
        elif isinstance(node, ast.ClassDef):
            yield from ((node.name, each) for each in node.body if isinstance(each, ast.FunctionDef))


def unsaid(modules: dict[str, str]) -> list[str]:
    """Public functions that raise, themselves or by what they call, an error that their docstring lacks."""
    imported = {
        (module, each.asname or each.name): (str(node.module), each.name)
        for module, source in modules.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module in modules
        for each in node.names
    }
    raised: dict[Place, set[str]] = {}
    calls: dict[Place, set[Place]] = {}
    docstrings: dict[Place, str] = {}
    for module, source in modules.items():
        for owner, function in functions(source):
            place = (module, owner, function.name)
            docstrings[place] = ast.get_docstring(function) or ""
            nodes = list(ast.walk(function))
            raised[place] = {
                ast.unparse(node.exc.func)
                for node in nodes
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
            }
            calls[place] = {
                called
                for node in nodes
                if isinstance(node, ast.Call)
                for called in _called(node.func, module, owner, imported)
            }
    grew = True
    while grew:
        grew = False
        for place, called in calls.items():
            more = set[str]().union(*(raised.get(each, ()) for each in called)) - raised[place]
            raised[place] |= more
            grew = grew or bool(more)
    return [
        f"{module}: {name} does not say {error}"
        for (module, owner, name), errors in raised.items()
        for error in sorted(errors)
        if not name.startswith("_") and error not in docstrings[module, owner, name]
    ]


def _called(
    function: ast.expr, module: str, owner: str | None, imported: dict[tuple[str, str], tuple[str, str]]
) -> Iterator[Place]:
    match function:
        case ast.Name(name):
            there, name = imported.get((module, name), (module, name))
            yield there, None, name
        case ast.Attribute(ast.Name("self"), name):
            yield module, owner, name
        case ast.Attribute(ast.Call(ast.Name(made)), name):  # a repository made and asked at once
            there, made = imported.get((module, made), (module, made))
            yield there, made, name


def test_each_function_of_a_repository_says_what_it_raises() -> None:
    modules = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text(encoding="utf-8")
        for file in (ROOT / "engine/store/repositories").rglob("*.py")
    }
    assert unsaid(modules) == []


def test_an_error_of_what_is_called_is_seen() -> None:
    cases = "def number(ref):\n    'It. Raises NotFoundError.'\n    raise NotFoundError(ref)\n"
    plans = (
        "from cases import number\nclass Plans:\n"
        "    def add(self):\n        self._n()\n    def _n(self):\n        number(1)\n"
    )
    assert unsaid({"cases": cases, "plans": plans}) == ["plans: add does not say NotFoundError"]
