"""House rules that no linter knows. Each is a function from a source to its faults, and is shown a fault."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store.schema import METADATA  # every table

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "plugins", "flows", "dashboard", "cli")
KNOW_NO_AGENCY = ("engine", "flows", "dashboard")
ASKS_THE_TIME = Path("engine/clock.py")
EMPTY = (Path("engine/__init__.py"), Path("engine/services/__init__.py"))
# A migration is written once and never divided afterwards.
HISTORY = Path("engine/store/migrations/versions")
LINES_ALLOWED = 400
MAY_USE_ANY = {
    "engine/store/migrations/versions/0200_the_first_schema.py": "a released migration is never edited",
}
"""The modules in which `Any` stands, and why."""
WRITES_SQL = Path("engine/store")

AGENCY = re.compile(r"(?:plugins\.)?(?:police|probation|health|advocacy)")
TIMES = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}

DATABASES = "sqlalchemy|sqlmodel|sqlite3|alembic|duckdb|psycopg"
LOADS_DATABASE = re.compile(rf"\b(?:from |import |import_module\('|__import__\(')(?:{DATABASES})\b")
COLUMNS = {column.name for table in METADATA.tables.values() for column in table.columns}
STATEMENTS = re.compile(
    r"\bselect\b.+\bfrom\b|\b(?:insert\s+into|delete\s+from|pragma)\s+\w|\bupdate\s+\w+\s+set\b"
    r"|\b(?:create|alter|drop)\s+(?:table|index|view|trigger)\b|\b(?:order|group)\s+by\s+\w",
    re.IGNORECASE | re.DOTALL,
)
CONDITIONS = re.compile(
    r"\b(\w+)(?=\s+(?:(?:not\s+)?in\s*\(|is\s+(?:not\s+)?null\b|(?:<=|>=|<>|!=|=|<|>)\s*[?:%'\d]))",
    re.IGNORECASE,
)
"""What may be the name of a column, with a condition after it."""

# Put together from pieces, so that this file may hold the rule.
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "deb." + "debian.org", "registry." + "npmjs.org")
MACHINE = re.compile(
    "|".join(
        [*map(re.escape, HOSTS), r"(?<![\w.])/wor" + "k/", r"(?<![\w.])/roo" + "t/", r"\.\./share" + "d"]
    ).encode()
)
BROKEN_BY_COMMENT = re.compile(r"^ *[)\]}]+:  # (?!fmt:)", re.MULTILINE)
LEFT_BEHIND = {
    ".import_linter_cache",
    ".git",
    ".venv",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}


def sources(*packages: str) -> Iterator[tuple[Path, str]]:
    """Each module of these packages, by its path from the root."""
    for package in packages:
        for module in sorted((ROOT / package).rglob("*.py")):
            yield module.relative_to(ROOT), module.read_text(encoding="utf-8")


def files() -> list[Path]:
    """Each file of the repository; in a copy without its history, each that no tool left behind."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        named = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    else:
        named = (file for file in ROOT.rglob("*") if not LEFT_BEHIND & set(file.relative_to(ROOT).parts))
    return sorted(file for file in named if file.is_file() and not file.is_symlink())


def agencies_named(source: str) -> list[str]:
    """Texts in a module that are an agency's code."""
    if not AGENCY.search(source):
        return []
    return [
        f"line {node.lineno} says {node.value!r}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and AGENCY.fullmatch(node.value)
    ]


def times_asked(source: str) -> list[str]:
    """Calls in a module that ask the machine for the time."""
    if not any(f".{name}(" in source for _, name in TIMES):
        return []
    return [
        f"line {node.lineno} calls {ast.unparse(node.func)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (ast.unparse(node.func.value).rsplit(".", 1)[-1], node.func.attr) in TIMES
    ]


def imports(source: str) -> list[str]:
    """Imports anywhere in a module."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def machine_named(content: bytes) -> list[str]:
    """Hosts of package registries and folders of one machine that a file names."""
    return sorted({found.group().decode() for found in MACHINE.finditer(content)})


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Each text in a module but its docstrings, with its line; what is filled into one is a question mark."""
    nodes = list(ast.walk(ast.parse(source)))
    filled = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    left_out = {id(part) for node in filled for part in ast.walk(node)} - {id(node) for node in filled}
    left_out |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    for node in nodes:
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values),
            )


def sql_written(source: str) -> list[str]:
    """Statements of a database, parts of them, and libraries of databases in a module."""
    return _databases_loaded(source) + [
        f"line {line}: {text!r}"
        for line, text in texts(source)
        if STATEMENTS.search(text) or COLUMNS.intersection(map(str.lower, CONDITIONS.findall(text)))
    ]


def _databases_loaded(source: str) -> list[str]:
    if not re.search(DATABASES, source):
        return []
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call)
        and LOADS_DATABASE.search(ast.unparse(node))
    ]


def anys(source: str) -> list[str]:
    """Where a module takes a value of whatever type without having to say so."""
    if not re.search(r"\bAny\b", source):
        return []
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Name) and node.id == "Any")
        or (isinstance(node, ast.ImportFrom) and any(each.name == "Any" for each in node.names))
    ]


def double_clicks_in_one(source: str) -> list[str]:
    """Double clicks without a delay between their presses: a page is sent both as one."""
    if "dblclick" not in source and "click_count" not in source:
        return []
    return [
        f"line {node.lineno} calls {ast.unparse(node.func)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr == "dblclick"
            or (node.func.attr == "click" and any(each.arg == "click_count" for each in node.keywords))
        )
        and not any(each.arg == "delay" for each in node.keywords)
    ]


