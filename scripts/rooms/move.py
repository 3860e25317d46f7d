"""Moves modules and renames names, as ``moves.tsv`` beside this script says. Run it from the root of a clean checkout.

    .venv/bin/python PATH/move.py names    # classes, functions, variables, fields and locals, in the files as they lie
    .venv/bin/python PATH/move.py moves    # modules and their tests into their rooms, with every import of them
    .venv/bin/python PATH/move.py parts    # functions into the room to which they belong, so that no arrow runs up
    .venv/bin/python PATH/move.py check    # whether every import of ours still finds what it names

Needs libcst (scopes and positions) and, for ``names``, mypy (types). Every change is an edit at a position of the text as
it was read, so that nothing is renamed twice; ``ruff check --fix`` and ``ruff format`` tidy up afterwards.
"""

from __future__ import annotations

import ast
import builtins
import csv
import io
import json
import re
import subprocess
import sys
import textwrap
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.metadata import (
    Assignment,
    ImportAssignment,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    ScopeProvider,
)

HERE = Path(__file__).resolve().parent
TOPS = ("engine", "flows", "plugins", "dashboard", "cli", "tests", "benchmarks")
NO_PACKAGES = ("tests",)  # the folders of tests have no __init__.py
TEXTS = (".md", ".toml", ".txt", ".ipynb", ".mako", ".json", ".mjs", ".cfg", ".sh", ".js", ".svg", "")
NEVER = ("dashboard/link_graph/assets/", "constraints.txt", "LICENSE", "docs/pictures/")

# What a room is called before one of its modules, where the module's own name alone would say too little.
OF_ROOM = {
    "accounts": "account", "access": "access", "vault": "vault", "sharing": "sharing", "links": "link", "people": "person",
    "referrals": "referral", "responses": "response", "agencies": "agency", "conference": "conference", "plans": "plan",
    "outcomes": "outcome", "rights": "rights", "cases": "case", "system": "system", "orders": "order", "papers": "paper",
}
GENERIC = {
    "log", "reasons", "checks", "keys", "files", "rows", "maps", "views", "figures", "facts", "table", "page", "header",
    "record", "register", "export", "search", "requests", "storage", "health", "sealing", "permissions", "gaps", "graphs",
    "imports", "statements", "graph", "arrays", "sources", "turns", "drawing", "moves", "provider", "users",
    "audit", "listing", "reading", "panel", "explore", "steps", "filters", "flow_runs", "users", 
    "agreement", "conflicts", "restrictions", "emergency", "alerts", "neighbourhood", "projection", 
    "intake", "directory", "people", "visibility", "oversight",
    "summary", "follow_up", "decisions", "saving", "patterns", "matching", "snapshots", "entity_merges",
}  # fmt: skip
ALIAS = {("access", "emergency"): "emergency_access", ("rights", "subject_access"): "subject_access_requests"}
NO_ALIAS = {"decisions", "follow_up", "snapshots", "reminders", "matching", "restrictions", "conflicts", "audit"}

# Modules that stay on their floor: words that every subject shares.
STAY = {
    "engine/domain": "absence base dates errors ids invented limits sharing shown typed_days unordered",
    "engine/services": "context plans",
    "engine/store/repositories": "bulk outcomes plans references",
    "engine/store/tables": "agencies base sharing",
    "dashboard/views": "agencies",
    "cli": "bars main options pytest_plugin sharing templates",
}


# --- the table -------------------------------------------------------------------------------------------------------


def dotted(path: str) -> str:
    name = path.removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


class Table:
    """The rows of moves.tsv that still apply."""

    def __init__(self, *, quiet: bool = False) -> None:
        with open(HERE / "moves.tsv", newline="") as opened:
            rows = list(csv.reader(opened, delimiter="\t"))[1:]
        self.moves: dict[str, str] = {}
        self.names: dict[str, dict[str, str]] = defaultdict(dict)  # module -> old -> new
        for old_path, new_path, old, new in rows:
            if not Path(old_path).exists():
                if not quiet:
                    print(f"SKIPPED: {old_path} is not there ({old or 'moved'} -> {new or new_path})")
            elif old:
                self.names[dotted(old_path)][old] = new
            else:
                self.moves[old_path] = new_path
        # Where two become one, the one that keeps more of itself is there first.
        first = {new: old for old, new in reversed(self.moves.items())}
        self.moves = {old: new for old, new in self.moves.items() if first[new] == old} | self.moves
        self.modules = {dotted(old): dotted(new) for old, new in self.moves.items()}


