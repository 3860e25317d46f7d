"""The ``names`` step of move.py: top-level names by scope (libcst), members, arguments and locals by type (mypy)."""

from __future__ import annotations

import atexit
import builtins
import functools
import hashlib
import keyword
import os
import pickle
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import libcst as cst
from libcst.metadata import (
    Assignment,
    ClassScope,
    ComprehensionScope,
    FunctionScope,
    GlobalScope,
    ImportAssignment,
)
from move import TOPS, Source, Table, _nodes, code, others, ours, write

BANNED = ("told", "says", "word", "kept", "at_hand", "in_force")
HUMPS = re.compile(r"[A-Z][a-z]+[A-Z]\w+")  # a class's name of two words or more stands for nothing else in a text


# --- what mypy knows -------------------------------------------------------------------------------------------------


class Typed:
    """Types of expressions, and where members and arguments of our names are used."""

    def __init__(self, members: dict[str, dict[str, str]], renamed: dict[str, str]) -> None:
        self.members, self.renamed = members, renamed
        self.uses: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)  # path -> line, end column, old, new
        self.calls: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)  # path -> argument's place, old, def
        self.locals: dict[tuple[str, int, int], str] = {}  # path, line, column -> what one of this type is called
        known = _known(members, renamed)
        if known.exists():
            self.uses, self.calls, self.locals = pickle.loads(known.read_bytes())
            return
        self._read()
        known.write_bytes(pickle.dumps((dict(self.uses), dict(self.calls), self.locals)))

    def _read(self) -> None:
        from mypy import build
        from mypy.fscache import FileSystemCache
        from mypy.main import process_options

        begun = time.monotonic()
        cache = FileSystemCache()
        sources, options = process_options([], fscache=cache)
        options.export_types = True
        options.preserve_asts = True
        options.cache_dir = _cache_without_ours()
        built = build.build(sources, options, fscache=cache)
        if built.errors:
            print(f"LOOK: mypy finds {len(built.errors)} faults before anything is renamed; the first: {built.errors[0]}")
        print(f"types known after {time.monotonic() - begun:.0f} s", flush=True)
        self.types = built.types
        self.trees = {
            os.path.relpath(state.path): state.tree
            for state in built.graph.values()
            if state.path and state.path.endswith(".py") and state.tree and not os.path.relpath(state.path).startswith("..") and ".venv" not in state.path
        }
        self._walk()
        print(f"walked after {time.monotonic() - begun:.0f} s", flush=True)

    def _new(self, info, name: str) -> str | None:
        for base in info.mro:
            if (new := self.members.get(base.fullname, {}).get(name)) is not None:
                return new
        return None

    def _infos(self, kind):
        from mypy.types import AnyType, CallableType, Instance, TupleType, TypeType, TypeVarType, UnionType, get_proper_type

        kind = get_proper_type(kind)
        if isinstance(kind, Instance):
            yield kind.type
        elif isinstance(kind, UnionType):
            for each in kind.items:
                yield from self._infos(each)
        elif isinstance(kind, TupleType):
            yield kind.partial_fallback.type
        elif isinstance(kind, TypeVarType):
            yield from self._infos(kind.upper_bound)
        elif isinstance(kind, TypeType):
            yield from self._infos(kind.item)
        elif isinstance(kind, CallableType) and kind.is_type_obj():
            yield kind.type_object()
        elif isinstance(kind, AnyType):
            return

    def _walk(self) -> None:
        from mypy.nodes import CallExpr, FuncDef, MemberExpr, NameExpr, TypeInfo, Var
        from mypy.patterns import ClassPattern

        wanted = {old for each in self.members.values() for old in each}
        asked = re.compile(rf"\b(?:{'|'.join([*BANNED, *wanted])})\b")
        for path, tree in sorted(self.trees.items()):
            if not asked.search(Path(path).read_text(encoding="utf-8")):
                continue
            for node in _all_of(tree):
                if isinstance(node, NameExpr) and node.name in BANNED:
                    kind = self.types.get(node)
                    if kind is None and isinstance(node.node, Var):
                        kind = node.node.type
                    if kind is not None:
                        self.locals.setdefault((path, node.line, node.column), described(node.name, kind, self.renamed))
                elif isinstance(node, MemberExpr) and node.name in wanted:
                    kind = self.types.get(node.expr)
                    infos = list(self._infos(kind)) if kind is not None else []
                    if not infos and isinstance(node.expr, NameExpr) and isinstance(node.expr.node, TypeInfo):
                        infos = [node.expr.node]
                    for info in infos:
                        if (new := self._new(info, node.name)) is not None:
                            self.uses[path].append((node.end_line, node.end_column, node.name, new))
                elif isinstance(node, FuncDef):
                    for argument in node.arguments:
                        kind = argument.variable.type
                        if argument.variable.name in BANNED and kind is not None:
                            self.locals[path, argument.line, argument.column] = described(
                                argument.variable.name, kind, self.renamed
                            )
                elif isinstance(node, CallExpr):
                    for name, argument in zip(node.arg_names, node.args, strict=True):
                        if name is not None and (name in BANNED or name in wanted):
                            for owner in self._callees(node.callee):
                                self.calls[path].append((argument.line, argument.column, name, owner))
                elif isinstance(node, ClassPattern):
                    info = node.class_ref.node
                    for name, value in zip(node.keyword_keys, node.keyword_values, strict=True):
                        if name in wanted and isinstance(info, TypeInfo) and self._new(info, name):
                            self.calls[path].append((value.line, value.column, name, info.fullname))

    def _callees(self, callee):
        """The functions, as path:line, or the classes, by their full names, that this may call."""
        from mypy.nodes import Decorator, FuncDef, MemberExpr, OverloadedFuncDef, RefExpr, SuperExpr, TypeInfo

        node = callee.node if isinstance(callee, RefExpr) else None
        found = [node] if node is not None else []
        if isinstance(callee, MemberExpr) and node is None:
            kind = self.types.get(callee.expr)
            for info in self._infos(kind) if kind is not None else ():
                sym = info.get(callee.name)
                if sym is not None and sym.node is not None:
                    found.append(sym.node)
        if isinstance(callee, SuperExpr) and callee.info:
            for base in callee.info.mro[1:]:
                if callee.name in base.names:
                    found.append(base.names[callee.name].node)
                    break
        for each in found:
            if isinstance(each, OverloadedFuncDef):
                for item in each.items:
                    yield from self._of(item)
            elif isinstance(each, TypeInfo):
                yield each.fullname
                made = each.get("__init__")
                if made is not None and made.node is not None:
                    yield from self._of(made.node)
            else:
                yield from self._of(each)
        if isinstance(callee, MemberExpr) and callee.name in ("model_copy", "_replace"):
            return

    def _of(self, node):
        from mypy.nodes import Decorator, FuncDef

        if isinstance(node, Decorator):
            node = node.func
        if isinstance(node, FuncDef):
            yield f"{node.fullname}:{node.line}"