def lines_too_many(source: str) -> int:
    """How many lines a module has beyond what a reader can hold."""
    return max(0, len(source.splitlines()) - LINES_ALLOWED)


def test_the_core_names_no_agency() -> None:
    faults = {str(path): named for path, text in sources(*KNOW_NO_AGENCY) if (named := agencies_named(text))}

    assert not faults


@pytest.mark.parametrize(
    "source", ['if code == "police": ...', "HELD = {'health'}", 'load("plugins.advocacy")']
)
def test_an_agency_named_in_a_source_is_seen(source: str) -> None:
    assert agencies_named(source)


def test_a_word_in_a_sentence_is_no_agency() -> None:
    assert not agencies_named('"""Asks the police."""\nsays = "reported to police"\n')


def test_only_the_clock_asks_for_the_time() -> None:
    faults = {
        str(path): asked
        for path, text in sources(*PACKAGES)
        if path != ASKS_THE_TIME and (asked := times_asked(text))
    }

    assert not faults


@pytest.mark.parametrize(
    "source", ["datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "dt.datetime.utcnow()"]
)
def test_asking_the_machine_for_the_time_is_seen(source: str) -> None:
    assert times_asked(source)


def test_asking_the_clock_is_allowed() -> None:
    assert not times_asked("clock.now()\nclock.today()\n")


@pytest.mark.parametrize("path", EMPTY, ids=str)
def test_packages_that_start_quickly_import_nothing(path: Path) -> None:
    assert not imports((ROOT / path).read_text(encoding="utf-8"))


def test_an_import_is_seen() -> None:
    assert imports('"""Doc."""\nfrom engine import clock\n')


def test_only_the_store_writes_sql() -> None:
    faults = {
        str(path): written
        for path, text in sources(*PACKAGES)
        if not path.is_relative_to(WRITES_SQL) and (written := sql_written(text))
    }

    assert not faults


@pytest.mark.parametrize(
    "source",
    [
        "run('SELECT id FROM involvement')",
        "run(f'update {table} set episode_id = 1')",
        "more = f'kind in ({kinds})'",
        "more = f'day <= {day}'",
        "asked = 'acknowledged_by is null'",
        "def late():\n    from sqlalchemy import text\n",
        "import_module('sqlite3')",
    ],
)
def test_sql_in_a_source_is_seen(source: str) -> None:
    assert sql_written(source)


def test_a_sentence_is_no_sql() -> None:
    source = (
        '"""Select a day from the list where kind in (a) <= b."""\nsays = f"Seen in {part}, and in a day."\n'
    )

    assert not sql_written(source)


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    faults = {
        str(file.relative_to(ROOT)): named for file in files() if (named := machine_named(file.read_bytes()))
    }

    assert not faults


@pytest.mark.parametrize("host", HOSTS)
def test_a_registry_in_a_file_is_seen(host: str) -> None:
    assert machine_named(f"--index-url https://{host}/simple".encode())


def test_a_folder_of_one_machine_in_a_file_is_seen() -> None:
    assert machine_named(b"cd /wor" + b"k/somewhere")
    assert not machine_named(b"https://example.org/social/wor" + b"k/day")


def test_nothing_is_typed_as_any() -> None:
    with_any = {str(path): used for path, text in sources(*PACKAGES) if (used := anys(text))}

    assert with_any.keys() == MAY_USE_ANY.keys()


def test_an_any_is_seen() -> None:
    assert anys("from typing import Any\nheld: dict[str, Any] = {}\n") == ["line 1", "line 2"]
    assert not anys('"""Any word."""\nif any(each for each in ()): ...\n')


def test_every_module_is_short_enough_to_be_read() -> None:
    faults = {
        str(path): f"{too_many} lines more than {LINES_ALLOWED}"
        for path, text in sources(*PACKAGES)
        if not path.is_relative_to(HISTORY) and (too_many := lines_too_many(text))
    }

    assert not faults


def test_a_module_that_is_too_long_is_seen() -> None:
    assert lines_too_many("\n" * (LINES_ALLOWED + 1)) == 1


def test_no_double_click_is_one_press_in_effect() -> None:
    in_one = {str(path): found for path, text in sources("tests") if (found := double_clicks_in_one(text))}

    assert not in_one


@pytest.mark.parametrize(
    "source", ["record.dblclick()", "page.mouse.dblclick(1, 2)", "record.click(click_count=2)"]
)
def test_a_double_click_without_a_delay_is_seen(source: str) -> None:
    assert double_clicks_in_one(source)


@pytest.mark.parametrize(
    "source", ["record.dblclick(delay=150)", "record.click(click_count=2, delay=150)", "record.click()"]
)
def test_two_presses_are_allowed(source: str) -> None:
    assert not double_clicks_in_one(source)


def test_no_condition_is_broken_over_lines_round_its_comment() -> None:
    broken = [str(path) for path, text in sources(*PACKAGES) if BROKEN_BY_COMMENT.search(text)]

    assert not broken


def test_a_condition_that_is_broken_round_its_comment_is_seen() -> None:
    assert BROKEN_BY_COMMENT.search("    with (\n        st.container()\n    ):  # one part\n")
    assert not BROKEN_BY_COMMENT.search("    # One part.\n    with st.container():\n        pass  # of it\n")
