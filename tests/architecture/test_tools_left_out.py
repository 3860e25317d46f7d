"""The tools for files of one's own are a part that can be taken out: without their folders the rest runs."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_house import PACKAGES, ROOT
from tests.architecture.test_layers import lint_imports

FOLDERS = ("cli/tools", "engine/tools", "engine/services/tools")
"""The tools, one folder for each floor that has them."""
OF_TOOLS = tuple(f"tests/{folder}" for folder in (*FOLDERS, "docs/tools"))
MODULES = tuple(folder.replace("/", ".") for folder in FOLDERS)
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules")
READS_THE_WHOLE_TREE = (
    "tests/architecture/test_contract_of_agencies.py",
    "tests/architecture/test_layers.py",
    "tests/architecture/test_tools_left_out.py",
    "tests/architecture/test_untrusted_files.py",
    "tests/architecture/test_wheel.py",
    "tests/benchmarks",
    "tests/docs",
    "tests/scripts",
)
"""What compares lists, documentation and benchmarks, which name the tools, with all of the code."""
SAMPLE = (
    "tests/architecture/test_no_circles.py",
    "tests/cli/agencies/test_instruments.py",
    "tests/cli/links/test_record.py",
    "tests/cli/test_input_files.py",
    "tests/cli/test_session.py",
    "tests/cli/test_whole_help.py",
    "tests/engine/identity",
    "tests/engine/links/test_escalation.py",
    "tests/engine/outcomes/statistics",
    "tests/engine/services/links/test_given_files.py",
    "tests/engine/services/links/test_workspaces.py",
    "tests/engine/services/people/test_identifiers.py",
)
IMPORT_ALL = """
import importlib, pathlib, sys
modules = []
for package in sys.argv[1:]:
    for file in sorted(pathlib.Path(package).rglob("*.py")):
        parts = file.with_suffix("").parts
        modules.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
RUN = ("__main__", "child", "zygote", "streamlit_app", "env")
for module in modules:
    if module.rpartition(".")[2] not in RUN:
        assert importlib.import_module(module).__file__.startswith(str(pathlib.Path.cwd())), module
print(len(modules))
"""


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree without the tools and their tests."""
    copy = tmp_path_factory.mktemp("rest") / "tree"
    copy.mkdir()
    for name in (*PACKAGES, "tests", "docs", "scripts", "benchmarks"):
        shutil.copytree(ROOT / name, copy / name, ignore=NOT_COPIED)
    for file in ROOT.iterdir():
        if file.is_file() and not file.name.startswith("."):
            shutil.copy(file, copy)
    shutil.copytree(ROOT / "dashboard" / ".streamlit", copy / "dashboard" / ".streamlit")
    for folder in (*FOLDERS, *OF_TOOLS):
        shutil.rmtree(copy / folder)
    return copy