_NOT_PARTS = {"node", "info", "type", "analyzed", "names", "mro", "original_def", "defn", "unanalyzed_type", "def_frame"}


def _all_of(tree) -> list:
    """Every node of a tree. mypy's own visitors are compiled, and none of them can be had in a class of ours."""
    from mypy.nodes import Node, SymbolTable
    from mypy.patterns import Pattern

    found, seen, waiting = [], set(), list(tree.defs)
    while waiting:
        node = waiting.pop()
        if isinstance(node, list | tuple):
            waiting += node
            continue
        if not isinstance(node, Node | Pattern) or isinstance(node, SymbolTable) or id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        for name in _parts_of(type(node)):
            value = getattr(node, name, None)
            if isinstance(value, Node | Pattern | list | tuple):
                waiting.append(value)
    return found


@functools.cache
def _parts_of(kind: type) -> tuple[str, ...]:
    names = {name for each in kind.__mro__ for name in getattr(each, "__mypyc_attrs__", ())}
    return tuple(sorted(names - _NOT_PARTS))


def _known(members: dict[str, dict[str, str]], renamed: dict[str, str]) -> Path:
    """Where the types of this very tree are noted, so that a second try need not ask mypy again."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, check=True, text=True).stdout
    table = hashlib.sha256((head + Path(__file__).read_text() + repr(sorted(members.items())) + repr(sorted(renamed.items()))).encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"names-{table[:16]}.pickle"


def _cache_without_ours() -> str:
    """A copy of mypy's cache in which only what is not ours is known, so that the rest is read with its types."""
    folder = tempfile.mkdtemp(prefix="names-mypy-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if Path(".mypy_cache").is_dir():
        shutil.copytree(".mypy_cache", folder, dirs_exist_ok=True)
    for file in Path(folder).glob("*/cache.*.db"):
        with sqlite3.connect(file) as opened:
            for top in TOPS:
                opened.execute("delete from files2 where path like ? or path like ?", (f"{top}/%", f"{top}.%"))
    return folder


# --- a name for a thing of some type ---------------------------------------------------------------------------------

PLAIN = {
    ("told", "str"): "text", ("told", "bytes"): "reply", ("told", "bool"): "is_recorded", ("told", "int"): "number",
    ("told", "date"): "day", ("told", "datetime"): "moment", ("told", "object"): "value", ("told", "Any"): "value", ("told", "ndarray"): "values", ("told", "FileRead"): "file",
    ("kept", "KeptFor"): "part", ("told", "Told"): "findings",
    ("says", "str"): "sentence", ("says", "bytes"): "text", ("says", "Any"): "sentence", ("says", "object"): "sentence",
    ("word", "str"): "term", ("word", "Any"): "term", ("word", "int"): "number",
    ("kept", "str"): "stored_text", ("kept", "bytes"): "stored", ("kept", "int"): "count", ("kept", "Any"): "stored",
    ("kept", "object"): "stored", ("kept", "ndarray"): "mask", ("kept", "bool"): "is_stored", ("told", "Path"): "file",
    ("kept", "Path"): "stored_file", ("told", "float"): "figure", ("in_force", "Any"): "current", ("at_hand", "Any"): "ready",
    ("kept", "SearchKept"): "search", ("kept", "KeptSignIn"): "sign_in", ("told", "ExceptionInfo"): "raised",
    ("told", "Result"): "result", ("told", "CompletedProcess"): "process", ("told", "Ran"): "result",
}  # fmt: skip
SHORT = {
    "SameJudgement": "decision", "ConflictDeclaration": "declaration", "VictimInformedEvent": "event",
    "RetentionDecision": "decision", "RoleAssessed": "assessed", "WhoMayKnow": "access", "Happenings": "acts", "StoredLink": "link",
    "StoredNode": "node", "Kept": "record", "StagedReferral": "staged", "AgencyProblem": "problem", "AccessApproval": "approval",
    "MatchDecision": "decision", "ControllerResult": "result", "CaseTrend": "trend", "PersonSource": "person",
    "IncidentSource": "incident", "ThingSource": "thing", "CaseSource": "case", "ScoreResult": "score", "KeptFor": "part",
    "ScalarResult": "rows", "SearchKept": "search", "KeptSignIn": "sign_in", "StoredSearch": "search", "StoredSignIn": "sign_in", "Restriction": "restriction",
    "ProtectedTextFlag": "flag", "SubjectAccessResult": "result", "SharingFigures": "figures", "AnswersSoFar": "answers",
    "CommandResult": "result", "SubjectAccessAsked": "asked", "CaseContext": "context", "GivenIncident": "incident",
}  # fmt: skip
MANY = {"reassessed": "reassessments", "assessed": "assessments", "role_assessed": "assessments", "scalar_result": "rows",
    "is_recorded": "flags", "is_stored": "flags", "text": "texts", "sentence": "sentences", "term": "terms", "day": "days", "reply": "replies", "answer": "answers"}
ENDINGS = ("View", "Row", "Told", "Kept", "Given", "Shown", "Word", "Asked")


def described(old: str, kind, renamed: dict[str, str]) -> str:
    """What something of this type is called."""
    try:
        return _described(old, kind, renamed)
    except RecursionError:  # the type of any JSON value holds itself
        return "value"


def _described(old: str, kind, renamed: dict[str, str]) -> str:
    from mypy.types import (
        AnyType, CallableType, Instance, LiteralType, NoneType, TupleType, TypeAliasType, TypeType, TypeVarType,
        UnionType, get_proper_type,
    )  # fmt: skip

    if kind is None:
        return PLAIN.get((old, "Any"), "")
    if isinstance(kind, TypeAliasType) and kind.alias is not None:
        name = kind.alias.fullname.rpartition(".")[2]
        if name.startswith("Any") or name in ("AnyAnswer",):
            return "answer"
    kind = get_proper_type(kind)
    if isinstance(kind, LiteralType):
        kind = kind.fallback
    if isinstance(kind, UnionType):
        some = [each for each in kind.items if not isinstance(get_proper_type(each), NoneType)]
        names = {_described(old, each, renamed) for each in some}
        if len(names) == 1:
            return names.pop()
        return {"told": "answer", "kept": "stored", "says": "sentence", "word": "term"}.get(old, "value")
    if isinstance(kind, TypeVarType):
        return _described(old, kind.upper_bound, renamed)
    if isinstance(kind, TupleType):
        if kind.partial_fallback.type.fullname != "builtins.tuple":
            return _snake(old, kind.partial_fallback.type.name, renamed)
        inner = {_described(old, each, renamed) for each in kind.items}
        return _plural(inner.pop()) if len(inner) == 1 else {"kept": "stored"}.get(old, "pair")
    if isinstance(kind, CallableType | TypeType):
        return "function" if isinstance(kind, CallableType) else "kind"
    if isinstance(kind, Instance):
        name = kind.type.name
        if (old, name) in PLAIN and not (name in ("object",) and kind.args):
            return PLAIN[old, name]
        if name in ("list", "tuple", "set", "frozenset", "Sequence", "Iterable", "Collection", "Iterator", "Generator", "deque", "Set"):
            return _plural(_described(old, kind.args[0], renamed)) if kind.args else "texts"
        if name in ("dict", "Mapping", "defaultdict", "OrderedDict", "MutableMapping"):
            key = get_proper_type(kind.args[0]) if kind.args else None
            value = get_proper_type(kind.args[1]) if len(kind.args) > 1 else None
            if isinstance(value, Instance) and value.type.module_name.split(".")[0] not in ("builtins", "typing"):
                by = {"str": "name", "int": "number", "date": "day"}.get(getattr(getattr(key, "type", None), "name", ""), "key")
                return "|".join(f"{each}_by_{by}" for each in _plural(_described(old, value, renamed)).split("|"))
            return {"told": "fields", "kept": "stored"}.get(old, "values")
        if name == "Counter":
            return "counts"
        if kind.type.fullname.startswith(("builtins.", "typing.")):
            return PLAIN.get((old, name), PLAIN.get((old, "Any"), "value"))
        return _snake(old, name, renamed)
    if isinstance(kind, AnyType):
        return PLAIN.get((old, "Any"), "")
    return ""


def _snake(old: str, name: str, renamed: dict[str, str]) -> str:
    name = renamed.get(name, name).lstrip("_")
    short = SHORT.get(name)
    if (old, name) in PLAIN:
        return PLAIN[old, name]
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            name = name.removesuffix(ending)
            break
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)
    long = "_".join(words[-3:]).lower()
    return long if short is None or short == long else f"{short}|{long}"


