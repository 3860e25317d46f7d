"""No module imports itself by way of others, at its top or within a function."""

from __future__ import annotations

import grimp
import networkx
import pytest

PACKAGES = ("engine", "plugins", "flows", "dashboard", "cli")


def circles(imports: networkx.DiGraph[str]) -> list[list[str]]:
    """The modules that import one another, each circle by its names in order."""
    return sorted(
        sorted(modules) for modules in networkx.strongly_connected_components(imports) if len(modules) > 1
    )


def test_no_modules_import_one_another() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = networkx.DiGraph(
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    )

    assert imports.number_of_nodes() > 500
    assert circles(imports) == []


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ([("a", "b"), ("b", "a")], [["a", "b"]]),
        ([("c", "a"), ("a", "b"), ("b", "c"), ("b", "d")], [["a", "b", "c"]]),
        ([("a", "b"), ("b", "c"), ("a", "c")], []),
    ],
)
def test_a_circle_is_seen(imports: list[tuple[str, str]], found: list[list[str]]) -> None:
    assert circles(networkx.DiGraph(imports)) == found