def listed() -> list[str]:
    said = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True)
    return sorted(name for name in said.stdout.split("\0") if name and Path(name).is_file())


def ours() -> list[str]:
    return [name for name in listed() if name.endswith(".py") or _is_script(name)]


def _is_script(name: str) -> bool:
    if Path(name).suffix:
        return False
    with open(name, "rb") as opened:
        first = opened.readline()
    return first.startswith(b"#!") and b"python" in first


def others() -> list[str]:
    return [
        name
        for name in listed()
        if Path(name).suffix in TEXTS
        and not name.startswith(NEVER)
        and not Path(name).is_symlink()
        and not _is_script(name)
    ]


# --- one source ------------------------------------------------------------------------------------------------------


class Source:
    """One module's text, what its names mean, and the edits that are to be made in it."""

    def __init__(self, path: str) -> None:
        self.path, self.module = path, dotted(path)
        self.text = Path(path).read_text(encoding="utf-8")
        self.edits: dict[tuple[int, int], str] = {}
        self._starts = [0]
        for line in self.text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        return MetadataWrapper(cst.parse_module(self.text), unsafe_skip_copy=True)

    @cached_property
    def tree(self) -> cst.Module:
        return self._wrapper.module

    @cached_property
    def scopes(self) -> list:
        found = self._wrapper.resolve(ScopeProvider)
        seen: dict[int, object] = {}
        for scope in found.values():
            if scope is not None:
                seen.setdefault(id(scope), scope)
        return list(seen.values())

    @cached_property
    def scope_of(self):
        return self._wrapper.resolve(ScopeProvider)

    @cached_property
    def positions(self):
        return self._wrapper.resolve(PositionProvider)

    @cached_property
    def parents(self):
        return self._wrapper.resolve(ParentNodeProvider)

    def at(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def at_bytes(self, line: int, column: int) -> int:
        """The place of a column that counts bytes, as mypy and ast count."""
        text = self.text[self._starts[line - 1] : self._starts[line]]
        return self._starts[line - 1] + len(text.encode()[:column].decode(errors="ignore"))

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        where = self.positions[node]
        return self.at(where.start.line, where.start.column), self.at(where.end.line, where.end.column)

    def edit(self, start: int, end: int, new: str) -> None:
        if self.text[start:end] == new:
            return
        known = self.edits.get((start, end))
        if known is not None and known != new:
            print(f"CLASH: {self.path}: {self.text[start:end]!r} is to be {known!r} and {new!r}")
        self.edits[start, end] = new

    def replace(self, node: cst.CSTNode, new: str) -> None:
        self.edit(*self.span(node), new)

    def edited(self) -> str:
        text, last = self.text, len(self.text) + 1
        for (start, end), new in sorted(self.edits.items(), reverse=True):
            if end > last:
                print(f"OVERLAP: {self.path}: {self.text[start:end]!r} -> {new!r}")
                continue
            text = text[:start] + new + text[end:]
            last = start
        return text

    @cached_property
    def imports(self) -> list[tuple[ImportAssignment, str, cst.ImportAlias]]:
        """Each imported name with the full name of what it stands for, and its place in the import."""
        found = []
        for scope in self.scopes:
            for each in scope.assignments:
                if not isinstance(each, ImportAssignment) or each.scope is not scope:
                    continue
                node = each.node
                if isinstance(node, cst.ImportFrom):
                    if isinstance(node.names, cst.ImportStar) or node.relative or node.module is None:
                        continue
                    for alias in node.names:
                        if local_of(alias) == each.name:
                            found.append((each, f"{code(node.module)}.{code(alias.name)}", alias))
                elif isinstance(node, cst.Import):
                    for alias in node.names:
                        if alias.asname and local_of(alias) == each.name:
                            found.append((each, code(alias.name), alias))
        return found

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def from_imports(self) -> list[ast.ImportFrom]:
        return [
            node for node in ast.walk(self.syntax) if isinstance(node, ast.ImportFrom) and node.module and not node.level
        ]

    def bound_otherwise(self, modules: set[str]) -> set[str]:
        """Every name here but those of these modules where nothing else is called so."""
        names = {node.id for node in ast.walk(self.syntax) if isinstance(node, ast.Name) and node.id not in modules}
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Import):
                names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {
                    each.asname or each.name for each in node.names if each.asname or each.name not in modules
                }
        return names

    @cached_property
    def used(self) -> set[str]:
        """Every name that is bound or read anywhere in this module."""
        names: set[str] = set()
        for scope in self.scopes:
            names |= {each.name for each in scope.assignments if each.scope is scope}
            names |= {each.node.value for each in scope.accesses if isinstance(each.node, cst.Name)}
        return {name.partition(".")[0] for name in names}

    def texts(self) -> Iterator[tuple[int, int]]:
        """Where its strings and comments lie."""
        kinds = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type in kinds:
                yield self.at(*token.start), self.at(*token.end)


