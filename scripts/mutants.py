"""Faults put into a copy of the tree by mutmut, one at a time, and those that no test notices."""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((ROOT / "scripts" / "mutants.toml").read_text())
SURVIVED, NO_TESTS, INTERRUPTED = 0, (5, 33), 2
MOST_UNNOTICED = 0.05


def main() -> int:
    """Print what was found; 1 when more than five in a hundred faults went unnoticed."""
    asked = _asked()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stac-mutants-") as folder:
        tree = Path(folder)
        _copy(tree, asked.only or SETTINGS["modules"])
        every = _all_faults(tree)
        wording = _wording_only(tree, every)
        names = [name for name in every if name not in wording]
        chosen = (
            names
            if asked.all
            else sorted(random.Random(asked.seed).sample(names, min(asked.sample, len(names))))
        )
        print(
            f"{len(names):,} faults are possible, and {len(wording):,} that change only the wording of a"
            f" sentence; trying {len(chosen):,} (seed {asked.seed})",
            flush=True,
        )
        printed = _mutmut(tree, *chosen)
        ended = {name: code for name, code in _exit_codes(tree).items() if name in set(chosen)}
        untried = [name for name in chosen if ended.get(name) in (None, INTERRUPTED)]
        unnoticed = sorted(name for name, code in ended.items() if code in (SURVIVED, *NO_TESTS))
        argued = [name for name in unnoticed if name in SETTINGS["argued"]]
        for name in unnoticed:
            print(f"\n{'argued' if name in argued else 'UNNOTICED'}: {name}\n{_difference(tree, name)}")
    per_module = Counter(name.rpartition(".")[0] for name in unnoticed)
    print("\nunnoticed, by module:", dict(per_module.most_common()) or "none")
    share = len(unnoticed) / len(chosen)
    print(
        f"{len(chosen):,} faults tried in {time.monotonic() - began:,.0f} s; {len(unnoticed)} unnoticed"
        f" ({share:.1%}, {len(argued)} of them argued); at most {MOST_UNNOTICED:.0%} may be"
    )
    if untried:
        print(printed[-4000:], file=sys.stderr)
        print(f"{len(untried)} faults could not be tried, for one {untried[0]}")
    return int(share > MOST_UNNOTICED or bool(untried))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every fault in place of a sample")
    parser.add_argument("--sample", type=int, default=500, metavar="N", help="so many faults (500)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which sample (1)")
    parser.add_argument(
        "--only", action="append", metavar="FILE", help="only this module; may be given again"
    )
    return parser.parse_args()


def _copy(tree: Path, modules: list[str]) -> None:
    """What git knows of, and settings for mutmut. Faults never come near the tree itself."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    others = sorted(path.name for path in tree.iterdir() if path.name not in ("engine", ".git"))
    left_out = [f"--deselect={test}" for test in SETTINGS["left_out"]]
    lines = {
        "source_paths": ["engine"],
        "only_mutate": modules,
        "also_copy": others,
        "pytest_add_cli_args": [
            "-p",
            "no:cacheprovider",
            "-m",
            "not (prefect or browser or postgres or full)",
        ],
        "pytest_add_cli_args_test_selection": [*SETTINGS["tests"], *left_out],
        "use_git_change_detection": False,
        "track_dependencies": False,
    }
    with (tree / "pyproject.toml").open("a") as settings:
        settings.write("\n[tool.mutmut]\n")
        settings.writelines(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())


def _all_faults(tree: Path) -> list[str]:
    """List every fault's name. mutmut makes them, and finds the tests of each by trying one."""
    printed = _mutmut(tree, "no.such.fault")
    names = sorted(_exit_codes(tree))
    if not names or "failed to collect stats" in printed:
        print(printed[-4000:], file=sys.stderr)
        sys.exit("no fault could be tried: the tests must pass in a copy of the tree first; see above")
    return names


def _wording_only(tree: Path, names: list[str]) -> set[str]:
    """The faults that change nothing but the words of a sentence: pages and scripts/words hold those."""
    functions: dict[str, str] = {}
    for module in {name.rpartition(".")[0] for name in names}:
        file = tree / "mutants" / f"{module.replace('.', '/')}.py"
        for found in ast.walk(ast.parse(file.read_text())):
            if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) and "__mutmut_" in found.name:
                name, found.name = f"{module}.{found.name}", "function"
                functions[name] = ast.dump(_WithoutWording().visit(found))
    originals = {name: functions[re.sub(r"\d+$", "orig", name)] for name in names}
    return {name for name in names if functions[name] == originals[name]}


class _WithoutWording(ast.NodeTransformer):
    """Replaces each text that holds a space; one without is a key, a code or a format and stays."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        is_sentence = isinstance(node.value, str) and " " in node.value.strip("X")
        return ast.Constant("a sentence") if is_sentence else node


def _mutmut(tree: Path, *names: str) -> str:
    """What it printed, without the lines that it drew over."""
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environ["HYPOTHESIS_DERANDOMIZE"] = "1"
    done = subprocess.run(
        [str(ROOT / ".venv/bin/mutmut"), "run", "--max-children", "2", *names],
        cwd=tree, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return re.sub(r"[^\n]*\r", "", done.stdout)


def _exit_codes(tree: Path) -> dict[str, int | None]:
    codes: dict[str, int | None] = {}
    for meta in (tree / "mutants").rglob("*.meta"):
        codes |= json.loads(meta.read_text())["exit_code_by_key"]
    return codes


def _difference(tree: Path, name: str) -> str:
    shown = subprocess.run(
        [str(ROOT / ".venv/bin/mutmut"), "show", name], cwd=tree, capture_output=True, text=True, check=False
    )
    return "\n".join(
        line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    )


if __name__ == "__main__":
    sys.exit(main())
