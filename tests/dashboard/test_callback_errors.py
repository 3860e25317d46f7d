"""An error of a callback is drawn by the part of the page that it is about, and goes with the next press."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from dashboard import errors, markup
from engine.domain.errors import InvalidInputError
from tests.dashboard.test_house_rules import texts

_Function = tuple[str, str]
_WHEN = {"on_click", "on_change", "on_selected", "on_asked", "on_moved"}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was drawn, in a session that nobody is signed in to."""
    there: list[str] = []
    monkeypatch.setattr(markup, "draw", lambda part: there.append(str(part)))
    return there


def test_an_error_is_drawn_once_and_only_by_its_part(drawn: list[str]) -> None:
    with errors.keep_errors("map"):
        _refuse()
    assert not drawn
    errors.draw_kept("trends")
    assert not drawn
    errors.draw_kept("map")
    assert "expand at most 60 items" in drawn[0]
    errors.draw_kept("map")
    assert len(drawn) == 1


def _refuse() -> None:
    raise InvalidInputError("map", "expand at most 60 items")


def test_an_error_that_no_page_expects_is_not_kept(drawn: list[str]) -> None:
    with pytest.raises(ValueError), errors.keep_errors("map"):
        raise ValueError("Amira Kent")
    errors.draw_kept("map")
    assert not drawn


def test_no_callback_draws_where_it_would_stay() -> None:
    """What a callback draws is above the page while only a part of the page is drawn again."""
    places = [place for given in _callbacks(_functions()) for place in _draws(given, _functions())]
    assert not places


def test_a_callback_that_draws_is_found_through_what_it_calls() -> None:
    source = "def _act(): _do()\ndef _do():\n    with show_errors(): pass\nst.button('a', on_click=_act)"
    functions = _functions_of({"views/a.py": source})
    assert [*_callbacks(functions)] == [("views/a.py", "_act")]
    assert [*_draws(("views/a.py", "_act"), functions)] == ["views/a.py _do"]
    silent = _functions_of({"views/a.py": source.replace("show_errors", "keep_errors")})
    assert not [*_draws(("views/a.py", "_act"), silent)]


@cache
def _functions() -> Mapping[_Function, tuple[ast.AST, Mapping[str, str]]]:
    return _functions_of(texts())


def _functions_of(sources: Mapping[str, str]) -> dict[_Function, tuple[ast.AST, Mapping[str, str]]]:
    """Each function, and the module itself under no name, with what its module calls other modules."""
    found: dict[_Function, tuple[ast.AST, Mapping[str, str]]] = {}
    for module, text in sources.items():
        tree = ast.parse(text)
        aliases = {
            name.asname or name.name: f"{each.module}.{name.name}".removeprefix("dashboard.").replace(
                ".", "/"
            )
            for each in ast.walk(tree)
            if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("dashboard")
            for name in each.names
        }
        found[module, ""] = (tree, aliases)
        for each in tree.body:
            if isinstance(each, ast.FunctionDef):
                found[module, each.name] = (each, aliases)
    return found


def _callbacks(functions: Mapping[_Function, tuple[ast.AST, Mapping[str, str]]]) -> Iterator[_Function]:
    for (module, name), (tree, aliases) in functions.items():
        if name:
            continue
        for call in ast.walk(tree):
            for argument in call.keywords if isinstance(call, ast.Call) else ():
                if argument.arg in _WHEN:
                    yield from _named(argument.value, module, aliases)


def _named(given: ast.AST, module: str, aliases: Mapping[str, str]) -> Iterator[_Function]:
    match given:
        case ast.Name(id=name):
            yield module, name
        case ast.Attribute(value=ast.Name(id=alias), attr=name) if alias in aliases:
            yield f"{aliases[alias]}.py", name


def _draws(
    begin: _Function, functions: Mapping[_Function, tuple[ast.AST, Mapping[str, str]]]
) -> Iterator[str]:
    """Return what draws of all that this function calls."""
    seen, left = {begin}, [begin]
    while left:
        module, name = left.pop()
        tree, aliases = functions.get((module, name), (ast.Pass(), {}))
        for call in (each for each in ast.walk(tree) if isinstance(each, ast.Call)):
            called = {*_named(call.func, module, aliases)}
            if {("markup.py", "draw"), (module, "show_errors")} & called:
                yield f"{module} {name}"
            left += called - seen
            seen |= called