def code(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return f"{code(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def local_of(alias: cst.ImportAlias) -> str:
    return code(alias.asname.name) if alias.asname else code(alias.name)


def write(sources: Iterable[Source]) -> int:
    count = 0
    for source in sources:
        if source.edits:
            Path(source.path).write_text(source.edited(), encoding="utf-8")
            count += 1
    return count


# --- modules into rooms ----------------------------------------------------------------------------------------------


def moves(table: Table) -> None:
    dots = _alternatives(table.modules)
    by_dots = re.compile(rf"(?<![\w.]){dots}(?![\w])")
    partial = {
        f"{floor}.{old.removeprefix(whole + '.')}": f"{floor}.{new.removeprefix(whole + '.')}"
        for whole, floor in (
            ("engine.services", "services"),
            ("engine.domain", "domain"),
            ("engine.store.repositories", "repositories"),
            ("engine.store.tables", "tables"),
        )
        for old, new in table.modules.items()
        if old.startswith(whole + ".")
    }
    by_part = re.compile(rf"(?<=`)(?:{'|'.join(sorted(map(re.escape, partial), key=len, reverse=True))})(?![\w])")
    paths = {old: new for old, new in table.moves.items()}
    paths |= {
        old.removesuffix(".py"): new.removesuffix(".py") for old, new in table.moves.items() if old.startswith("tests/")
    }
    by_path = re.compile(
        rf"(?<![\w./-])(?:{'|'.join(sorted(map(re.escape, paths), key=len, reverse=True))})(?![\w/-])"
    )

    by_name: dict[str, set[str]] = defaultdict(set)
    for old, new in table.moves.items():
        by_name[Path(old).name].add(new)

    def beside(text: str) -> str:
        """A page names a file whole, and the next ones beside it by their names alone."""
        folder = ""

        def found_one(found: re.Match[str]) -> str:
            nonlocal folder
            name = found.group(1)
            if "/" in name:
                folder = name.rpartition("/")[0]
                return found.group()
            if (new := table.moves.get(f"{folder}/{name}")) is not None:
                return f"`{new}`"
            if len(by_name.get(name, ())) == 1:
                return f"`{next(iter(by_name[name]))}`"
            return found.group()

        return re.sub(r"`([\w/.-]+\.py)`", found_one, text)

    def imported(found: re.Match[str]) -> str:
        """An import inside a text that is run as a program: the names in that program stay as they are."""
        whole = found["from"]
        lines: dict[str, list[str]] = {}
        for each in (name.strip() for name in found["names"].split(",")):
            name, _, known = each.partition(" as ")
            new = table.modules.get(f"{whole}.{name}")
            if new is not None:
                parent, _, leaf = new.rpartition(".")
                known = known or name
                lines.setdefault(parent, []).append(f"{leaf} as {known}" if known != leaf else leaf)
            else:
                lines.setdefault(table.modules.get(whole, whole), []).append(each)
        return "; ".join(f"from {parent} import {', '.join(names)}" for parent, names in lines.items())

    name_as = r"\w+(?: as \w+)?"
    any_of_these = re.compile(
        rf"(?P<import>from (?P<from>(?:{'|'.join(TOPS)})[\w.]*) import (?P<names>{name_as}(?:, {name_as})*))"
        rf"|(?P<dots>{by_dots.pattern})|(?P<part>{by_part.pattern})|(?P<path>{by_path.pattern})"
    )

    def one(found: re.Match[str]) -> str:
        if found["import"]:
            return imported(found)
        if found["dots"]:
            return table.modules[found["dots"]]
        return partial[found["part"]] if found["part"] else paths[found["path"]]

    def rewritten(text: str) -> str:
        return any_of_these.sub(one, text)

    sources = []
    for path in ours():
        source = Source(path)
        sources.append(source)
        _imports_of(source, table)
        for start, end in source.texts():
            piece = source.text[start:end]
            if (new := rewritten(piece)) != piece:
                source.edit(start, end, new)
        if path in table.moves:
            _deeper(source, table.moves[path].count("/") - path.count("/"))
    changed = write(sources)
    for path in others():
        try:
            text = Path(path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if (new := rewritten(beside(text) if path.endswith(".md") else text)) != text:
            Path(path).write_text(new, encoding="utf-8")
            changed += 1
    for old, new in sorted(table.moves.items()):
        folder = Path(new).parent
        folder.mkdir(parents=True, exist_ok=True)
        if not new.startswith(NO_PACKAGES):
            for each in (folder, *folder.parents):
                if each != Path() and not (each / "__init__.py").exists():
                    (each / "__init__.py").touch()
                    subprocess.run(["git", "add", str(each / "__init__.py")], check=True)
    # In two steps: engine/x.py may go where another module lies now.
    for old in table.moves:
        subprocess.run(["git", "mv", "-k", old, f"{old}.moving"], check=True)
    for old, new in table.moves.items():
        if Path(new).exists():
            _merge(Path(f"{old}.moving"), Path(new))
        else:
            subprocess.run(["git", "mv", f"{old}.moving", new], check=True)
    _replace_by_hand()
    settings = Path("pyproject.toml")
    if "Services: a room knows" not in settings.read_text(encoding="utf-8"):
        text = settings.read_text(encoding="utf-8").rstrip("\n") + "\n" + (HERE / "contract.toml").read_text()
        settings.write_text(text, encoding="utf-8")
    test = Path("tests/architecture/test_names.py")
    if not test.exists():
        test.write_text((HERE / "test_names.py").read_text())
        subprocess.run(["git", "add", str(test)], check=True)
    decisions = Path("docs/decisions")
    if not list(decisions.glob("*-same-folder-name.md")):
        number = 1 + max(int(each.name[:4]) for each in decisions.glob("[0-9]*.md"))
        text = (HERE / "decision.md").read_text().replace("NNNN", f"{number:04}")
        (decisions / f"{number:04}-same-folder-name.md").write_text(text)
        index = decisions / "README.md"
        row = f"| [{number:04}]({number:04}-same-folder-name.md) | {text.splitlines()[0].split(' ', 2)[2]} |\n"
        index.write_text(index.read_text(encoding="utf-8").rstrip("\n") + "\n" + row, encoding="utf-8")
    print(f"{len(table.moves)} modules moved, {changed} files changed")
    _report_unnamed(table)
    _report_bare(table)


def _alternatives(names: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})"


def _local_names(source: Source, table: Table) -> dict[str, str]:
    """For each moved module that this source imports as a module: what it is called here from now on."""
    wanted = sorted(
        {
            f"{node.module}.{each.name}"
            for node in source.from_imports
            for each in node.names
            if f"{node.module}.{each.name}" in table.modules and not each.asname
        }
    )
    if not wanted:
        return {}
    gone = {full.rpartition(".")[2] for full in wanted}
    leaves = Counter(new.rpartition(".")[2] for new in {table.modules[full] for full in wanted})
    taken: set[str] = set()
    names: dict[str, str] = {}
    of_new: dict[str, str] = {}
    for full in sorted(wanted, key=lambda each: table.modules[each].rpartition(".")[2] != each.rpartition(".")[2]):
        if table.modules[full] in of_new:  # two that became one
            names[full] = of_new[table.modules[full]]
            continue
        parent, _, leaf = table.modules[full].rpartition(".")
        old = full.rpartition(".")[2]
        if leaf == old and leaves[leaf] == 1:
            names[full] = of_new[table.modules[full]] = leaf
            continue
        taken = taken or (source.bound_otherwise(gone) | set(dir(builtins)))
        room = parent.rpartition(".")[2]
        alias = f"{leaf}_module"
        if room in OF_ROOM:
            alias = leaf if leaf.startswith(f"{OF_ROOM[room]}_") else f"{OF_ROOM[room]}_{leaf}"
            alias = ALIAS.get((room, leaf), alias)
        plain = leaf not in GENERIC or leaf in NO_ALIAS or room not in OF_ROOM
        choices = [leaf, alias] if plain and leaves[leaf] == 1 else [alias]
        choices += [f"{alias}_module", f"{parent.split('.')[0]}_{alias}", f"{OF_ROOM.get(room, room)}_{leaf}_module"]
        for choice in choices:
            if choice not in taken and choice not in names.values():
                names[full] = of_new[table.modules[full]] = choice
                break
        else:
            print(f"NO NAME: {source.path}: {full}")
    return names


def _imports_of(source: Source, table: Table) -> None:
    local = _local_names(source, table)
    if any(full.rpartition(".")[2] != name for full, name in local.items()):
        for assigned, full, alias in source.imports:
            if full in local and not alias.asname and local[full] != assigned.name:
                for access in assigned.references:
                    node = access.node
                    while isinstance(node, cst.Attribute):
                        node = node.value
                    if isinstance(node, cst.Name) and node.value == assigned.name:
                        source.replace(node, local[full])
                    elif not isinstance(node, cst.Name):
                        print(f"LOOK: {source.path}: a use of {full} in {type(node).__name__}")
    for node in source.from_imports:
        whole = str(node.module)
        lines: dict[str, list[str]] = {}
        same = True
        for each in node.names:
            full = f"{whole}.{each.name}"
            if full in table.modules:
                same = False
                parent, _, leaf = table.modules[full].rpartition(".")
                known = each.asname or local.get(full, leaf)
                said = leaf if known == leaf else f"{leaf} as {known}"
            else:
                parent = table.modules.get(whole, whole)
                same = same and parent == whole
                said = f"{each.name} as {each.asname}" if each.asname else each.name
            if said not in lines.setdefault(parent, []):
                lines[parent].append(said)
        if same:
            continue
        start, end = source.at_bytes(node.lineno, node.col_offset), source.at_bytes(node.end_lineno, node.end_col_offset)
        if "#" in source.text[start:end]:
            print(f"LOOK: {source.path}: a comment inside an import of {whole}")
        line_start = source.text.rfind("\n", 0, start) + 1
        indent = source.text[line_start:start]
        if indent.strip():
            print(f"LOOK: {source.path}: an import after something else on its line")
        texts = [f"from {parent} import {', '.join(names)}" for parent, names in lines.items()]
        source.edit(start, end, f"\n{indent}".join(texts))
    names = set()
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.name in table.modules:
                    names.add(each.name)
                    start = source.at_bytes(each.lineno, each.col_offset)
                    source.edit(start, start + len(each.name), table.modules[each.name])
    for node in ast.walk(source.syntax) if names else ():
        if isinstance(node, ast.Attribute) and ast.unparse(node) in names:
            start, end = source.at_bytes(node.lineno, node.col_offset), source.at_bytes(node.end_lineno, node.end_col_offset)
            source.edit(start, end, table.modules[ast.unparse(node)])


def _nodes(tree: cst.CSTNode, kinds: tuple[type, ...]) -> Iterator:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kinds):
            yield node
        waiting += node.children