def _plural(name: str) -> str:
    if not name:
        return ""
    if "|" in name:
        return "|".join(_plural(each) for each in name.split("|"))
    if name in MANY:
        return MANY[name]
    if name in ("fields", "values", "stored") or name.endswith(("texts", "ies", "ers", "sentences", "terms", "ss_")):
        return name
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es" if name.endswith(("ss", "x", "ch", "sh", "us")) else name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"


# --- the step --------------------------------------------------------------------------------------------------------


def rename(table: Table) -> None:
    tops: dict[str, dict[str, str]] = {}
    members: dict[str, dict[str, str]] = {}
    inner: dict[tuple[str, str, str], str] = {}
    for module, rows in table.names.items():
        for old, new in rows.items():
            if ":" in old:
                where, name = old.split(":")
                inner[module, where, name] = new
            elif "." in old:
                owner, name = old.split(".")
                members.setdefault(f"{module}.{owner}", {})[name] = new
            else:
                tops.setdefault(module, {})[old] = new
    renamed_classes = {old: new for rows in tops.values() for old, new in rows.items() if old[:1].isupper() or old[:2] == "_T"}

    typed = Typed(members, renamed_classes)
    sources = {path: Source(path) for path in ours()}
    by_module = {source.module: source for source in sources.values()}

    _members(typed, members, sources, by_module)
    _tops(tops, sources, by_module)
    parameters = _locals(typed, inner, sources, renamed_classes)
    _arguments(typed, members, parameters, sources)
    changed = write(sources.values())

    words = {old: new for old, new in renamed_classes.items() if HUMPS.fullmatch(old)}
    if words:
        pattern = re.compile(rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})\b")
        for path in [*others(), *ours()]:
            try:
                text = Path(path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            if (new := pattern.sub(lambda found: words[found.group()], text)) != text:
                Path(path).write_text(new, encoding="utf-8")
                changed += 1
    print(f"{changed} files changed by names")


def _tops(tops, sources, by_module) -> None:
    """Classes, functions and variables of a module, wherever they are named."""
    targets = {module: dict(rows) for module, rows in tops.items()}
    olds = {old for rows in tops.values() for old in rows}
    named = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, olds), key=len, reverse=True))})\b")
    sources = {path: source for path, source in sources.items() if named.search(source.text)}
    found: set[tuple[str, str]] = set()
    grew = True
    while grew:  # a module that imports a name hands it on
        grew = False
        for source in sources.values():
            for assigned, full, alias in source.imports:
                module, _, name = full.rpartition(".")
                new = targets.get(module, {}).get(name)
                if new and not alias.asname and isinstance(assigned.scope, GlobalScope):
                    if targets.setdefault(source.module, {}).get(name) != new:
                        targets[source.module][name] = new
                        grew = True
    for source in sources.values():
        rows = targets.get(source.module, {})
        mine = tops.get(source.module, {})
        for scope in source.scopes:
            for each in scope.assignments:
                if each.scope is not scope or isinstance(each, ImportAssignment) or not isinstance(each, Assignment):
                    continue
                if isinstance(scope, GlobalScope) and each.name in mine:
                    _name(source, each, mine[each.name])
                    _uses(source, each, mine[each.name])
                    found.add((source.module, each.name))
        for assigned, full, alias in source.imports:
            module, _, name = full.rpartition(".")
            new = targets.get(module, {}).get(name)
            if new and isinstance(assigned.node, cst.ImportFrom):
                source.replace(alias.name, new)
                if not alias.asname:
                    if new in source.used:
                        print(f"CLASH: {source.path}: {new} is in use already (for {name})")
                    _uses(source, assigned, new)
            if full in targets:  # a module: what is asked of it
                for access in assigned.references:
                    parent = source.parents.get(access.node)
                    if isinstance(parent, cst.Attribute) and parent.value is access.node:
                        if (new := targets[full].get(parent.attr.value)) is not None:
                            source.replace(parent.attr, new)
                    elif isinstance(parent, cst.Arg):  # monkeypatch.setattr(module, "name", ...)
                        call = source.parents[parent]
                        if isinstance(call, cst.Call) and len(call.args) > 1 and call.args[0] is parent:
                            text = call.args[1].value
                            if isinstance(text, cst.SimpleString):
                                known = text.raw_value
                                if (new := targets[full].get(known)) is not None:
                                    source.replace(text, f'"{new}"')
        del rows
        dots = {f"{module}.{old}": f"{module}.{new}" for module, each in targets.items() for old, new in each.items()}
        if any(each in source.text for each in dots):
            pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(map(re.escape, dots), key=len, reverse=True))})(?!\w)")
            for start, end in source.texts():
                piece = source.text[start:end]
                if (new := pattern.sub(lambda found: dots[found.group()], piece)) != piece:
                    source.edit(start, end, new)


    for module, rows in tops.items():
        for old in rows:
            if (module, old) not in found:
                print(f"NOT THERE: {module} has no {old}")


