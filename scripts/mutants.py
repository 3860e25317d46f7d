"""Faults put into a copy of the tree, one at a time, and those that no test notices."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mutants_faults import Fault, make_faults
from mutants_trials import NOTICED, STOPPED, UNNOTICED, Trials, forget_unnoticed

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((ROOT / "scripts" / "mutants.toml").read_text())
MOST_UNNOTICED = 0.05


def main() -> int:
    """Print what was found; 1 when more than five in a hundred faults went unnoticed."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="stac-mutants-") as temporary:
        folder = Path(asked.folder or temporary).resolve()
        modules = asked.only or list(SETTINGS["modules"])
        chosen = _chosen(_faults_in(folder, modules), asked)
        trials = Trials(folder, chosen, modules=modules, seed=asked.seed, workers=asked.workers)
        _try_all(trials, folder / "tree")
        return _report(trials, chosen)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every fault in place of a sample")
    parser.add_argument("--sample", type=int, default=500, metavar="N", help="so many faults (500)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which sample (1)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="so many at once (2)")
    parser.add_argument(
        "--only", action="append", metavar="FILE", help="only this module; may be given again"
    )
    parser.add_argument(
        "--folder", metavar="FOLDER", help="work in this folder, and continue what was begun there"
    )
    return parser.parse_args()


def _faults_in(folder: Path, modules: list[str]) -> list[Fault]:
    """Make the copy with every fault in it, or find it there. Faults never come near the tree itself."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    files = sorted(name for name in filter(None, listed.split("\0")) if (ROOT / name).is_file())
    digest = hashlib.sha256(json.dumps(modules).encode())
    for name in files:
        if not name.startswith(("docs/", "scripts/", "tests/")):
            digest.update(name.encode() + (ROOT / name).read_bytes())
    made, code, tree = folder / "faults.json", folder / "code", folder / "tree"
    if made.exists():
        if code.read_text() != digest.hexdigest():
            sys.exit(f"{folder} holds faults of other code or modules: remove it, or give another folder")
        if _copy([name for name in files if name.startswith("tests/")], tree):
            forget_unnoticed(folder)
        return [Fault(**fields) for fields in json.loads(made.read_text())]
    shutil.rmtree(tree, ignore_errors=True)
    _copy(files, tree)
    with (tree / "pyproject.toml").open("a") as settings:
        settings.write('\n[tool.mutmut]\nsource_paths = ["engine"]\n')
    os.chdir(tree)
    faults = [fault for module in modules for fault in make_faults(tree, module)]
    code.write_text(digest.hexdigest())
    made.write_text(json.dumps([vars(fault) for fault in faults]))
    return faults


def _copy(files: list[str], tree: Path) -> bool:
    """Copy these files, and return whether any is new or another than before."""
    changed = False
    for name in files:
        if not (tree / name).exists() or (tree / name).read_bytes() != (ROOT / name).read_bytes():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
            changed = True
    return changed


def _chosen(faults: list[Fault], asked: argparse.Namespace) -> list[Fault]:
    """Pick the faults to try, in an order by chance: what is tried first is a sample too."""
    tried = [fault for fault in faults if not fault.is_wording]
    size = len(tried) if asked.all else min(asked.sample, len(tried))
    print(
        f"{len(tried):,} faults are possible, and {len(faults) - len(tried):,} that change only the wording"
        f" of a sentence; trying {size:,} (seed {asked.seed})",
        flush=True,
    )
    return random.Random(asked.seed).sample(tried, size)


def _try_all(trials: Trials, tree: Path) -> None:
    """Collect the tests once, in this process, which then forks for each fault."""
    import pytest

    os.chdir(tree)
    sys.path.insert(0, str(tree))
    shown = os.dup(2)
    trials.show = lambda text: os.write(shown, f"{text}\n".encode()) and None
    with _output_to(tree.parent / "pytest.log"):
        code = pytest.main(
            [
                "--rootdir=.", "-c", "pyproject.toml", "-s", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
                "-o", "faulthandler_timeout=0", "-o", "tmp_path_retention_policy=none",
                f"--basetemp={tree.parent / 'tmp'}",
                "-m", "not (prefect or browser or postgres or full)",
                *sorted({test for path in trials.modules for test in SETTINGS["modules"][path]}),
                *(f"--deselect={test}" for test in SETTINGS["without"]["tests"]),
            ],
            plugins=[trials],
        )  # fmt: skip
    if not trials.was_run:
        print((tree.parent / "pytest.log").read_text()[-4000:], file=sys.stderr)
        sys.exit(f"the tests could not be run in a copy of the tree: pytest ended with {code}")


@contextmanager
def _output_to(file: Path) -> Iterator[None]:
    """Send what this process and those forked from it print to a file."""
    sys.stdout.flush()
    before = [os.dup(stream) for stream in (1, 2)]
    log = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_APPEND)
    try:
        for stream in (1, 2):
            os.dup2(log, stream)
        yield
    finally:
        sys.stdout.flush()
        for stream, saved in zip((1, 2), before, strict=True):
            os.dup2(saved, stream)


def _report(trials: Trials, chosen: list[Fault]) -> int:
    results = trials.results()
    ended = {fault: results[fault.name] for fault in chosen if fault.name in results}
    unnoticed = sorted(
        (fault for fault, result in ended.items() if result["result"] == UNNOTICED), key=lambda f: f.name
    )
    argued = [fault for fault in unnoticed if fault.after in SETTINGS["argued"].get(fault.path, ())]
    for fault in unnoticed:
        how = "argued" if fault in argued else "UNNOTICED"
        print(f"\n{how}: {fault.name} ({results[fault.name]['tests']} tests)\n{fault.difference}")
    stopped = {fault.name: result["by"] for fault, result in ended.items() if result["result"] == STOPPED}
    for name, how in sorted(stopped.items()):
        print(f"\nstopped by {how}, which counts as noticed: {name}")
    per_module = Counter(fault.path for fault in unnoticed)
    share = len(unnoticed) / len(ended) if ended else 1.0
    noticed = sum(result["result"] == NOTICED for result in ended.values())
    print("\nunnoticed, by module:", dict(per_module.most_common()) or "none")
    print(
        f"{len(ended):,} faults tried in {trials.seconds():,.0f} s: {noticed:,} noticed, {len(stopped)}"
        f" stopped, {len(unnoticed)} unnoticed ({share:.1%}, {len(argued)} of them argued); at most"
        f" {MOST_UNNOTICED:.0%} may be"
    )
    print(f"{trials.controls()} trials without a fault: {trials.false_alarms()} failed")
    if len(ended) < len(chosen):
        print(f"{len(chosen) - len(ended):,} of {len(chosen):,} were not tried")
    return int(share > MOST_UNNOTICED or len(ended) < len(chosen) or bool(trials.false_alarms()))


if __name__ == "__main__":
    sys.exit(main())
