"""Counts of wording faults, by the place where a reader meets them, and a limit for each count."""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import sys
import tokenize
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "scripts" / "words.toml"
COUNTS = ROOT / "scripts" / "words_counts.toml"
SURFACES = ("UI", "CLI", "ERR", "ENG", "DOC", "CODE")
PACKAGES = {"dashboard": "UI", "cli": "CLI", "engine": "ENG", "plugins": "ENG", "flows": "ENG"}
BANNED = "banned"
# A released migration is never edited.
LEFT_OUT = ("engine/store/migrations/",)

# A stored value, a key, a path or a number: not a text that a person reads.
_KEY = re.compile(r"[^A-Z\s]\S*")
_STATEMENT = re.compile(
    r"\bfunction\s*\(|\{[\w-]+:|\b(select|insert|update|delete|create|drop)\b.*\b(from|into|set|table|index|on)\b",
    re.I | re.S,
)
# Each names the act of its entry in the audit log, which is stored.
_ACTS = {"reading", "writing"}
_FENCE = re.compile(r"^( *)(```|~~~).*?^ *\2[ ]*$", re.M | re.S)
_CODE_SPAN = re.compile(r"(`+).+?\1", re.S)
_SCRIPT_TEXT = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`")


@dataclass(frozen=True)
class Text:
    """A text that a person reads. Its first words are judged where it opens a label, heading or docstring.

    The source is the same text with its code spans, to be listed.
    """

    surface: str
    path: str
    line: int
    text: str
    opens: bool = True
    source: str = ""

    @cached_property
    def flat(self) -> str:
        """The text on one line, so that a phrase that was wrapped is found; as long as the text."""
        return re.sub(r"\s", " ", self.text)

    def line_at(self, offset: int) -> int:
        """Return the line of the file on which this part of the text is."""
        return self.line + self.text.count("\n", 0, offset)


@dataclass(frozen=True)
class Fault:
    """A fault in a text, and where it is."""

    name: str
    surface: str
    path: str
    line: int
    text: str


class Guide:
    """The patterns, the banned phrases and the exceptions of scripts/words.toml."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Compile the expressions."""
        self.patterns = {
            name: re.compile(row["expression"], 0 if row.get("opening") else re.I)
            for name, row in data["pattern"].items()
        }
        self.openings = {name for name, row in data["pattern"].items() if row.get("opening")}
        self.banned = [
            (
                re.compile(rf"(?<!\w){re.escape(row['phrase'])}(?!\w)", 0 if row.get("case") else re.I),
                row["phrase"],
            )
            for row in data["banned"]
        ]
        self.exceptions = [
            (re.compile(re.escape(row["phrase"]), re.I), row.get("fault")) for row in data["exception"]
        ]

    def faults(self, text: Text) -> Iterator[Fault]:
        """Find each fault in a text that no exception covers."""
        excused = [
            (found.span(), fault) for phrase, fault in self.exceptions for found in phrase.finditer(text.flat)
        ]
        for name, pattern in self.patterns.items():
            for begin, end in self._found(name, pattern, text):
                if not any(b <= begin and end <= e and fault in (None, name) for (b, e), fault in excused):
                    yield _fault(name, text, begin, end)
        if text.surface != "CODE":
            for pattern, _ in self.banned:
                for found in pattern.finditer(text.flat):
                    if not any(
                        b <= found.start() and found.end() <= e and fault == BANNED
                        for (b, e), fault in excused
                    ):
                        yield _fault(BANNED, text, *found.span())

    def _found(self, name: str, pattern: re.Pattern[str], text: Text) -> Iterator[tuple[int, int]]:
        if name in self.openings:
            first = text.text.strip().split("\n", 1)[0]
            if text.opens and (found := pattern.search(first)):
                begin = text.text.index(first)
                yield begin + found.start(), begin + found.end(1)
            return
        for found in pattern.finditer(text.flat):
            yield found.span()


def _fault(name: str, text: Text, begin: int, end: int) -> Fault:
    around = (
        text.flat[max(0, begin - 60) : begin] + "»" + text.flat[begin:end] + "«" + text.flat[end : end + 60]
    )
    return Fault(name, text.surface, text.path, text.line_at(begin), re.sub(" +", " ", around).strip())


def texts() -> Iterator[Text]:
    """Read every text of the repository that a person meets."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            path = file.relative_to(ROOT).as_posix()
            if file.is_dir() or "__pycache__" in path or path.startswith(LEFT_OUT):
                continue
            if file.suffix == ".py":
                yield from of_python(path, file.read_text(encoding="utf-8"))
            elif file.suffix == ".toml":
                yield from of_toml(path, file.read_text(encoding="utf-8"))
            elif file.suffix == ".md" or path.endswith(".md.txt"):
                yield from of_markdown(path, file.read_text(encoding="utf-8"))
            elif "link_graph/source" in path and file.suffix == ".js":
                yield from of_script(path, file.read_text(encoding="utf-8"))
    for file in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        yield from of_markdown(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "docs").rglob("*.ipynb")):
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield from of_markdown(file.relative_to(ROOT).as_posix(), "".join(cell["source"]))


def of_python(path: str, source: str) -> Iterator[Text]:
    """Sort a module's texts: docstrings and comments, help of commands, raised messages, and the others."""
    own = PACKAGES[path.partition("/")[0]]
    tree = ast.parse(source)
    docstrings = dict(_docstrings(tree))
    helps = set(_commands(tree)) if own == "CLI" else set()
    raised = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) or path == "engine/domain/errors.py"
        for part in ast.walk(node)
    }
    stored = {id(key) for node in ast.walk(tree) for key in _stored_values(node)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in docstrings:
                owner = docstrings[id(node)]
                yield Text("CLI" if id(owner) in helps else "CODE", path, node.lineno, node.value)
                continue
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        else:
            continue
        if id(node) not in inside | stored and not _KEY.fullmatch(text) and not _STATEMENT.search(text):
            yield Text("ERR" if id(node) in raised else own, path, node.lineno, text)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Text("CODE", path, token.start[0], token.string.lstrip("# "), opens=False)


def _stored_values(node: ast.AST) -> list[ast.expr | None]:
    """Find acts of the audit log, and keys of a table of labels: text to text, the key in lower case."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ACTS:
        return [*node.args[:1]]
    if not isinstance(node, ast.Dict) or not all(
        isinstance(each, ast.Constant) and isinstance(each.value, str) for each in (*node.keys, *node.values)
    ):
        return []
    return [key for key in node.keys if isinstance(key, ast.Constant) and str(key.value)[:1].islower()]


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """Find each docstring with its owner; that of a constant, a text of its own below it, owns itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value), node
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield id(first.value), node


def _commands(tree: ast.Module) -> Iterator[int]:
    """Find the functions whose docstring is the help of a command: each command has the option --json."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            each.annotation is not None and ast.unparse(each.annotation) == "AsJson"
            for each in node.args.args
        ):
            yield id(node)


def of_toml(path: str, source: str) -> Iterator[Text]:
    """Read the sentences of a data file, and its comments."""

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for each in value.values():
                yield from strings(each)
        elif isinstance(value, list):
            for each in value:
                yield from strings(each)

    lines = source.splitlines()
    for text in strings(tomllib.loads(source)):
        if " " in text.strip() and not _KEY.fullmatch(text):
            start = text.strip().split("\n")[0][:40]
            line = next((at for at, each in enumerate(lines, 1) if start in each), 1)
            yield Text(PACKAGES[path.partition("/")[0]], path, line, text)
    for at, each in enumerate(lines, 1):
        if each.lstrip().startswith("#"):
            yield Text("CODE", path, at, each.lstrip("# "), opens=False)


def of_script(path: str, source: str) -> Iterator[Text]:
    """Read the sentences in the page's own script."""
    for found in _SCRIPT_TEXT.finditer(source):
        text = next(each for each in found.groups() if each is not None)
        if re.search(r"[A-Za-z] [a-z]", text):
            yield Text("UI", path, source.count("\n", 0, found.start()) + 1, text)


def of_markdown(path: str, source: str) -> Iterator[Text]:
    """Read a page by paragraph, heading and row of a table, without its code."""
    page = _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source)
    page = re.sub(r"\]\([^)\s]*\)", lambda found: "]" + " " * (len(found.group()) - 1), page)
    page = re.sub(r"<!--.*?-->", lambda found: re.sub(r"[^\n]", " ", found.group()), page, flags=re.S)
    starts = [0, *(found.end() for found in re.finditer(r"\n", page))]
    for block in re.finditer(r"(?:^[^\n]*\S[^\n]*\n?)+", page, re.M):
        for part in re.split(r"^(?=\s*(?:#+ |\|))|(?<=\n)(?=\s*(?:[-*]|\d+\.) )", block.group(), flags=re.M):
            if not part.strip():
                continue
            begin = block.start() + block.group().index(part)
            line = bisect_right(starts, begin)
            heading = part.lstrip().startswith("#")
            if part.lstrip().startswith("|"):
                for cell in part.strip().strip("|").split(" | "):
                    yield Text("DOC", path, line, _spans(cell.strip()), source=cell.strip())
            else:
                own = part.lstrip("# ") if heading else part
                yield Text("DOC", path, line, _spans(own), opens=heading, source=own)


def _spans(text: str) -> str:
    return _CODE_SPAN.sub(lambda found: re.sub(r"\S", "~", found.group()), text)


def counted(faults: list[Fault]) -> Counter[tuple[str, str]]:
    """Count the faults by name and surface."""
    return Counter((fault.name, fault.surface) for fault in faults)


def table(names: list[str], counts: Counter[tuple[str, str]]) -> str:
    """Draw the counts: a row for each fault, a column for each surface."""
    width = max(map(len, names)) + 2
    rows = ["fault".ljust(width) + "".join(each.rjust(7) for each in (*SURFACES, "all"))]
    for name in names:
        row = [counts[name, each] for each in SURFACES]
        rows.append(name.ljust(width) + "".join(str(each).rjust(7) for each in (*row, sum(row))))
    sums = [sum(counts[name, each] for name in names) for each in SURFACES]
    rows.append("all".ljust(width) + "".join(str(each).rjust(7) for each in (*sums, sum(sums))))
    return "\n".join(rows)


def risen(
    counts: Counter[tuple[str, str]], limits: dict[str, dict[str, int]]
) -> list[tuple[str, str, int, int]]:
    """Name each count that is above its limit. What has no limit may not occur."""
    return [
        (name, surface, count, limits.get(name, {}).get(surface, 0))
        for (name, surface), count in sorted(counts.items())
        if count > limits.get(name, {}).get(surface, 0)
    ]


def lowered(
    names: list[str], counts: Counter[tuple[str, str]], limits: dict[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    """Lower each limit to its count. A fault that is new in the guide gets the count as its limit."""
    return {
        name: {
            each: min(counts[name, each], limits.get(name, {}).get(each, sys.maxsize)) for each in SURFACES
        }
        for name in names
    }


def written(names: list[str], limits: dict[str, dict[str, int]]) -> str:
    """Write the limits as TOML."""
    lines = ["# Written by scripts/words --lower. No count may rise above what is here."]
    for name in names:
        row = ", ".join(f"{each} = {limits.get(name, {}).get(each, 0)}" for each in SURFACES)
        lines.append(f'"{name}" = {{ {row} }}')
    return "\n".join(lines) + "\n"


def main(given: list[str]) -> int:
    """Print the table or a list; 1 when a count rose."""
    parser = argparse.ArgumentParser(prog="scripts/words", description=__doc__)
    parser.add_argument(
        "--list", nargs="+", metavar=("SURFACE", "FAULT"), help="print file, line and text of each fault"
    )
    parser.add_argument("--lower", action="store_true", help="write the lower counts as the new limits")
    asked = parser.parse_args(given)
    guide = Guide(tomllib.loads(DATA.read_text(encoding="utf-8")))
    names = [*guide.patterns, BANNED]
    surface, *chosen = asked.list or (SURFACES[0],)
    if surface.upper() not in SURFACES or not {*chosen} <= {*names}:
        parser.error(f"give a place ({', '.join(SURFACES)}) and, after it, any of: {', '.join(names)}")
    faults = [fault for text in texts() for fault in guide.faults(text)]
    if asked.list:
        shown = [
            each for each in faults if each.surface == surface.upper() and (not chosen or each.name in chosen)
        ]
        for each in sorted(shown, key=lambda fault: (fault.path, fault.line)):
            print(f"{each.path}:{each.line}: {each.name}: {each.text}")
        return 0
    counts = counted(faults)
    limits = tomllib.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {}
    print(table(names, counts))
    if asked.lower:
        limits = lowered(names, counts, limits)
        COUNTS.write_text(written(names, limits), encoding="utf-8")
    over = risen(counts, limits)
    for name, surface, count, limit in over:
        print(
            f"{surface} {name}: {count}, and the limit is {limit}."
            f" 'scripts/words --list {surface} {name}' lists them.",
            file=sys.stderr,
        )
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