def _deeper(source: Source, by: int) -> None:
    """Where a module looks for files by its own place, it looks from one folder deeper."""
    if not by:
        return
    for found in re.finditer(r"(?<=__file__\))((?:\.resolve\(\))?)\.parents\[(\d+)\]", source.text):
        source.edit(found.start(2), found.end(2), str(int(found.group(2)) + by))
    for found in re.finditer(r"(?<=__file__\))(?:\.resolve\(\))?((?:\.parent(?!s))+)", source.text):
        source.edit(found.end(1), found.end(1), ".parent" * by)
        print(f"LOOK: {source.path}: {found.group()} is one folder deeper now")
    if "with_name" in source.text and "__file__" in source.text:
        print(f"LOOK: {source.path}: a file beside it")


def _merge(small: Path, whole: Path) -> None:
    """Make a module a part of another one: what it imports at the top, what it defines at the end."""
    text, more = whole.read_text(encoding="utf-8"), small.read_text(encoding="utf-8")
    lines = more.splitlines(keepends=True)
    body = [node for node in ast.parse(more).body if not (isinstance(node, ast.Expr) and node.lineno == 1)]
    imports = [node for node in body if isinstance(node, ast.ImportFrom | ast.Import)]
    last = max(node.end_lineno or 0 for node in imports)
    own = dotted(str(whole))
    wanted = [
        "".join(lines[node.lineno - 1 : node.end_lineno])
        for node in imports
        if getattr(node, "module", "") not in ("__future__", own)
    ]
    mine = text.splitlines(keepends=True)
    drop = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.module == own
    ]
    for node in sorted(drop, key=lambda each: -each.lineno):
        del mine[node.lineno - 1 : node.end_lineno]
    above, _, leaf = own.rpartition(".")
    for node in ast.walk(ast.parse("".join(mine))):
        if isinstance(node, ast.ImportFrom) and node.module == above and any(each.name == leaf for each in node.names):
            known = next(each.asname or leaf for each in node.names if each.name == leaf)
            stay = [f"{each.name} as {each.asname}" if each.asname else each.name for each in node.names if each.name != leaf]
            new = f"from {above} import {', '.join(stay)}\n" if stay else ""
            mine[node.lineno - 1 : node.end_lineno] = [new]
            mine = re.sub(rf"(?<![\w.]){known}\.(?=\w)", "", "".join(mine)).splitlines(keepends=True)
            break
    at = next(number for number, line in enumerate(mine) if line.startswith("from __future__")) + 1
    both = {getattr(node, "name", "") for node in ast.parse(text).body} & {getattr(node, "name", "") for node in body}
    if both - {""}:
        print(f"CLASH: {whole} and {small} both define {', '.join(sorted(both))}")
    mine[at:at] = ["\n", *wanted]
    whole.write_text("".join(mine).rstrip("\n") + "\n\n\n" + "".join(lines[last:]).lstrip("\n"), encoding="utf-8")
    subprocess.run(["git", "rm", "-q", "-f", str(small)], check=True)
    print(f"MERGED: {small.name.removesuffix('.moving')} into {whole}")


