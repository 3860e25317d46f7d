"""``python -m benchmarks [NAME...] [--json]``: measures the engine against what it is to reach."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from inspect import signature

from benchmarks.measured import Measured

NAMES = (
    "live_referral",
    "start_up",
    "importing",
    "waiting",
    "reassessing",
    "over_dask",
    "isolation",
    "linkage",
    "links",
    "links_register",
    "link_layout",
    "link_graph",
    "networks",
    "patterns",
    "seen_before",
    "case_page",
    "worklists",
    "growth",
    "lines",
    "plans",
    "orders",
    "breaches",
    "outcomes",
    "dashboard",
    "conference_week",
    "followers",
)
"""Each is a module here with a function ``measure``."""


def main() -> int:
    """Measure what is named, or everything."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures the engine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="a JSON list instead of a table")
    parser.add_argument(
        "--rows", type=int, metavar="N", help="so many rows in place of the usual, where a benchmark has rows"
    )
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are: {', '.join(NAMES)}")
    measured: list[Measured] = []
    own = sys.modules["__main__"]
    for name in given.names or NAMES:
        print(f"measuring {name.replace('_', ' ')} ...", file=sys.stderr, flush=True)
        measure = import_module(f"benchmarks.{name}").measure
        has_rows = given.rows is not None and "rows" in signature(measure).parameters
        measured += measure(rows=given.rows) if has_rows else measure()
        sys.modules["__main__"] = own  # a drawn page leaves its own there, which new processes would run
    if given.json:
        print(json.dumps([each.as_told() for each in measured], indent=2))
    else:
        _draw(measured)
    return 0


def _draw(measured: list[Measured]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for column, justify in (
        ("what", "left"),
        ("figure", "right"),
        ("to reach", "right"),
        ("reached", "left"),
        ("yardstick", "right"),
        ("ratio", "right"),
        ("the yardstick is", "left"),
    ):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # rich takes its words as literals
    for each in measured:
        table.add_row(
            each.name,
            f"{each.figure:.3g} {each.unit}",
            f"{each.target:g} {each.unit}",
            "yes" if each.is_reached else "no",
            f"{each.yardstick:.3g} {each.unit}",
            f"{each.ratio:.2f}",
            each.against,
        )
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
