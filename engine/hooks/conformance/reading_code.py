"""Facts in a plugin's own source before any of it runs: its hooks by name, and what it imports."""

from __future__ import annotations

import ast
import difflib
import inspect
from collections.abc import Iterator
from pathlib import Path

from engine.hooks.specs import ALL_SPECS

HOOKS_FILE = "hooks.py"
_MARK = "hookimpl"
_PREFIX = "stac_"
_TALKS_TO_A_NETWORK = frozenset(
    {
        "aiohttp", "asyncssh", "boto3", "ftplib", "grpc", "http.client", "http.server", "httpx", "imaplib",
        "paramiko", "poplib", "psycopg", "pymysql", "pyodbc", "requests", "smtplib", "socket", "socketserver",
        "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
    }
)  # fmt: skip


def question_arguments() -> dict[str, tuple[str, ...]]:
    """Return every question of the contract with the arguments that it gives."""
    return {
        name: tuple(argument for argument in inspect.signature(asked).parameters if argument != "self")
        for group in ALL_SPECS
        for name, asked in vars(group).items()
        if name.startswith(_PREFIX)
    }


def mistakes_in_hooks(folder: Path) -> tuple[str, ...]:
    """Return the faults of the hooks' names and arguments; nothing is imported."""
    answer = _parsed(folder / HOOKS_FILE)
    if isinstance(answer, str):
        return (answer,)
    return tuple(_mistakes(answer))


def hooks_in(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the hooks that it answers, each with the arguments that it takes."""
    answer = _parsed(folder / HOOKS_FILE)
    if isinstance(answer, str):
        return {}
    return {function.name: tuple(_arguments(function)) for function in _hooks_of(answer)}


def untyped_hooks(folder: Path) -> tuple[str, ...]:
    """Return the hooks that leave an argument or their answer without a type."""
    answer = _parsed(folder / HOOKS_FILE)
    if isinstance(answer, str):
        return ()
    return tuple(
        f"{function.name} leaves {', '.join(bare)} without a type"
        for function in _hooks_of(answer)
        if (bare := _without_type(function))
    )


def network_imports(folder: Path) -> tuple[str, ...]:
    """Return each import of something that talks to a network, with its file and line."""
    found = []
    for file in sorted(folder.rglob("*.py")):
        answer = _parsed(file)
        if isinstance(answer, str):
            continue
        for line, module in sorted(_imports(answer)):
            if any(module == each or module.startswith(f"{each}.") for each in _TALKS_TO_A_NETWORK):
                found.append(f"{file.relative_to(folder).as_posix()} line {line} imports {module}")
    return tuple(found)


def _parsed(file: Path) -> ast.Module | str:
    try:
        return ast.parse(file.read_bytes())
    except FileNotFoundError:
        return f"{file.name} is not in the plugin's folder"
    except (OSError, ValueError):
        return f"{file.name} could not be read"
    except SyntaxError as error:
        return f"{file.name} is not Python: line {error.lineno}"


def _hooks_of(module: ast.Module) -> Iterator[ast.FunctionDef]:
    for each in module.body:
        if isinstance(each, ast.FunctionDef) and (each.name.startswith(_PREFIX) or _is_marked(each)):
            yield each


def _mistakes(module: ast.Module) -> Iterator[str]:
    questions = question_arguments()
    hooks = list(_hooks_of(module))
    for function in module.body:
        if isinstance(function, ast.AsyncFunctionDef) and function.name.startswith(_PREFIX):
            yield f"{function.name} is async: a hook is a plain function"
    if not hooks:
        yield f"{HOOKS_FILE} answers no question: mark a function named stac_assess with hookimpl"
    for function in hooks:
        if function.name not in questions:
            close = difflib.get_close_matches(function.name, questions, n=1)
            yield (
                f"{function.name}: did you mean {close[0]}?"
                if close
                else (f"{function.name} is not a question of the contract; use one of {', '.join(questions)}")
            )
        elif not _is_marked(function):
            yield f"{function.name} is not marked with hookimpl and would not be called; mark it"
        else:
            given = questions[function.name]
            for argument in _arguments(function):
                if argument not in given:
                    close = difflib.get_close_matches(argument, given, n=1)
                    meant = f": did you mean {close[0]}?" if close else f"; it is given {', '.join(given)}"
                    yield f"{function.name} takes {argument}, which it is not given{meant}"


def _is_marked(function: ast.FunctionDef) -> bool:
    for mark in function.decorator_list:
        name = mark.func if isinstance(mark, ast.Call) else mark
        if (isinstance(name, ast.Name) and name.id == _MARK) or (
            isinstance(name, ast.Attribute) and name.attr == _MARK
        ):
            return True
    return False


def _arguments(function: ast.FunctionDef) -> list[str]:
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _without_type(function: ast.FunctionDef) -> list[str]:
    given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    bare = [each.arg for each in given if each.annotation is None]
    return bare if function.returns is not None else [*bare, "its answer"]


def _imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    for each in ast.walk(module):
        if isinstance(each, ast.Import):
            for name in each.names:
                yield each.lineno, name.name
        elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
            yield each.lineno, each.module
            for name in each.names:
                yield each.lineno, f"{each.module}.{name.name}"