def _name(source: Source, assigned: Assignment, new: str) -> None:
    node = assigned.node
    if isinstance(node, cst.FunctionDef | cst.ClassDef | cst.Param):
        node = node.name
    if isinstance(node, cst.AsName):
        node = node.name
    if isinstance(node, cst.NamedExpr):
        node = node.target
    if isinstance(node, cst.Name):
        source.replace(node, new)
    else:
        print(f"LOOK: {source.path}: {assigned.name} is bound by {type(node).__name__}")


def _uses(source: Source, assigned, new: str) -> None:
    for access in assigned.references:
        node = access.node
        while isinstance(node, cst.Attribute):
            node = node.value
        if isinstance(node, cst.Name):
            if node.value == assigned.name:
                source.replace(node, new)
        else:
            start, end = source.span(node)
            text = source.text[start:end]
            if (changed := re.sub(rf"\b{assigned.name}\b", new, text)) != text:
                source.edit(start, end, changed)


def _members(typed: Typed, members, sources, by_module) -> None:
    for owner, rows in members.items():
        module, _, name = owner.rpartition(".")
        source = by_module.get(module)
        there = set()
        for node in _nodes(source.tree, (cst.ClassDef,)) if source else ():
            if node.name.value != name:
                continue
            for each in _nodes(node.body, (cst.FunctionDef, cst.AnnAssign, cst.Assign)):
                names = []
                if isinstance(each, cst.FunctionDef):
                    names = [each.name]
                elif isinstance(each, cst.AnnAssign):
                    names = [each.target]
                else:
                    names = [target.target for target in each.targets]
                for which in names:
                    if isinstance(which, cst.Name) and which.value in rows and _owner(source, each) is node:
                        source.replace(which, rows[which.value])
                        there.add(which.value)
        private = {old for old in rows if old.startswith("_")}
        for old in set(rows) - there - private:
            print(f"LOOK: {owner} has no {old} in its body (it may be set in __init__)")
    for path, uses in typed.uses.items():
        source = sources[path]
        for line, end, old, new in uses:
            stop = source.at_bytes(line, end)
            if source.text[stop - len(old) : stop] == old:
                source.edit(stop - len(old), stop, new)
            else:
                print(f"LOOK: {path}:{line}: {old} is not where mypy says")


