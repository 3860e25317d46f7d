"""The picture in docs/architecture.md of the packages and of what imports what, made from the code itself."""

from __future__ import annotations

from pathlib import Path

import grimp
import networkx as nx

PAGE = Path(__file__).resolve().parent.parent / "docs" / "architecture.md"
BEGIN, END = "```mermaid\n", "```\n"
PACKAGES = ("engine", "flows", "dashboard", "cli", "plugins")


def main() -> None:
    """Put the picture of today's imports into the page."""
    before, picture, after = parts(PAGE.read_text(encoding="utf-8"))
    drawn = draw()
    PAGE.write_text(before + drawn + after, encoding="utf-8")
    print("the picture was drawn again" if drawn != picture else "the picture is up to date")


def parts(page: str) -> tuple[str, str, str]:
    """Split the page into the text before the picture, the picture, and the text after it."""
    before, _, rest = page.partition(BEGIN)
    picture, _, after = rest.partition(END)
    return before + BEGIN, picture, END + after


def draw() -> str:
    """The packages as a Mermaid graph. An arrow that others imply is left out; all agencies are one."""
    arrows = nx.DiGraph(
        (package(module), package(imported))
        for module, imported in _imports()
        if package(module) != package(imported)
    )
    reduced = nx.transitive_reduction(arrows)
    lines = ["graph TD", *(f"    {one} --> {other}" for one, other in sorted(reduced.edges))]
    return "\n".join(lines) + "\n"


def _imports() -> list[tuple[str, str]]:
    graph = grimp.build_graph(*PACKAGES)
    return [
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if "." in imported
    ]


def package(module: str) -> str:
    """The package that a module belongs to: of the engine its second part, too."""
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "engine" else names[0]


if __name__ == "__main__":
    main()