def run_in(rest: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the copy, which comes before the installed tree."""
    environ = {**os.environ, "PYTHONPATH": str(rest), "COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1"}
    environ["STAC_HOME"] = str(rest.parent / "no-home")
    return subprocess.run(
        [sys.executable, *given], cwd=rest, env=environ, capture_output=True, text=True, check=False
    )


def stac(rest: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """Run the command of the copy."""
    return run_in(rest, "-m", "cli.main", *given)


def test_help_lists_no_tool_and_the_command_starts(rest: Path) -> None:
    shown = stac(rest, "--help")
    assert shown.returncode == 0, shown.stderr
    assert "\n  worklist " in shown.stdout
    assert "Tools for files" not in shown.stdout
    people = stac(rest, "person", "--help").stdout
    assert "\n  duplicates " in people
    assert "\n  match " not in people
    assert stac(rest, "links", "import", "--help").returncode == 2
    assert stac(rest, "instrument", "show", "four").returncode == 0


@pytest.mark.parametrize(
    "given",
    [
        ("summary", "--register", "town.stac"),
        ("neighbours", "P1", "--register", "town.stac"),
        ("trends", "events.csv"),
        ("query", "question.toml", "--register", "town.stac"),
        ("export", "--format", "gexf", "--out", "town.gexf", "--register", "town.stac"),
    ],
    ids=lambda given: given[0],
)
def test_a_file_of_ones_own_is_wrong_use_in_one_sentence(rest: Path, given: tuple[str, ...]) -> None:
    refused = stac(rest, "links", *given)
    assert refused.returncode == 2, refused
    assert "the tools for files of your own are not installed here" in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr


def test_without_a_file_the_record_is_asked_as_before(rest: Path) -> None:
    refused = stac(rest, "links", "summary", "--as", "ana")
    assert refused.returncode == 1
    assert "stac init" in refused.stderr


def test_a_part_of_the_tools_that_is_missing_is_no_absence(rest: Path) -> None:
    half = rest / "cli" / "tools"
    half.mkdir()
    try:
        (half / "commands.py").write_text("import cli.tools.lost\n")
        broken = stac(rest, "--help")
    finally:
        shutil.rmtree(half)
    assert broken.returncode == 1
    assert "ModuleNotFoundError" in broken.stderr


def test_no_contract_of_imports_breaks(rest: Path) -> None:
    answer = lint_imports(rest)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_every_module_that_remains_is_imported(rest: Path) -> None:
    done = run_in(rest, "-c", IMPORT_ALL, *PACKAGES)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert int(done.stdout.split()[-1]) > 900


def test_a_sample_of_the_tests_that_remain_passes(rest: Path) -> None:
    done = run_in(
        rest, "-m", "pytest", "-n0", "-q", "-x", "-m", "not full and not slow and not prefect", *SAMPLE
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]


def parts_of_tests() -> list[str]:
    """The folders of tests, with those of the engine and of its services apart, so that none takes long."""
    apart = ("engine", "engine/services")
    within = [each for folder in apart for each in (ROOT / "tests" / folder).iterdir() if each.is_dir()]
    names = [each.relative_to(ROOT / "tests").as_posix() for each in within]
    found = [each for each in names if not each.endswith(("__pycache__", "/tools")) and each not in apart]
    others = ["architecture", "attacks", "cli", "dashboard", "faults", "flows", "plugins"]
    return sorted([*others, *found, *(f"{folder}/test_*.py" for folder in apart)])


@pytest.mark.full  # the sample above is of each folder that the tools were taken from
@pytest.mark.parametrize("part", parts_of_tests())
def test_the_fast_tests_that_remain_pass(rest: Path, part: str) -> None:
    fast = "not prefect and not browser and not postgres and not full and not slow"
    ignored = [f"--ignore={path}" for path in READS_THE_WHOLE_TREE]
    paths = sorted((rest / "tests").glob(part))
    done = run_in(rest, "-m", "pytest", "-n2", "-q", "-m", fast, *ignored, *map(str, paths))
    assert done.returncode in (0, 5), done.stdout[-6_000:] + done.stderr[-2_000:]  # 5: no fast test is there


def test_no_other_test_needs_them() -> None:
    tests = [file for file in (ROOT / "tests").rglob("*.py") if "toys" not in file.parts]
    others = [file for file in tests if not file.relative_to(ROOT).as_posix().startswith(OF_TOOLS)]
    assert len(others) < len(tests)
    assert [file.name for file in others if imports_a_tool(file.read_text(encoding="utf-8"))] == []


def imports_a_tool(source: str) -> bool:
    """Whether a module imports one of the tools, wherever in it."""
    imported = [
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    return any(f"{name}.".startswith(f"{module}.") for name in imported for module in MODULES)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from engine.services.tools import registers", True),
        ("from engine.services import tools", True),
        ("def late():\n    import cli.tools.commands", True),
        ("from dashboard.views.links import tools", False),
        ("from engine.services.toolsmith import made", False),
    ],
)
def test_an_import_of_a_tool_is_seen(source: str, found: bool) -> None:
    assert imports_a_tool(source) is found