def _owner(source: Source, node):
    """The class in whose own body this stands, not in a function of it."""
    node = source.parents[node]
    while not isinstance(node, cst.ClassDef | cst.FunctionDef | cst.Module):
        node = source.parents[node]
    return node


def _where(source: Source, scope) -> str:
    """A function's place in its module: Class.method, function.inner."""
    names = []
    while scope is not None and not isinstance(scope, GlobalScope):
        if isinstance(scope, FunctionScope | ClassScope) and getattr(scope, "name", None):
            names.append(scope.name)
        scope = scope.parent
        if type(scope).__name__ == "BuiltinScope":
            break
    return ".".join(reversed(names))


def _locals(typed: Typed, inner, sources, renamed_classes) -> dict[str, dict[str, str]]:
    """Rename what functions call their own; returns for each function the parameters that have another name."""
    parameters: dict[str, dict[str, str]] = defaultdict(dict)
    for source in sources.values():
        if source.path.startswith("engine/store/migrations/versions/"):
            continue
        if not any(name in source.text for name in BANNED) and not any(key[0] == source.module for key in inner):
            continue
        fixtures = _fixtures(source)
        for scope in source.scopes:
            if isinstance(scope, ClassScope):
                continue
            groups: dict[str, list[Assignment]] = defaultdict(list)
            for each in scope.assignments:
                if each.scope is scope and isinstance(each, Assignment) and not isinstance(each, ImportAssignment):
                    groups[each.name].append(each)
            where = _where(source, scope)
            for old, group in sorted(groups.items()):
                new = inner.get((source.module, where, old))
                if isinstance(scope, GlobalScope):
                    if old not in BANNED or isinstance(group[0].node, cst.FunctionDef | cst.ClassDef):
                        continue
                elif new is None and old not in BANNED:
                    continue
                if old in fixtures:
                    print(f"LOOK: {source.path}: {old} in {where} may be a fixture")
                new = new or _chosen(typed, source, scope, old, group, renamed_classes)
                if new is None:
                    print(f"NO NAME: {source.path}: {where}:{old}")
                    continue
                for each in group:
                    _name(source, each, new)
                    _uses(source, each, new)
                for node in _nodes(scope.node, (cst.Nonlocal, cst.Global)) if hasattr(scope, "node") else ():
                    for item in node.names:
                        if item.name.value == old:
                            source.replace(item.name, new)
                definition = _definition(source, scope, group)
                if definition is not None:
                    line = source.positions[definition.name].start.line
                    parameters[f"{source.module}:{definition.name.value}:{line}"][old] = new
                    _parametrized(source, definition, old, new)
    for source in sources.values():
        _inside_comprehensions(source)
    return parameters


COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


def _inside_comprehensions(source: Source) -> None:
    """Uses in a comprehension inside a comprehension, which libcst looks for outside of both."""
    for each in _nodes(source.tree, (cst.CompFor,)) if source.edits else ():
        for target in _nodes(each.target, (cst.Name,)):
            new = source.edits.get(source.span(target)) if target.value in BANNED else None
            if new is None:
                continue
            node = each
            while not isinstance(node, COMPREHENSIONS):
                node = source.parents[node]
            for name in _nodes(node, (cst.Name,)):
                parent = source.parents[name]
                if name.value != target.value or source.span(name) in source.edits:
                    continue
                if isinstance(parent, cst.Attribute) and parent.attr is name:
                    continue
                if isinstance(parent, cst.Arg) and parent.keyword is name:
                    continue
                source.replace(name, new)


def _fixtures(source: Source) -> set[str]:
    return {
        node.name.value
        for node in _nodes(source.tree, (cst.FunctionDef,))
        if any("fixture" in source.text[slice(*source.span(each))] for each in node.decorators)
    }


def _definition(source: Source, scope, group):
    """The function of whom one of these is a parameter."""
    for each in group:
        node = each.node
        parameter = node if isinstance(node, cst.Param) else source.parents.get(node)
        if isinstance(parameter, cst.Param):
            above = source.parents[source.parents[parameter]]
            return above if isinstance(above, cst.FunctionDef) else None
    return None


