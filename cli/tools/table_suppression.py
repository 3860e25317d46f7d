"""Small figures in files of tables: which to hide before publication. Asks and prints; opens no record."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import answering

if TYPE_CHECKING:
    from engine.services.tools.table_suppression import CellOfTable, TablesSuppressed

# The engine is imported inside the command: `stac --help` must not wait for numpy.


class Zeros(StrEnum):
    """The choice for a count of 0."""

    HIDE = "hide"


def suppress(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV files of counts, one row for each cell.")
    ],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Hide counts from 1 to N - 1.")],
    zeros: Annotated[Zeros | None, typer.Option(help="Hide counts of 0 too.")] = None,
    width: Annotated[
        int, typer.Option(min=1, metavar="W", help="Narrowest range that a reader may work out.")
    ] = 1,
    seconds: Annotated[
        float, typer.Option(min=1, help="After this, only the overall total is published.")
    ] = 60,
    as_json: AsJson = False,
) -> None:
    """Hide small counts of tables, and others that would give them away. Needs no record.

    Example: stac outcome tables suppress by-area.csv by-age.csv --limit 10
    """
    with answering(as_json):
        from engine.services.tools.table_suppression import suppress_tables

        found = suppress_tables(
            files, limit=limit, hide_zeros=zeros is Zeros.HIDE, width=width, seconds=seconds
        )
    if as_json:
        from dataclasses import asdict

        print_json(asdict(found))
    else:
        for line in _lines(found):
            say(line)


def _lines(found: TablesSuppressed) -> Iterator[str]:
    states = [cell.state.value for cell in found.cells]
    yield (
        f"{len(states):,} cells: {states.count('published'):,} published, "
        f"{states.count('primary'):,} hidden as "
        f"small, {states.count('secondary'):,} hidden so that those cannot be worked out"
    )
    yield (
        "No smaller set of cells would do."
        if found.optimal
        else "A smaller set of cells may do: it was not searched."
    )
    for cell in found.cells:
        levels = ", ".join(f"{name} {level}" for name, level in cell.dimensions.items())
        yield f"{cell.table}: {levels}: {_shown(cell)}"
    yield "Publish the counts only: states and ranges are for you."


def _shown(cell: CellOfTable) -> str:
    if cell.count is not None:
        return f"{cell.count:,}"
    reach = f"{cell.low:,} or more" if cell.high is None else f"{cell.low:,} to {cell.high:,}"
    return f"hidden ({cell.state.value}); a reader can work out {reach}"