def _replace_by_hand(which: str = "replacements.tsv") -> None:
    """Texts that no rule finds; each must be there, or it is said."""
    listed_by_hand = HERE / which
    if not listed_by_hand.exists():
        return
    for line in listed_by_hand.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        path, old, new = line.split("\t")
        old, new = (each.replace("\\n", "\n").replace("\\t", "\t") for each in (old, new))
        file = Path(path)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if old not in text:
            print(f"NOT THERE: {path}: {old!r}")
        else:
            file.write_text(text.replace(old, new), encoding="utf-8")


def _report_unnamed(table: Table) -> None:
    for floor, names in STAY.items():
        for file in sorted(Path(floor).glob("*.py")):
            if file.stem != "__init__" and file.stem not in names.split() and str(file) not in table.moves.values():
                print(f"UNNAMED: {file} is in no row of the table and has not moved")


def _report_bare(table: Table) -> None:
    """Names of moved modules without their package, in backquotes: somebody must look at these."""
    stems = {Path(old).stem: (old, new) for old, new in table.moves.items() if Path(old).stem != Path(new).stem}
    pattern = re.compile(rf"`((?:{'|'.join(sorted(stems, key=len, reverse=True))})(?:\.py)?)`")
    for path in (*ours(), *others()):
        if path.startswith("tests/") or path == "CHANGELOG.md":
            continue
        try:
            text = Path(path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            old, new = stems[found.group(1).removesuffix(".py")]
            print(f"BARE: {path}:{line}: `{found.group(1)}` ({old} -> {new})")


# --- names -----------------------------------------------------------------------------------------------------------


def names(table: Table) -> None:
    from importlib import util

    spec = util.spec_from_file_location("renaming", HERE / "renaming.py")
    assert spec and spec.loader
    renaming = util.module_from_spec(spec)
    sys.modules["move"] = sys.modules[__name__]
    spec.loader.exec_module(renaming)
    renaming.rename(table)
    _replace_by_hand("names_replacements.tsv")


# --- parts of modules ------------------------------------------------------------------------------------------------

# From where, into which module (after the move), which names, and what the new module says of itself.
PARTS: list[tuple[str, str, tuple[str, ...], str]] = [
    (
        "engine.services.vault.protected_details",
        "engine.access.digests",
        ("VaultKey", "normalised"),
        "Keyed digests of protected values, and the form in which two are compared. Knows no file and no table.",
    ),
    (
        "engine.services.vault.protected_details",
        "engine.services.access.masking",
        ("masker_for", "maskers_for"),
        "What takes protected details out of texts before anybody reads them. Parts of use cases; shows no value.",
    ),
    (
        "engine.services.links.projection",
        "engine.services.access.link_refresh",
        ("ALL_LINKS", "ask_for_refresh"),
        "Has saved searches run again after what may change their results: an outbox row, no call of the links.",
    ),
    (
        "engine.services.responses.deadlines",
        "engine.domain.working_days",
        ("CLOSE_OF_WORK", "LAST_MINUTE", "is_working_day", "working_days_on", "EndOfWorkingDay", "_bank_holidays"),
        "Working days of England and Wales, and when one ends. Knows no case and no setting.",
    ),
]


def parts(table: Table) -> None:
    """Take functions out of one module into another, with the imports that they need and every import of them."""
    for source, target, names_of, docstring in PARTS:
        path, new_path = Path(f"{source.replace('.', '/')}.py"), Path(f"{target.replace('.', '/')}.py")
        if not path.exists():
            print(f"SKIPPED: {path} is not there; {', '.join(names_of)} stay where they are")
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        body = ast.parse(text).body
        taken: list[tuple[int, int]] = []
        used: set[str] = set()
        for number, node in enumerate(body):
            bound = {getattr(node, "name", None)}
            if isinstance(node, ast.Assign):
                bound = {each.id for each in node.targets if isinstance(each, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                bound = {node.target.id}
            if not bound & set(names_of):
                continue
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            last = node.end_lineno or node.lineno
            after = body[number + 1] if number + 1 < len(body) else None
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and "name" not in dir(node):
                last = after.end_lineno or last
            while lines[first - 2].startswith("#"):
                first -= 1
            taken.append((first - 1, last))
            used |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        if len(taken) != len(names_of):
            print(f"LOOK: {path}: {len(taken)} of {', '.join(names_of)} found")
        imports_needed, whole = [], []
        for node in body:
            if isinstance(node, ast.ImportFrom | ast.Import):
                names_there = {(each.asname or each.name).partition(".")[0] for each in node.names}
                if names_there & used or getattr(node, "module", "") == "__future__":
                    imports_needed.append("".join(lines[node.lineno - 1 : node.end_lineno]))
        pieces = ["".join(lines[first:last]) for first, last in taken]
        constants = [each for each in pieces if not each.startswith(("def", "class", "@", "async"))]
        others_of = [each for each in pieces if each not in constants]
        whole = [f'"""{docstring}"""\n\n', *imports_needed, "\n", *constants, "\n\n", "\n\n\n".join(others_of)]
        assert not new_path.exists(), new_path
        new_path.parent.mkdir(parents=True, exist_ok=True)
        new_path.write_text("".join(whole), encoding="utf-8")
        for first, last in reversed(taken):
            del lines[first:last]
        left = "".join(lines)
        still = {each.id for each in ast.walk(ast.parse(left)) if isinstance(each, ast.Name)} & set(names_of)
        if still:
            at = next(n.lineno for n in ast.parse(left).body if isinstance(n, ast.ImportFrom) and n.module != "__future__")
            kept = left.splitlines(keepends=True)
            kept.insert(at - 1, f"from {target} import {', '.join(sorted(still))}\n")
            left = "".join(kept)
        path.write_text(left, encoding="utf-8")
        subprocess.run(["git", "add", str(new_path)], check=True)
        for each in ours():
            if Path(each) in (path, new_path):
                continue
            _part_imports(Path(each), source, target, set(names_of))


def _part_imports(path: Path, source: str, target: str, names_of: set[str]) -> None:
    text = path.read_text(encoding="utf-8")
    if source not in text and source.rpartition(".")[2] not in text:
        return
    lines = text.splitlines(keepends=True)
    for node in sorted(
        (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.ImportFrom) and each.module == source),
        key=lambda each: -each.lineno,
    ):
        gone = [each for each in node.names if each.name in names_of]
        if not gone:
            continue
        stay = [each for each in node.names if each.name not in names_of]
        indent = " " * node.col_offset
        new = []
        for module, those in ((source, stay), (target, gone)):
            if those:
                said = ", ".join(f"{each.name} as {each.asname}" if each.asname else each.name for each in those)
                new.append(f"{indent}from {module} import {said}\n")
        lines[node.lineno - 1 : node.end_lineno] = new
    path.write_text("".join(lines), encoding="utf-8")


# --- lines that became too long --------------------------------------------------------------------------------------


def wrap() -> None:
    """Fill paragraphs of docstrings anew in which a line became too long; code and first lines are somebody's work."""
    said = subprocess.run(
        [".venv/bin/ruff", "check", "--select", "E501", "--output-format", "json", "."], capture_output=True, text=True
    ).stdout
    places: dict[str, list[int]] = defaultdict(list)
    for each in json.loads(said or "[]"):
        places[str(Path(each["filename"]).relative_to(Path.cwd()))].append(each["location"]["row"])
    for path, rows in places.items():
        file = Path(path)
        for row in sorted(rows, reverse=True):
            text = file.read_text(encoding="utf-8")
            lines = text.splitlines()
            inside = [
                (node.lineno, node.end_lineno or 0)
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
                and node.lineno < row <= (node.end_lineno or 0)
            ]
            if not inside:
                print(f"LOOK: {path}:{row} is too long")
                continue
            first, last = row, row
            while first - 1 > inside[0][0] and lines[first - 2].strip():
                first -= 1
            while last < inside[0][1] and lines[last].strip() not in ("", '"""'):
                last += 1
            part = lines[first - 1 : last]
            indent = part[0][: len(part[0]) - len(part[0].lstrip())]
            filled = textwrap.wrap(
                " ".join(each.strip() for each in part), 110, initial_indent=indent, subsequent_indent=indent,
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
            lines[first - 1 : last] = filled
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- whether it holds together ---------------------------------------------------------------------------------------


def check() -> int:
    """Every import of ours finds a module or a name in one; how many do not."""
    there: dict[str, set[str]] = {}
    trees = {}
    for path in ours():
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        trees[path] = tree
        bound: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            elif isinstance(node, ast.alias):
                bound.add((node.asname or node.name).partition(".")[0])
        there[dotted(path)] = bound
    packages = {name.rpartition(".")[0] for name in there}
    while more := {name.rpartition(".")[0] for name in packages} - packages - {""}:
        packages |= more
    faults = 0
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in TOPS:
                for each in node.names:
                    full = f"{node.module}.{each.name}"
                    known = there.get(node.module)
                    if full in there or full in packages or (known is not None and each.name in known | {"__path__"}):
                        continue
                    faults += 1
                    print(f"FAULT: {path}:{node.lineno}: {node.module} has no {each.name}")
            elif isinstance(node, ast.Import):
                for each in node.names:
                    if each.name.partition(".")[0] in TOPS and each.name not in there and each.name not in packages:
                        faults += 1
                        print(f"FAULT: {path}:{node.lineno}: no module {each.name}")
    print(f"{faults} imports find nothing")
    return faults


def main() -> int:
    what = sys.argv[1:] or ["names", "moves", "parts", "check"]
    for each in what:
        if each == "check":
            if check():
                return 1
        elif each == "wrap":
            wrap()
        else:
            {"names": names, "moves": moves, "parts": parts}[each](Table(quiet=each == "parts"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