def _parametrized(source: Source, definition: cst.FunctionDef, old: str, new: str) -> None:
    for decorator in definition.decorators:
        call = decorator.decorator
        if isinstance(call, cst.Call) and code(call.func).endswith("parametrize") and call.args:
            for text in _nodes(call.args[0].value, (cst.SimpleString,)):
                start, end = source.span(text)
                piece = source.text[start:end]
                if (changed := re.sub(rf"\b{old}\b", new, piece)) != piece:
                    known = source.edits.get((start, end))
                    source.edits[start, end] = re.sub(rf"\b{old}\b", new, known) if known else changed


def _chosen(typed: Typed, source: Source, scope, old: str, group, renamed_classes) -> str | None:
    choices = []
    for each in group:
        node = each.node
        node = node.name if isinstance(node, cst.Param | cst.AsName) else node
        if not isinstance(node, cst.Name):
            continue
        where = source.positions[node].start
        line = source.text[source.at(where.line, 0) :].partition("\n")[0]
        column = len(line[: where.column].encode())
        choices.append(typed.locals.get((source.path, where.line, column), ""))
    if source.path.startswith("tests/"):
        choices = [{"value": "answer", "fields": "answer", "values": "answer"}.get(each, each) for each in choices]
    first = next((each for each in choices if each and each != "object"), "") or {
        "told": "answer" if source.path.startswith("tests/") else "value",
        "says": "sentence", "word": "term", "kept": "stored", "in_force": "current", "at_hand": "ready",
    }[old]  # fmt: skip
    taken = _taken(scope)
    first, *longer = first.split("|")
    others_of = {
        "told": ("result",), "says": ("sentence", "message", "wording"), "kept": (f"stored_{first}", "stored"),
        "word": ("entry",), "in_force": ("current",), "at_hand": ("ready",),
    }[old]  # fmt: skip
    for choice in (first, *longer, *others_of, f"this_{first}", f"{first}_here"):
        choice = choice.removesuffix("_")
        if choice in BANNED or keyword.iskeyword(choice) or choice in taken or choice in dir(builtins) or not choice.isidentifier():
            continue
        return choice
    return None


