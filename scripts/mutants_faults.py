"""What faults there are: mutmut makes them, each as one more copy of the function that it changes."""

from __future__ import annotations

import ast
import copy
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = re.compile(r"^(\s*(?:async )?def )\w+__mutmut_(?:orig|\d+)")


@dataclass(frozen=True)
class Fault:
    """One change to one function. ``first`` to ``last``: the lines, in the copy, of the statement changed."""

    name: str
    path: str
    difference: str
    is_wording: bool
    first: int
    last: int

    @property
    def after(self) -> str:
        """The lines that the fault puts there, as one."""
        lines = (line[1:].strip() for line in self.difference.splitlines() if line.startswith("+"))
        return " ".join(lines)


def make_faults(tree: Path, path: str) -> list[Fault]:
    """Put every fault of a module into the copy; MUTANT_UNDER_TEST in the environment switches one on."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    file = tree / path
    mutated = mutate_file_contents(path, file.read_text())
    file.write_text(mutated.code)
    lines = mutated.code.splitlines()
    functions = {
        node.name: node
        for node in ast.walk(ast.parse(mutated.code))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "__mutmut_" in node.name
    }
    module = path.removesuffix(".py").replace("/", ".")
    faults = []
    for name in mutated.mutant_names:
        original, changed = functions[re.sub(r"\d+$", "orig", name)], functions[name]
        before, after = _text(lines, original), _text(lines, changed)
        at = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
        first, last = _statement(original, original.lineno + at)
        shown = difflib.unified_diff(before, after, n=0, lineterm="")
        faults.append(
            Fault(
                name=f"{module}.{name}",
                path=path,
                difference="\n".join(line for line in list(shown)[2:] if not line.startswith("@@")),
                is_wording=_without_wording(original) == _without_wording(changed),
                first=first,
                last=last,
            )
        )
    return faults


def _text(lines: list[str], function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    text = lines[function.lineno - 1 : function.end_lineno]
    return [HEAD.sub(r"\1f", text[0]), *text[1:]]


def _statement(function: ast.FunctionDef | ast.AsyncFunctionDef, line: int) -> tuple[int, int]:
    """The lines of the innermost statement there; of one that holds others, those before the first.

    In the head of the function: all of it."""
    found = (function.body[0].lineno, function.end_lineno or line)
    for node in _statements(function):
        if node is function:
            continue
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            inner = min((each.lineno for each in _statements(node) if each is not node), default=0)
            found = (node.lineno, max(node.lineno, inner - 1) if inner else node.end_lineno or node.lineno)
    return found


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Every statement below, and it, each after the one that holds it."""
    if isinstance(node, ast.stmt):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _statements(child)


def _without_wording(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    visit = _WithoutWording().visit
    return [ast.dump(visit(copy.deepcopy(each))) for each in (function.args, *function.body)]


class _WithoutWording(ast.NodeTransformer):
    """Replaces each text that holds a space; one without is a key, a code or a format and stays."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        is_sentence = isinstance(node.value, str) and " " in node.value.strip("X")
        return ast.Constant("a sentence") if is_sentence else node
