"""``python -m benchmarks.held write|compare [FOLDER]``: writes every answer, or compares with them."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.held import answers, figures
from benchmarks.held.comparing import differences
from benchmarks.held.fixed import END, NOW, fixed

FOLDER = Path(".held")
Named = Iterator[tuple[str, str]]
"""The name of a file, and its text."""


def main() -> int:
    """Write or compare; 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="scripts/held", description="Holds what the software answers.")
    parser.add_argument("act", choices=("write", "compare"))
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help=f"{FOLDER} without it")
    parser.add_argument("--full", action="store_true", help="large labelled files, and every user's pages")
    parser.add_argument("--only", choices=PARTS, help="this part alone")
    given = parser.parse_args()
    held = (given.folder or FOLDER) / ("full" if given.full else "quick")
    parts = (given.only,) if given.only else tuple(PARTS)
    if given.act == "compare" and not held.is_dir():
        parser.error(f"nothing is written in {held}; run 'scripts/held write' on the code before the change")
    differing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="held-") as place:
        for part in parts:
            began = time.perf_counter()
            made, own = Path(place, "made", part), Path(place, part)
            own.mkdir()
            count = _write(made, PARTS[part](own, given.full))
            print(
                f"{part}: {count} files in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True
            )
            if given.act == "write":
                shutil.rmtree(held / part, ignore_errors=True)
                shutil.copytree(made, held / part)
            else:
                differing += (f"{part}/{each}" for each in differences(held / part, made))
    if given.act == "write":
        print(f"written to {held}")
        return 0
    print("\n".join([*differing, f"{len(differing) or 'no'} files differ"]))
    return 1 if differing else 0


def _write(folder: Path, named: Named) -> int:
    count = 0
    for name, text in named:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
        count += 1
    return count


def _matching(place: Path, full: bool) -> Named:
    return figures.matching(full=full)


def _patterns(place: Path, full: bool) -> Named:
    return figures.planted(full=full)


def _predictors(place: Path, full: bool) -> Named:
    with fixed([NOW]):
        yield from figures.predictors(answers.Command(place / "home"))


def _record(place: Path, full: bool) -> Named:
    """The demonstration as commands and pages show it, and its audit log with everything that was asked."""
    from benchmarks.held.pages import pages  # loads Streamlit

    command, moment = answers.Command(place / "home"), [END]
    with fixed(moment):
        yield "built.txt", answers.built(command)
        yield from answers.tables(command)
        moment[0] = NOW
        cases = answers.chosen_cases(command)
        yield from answers.acted(command, cases)
        yield from answers.read(command, cases, full=full)
        yield from pages(command, cases, full=full)
        yield from answers.audit_log(command)


PARTS: dict[str, Callable[[Path, bool], Named]] = {
    "matching": _matching,
    "patterns": _patterns,
    "predictors": _predictors,
    "record": _record,
}

if __name__ == "__main__":
    raise SystemExit(main())