def _taken(scope) -> set[str]:
    """Names that this scope, those in it and those around it bind, and those that are read in it."""
    found: set[str] = set()
    above = scope
    while above is not None and type(above).__name__ != "BuiltinScope":
        if above is scope or not isinstance(above, ClassScope):  # a function does not see its class's names
            found |= {each.name for each in above.assignments}
        above = above.parent if not isinstance(above, GlobalScope) else None
    found |= {each.node.value for each in scope.accesses if isinstance(each.node, cst.Name)}
    for each in scope.assignments:
        for access in each.references:
            if access.scope is not scope:
                found |= {inner.name for inner in access.scope.assignments}
                found |= {one.node.value for one in access.scope.accesses if isinstance(one.node, cst.Name)}
    if isinstance(scope, ComprehensionScope):
        found |= {each.name for each in scope.parent.assignments}
    return {name.partition(".")[0] for name in found}


def _arguments(typed: Typed, members, parameters, sources) -> None:
    """Keyword arguments: of functions whose parameters have another name, and of classes whose fields have."""
    by_definition: dict[str, dict[str, str]] = {}
    for place, rows in parameters.items():
        module, name, line = place.rsplit(":", 2)
        by_definition[f"{module}|{name}|{line}"] = rows
    for path, calls in typed.calls.items():
        source = sources[path]
        for line, column, old, owner in calls:
            new = None
            if ":" in owner:
                full, at = owner.rsplit(":", 1)
                for key, rows in ((key, rows) for key, rows in by_definition.items() if old in rows):
                    module, name, defined = key.split("|")
                    if defined == at and full.startswith(module + ".") and full.endswith("." + name):
                        new = rows[old]
            else:
                new = members.get(owner, {}).get(old)
            if new is None:
                continue
            start = source.at_bytes(line, column)
            before = source.text[:start].rstrip("( \n\t")
            if before.endswith("=") and before[:-1].rstrip().endswith(old):
                stop = len(before[:-1].rstrip())
                source.edit(stop - len(old), stop, new)
            else:
                print(f"LOOK: {path}:{line}: the argument {old}= is not where mypy says")
